/** What the site has beside its pages: each page as Markdown, `llms.txt` and `llms-full.txt` for programs that read, and data. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SiteConfig } from 'vitepress'
import { dataIn, isGenerated, standalone } from './links.ts'
import { type Page, root, type Section, sections, sourceOf } from './pages.ts'

const read = (source: string): string => readFileSync(join(root, source), 'utf8')

const SUMMARY = [
  '> One TypeScript SDK for Adobe Target, the same in browsers, on servers and at the edge. It asks the Target Delivery API for offers,',
  '> and reports displays and clicks, each counted once. `npm install isotarget`; a local Target edge comes with it.',
].join('\n')

const line = ({ title, file, about }: Pick<Page, 'title' | 'file' | 'about'>): string =>
  `- [${title}](/${file}): ${about}`

/** A page of the reference for each door: its first paragraph says what it is. */
const doorsOf = (sources: string[]): Pick<Page, 'title' | 'file' | 'about'>[] =>
  sources
    .filter((source) => /\/reference\/[a-z]+\/index\.md$/.test(source))
    .map((source) => {
      const [title = '', about = ''] = read(source).replace('# ', '').split('\n\n')
      return { title, about: about.replaceAll(/\s+/g, ' '), file: source.replace(/^.*?\/reference\//, 'reference/') }
    })

/** The list of pages as https://llmstxt.org describes it. */
const llmsText = (groups: Section[], reference: string[]): string => {
  const parts = groups.map(({ title, pages }) => `## ${title}\n\n${pages.map(line).join('\n')}`)
  const doors = `## Reference\n\n${doorsOf(reference).map(line).join('\n')}`
  return `${['# isotarget', SUMMARY, ...parts, doors].join('\n\n')}\n`
}

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

const copy = (from: string, to: string): void => {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
}

/** Runs after the pages are rendered. */
export const writeSiteFiles = ({ pages, rewrites, outDir }: SiteConfig): void => {
  const sources = pages.filter((id) => id !== 'index.md').map((id) => ({ id, source: sourceOf(id) }))
  for (const { id, source } of sources) {
    const text = read(source)
    write(join(outDir, rewrites.map[id] ?? id), standalone(source, text))
    for (const file of dataIn(source, text)) copy(join(root, 'docs', file), join(outDir, file))
  }
  const groups = sections()
  const reference = sources.map(({ source }) => source).filter(isGenerated)
  write(join(outDir, 'llms.txt'), llmsText(groups, reference))
  const whole = [...groups.flatMap(({ pages }) => pages.map(({ source }) => source)), ...reference]
  write(join(outDir, 'llms-full.txt'), whole.map((source) => standalone(source, read(source))).join('\n---\n\n'))
}
