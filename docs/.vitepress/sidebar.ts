/** The navigation at the side: the groups of pages, and for the reference one of each door. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DefaultTheme } from 'vitepress'
import { doors, GENERATED } from '../../scripts/docs/sources.mjs'
import { addressOf, root, sections } from './pages.ts'

type Item = DefaultTheme.SidebarItem

/** Folders of the reference, in the order in which people look for things. */
const KINDS = {
  functions: 'Functions',
  variables: 'Variables',
  classes: 'Classes',
  interfaces: 'Interfaces',
  'type-aliases': 'Types',
}

const exportsOf = (door: string): Item[] =>
  Object.entries(KINDS).flatMap(([kind, text]) => {
    const folder = join(root, GENERATED, 'reference', door, kind)
    if (!existsSync(folder)) return []
    const items = readdirSync(folder)
      .sort()
      .map((file) => ({ text: file.replace(/\.md$/, ''), link: addressOf(`reference/${door}/${kind}/${file}`) }))
    return [{ text, collapsed: false, items }]
  })

/** All doors, of which one is open: pages stay small when they do not carry the names of all. */
const doorsWith = (open?: string): Item[] => [
  {
    text: 'Reference',
    items: doors.map((door) => ({
      text: `isotarget/${door}`,
      link: `/reference/${door}/`,
      ...(door === open && { items: exportsOf(door) }),
    })),
  },
]

const written = (): Item[] => {
  const groups = sections().map(({ title, isFolded, pages }) => ({
    text: title,
    collapsed: isFolded,
    items: pages.map(({ title, file }) => ({ text: title, link: addressOf(file) })),
  }))
  const project = groups.pop()
  return [...groups, { text: 'Reference', link: '/reference/' }, ...(project ? [project] : [])]
}

/** For the configuration of VitePress. */
export const sidebar = (): DefaultTheme.SidebarMulti => ({
  '/': written(),
  '/reference/': doorsWith(),
  ...Object.fromEntries(doors.map((door) => [`/reference/${door}/`, doorsWith(door)])),
})
