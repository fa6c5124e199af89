import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import { GENERATED } from '../../scripts/docs/sources.mjs'
import { slugOf } from './links.ts'
import { writeSiteFiles } from './llms.ts'
import { asOnGitHub } from './markdown.ts'
import { fileOf, root, sourceOf } from './pages.ts'
import { sidebar } from './sidebar.ts'

const cacheDir = join(root, 'node_modules/.cache/isotarget/vitepress')

export default defineConfig({
  title: 'isotarget',
  description: 'One TypeScript SDK for Adobe Target, the same in browsers, on servers and at the edge',
  lang: 'en',
  // Readers start servers of their own; all other links have to lead somewhere.
  ignoreDeadLinks: 'localhostLinks',
  cleanUrls: true,
  cacheDir,
  srcExclude: [`${GENERATED.slice('docs/'.length)}/declarations/**`],
  rewrites: (id) => fileOf(sourceOf(id)),
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/mark.svg' }]],
  transformPageData: ({ relativePath, frontmatter }) => {
    if (relativePath.startsWith('reference/')) frontmatter.pageClass = 'reference'
  },
  transformHead: ({ pageData: { relativePath } }) =>
    ['index.md', '404.md'].includes(relativePath)
      ? []
      : [['link', { rel: 'alternate', type: 'text/markdown', href: `/${relativePath}` }]],
  markdown: {
    config: asOnGitHub,
    anchor: { slugify: slugOf },
    toc: { slugify: slugOf },
  },
  themeConfig: {
    logo: '/mark.svg',
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          searchOptions: {
            boost: { title: 6, titles: 2, text: 1 },
            // A page that explains a word comes before the places where it is declared.
            boostDocument: (id: string) => (id.startsWith('/reference/') ? 0.3 : 1),
          },
        },
      },
    },
    nav: [
      { text: 'Overview', link: '/overview' },
      { text: 'Measured', link: '/delivery', activeMatch: '^/(delivery|benchmarks)' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
      { text: 'Changes', link: '/changelog' },
    ],
    sidebar: sidebar(),
    outline: { level: [2, 3] },
    externalLinkIcon: true,
  },
  buildEnd: writeSiteFiles,
})
