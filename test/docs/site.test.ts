import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createMarkdownRenderer } from 'vitepress'
import { beforeAll, describe, expect, it } from 'vitest'
import { destinationOf, slugOf, standalone } from '../../docs/.vitepress/links.ts'
import { asOnGitHub } from '../../docs/.vitepress/markdown.ts'
import { addressOf, cards, fileOf, groups, sections, sourceOf } from '../../docs/.vitepress/pages.ts'
import { anchorsOf, pages, root } from './markdown.ts'

// What the site makes of the pages. That it can be built, and how it looks, is in test/browsers/docs-site.test.ts.

describe('the navigation', () => {
  it('has every page once, with a title and a line about it', () => {
    const all = sections().flatMap(({ pages }) => pages)
    expect(all.map(({ source }) => join(source)).sort()).toEqual([...pages.keys()].sort())
    expect(all.filter(({ title, about }) => !title || about.length < 8)).toEqual([])
    expect(new Set(all.map(({ file }) => file)).size).toBe(all.length)
  })

  it('refuses a page that is not there, one that no group names, and one that two name', () => {
    const [first, last] = [groups[0]!, groups.at(-1)!]
    const taken = last.entries.pop()!
    expect(sections).toThrow('no group of docs/.vitepress/pages.ts names CHANGELOG.md')
    last.entries.push(taken, 'docs/nowhere.md')
    expect(sections).toThrow('docs/.vitepress/pages.ts names docs/nowhere.md, which is not there')
    last.entries.pop()
    first.entries.push('docs/client.md')
    expect(sections).toThrow('docs/.vitepress/pages.ts names docs/client.md more than once')
    first.entries.pop()
    expect(sections().length).toBeGreaterThan(5)
  })

  it('leads from five cards to pages', () => {
    expect(cards.filter((card) => existsSync(join(root, card)))).toHaveLength(5)
  })
})

it.each([
  ['docs/client.md', 'client.md', '/client'],
  ['docs/benchmarks/README.md', 'benchmarks/index.md', '/benchmarks/'],
  ['docs/README.md', 'pages.md', '/pages'],
  ['README.md', 'overview.md', '/overview'],
  ['docs/generated/reference/server/index.md', 'reference/server/index.md', '/reference/server/'],
])('%s is %s of the site, at %s', (source, file, address) => {
  expect([fileOf(source), addressOf(file)]).toEqual([file, address])
})

it('a page that is not in docs/ is included by one that is', () => {
  expect(['generated/README.md', 'client.md'].map(sourceOf)).toEqual(['README.md', 'docs/client.md'])
})

it.each([
  ['docs/guides/hono.md', '../client.md#errors', { kind: 'page', file: 'client.md', anchor: '#errors' }],
  ['docs/delivery.md', 'benchmarks/README.md', { kind: 'page', file: 'benchmarks/index.md', anchor: '' }],
  ['docs/README.md', '../CONTRIBUTING.md', { kind: 'page', file: 'contributing.md', anchor: '' }],
  ['README.md', 'docs/README.md', { kind: 'page', file: 'pages.md', anchor: '' }],
  ['docs/delivery.md', 'charts/delivery.json', { kind: 'data', file: 'charts/delivery.json' }],
  ['docs/guides/hono.md', '../../demo/hono', { kind: 'source' }],
  ['README.md', 'LICENSE', { kind: 'source' }],
  ['docs/client.md', '#errors', { kind: 'other' }],
  ['docs/client.md', 'https://example.com/a.md', { kind: 'other' }],
  ['docs/client.md', '../src/nowhere.ts', { kind: 'page', file: 'src/nowhere.ts', anchor: '' }],
])('on %s a link to %s leads to %o', (source, href, destination) => {
  expect(destinationOf(source, href)).toEqual(destination)
})

it('headings have the anchors that GitHub gives them', () => {
  const text = pages.get(join('docs', 'client.md')) ?? ''
  const headings = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^#+ (.*)$/gm)].map(
    ([, heading = '']) => heading,
  )
  expect(headings.map(slugOf)).toEqual(anchorsOf(text))
})

describe('a page as it is rendered', () => {
  let render: (text: string, page?: string) => string
  beforeAll(async () => {
    const md = await createMarkdownRenderer(join(root, 'docs'), { config: asOnGitHub })
    render = (text, page = 'docs/guides/hono.md') =>
      md.render(text, { path: join(root, page), relativePath: 'guides/hono.md', cleanUrls: true })
  })

  it('keeps braces and names in angle brackets as they are', () => {
    expect(render('{{ 1 + 1 }} is `{{ x }}`, and <Mbox> of <T> is <b>bold</b>\n')).toBe(
      '<p>&#123;&#123; 1 + 1 }} is <code v-pre="">{{ x }}</code>, and &lt;Mbox&gt; of &lt;T&gt; is &lt;b&gt;bold&lt;/b&gt;</p>\n',
    )
  })

  it('keeps the elements that GitHub keeps', () => {
    expect(render('<details><summary>More</summary>\n\nText <kbd>K</kbd><br>\n\n</details>\n')).toContain(
      '<p>Text <kbd>K</kbd><br></p>',
    )
  })

  it('shows no comments', () => {
    expect(render('<!-- sample: a\ndeclare const b: string\n-->\n\nIt is <!-- size:x -->1 kB<!-- /size -->.\n')).toBe(
      '<p>It is 1 kB.</p>\n',
    )
  })

  it('links to pages by address, and names what the site has not', () => {
    expect(render('[a](../client.md#errors) [b](../benchmarks/README.md) [c](../../demo/hono)\n')).toBe(
      '<p><a href="/client#errors">a</a> <a href="/benchmarks/">b</a> c</p>\n',
    )
  })

  it('opens a chart by itself', () => {
    expect(render('![Sums](soak.svg)\n', 'docs/charts/page.md')).toContain(
      '<a href="/charts/soak.svg" target="_self"><img ',
    )
  })
})

it('a page for programs has links to Markdown and no comments, and its code is untouched', () => {
  const code = '```html\n<!-- kept -->\n[a](b.md)\n```\n\n`[a](b.md)`\n'
  const text = `---\ntitle: T\n---\n\n# T\n\n<!-- sample: x\n-->\n${code}\n[C](client.md#x) [D](../demo/hono) ![S](charts/soak.svg)\n`
  expect(standalone('docs/x.md', text)).toBe(`# T\n\n${code}\n[C](/client.md#x) D ![S](/charts/soak.svg)\n`)
})
