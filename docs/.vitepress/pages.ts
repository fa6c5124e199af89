/** Which pages the site has, in which order, and what each of them is about. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, posix } from 'node:path'
import { GENERATED, INCLUDED } from '../../scripts/docs/sources.mjs'

/** A page by its path from the root, or all pages of a folder when that ends in `/`. */
type Entry = string | { page: string; title: string }

interface Group {
  title: string
  entries: Entry[]
  /** Whether it is opened by a click. */
  isFolded?: boolean
}

/** The navigation. A page that is in no group, and a group that names a page which is not there, end the build. */
export const groups: Group[] = [
  {
    title: 'Start',
    entries: [
      { page: 'README.md', title: 'Overview' },
      { page: 'docs/start/page-author.md', title: 'A page with one script' },
      { page: 'docs/start/spa.md', title: 'A single-page app' },
      { page: 'docs/start/ssr.md', title: 'A server that renders' },
      { page: 'docs/start/flags.md', title: 'Flags' },
      { page: 'docs/start/testing.md', title: 'Tests without an account' },
    ],
  },
  {
    title: 'Concepts',
    entries: [
      'docs/concepts/identity.md',
      'docs/concepts/execute-and-prefetch.md',
      'docs/concepts/notifications.md',
      'docs/concepts/hybrid.md',
    ],
  },
  {
    title: 'Doors',
    entries: [
      { page: 'docs/client.md', title: 'Client' },
      { page: 'docs/browser.md', title: 'Browsers' },
      { page: 'docs/server.md', title: 'Servers and edge workers' },
      'docs/dom.md',
      'docs/react.md',
      'docs/vue.md',
      'docs/decisioning.md',
      'docs/openfeature.md',
      { page: 'docs/opentelemetry.md', title: 'OpenTelemetry' },
      { page: 'docs/emulator.md', title: 'Emulator' },
      { page: 'docs/testing.md', title: 'Testing' },
      { page: 'docs/inspector.md', title: 'Inspector' },
      { page: 'docs/cli.md', title: 'Command line' },
    ],
  },
  {
    title: 'Guides',
    entries: [
      'docs/guides/express.md',
      'docs/guides/hono.md',
      'docs/guides/nextjs.md',
      'docs/guides/sveltekit.md',
      { page: 'docs/guides/vue.md', title: 'Vue on a server' },
      'docs/notifications.md',
      { page: 'docs/frameworks.md', title: 'Frameworks by hand' },
      'docs/workers.md',
      'docs/proxy.md',
      'docs/runtimes.md',
    ],
  },
  { title: 'Recipes', entries: ['docs/recipes/'] },
  {
    title: 'Migration',
    entries: [
      { page: 'docs/migrate-from-atjs.md', title: 'From at.js' },
      { page: 'docs/migrate-from-alloy.md', title: 'From the Web SDK' },
      { page: 'docs/migrate-from-nodejs-sdk.md', title: 'From the Node.js SDK' },
    ],
  },
  { title: 'Troubleshooting', entries: ['docs/troubleshooting.md'] },
  { title: 'Security', entries: ['docs/security.md', { page: 'SECURITY.md', title: 'Report a vulnerability' }] },
  {
    title: 'Measured',
    entries: [
      'docs/delivery.md',
      { page: 'docs/benchmarks/page.md', title: 'A page' },
      { page: 'docs/benchmarks/server.md', title: 'A server' },
      { page: 'docs/benchmarks/README.md', title: 'Decisions on the device' },
      { page: 'docs/benchmarks/edge.md', title: 'The edge of your own' },
    ],
  },
  { title: 'Decisions', entries: ['docs/decisions/'], isFolded: true },
  {
    title: 'Project',
    entries: [
      { page: 'docs/README.md', title: 'All pages' },
      'docs/support.md',
      'docs/versioning.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
    ],
  },
]

/** What the cards of the home page lead to. */
export const cards = ['page-author', 'spa', 'ssr', 'flags', 'testing'].map((name) => `docs/start/${name}.md`)

export const root = join(import.meta.dirname, '../..')

const HOME = 'docs/index.md'

export interface Page {
  /** Path from the root. */
  source: string
  title: string
  /** One line. */
  about: string
  /** Path in the site, with `.md`. */
  file: string
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const isPage = (path: string): boolean => existsSync(join(root, path))

/** Pages below a folder, in the order of their names. */
const pagesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name)
      if (entry.name.startsWith('.') || path === GENERATED) return []
      if (entry.isDirectory()) return pagesIn(path)
      return entry.name.endsWith('.md') && path !== HOME ? [path] : []
    })

const OWN_NAMES: Record<string, string> = {
  'README.md': 'overview.md',
  'CONTRIBUTING.md': 'contributing.md',
  'CHANGELOG.md': 'changelog.md',
  'SECURITY.md': 'vulnerabilities.md',
  'docs/README.md': 'pages.md',
}

/** Where a page lies in the site, by its path from the root. */
export const fileOf = (source: string): string =>
  OWN_NAMES[source] ?? source.replace(/^docs\/(generated\/)?/, '').replace(/(^|\/)README\.md$/, '$1index.md')

/** The path from the root, by that from `docs/`. */
export const sourceOf = (id: string): string => {
  const source = posix.join('docs', id)
  const included = INCLUDED.find((page) => source === posix.join(GENERATED, page))
  return included ?? source
}

/** What browsers show in their line. */
export const addressOf = (file: string): string => `/${file.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`

/** Links and code are of no use in one line of text. */
const asText = (markdown: string): string =>
  markdown
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()

const titleOf = (text: string): string => asText(/^# (.*)$/m.exec(text)?.[1] ?? '')

/** The first sentence below the title. */
const openingOf = (text: string): string => {
  const [paragraph = ''] =
    text
      .split(/^# .*$/m)[1]
      ?.trim()
      .split('\n\n') ?? []
  return /^.*?\.(?= |$)/.exec(asText(paragraph))?.[0] ?? asText(paragraph)
}

/** What the tables of `docs/README.md` say of pages that have a row for themselves. */
const rows = (): Map<string, string> =>
  new Map(
    [...read('docs/README.md').matchAll(/^\| \[[^\]]*\]\(([^)#]+\.md)\) \| (.*) \|$/gm)].map(
      ([, target = '', about = '']) => [posix.join('docs', target), asText(about)] as const,
    ),
  )

/** A group with its pages. Those of folders are in the order of their names. */
export interface Section {
  title: string
  isFolded: boolean
  pages: Page[]
}

const pagesOf = ({ entries }: Group, about: Map<string, string>): Page[] =>
  entries
    .flatMap((entry) => {
      if (typeof entry !== 'string') return [entry]
      return (entry.endsWith('/') ? pagesIn(entry) : [entry]).map((page) => ({ page, title: '' }))
    })
    .map(({ page: source, title }) => {
      if (!isPage(source)) throw new Error(`docs/.vitepress/pages.ts names ${source}, which is not there`)
      const text = read(source)
      return {
        source,
        title: title || titleOf(text) || basename(source),
        about: about.get(source) ?? openingOf(text),
        file: fileOf(source),
      }
    })

/** The pages that people wrote, group by group. Throws when one is missing, in no group, or in two. */
export const sections = (): Section[] => {
  const about = rows()
  const all = groups.map((group) => ({
    title: group.title,
    isFolded: group.isFolded ?? false,
    pages: pagesOf(group, about),
  }))
  const named = all.flatMap(({ pages }) => pages.map(({ source }) => source))
  const orphans = [...INCLUDED, ...pagesIn('docs')].filter((page) => !named.includes(page))
  if (orphans.length) throw new Error(`no group of docs/.vitepress/pages.ts names ${orphans.join(', ')}`)
  const twice = named.filter((page, at) => named.indexOf(page) !== at)
  if (twice.length) throw new Error(`docs/.vitepress/pages.ts names ${twice.join(', ')} more than once`)
  return all.filter(({ pages }) => pages.length)
}
