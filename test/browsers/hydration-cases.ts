import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TargetClient } from '../../src/server.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import type { Framework } from './hydration-frameworks.ts'
import {
  accountOf,
  drawIn,
  type Here,
  htmlOf,
  hydrateIn,
  openEdge,
  openShop,
  type Prepared,
  prepare,
  saidIn,
} from './hydration-shop.ts'

const HERO = '[data-mbox="hero"]'
const OFFER = '<b>Sun</b>'

/** An offer for the mbox, and all that an experience may change around it. */
const EXPERIENCE = {
  offers: { hero: OFFER },
  pageLoad: [
    { type: 'setText', selector: 'h1', content: 'Summer' },
    { type: 'setStyle', selector: 'h1', content: { color: 'red' } },
    { type: 'insertAfter', selector: 'h1', content: '<p id="news">News</p>' },
    { type: 'appendHtml', selector: 'ul', content: '<li>Sunglasses</li>' },
  ],
}
const MBOX = { offers: { hero: OFFER } }

/** The script tag of a page that renders by hand. */
const BY_HAND = { 'page-load': false, views: false }
const ASK = `<script>offers = isotarget('getOffers', { request: { prefetch: { pageLoad: {}, mboxes: [{ name: 'hero' }] } } })</script>`

/** Renders what was asked for in the head. */
const renderIn = (page: Page, keep = false): Promise<unknown> =>
  page.evaluate(async (keep) => {
    const { isotarget, offers } = globalThis as unknown as Here
    await isotarget('render', await offers, { keep })
  }, keep)

/** Long enough for a display that should not be. */
const settled = (): Promise<void> => sleep(150)

/** What all frameworks have to bear, and what this one says to offers that are in the page before it. */
export const describeHydration = (framework: Framework): void =>
  describeEngines(`${framework.name} hydrates`, ({ launch }) => {
    let browser: Browser
    let prepared: Prepared
    beforeAll(async () => {
      browser = await launch()
      prepared = await prepare(framework)
    })
    afterAll(() => browser?.close())

    test.for(['text', 'html', 'lenient'] as const)(
      'and keeps an offer that is rendered afterwards, in an mbox of %s',
      async (kind) => {
        const edge = await openEdge(EXPERIENCE)
        const tag = { ...accountOf(edge), ...BY_HAND }
        const { page, props } = await openShop(browser, prepared, { props: { kind }, tag, head: ASK })
        await hydrateIn(page)
        await renderIn(page)
        await drawIn(page, { ...props, items: ['Hat', 'Shoe', 'Scarf'] })
        expect(await htmlOf(page, HERO)).toBe(OFFER)
        expect(await htmlOf(page, 'h1')).toBe('Summer')
        expect(await htmlOf(page, '#news')).toBe('News')
        expect(await htmlOf(page, 'ul')).toMatch(/Hat.*Shoe.*Scarf/)
        expect(await htmlOf(page, 'ul')).toContain('Sunglasses')
        expect(await saidIn(page)).toEqual([])
        await expect.poll(() => edge.edge.ledger.total('impression')).toBe(2)
        await settled()
        expect(edge.arrived()).toHaveLength(2)
      },
    )

    test('100 with an offer in place that the script tag has rendered, which has left no marks', async () => {
      const edge = await openEdge(MBOX)
      const tag = { ...accountOf(edge), mboxes: 'hero', views: false }
      const { page, html, props } = await openShop(browser, prepared, { props: { kind: 'lenient' }, tag })
      await expect.poll(() => htmlOf(page, HERO)).toBe(OFFER)
      expect(await htmlOf(page, '#root')).toBe(html.replace('Our summer collection', OFFER))
      await sleep(200)
      await hydrateIn(page)
      await drawIn(page, { ...props, items: ['Scarf'] })
      expect(await htmlOf(page, HERO)).toBe(OFFER)
      expect(await htmlOf(page, 'ul')).toContain('Scarf')
      expect(await saidIn(page)).toEqual([])
      await settled()
      expect(edge.arrived()).toHaveLength(1)
      expect(edge.edge.ledger.total('impression')).toBe(1)
    })

    // What comes of it differs: in WebKit, Svelte fails where it wants to draw anew, and leaves nothing.
    test('against an offer in what it owns: says so, and does not keep it', async () => {
      const edge = await openEdge(MBOX)
      const tag = { ...accountOf(edge), mboxes: 'hero', views: false }
      const { page } = await openShop(browser, prepared, { tag })
      await expect.poll(() => htmlOf(page, HERO)).toBe(OFFER)
      await hydrateIn(page).catch(() => {})
      expect((await saidIn(page)).join()).toMatch(framework.complaint)
      expect(await htmlOf(page, HERO)).not.toBe(OFFER)
    })

    test('against an element that it does not know: says so, and does not keep it', async () => {
      const edge = await openEdge({ pageLoad: EXPERIENCE.pageLoad.slice(2, 3) })
      const tag = { ...accountOf(edge), views: false }
      const { page } = await openShop(browser, prepared, { props: { kind: 'lenient' }, tag })
      await expect.poll(() => htmlOf(page, '#news')).toBe('News')
      await hydrateIn(page).catch(() => {})
      expect(await saidIn(page)).not.toEqual([])
      expect(await htmlOf(page, '#news')).toBeUndefined()
    })

    test.for(framework.silent)('silently where %s was done before', async ([, action, html]) => {
      const edge = await openEdge({ pageLoad: [action] })
      const tag = { ...accountOf(edge), views: false }
      const { page } = await openShop(browser, prepared, { props: { kind: 'lenient' }, tag })
      const headline = () => page.evaluate(() => document.querySelector('h1')?.outerHTML)
      await expect.poll(headline).not.toBe('<h1>Shop</h1>')
      await hydrateIn(page)
      expect(await saidIn(page)).toEqual([])
      expect(await headline()).toBe(html)
    })

    test('and draws another element: with keep it gets the offer, which is counted once', async () => {
      const edge = await openEdge(MBOX)
      const tag = { ...accountOf(edge), ...BY_HAND }
      const { page, props } = await openShop(browser, prepared, { tag, head: ASK })
      await hydrateIn(page)
      await renderIn(page, true)
      for (const round of [1, 2]) {
        await drawIn(page, { ...props, round })
        await expect.poll(() => htmlOf(page, HERO)).toBe(OFFER)
      }
      expect(await saidIn(page)).toEqual([])
      await settled()
      expect(edge.arrived()).toHaveLength(1)
      expect(edge.edge.ledger.total('impression')).toBe(1)
    })

    test('and draws its own text again: rendered again, the offer is back and is counted once', async () => {
      const edge = await openEdge(MBOX)
      const tag = { ...accountOf(edge), ...BY_HAND }
      const { page, props } = await openShop(browser, prepared, { props: { kind: 'html' }, tag, head: ASK })
      await hydrateIn(page)
      await renderIn(page)
      await drawIn(page, { ...props, hero: 'Our winter collection' })
      expect(await htmlOf(page, HERO)).not.toBe(OFFER)
      await renderIn(page)
      expect(await htmlOf(page, HERO)).toBe(OFFER)
      expect(await saidIn(page)).toEqual([])
      await settled()
      expect(edge.arrived()).toHaveLength(1)
    })

    test.for([
      ['loses what it draws beside an element that an offer has removed', 'remove', undefined, false],
      ['draws beside an element that an offer has hidden', 'setStyle', { display: 'none' }, true],
    ] as const)('and %s', async ([, type, content, isDrawn]) => {
      const edge = await openEdge({ pageLoad: [{ type, selector: 'li:eq(0)', content }] })
      const tag = { ...accountOf(edge), ...BY_HAND }
      const { page, props } = await openShop(browser, prepared, { tag, head: ASK })
      await hydrateIn(page)
      await renderIn(page)
      const drawing = drawIn(page, { ...props, items: ['New', 'Hat', 'Shoe'] })
      // React never comes back, and Vue throws.
      await Promise.race([drawing.catch(() => {}), sleep(500)])
      expect((await htmlOf(page, 'ul'))?.includes('New') ?? false).toBe(isDrawn)
    })

    test.for(framework.handovers)(
      '100 what a server has decided and put into the HTML; %s reports it once, and nothing is asked again',
      async (how) => {
        const edge = await openEdge(MBOX)
        const { client, 'organization-id': organizationId, 'server-domain': serverDomain, secure } = accountOf(edge)
        const target = TargetClient.create({ client, organizationId, serverDomain, secure })
        const visitor = target.visitor(new Request('http://127.0.0.1/shop'))
        const { response } = await visitor.getOffers({
          request: { prefetch: { mboxes: [{ index: 0, name: 'hero' }] } },
        })
        const hero = response.prefetch?.mboxes?.[0]?.options?.[0]?.content as string
        const tag = { ...accountOf(edge), ...BY_HAND }
        const state = how === 'serverState' ? `isotargetSettings = { serverState: { response: answer } }` : ''
        const before = `<script>answer = ${JSON.stringify(response)}; ${state}</script>`
        // The page goes on as the visitor of the server.
        const headers = { 'set-cookie': visitor.setCookies().find((cookie) => cookie.startsWith('mbox='))! }
        const { page, props } = await openShop(browser, prepared, {
          props: { kind: 'html', hero },
          tag,
          before,
          headers,
        })
        await hydrateIn(page)
        await page.evaluate((how) => {
          const { isotarget, answer } = globalThis as unknown as Here & { answer: typeof response }
          if (how === 'serverState') return undefined
          return how === 'render' ? isotarget(how, answer) : isotarget(how, answer.prefetch?.mboxes?.[0])
        }, how)
        await drawIn(page, { ...props, items: ['Scarf'] })
        expect(await htmlOf(page, HERO)).toContain(OFFER)
        expect(await saidIn(page)).toEqual([])
        await expect.poll(() => edge.edge.ledger.total('impression')).toBe(1)
        await settled()
        expect(edge.edge.requests).toHaveLength(2)
        expect(edge.arrived()).toHaveLength(1)
        await target.close()
      },
    )
  })
