import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type ClientOptions, TargetClient } from '../../src/server.ts'
import {
  askedOf,
  type Binding,
  clicksOf,
  displaysOf,
  drawPartsIn,
  flushParts,
  openParts,
  startIn,
} from './bindings-shop.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import type { Part } from './hydration/parts.ts'
import { bundleForPage } from './hydration-build.ts'
import { type Edge, htmlOf, openEdge, saidIn } from './hydration-shop.ts'

const EXPERIENCE = {
  offers: {
    hero: '<b>Sun</b><script>ran = (globalThis.ran ?? 0) + 1</script>',
    promo: { json: { title: 'Summer sale' } },
    flags: { json: { columns: 4 } },
  },
}
const NAMES = ['hero', 'promo', 'flags']

const partsOf = (suspense?: boolean): Part[] => [
  { is: 'mbox', name: 'hero', fallback: 'Welcome', ...(suspense && { options: { suspense } }) },
  { is: 'offer', name: 'promo', fallback: 'Our shop', ...(suspense && { options: { suspense } }) },
  { is: 'attribute', name: 'flags', field: 'columns', value: 3, ...(suspense && { options: { suspense } }) },
]

/** The visitor of a request to a server in front of the edge. */
const visitorOf = ({ port }: Edge, options: Partial<ClientOptions> = {}) => {
  const target = TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    serverDomain: `127.0.0.1:${port}`,
    secure: false,
    retries: 0,
    ...options,
  })
  onTestFinished(async () => void (await target.close()))
  const visitor = target.visitor(new Request('http://127.0.0.1/shop'))
  const headers = () => {
    const cookie = visitor.setCookies().find((cookie) => cookie.startsWith('mbox='))
    return cookie ? { headers: { 'set-cookie': cookie } } : {}
  }
  return { visitor, headers }
}

/** Counts what changes in the page from now on. */
const watchIn = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const here = globalThis as { changes?: number }
    here.changes = 0
    const root = document.querySelector('#root') as Element
    new MutationObserver((all) => {
      here.changes = (here.changes ?? 0) + all.length
    }).observe(root, { childList: true, characterData: true, subtree: true })
  })
const changesIn = (page: Page): Promise<number | undefined> =>
  page.evaluate(() => (globalThis as { changes?: number }).changes)

const ranIn = (page: Page): Promise<number | undefined> => page.evaluate(() => (globalThis as { ran?: number }).ran)

/** What every binding does with pages that a server has rendered. */
export const describeHydratedBinding = (binding: Binding): void =>
  describeEngines(`isotarget/${binding.name.toLowerCase()} takes over a page`, ({ launch }) => {
    let browser: Browser
    let code: string
    beforeAll(async () => {
      browser = await launch()
      code = await bundleForPage(binding.client)
    })
    afterAll(() => browser?.close())

    const seesAll = async (page: Page): Promise<void> => {
      expect(await htmlOf(page, '#hero')).toContain('<b>Sun</b>')
      expect(await htmlOf(page, '#promo')).toBe('Summer sale')
      expect(await htmlOf(page, '#flags')).toBe('4')
    }

    test('with a state: nothing changes, nothing is asked, and all is counted once', async () => {
      const edge = await openEdge(EXPERIENCE, { hero: true, promo: true })
      const { visitor, headers } = visitorOf(edge)
      const mboxes = NAMES.map((name) => ({ name }))
      const { response } = await visitor.getOffers({ request: { prefetch: { mboxes } } })
      const html = await binding.toHtml({ parts: partsOf(), state: { response } }, visitor)
      const page = await openParts(browser, { code, edge, html, state: { response }, ...headers() })
      await seesAll(page)
      await watchIn(page)
      await startIn(page, partsOf(), { hydrate: true })
      await drawPartsIn(page, [...partsOf(), { is: 'space' }])
      await expect.poll(() => displaysOf(edge)).toHaveLength(3)
      await seesAll(page)
      await page.click('#hero b')
      await page.click('#promo')
      await expect.poll(() => clicksOf(edge)).toEqual(['hero', 'promo'])
      await sleep(150)
      expect(displaysOf(edge)).toEqual(['flags', 'hero', 'promo'])
      expect(askedOf(edge)).toEqual([NAMES])
      // The space is new.
      expect(await changesIn(page)).toBe(1)
      expect(await ranIn(page)).toBe(1)
      expect(await saidIn(page)).toEqual([])
    })

    test('with what it waited for: nothing is asked again', async () => {
      const edge = await openEdge(EXPERIENCE)
      const { visitor, headers } = visitorOf(edge)
      const html = await binding.toHtml({ parts: partsOf(true) }, visitor)
      const state = binding.offersState(visitor)
      const page = await openParts(browser, { code, edge, html, state, ...headers() })
      await seesAll(page)
      await startIn(page, partsOf(true), { hydrate: true })
      await expect.poll(() => displaysOf(edge)).toEqual(['flags', 'hero', 'promo'])
      await seesAll(page)
      await sleep(150)
      await flushParts(page)
      expect(displaysOf(edge)).toHaveLength(3)
      expect(askedOf(edge)).toEqual([NAMES])
      expect(await ranIn(page)).toBe(1)
      expect(await saidIn(page)).toEqual([])
    })

    test('whose server had no answer in time: the default content stays, and nothing is asked again', async () => {
      const edge = await openEdge(EXPERIENCE)
      const lift = edge.edge.fail({ delay: 1_000 })
      const { visitor } = visitorOf(edge, { timeout: 60 })
      const html = await binding.toHtml({ parts: partsOf(true) }, visitor)
      lift()
      const asked = askedOf(edge)
      const page = await openParts(browser, { code, edge, html, state: binding.offersState(visitor) })
      await watchIn(page)
      await startIn(page, partsOf(true), { hydrate: true })
      await sleep(300)
      expect(await htmlOf(page, '#hero')).toBe('<em>Welcome</em>')
      expect(await htmlOf(page, '#promo')).toBe('Our shop')
      expect(await htmlOf(page, '#flags')).toBe('3')
      expect(await changesIn(page)).toBe(0)
      expect(askedOf(edge)).toEqual(asked)
      expect(await saidIn(page)).toEqual([])
    })

    test('without a state: it begins with the default content, and asks once', async () => {
      const edge = await openEdge(EXPERIENCE)
      const { visitor } = visitorOf(edge)
      const html = await binding.toHtml({ parts: partsOf() }, visitor)
      const page = await openParts(browser, { code, edge, html })
      expect(await htmlOf(page, '#hero')).toBe('<em>Welcome</em>')
      await startIn(page, partsOf(), { hydrate: true })
      await expect.poll(() => htmlOf(page, '#promo')).toBe('Summer sale')
      await seesAll(page)
      await expect.poll(() => displaysOf(edge)).toEqual(['flags', 'hero', 'promo'])
      expect(askedOf(edge)).toEqual([NAMES])
      expect(await ranIn(page)).toBe(1)
      expect(await saidIn(page)).toEqual([])
    })

    test('with a state for some: asks for the others', async () => {
      const edge = await openEdge(EXPERIENCE)
      const { visitor, headers } = visitorOf(edge)
      const { response } = await visitor.getOffers({ request: { prefetch: { mboxes: [{ name: 'hero' }] } } })
      const html = await binding.toHtml({ parts: partsOf(), state: { response } }, visitor)
      const page = await openParts(browser, { code, edge, html, state: { response }, ...headers() })
      await startIn(page, partsOf(), { hydrate: true })
      await expect.poll(() => htmlOf(page, '#flags')).toBe('4')
      await expect.poll(() => displaysOf(edge)).toEqual(['flags', 'hero', 'promo'])
      expect(askedOf(edge)).toEqual([['hero'], ['promo', 'flags']])
      expect(await saidIn(page)).toEqual([])
    })
  })
