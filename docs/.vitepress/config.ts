import { writeSiteFiles } from './llms.ts'
import { slugOf } from './links.ts'
import { asOnGitHub } from './markdown.ts'
import { GENERATED } from '../../scripts/docs/sources.mjs'
import { fileOf, root, sourceOf } from './pages.ts'
import { sidebar } from './sidebar.ts'
import { join } from 'node:path'
import { defineConfig } from 'vitepress'

const cacheDir = join(root, 'node_modules/.cache/isotarget/vitepress')

export default defineConfig({
  title: 'isotarget',
  description: 'One TypeScript SDK for Adobe Target, the same in browsers, on servers and at the edge',
  lang: 'en',
  cleanUrls: true,
  cacheDir,
  srcExclude: [`${GENERATED.slice('docs/'.length)}/declarations/**`],
  rewrites: (id) => fileOf(sourceOf(id)),
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/mark.svg' }]],
  transformHead: ({ pageData }) => [
    ['link', { rel: 'alternate', type: 'text/markdown', href: `/${pageData.relativePath}` }],
  ],
  markdown: {
    config: asOnGitHub,
    anchor: { slugify: slugOf },
    toc: { slugify: slugOf },
    theme: { light: 'vitesse-light', dark: 'vitesse-dark' },
  },
  themeConfig: {
    logo: '/mark.svg',
    search: {
      provider: 'local',
      options: { miniSearch: { searchOptions: { boost: { title: 6, titles: 2, text: 1 } } } },
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
