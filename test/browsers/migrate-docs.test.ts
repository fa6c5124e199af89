import { readFile } from 'node:fs/promises'
import { transform } from 'esbuild'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { samples } from '../docs/markdown.ts'
import { openTestSite, type Served } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

// What the two pages about moving tell readers to paste, as it stands, over the built files; only the edge is a local one.

const edge = createEmulator({
  client: 'acme',
  offers: {
    activities: [
      {
        id: 1,
        name: 'Shop',
        experiences: [
          {
            name: 'Sun',
            pageLoad: [{ type: 'setText', selector: '#title', content: 'Summer' }],
            offers: { hero: '<b>Sun</b>', flags: { json: { columns: 4 } } },
            views: { cart: [{ type: 'setText', selector: '#pay', content: 'Pay now' }] },
          },
        ],
        conversions: ['orderConfirmPage'],
      },
    ],
  },
})
const BODY = '<h1 id="title">Hello</h1><div id="hero">default</div><p id="pay">Pay</p>'

const mine = samples.filter(({ page, name }) => /migrate-from-(atjs|alloy)\.md$/.test(page) && name)
const ran = new Set<string>()
const codeOf = (name: string): string => {
  const found = mine.find((sample) => sample.name === name)
  if (!found) throw new Error(`no sample is named ${name}`)
  ran.add(name)
  return found.code
}

/** What a reader has installed, for a page without a bundler. */
const modules: Record<string, string> = {
  isotarget: '/dist/browser.js',
  'isotarget/dom': '/dist/dom.js',
  'isotarget/atjs': '/dist/atjs.js',
  nanoid: '/node_modules/nanoid/index.browser.js',
  valibot: '/node_modules/valibot/dist/index.mjs',
}
const importMap = `<script type="importmap">${JSON.stringify({ imports: modules })}</script>`
const fileAt = (path: string) => readFile(new URL(`../..${path}`, import.meta.url), 'utf8')

const posts = () => edge.requests.map(({ body }) => body as Record<string, unknown>)
const htmlOf = (page: Page, selector: string) =>
  page.evaluate((selector) => document.querySelector(selector)?.innerHTML, selector)

let server: Listening
const files: Record<string, Served> = {}

beforeAll(async () => {
  server = await edge.listen(0)
  for (const name of ['isotarget.global.js', 'isotarget.atjs.global.js'])
    files[`/js/${name}`] = { text: await fileAt(`/dist/${name}`) }
  const url = '/node_modules/nanoid/url-alphabet/index.js'
  for (const path of [modules.nanoid!, modules.valibot!, url]) files[path] = { text: await fileAt(path) }
})
afterAll(() => server.close())
beforeEach(() => edge.reset())

/** Whatever host is asked, the local edge answers. */
const redirected = () => `<script>
  const here = (url) => String(url).replace(/^https?:\\/\\/[^/]+\\/rest/, 'http://127.0.0.1:${server.port}/rest')
  const [send, beacon] = [fetch, navigator.sendBeacon.bind(navigator)]
  fetch = (url, init) => send(here(url), init)
  navigator.sendBeacon = (url, body) => beacon(here(url), body)
</script>`

describeEngines('a page that has moved', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  const open = async (head: string, sample = ''): Promise<Page> => {
    const text = `<!doctype html><html><head><link rel="icon" href="data:,">${redirected()}${head}</head><body>${BODY}</body></html>`
    const site = await openTestSite({
      ...files,
      '/': { text, type: 'text/html' },
      '/sample.js': { text: sample },
    })
    const page = await browser.open(`${site.url}/`)
    onTestFinished(() => page.close())
    return page
  }
  /** A sample as a module of a page; what it exports is in the globals. */
  const openModule = async (name: string): Promise<Page> => {
    const { code } = await transform(codeOf(name), { loader: 'ts', target: 'es2022' })
    const load = "import('/sample.js').then((all) => Object.assign(globalThis, all, { hasRun: true }))"
    // The elements are there before a bundle runs.
    const page = await open(`${importMap}<script>addEventListener('load', () => ${load})</script>`, code)
    await expect.poll(() => page.evaluate(() => (globalThis as { hasRun?: boolean }).hasRun)).toBe(true)
    return page
  }

  test.for(['atjs-settings', 'atjs-attributes'])('from at.js, by the script of %s: offers are shown', async (name) => {
    const page = await open(codeOf(name))
    await expect.poll(() => htmlOf(page, '#title')).toBe('Summer')
    expect(new URL(edge.requests[0]!.url, 'http://edge').searchParams.get('client')).toBe('acme')
    const parameters = { section: 'shoes', 'user.plan': 'gold' }
    const said = name === 'atjs-settings' ? { parameters } : {}
    expect(posts()[0]).toMatchObject({ execute: { pageLoad: said }, prefetch: { views: [said] } })
    expect(await page.evaluate(() => getComputedStyle(document.body).opacity)).toBe('1')
  })

  test('from at.js, in a bundle: adobe.target is installed, and asks', async () => {
    const page = await openModule('atjs-install')
    const seen = await page.evaluate(() => {
      const { flags, adobe } = globalThis as unknown as { flags: object; adobe: { target: object } }
      return [flags, 'triggerView' in adobe.target]
    })
    expect(seen).toEqual([{ columns: 4 }, true])
  })

  test('from at.js, moved on: shown and counted, and so is the order', async () => {
    const page = await openModule('atjs-moved-on')
    expect(await htmlOf(page, '#hero')).toBe('<b>Sun</b>')
    await expect.poll(() => [edge.ledger.total('impression'), edge.ledger.total('conversion')]).toEqual([1, 1])
  })

  test('from the Web SDK: page load, mbox and views are asked for at once, shown and counted', async () => {
    const page = await openModule('alloy-moved')
    await expect.poll(() => htmlOf(page, '#hero')).toBe('<b>Sun</b>')
    expect(await htmlOf(page, '#title')).toBe('Summer')
    await page.evaluate(() => {
      const { views } = globalThis as unknown as { views: { triggerView(name: string): Promise<void> } }
      return views.triggerView('cart').then(() => {})
    })
    expect(await htmlOf(page, '#pay')).toBe('Pay now')
    expect(posts()[0]).toMatchObject({ execute: { pageLoad: {} }, prefetch: { mboxes: [{}], views: [{}] } })
    // The mbox and the view; the page load has counted itself.
    await expect.poll(() => posts().flatMap(({ notifications }) => notifications ?? [])).toHaveLength(2)
  })

  test('has no sample that was not tried', () => {
    expect(mine.map(({ name = '' }) => name).filter((name) => !ran.has(name))).toEqual([])
  })
})
