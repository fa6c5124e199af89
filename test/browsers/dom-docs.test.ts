import { transform } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { samples } from '../docs/markdown.ts'
import { bodyOf, type Here, openDom } from './dom-page.ts'
import { openDomShop } from './dom-shop.ts'
import { openTestSite } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser } from './engines/engine.ts'

const page = samples.filter(({ page, name }) => page.endsWith('dom.md') && name)
const sampleNamed = (name: string) => page.find((sample) => sample.name === name)!
const ran = new Set<string>()

/** A sample as a module whose imports are served by the page: a client of the emulator instead of one of Target. */
const moduleOf = async (name: string, before = '') => {
  ran.add(name)
  const { code } = await transform(sampleNamed(name).code, { loader: 'ts', target: 'es2022' })
  return before + code.replace('"isotarget"', '"/isotarget.js"').replace('"isotarget/dom"', '"/dist/dom.js"')
}

const EXPERIENCE = {
  pageLoad: [
    { type: 'setText', selector: 'h1', content: 'Sun' },
    { type: 'setText', selector: '#missing', content: 'Sun' },
  ],
  offers: { hero: '<b>Hello</b>' },
  views: { checkout: [{ type: 'appendHtml', selector: '#hero', content: '<i>pay</i>' }] },
}

describeEngines('dom.md', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  const open = async (name: string, before?: string) => {
    const code = await moduleOf(name, before)
    const shop = await openDomShop(
      browser,
      { experience: EXPERIENCE },
      {
        '/': { body: '<h1>Shop</h1><div id="hero">old</div>' },
        '/sample.js': { text: code },
        '/isotarget.js': {
          text: `export const { mboxes, view } = globalThis.isotarget
          export const TargetClient = { create: () => globalThis.target }`,
        },
      },
    )
    const page = await shop.open()
    await page.evaluate(async () => {
      const { load } = globalThis as unknown as { load(path: string): Promise<{ done?: Promise<unknown> }> }
      await (await load('/sample.js')).done
    })
    await page.evaluate(() => (globalThis as unknown as Here).target.flush())
    return { shop, page }
  }

  test('renders', async () => {
    const { shop, page } = await open('dom-render')
    expect(await bodyOf(page)).toBe('<h1>Sun</h1><div id="hero"><b>Hello</b></div>')
    expect(shop.edge.ledger.total('impression')).toBe(2)
    await page.close()
  })

  test('says what became of it', async () => {
    const { page } = await open(
      'dom-outcome',
      `const { target } = globalThis
       console.warn = (...said) => (globalThis.said = said.slice(0, 3))
       const result = await target.getOffers({ request: { prefetch: { pageLoad: {} } } });`,
    )
    expect(await page.evaluate(() => (globalThis as { said?: string[] }).said)).toEqual([
      'setText',
      '#missing',
      'missing',
    ])
    await page.close()
  })

  test('shows views', async () => {
    const { shop, page } = await open('dom-views')
    expect(await bodyOf(page)).toBe('<h1>Shop</h1><div id="hero">old<i>pay</i></div>')
    await expect.poll(() => shop.arrived().map(({ view }) => view?.name)).toEqual(['checkout', 'home'])
    await page.close()
  })

  test('49 has a snippet of less than 500 bytes that hides by itself, and shows by itself', async () => {
    ran.add('dom-snippet')
    const { code } = sampleNamed('dom-snippet')
    expect(code.length).toBeLessThan(500)
    const site = await openTestSite({ '/': { head: code, body: 'x' } })
    const page = await openDom(browser, `${site.url}/`)
    const seen = await page.evaluate(async () => {
      const opacity = () => getComputedStyle(document.body).opacity
      const before = opacity()
      await new Promise((later) => setTimeout(later, 3_200))
      return [before, opacity()]
    })
    expect(seen).toEqual(['0', '1'])
    await page.close()
  })

  test('has no sample that was not tried', () => {
    expect(page.map(({ name = '' }) => name).filter((name) => !ran.has(name))).toEqual([])
  })
})
