/** Where the links of pages lead in the site. On GitHub they are paths between files. */
import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { GENERATED, INCLUDED } from '../../scripts/docs/sources.mjs'
import { fileOf, root } from './pages.ts'

/** What becomes of a link. */
export type Destination =
  /** Another page, by its file in the site. */
  | { kind: 'page'; file: string; anchor: string }
  /** What lies beside the pages and goes out with them: pictures, charts and the data they were made from. */
  | { kind: 'data'; file: string }
  /** A file of the repository: the site has none of them, so its name is all that is left. */
  | { kind: 'source' }
  /** An address elsewhere, or a heading of the same page. */
  | { kind: 'other' }

const SITE_DATA = /^docs\/.*\.(svg|png|json)$/

/** Where `href` leads from a page, whose path from the root is `source`. */
export const destinationOf = (source: string, href: string): Destination => {
  if (/^([a-z]+:|#|\/)/.test(href)) return { kind: 'other' }
  const [path = '', anchor] = href.split('#')
  const target = posix.join(posix.dirname(source), path)
  if (target.endsWith('.md') && (target.startsWith('docs/') || INCLUDED.includes(target)))
    return { kind: 'page', file: fileOf(target), anchor: anchor ? `#${anchor}` : '' }
  if (SITE_DATA.test(target)) return { kind: 'data', file: fileOf(target) }
  if (existsSync(join(root, target))) return { kind: 'source' }
  // VitePress finds it dead.
  return { kind: 'page', file: target, anchor: '' }
}

/** Pictures, charts and data that pages show and link to: they are copied, so that they have the addresses of their files. */
export const dataIn = (source: string, text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+\.(?:json|svg|png))\)/g)].flatMap(([, href = '']) => {
    const destination = destinationOf(source, href)
    return destination.kind === 'data' ? [destination.file] : []
  })

/** The anchor of a heading, as GitHub makes it. */
export const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

/**
 * A page as Markdown that stands alone: links lead to the Markdown files of the site, and the comments that tests read are gone. Code
 * stays as it is.
 */
export const standalone = (source: string, text: string): string =>
  text
    .replace(/^---\n[\s\S]*?\n---\n+/, '')
    .replaceAll(
      /```[\s\S]*?```|`[^`\n]+`|<!--[\s\S]*?-->\n?|(!?)\[([^\]]*)\]\(([^)\s]+)\)/g,
      (...found: (string | undefined)[]) => {
        const [whole = '', picture, label, href] = found
        if (whole.startsWith('`')) return whole
        if (href === undefined) return ''
        const destination = destinationOf(source, href)
        if (destination.kind === 'other') return whole
        if (destination.kind === 'source') return label ?? ''
        if (destination.kind === 'page') return `[${label}](/${destination.file}${destination.anchor})`
        return `${picture}[${label}](/${destination.file})`
      },
    )

/** Whether a file was written by `npm run docs`. */
export const isGenerated = (source: string): boolean => source.startsWith(`${GENERATED}/`)
