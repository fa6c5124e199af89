/** What the pages of this repository hold: samples, headings, links. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { GENERATED, INCLUDED } from '../../scripts/docs/sources.mjs'

export const root = join(import.meta.dirname, '../..')

const markdownIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || path === join(GENERATED)) return []
    if (entry.isDirectory()) return markdownIn(path)
    return entry.name.endsWith('.md') ? [path] : []
  })

/** The home of the site, which is no page of its own: it shows the first lines of README. */
const HOME = join('docs', 'index.md')

/** Pages by path from the root. */
export const pages = new Map(
  [...INCLUDED, ...markdownIn('docs').filter((path) => path !== HOME)].map((path) => [
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

/** A block that no test can run, with the reason: `<!-- untested: reason -->`. */
const UNTESTED = /<!-- untested: (.*?) -->\n```(\w+)\n[\s\S]*?```/g

export const untested = [...pages].flatMap(([page, text]) =>
  [...text.matchAll(UNTESTED)].map(([, reason = '']) => ({ page, reason })),
)

/** Blocks of any language, such as lines for a shell. */
export const blocksIn = (...languages: string[]): { page: string; code: string }[] =>
  [...pages].flatMap(([page, text]) =>
    [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, language = '', code = '']) =>
      languages.includes(language) ? [{ page, code }] : [],
    ),
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
const BLOCK = /(?:<!-- sample: ([\w-]+)\s([\s\S]*?)-->\n)?```(tsx?|jsx?|html|vue|svelte)\n([\s\S]*?)```/g

export const samples: Sample[] = [...pages].flatMap(([page, text]) =>
  [...text.replace(EXCERPT, '').replace(UNTESTED, '').matchAll(BLOCK)].map(
    ([, name, preamble = '', language = '', code = '']) => ({ page, name, language, code, preamble }),
  ),
)

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
