/** What the pages of this repository hold: samples, headings, links. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export const root = join(import.meta.dirname, '../..')

const markdownIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return markdownIn(path)
    return entry.name.endsWith('.md') ? [path] : []
  })

/** Pages by path from the root. */
export const pages = new Map(
  ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...markdownIn('docs')].map((path) => [
    path,
    readFileSync(join(root, path), 'utf8'),
  ]),
)

/** A block that shows a part of a file of this repository. */
export interface Excerpt {
  page: string
  file: string
  code: string
}

/** A comment before a block says which file it is from: `<!-- file: path -->`. */
const EXCERPT = /<!-- file: (\S+) -->\n```\w+\n([\s\S]*?)```/g

export const excerpts: Excerpt[] = [...pages].flatMap(([page, text]) =>
  [...text.matchAll(EXCERPT)].map(([, file = '', code = '']) => ({ page, file, code })),
)

/** A block of code that readers may paste. */
export interface Sample {
  page: string
  /** Given in a comment before the block; without one the block is compiled but not run. */
  name: string | undefined
  language: string
  code: string
  /** Declarations that the block needs and the reader has. */
  preamble: string
}

/**
 * A comment before a block names it and may declare what it takes for granted:
 * `<!-- sample: name`, lines of TypeScript, `-->`.
 */
const BLOCK = /(?:<!-- sample: ([\w-]+)\s([\s\S]*?)-->\n)?```(tsx?|html)\n([\s\S]*?)```/g

export const samples: Sample[] = [...pages]
  .flatMap(([page, text]) =>
    [...text.replace(EXCERPT, '').matchAll(BLOCK)].map(([, name, preamble = '', language = '', code = '']) => ({
      page,
      name,
      language,
      code,
      preamble,
    })),
  )
  // Components without a name belong to a sample beside them, and are run with it.
  .filter(({ language, name }) => language !== 'tsx' || name)

const withoutCode = (text: string) => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '')

/** The anchors that GitHub gives to headings. */
export const anchorsOf = (text: string): string[] =>
  [...text.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )

/** A link to another file of the repository, its path from the root. */
export interface Link {
  page: string
  file: string
  anchor: string | undefined
}

export const links: Link[] = [...pages].flatMap(([page, text]) =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return []
    const [path, anchor] = target.split('#')
    const file = path ? relative(root, join(root, dirname(page), path)) : page
    return [{ page, file, anchor }]
  }),
)
