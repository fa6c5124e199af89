/** What the home page shows: the first lines of README, as they stand there, and the pages that its cards lead to. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMarkdownRenderer, type SiteConfig } from 'vitepress'
import { addressOf, cards, root, sections } from '../pages.ts'

export interface Home {
  /** Paragraphs and the example, as HTML. */
  lead: string
  example: string
  after: string
  cards: { title: string; about: string; link: string }[]
  sizes: { what: string; size: string }[]
}

/** The sizes that README tells and `npm test` compares with the measured ones. */
const SIZES = {
  'esm-core': '`TargetClient` in a browser, with all dependencies',
  'script-tag': 'the script tag, of which rendering is a part',
  'on-device': 'what decisions on the device load, when asked for',
  'target-nodejs-sdk': 'the browser build of `@adobe/target-nodejs-sdk`',
}

declare const data: Home

export { data }

const parts = (readme: string): string[] =>
  readme
    .replaceAll(/<!-- sample[\s\S]*?-->\n/g, '')
    .split('## Try it')[0]
    ?.split(/(```ts\n[\s\S]*?```)/) ?? []

export default {
  watch: ['../../../README.md', '../pages.ts'],
  async load(): Promise<Home> {
    const { markdown, site } = (globalThis as unknown as { VITEPRESS_CONFIG: SiteConfig }).VITEPRESS_CONFIG
    const md = await createMarkdownRenderer(join(root, 'docs'), markdown, site.base)
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const [before = '', example = '', after = ''] = parts(readme)
    const known = sections().flatMap(({ pages }) => pages)
    return {
      lead: md.render(before.replace(/^# .*$/m, '')),
      example: md.render(example),
      after: md.render(after),
      cards: cards.flatMap((source) =>
        known
          .filter((page) => page.source === source)
          .map(({ title, about, file }) => ({ title, about, link: addressOf(file) })),
      ),
      sizes: Object.entries(SIZES).map(([id, what]) => ({
        what: md.renderInline(what),
        size: new RegExp(`<!-- size:${id} -->(.*?)<!--`).exec(readme)?.[1] ?? '',
      })),
    }
  },
}
