import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
import { htmlOf, openEdge, saidIn } from './hydration-shop.ts'

const EXPERIENCE = {
  offers: {
    hero: '<b>Sun</b>',
    promo: { json: { title: 'Summer sale' } },
    flags: { json: { columns: 4 } },
    counted: '<b>Run</b><script>ran = (globalThis.ran ?? 0) + 1</script>',
    away: { dynamic: '/nowhere' },
    acts: { actions: [{ type: 'setText', selector: '#acts em', content: 'Sun' }] },
  },
  views: {
    home: [{ type: 'setText', selector: '#root em', content: 'Sunny home' }],
    cart: [{ type: 'setText', selector: '#root em', content: 'Sunny cart' }],
  },
}

const hero: Part = { is: 'mbox', name: 'hero', fallback: 'Welcome' }
const promo: Part = { is: 'offer', name: 'promo', fallback: 'Our shop' }
const flags: Part = { is: 'attribute', name: 'flags', field: 'columns', value: 3 }

/** Long enough for a display that should not be. */
const settled = (): Promise<void> => sleep(150)

const scrollTo = (page: Page, selector: string): Promise<void> =>
  page.evaluate((selector) => document.querySelector(selector)?.scrollIntoView(), selector)

/** What every binding does with offers that come after the page. */
export const describeBinding = (binding: Binding): void =>
  describeEngines(`isotarget/${binding.name.toLowerCase()}`, ({ launch }) => {
    let browser: Browser
    let code: string
    beforeAll(async () => {
      browser = await launch()
      code = await bundleForPage(binding.client)
    })
    afterAll(() => browser?.close())

    test('asks for all parts by one call, shows them, and counts each once', async () => {
      const edge = await openEdge(EXPERIENCE)
      const page = await openParts(browser, { code, edge })
      await startIn(page, [hero, promo, flags, hero, { ...promo }])
      await expect.poll(() => htmlOf(page, '#hero')).toBe('<b>Sun</b>')
      expect(await htmlOf(page, '#promo')).toBe('Summer sale')
      expect(await htmlOf(page, '#flags')).toBe('4')
      await drawPartsIn(page, [hero, promo, flags, { is: 'text', text: 'more' }])
      await drawPartsIn(page, [promo, hero, flags])
      expect(await htmlOf(page, '#hero')).toBe('<b>Sun</b>')
      await settled()
      await flushParts(page)
      expect(askedOf(edge)).toEqual([['hero', 'promo', 'flags']])
      expect(displaysOf(edge)).toEqual(['flags', 'hero', 'promo'])
      expect(await saidIn(page)).toEqual([])
    })

    test('asks for what the provider names with the first call, and for what comes later by another', async () => {
      const edge = await openEdge(EXPERIENCE)
      const page = await openParts(browser, { code, edge })
      await startIn(page, [promo], { mboxes: ['hero'] })
      await expect.poll(() => htmlOf(page, '#promo')).toBe('Summer sale')
      await drawPartsIn(page, [promo, hero, flags], { mboxes: ['hero'] })
      await expect.poll(() => htmlOf(page, '#flags')).toBe('4')
      expect(await htmlOf(page, '#hero')).toBe('<b>Sun</b>')
      expect(askedOf(edge)).toEqual([['promo', 'hero'], ['flags']])
    })

    test('runs the scripts of an offer once', async () => {
      const edge = await openEdge(EXPERIENCE)
      const page = await openParts(browser, { code, edge })
      await startIn(page, [{ ...hero, name: 'counted' }])
      await expect.poll(() => htmlOf(page, '#counted b')).toBe('Run')
      await drawPartsIn(page, [{ ...hero, name: 'counted' }, promo])
      await expect.poll(() => htmlOf(page, '#promo')).toBe('Summer sale')
      expect(await page.evaluate(() => (globalThis as { ran?: number }).ran)).toBe(1)
    })

    test.for([hero, promo])('counts the display of a $is that is visible when it is seen', async (part) => {
      const edge = await openEdge(EXPERIENCE)
      const page = await openParts(browser, { code, edge })
      await startIn(page, [{ is: 'space' }, { ...part, options: { report: 'visible' } } as Part])
      await expect.poll(() => htmlOf(page, `#${(part as { name: string }).name}`)).toMatch(/Sun|Summer/)
      await settled()
      await flushParts(page)
      expect(displaysOf(edge)).toEqual([])
      await scrollTo(page, `#${(part as { name: string }).name}`)
      await expect.poll(() => displaysOf(edge)).toHaveLength(1)
      await scrollTo(page, '#root')
      await scrollTo(page, `#${(part as { name: string }).name}`)
      await settled()
      expect(displaysOf(edge)).toHaveLength(1)
    })

    test('reports nothing where the page does it by itself', async () => {
      const edge = await openEdge(EXPERIENCE)
      const page = await openParts(browser, { code, edge })
      await startIn(page, [hero, promo, flags], { report: false })
      await expect.poll(() => htmlOf(page, '#hero')).toBe('<b>Sun</b>')
      await settled()
      await flushParts(page)
      expect(displaysOf(edge)).toEqual([])
    })

    test('counts clicks on the element of an mbox, also when its content is other', async () => {
      const edge = await openEdge(EXPERIENCE, { hero: true, promo: true })
      const page = await openParts(browser, { code, edge })
      await startIn(page, [hero, promo])
      await expect.poll(() => htmlOf(page, '#hero')).toBe('<b>Sun</b>')
      await drawPartsIn(page, [hero, promo, flags])
      await expect.poll(() => htmlOf(page, '#flags')).toBe('4')
      await page.click('#hero b')
      await page.click('#promo')
      await expect.poll(() => clicksOf(edge)).toEqual(['hero', 'promo'])
      await drawPartsIn(page, [flags])
      await page.click('#flags')
      await settled()
      expect(clicksOf(edge)).toHaveLength(2)
    })

    test('keeps the default content for an offer that comes too late, and does not ask again', async () => {
      const edge = await openEdge(EXPERIENCE, {}, { latency: 600 })
      const page = await openParts(browser, { code, edge, client: { timeout: 60 } })
      await startIn(page, [hero, promo, flags])
      const title = () => page.evaluate(() => (document.querySelector('#promo') as HTMLElement).title)
      await expect.poll(title).toBe('TIMEOUT')
      await sleep(700)
      await drawPartsIn(page, [hero, promo, flags, { is: 'text', text: 'more' }])
      expect(await htmlOf(page, '#hero')).toBe('<em>Welcome</em>')
      expect(await htmlOf(page, '#promo')).toBe('Our shop')
      expect(await htmlOf(page, '#flags')).toBe('3')
      // A slow machine may give up before it is connected.
      expect(askedOf(edge).length).toBeLessThan(2)
      expect(await saidIn(page)).toEqual([])
    })

    test('changes the default content where an offer is a list of actions, and leaves it where none can be done', async () => {
      const edge = await openEdge(EXPERIENCE)
      const page = await openParts(browser, { code, edge })
      await startIn(page, [
        { ...hero, name: 'acts' },
        { ...hero, name: 'none' },
      ])
      await expect.poll(() => htmlOf(page, '#acts')).toBe('<em>Sun</em>')
      expect(await htmlOf(page, '#none')).toBe('<em>Welcome</em>')
      await expect.poll(() => displaysOf(edge)).toEqual(['acts'])
    })

    test('puts the default content back where nothing of an offer can be shown, and counts nothing', async () => {
      const edge = await openEdge(EXPERIENCE)
      const page = await openParts(browser, { code, edge })
      await startIn(page, [
        { ...hero, name: 'away' },
        { ...hero, name: 'flags' },
      ])
      await expect.poll(() => edge.edge.requests.length).toBe(1)
      await settled()
      await expect.poll(() => htmlOf(page, '#away')).toBe('<em>Welcome</em>')
      expect(await htmlOf(page, '#flags')).toBe('<em>Welcome</em>')
      await flushParts(page)
      expect(displaysOf(edge)).toEqual([])
    })

    test('enters a view once, and leaves it', async () => {
      const edge = await openEdge(EXPERIENCE)
      const page = await openParts(browser, { code, edge })
      const text: Part = { ...hero, name: 'none' }
      await startIn(page, [{ is: 'view', name: 'home' }, text])
      await expect.poll(() => htmlOf(page, '#none')).toBe('<em>Sunny home</em>')
      await drawPartsIn(page, [{ is: 'view', name: 'home' }, text, flags])
      await expect.poll(() => htmlOf(page, '#flags')).toBe('4')
      await drawPartsIn(page, [{ is: 'view', name: 'cart' }, text])
      await expect.poll(() => htmlOf(page, '#none')).toBe('<em>Sunny cart</em>')
      await drawPartsIn(page, [{ is: 'view', name: 'home' }, text])
      await expect.poll(() => htmlOf(page, '#none')).toBe('<em>Sunny home</em>')
      await settled()
      await flushParts(page)
      expect(displaysOf(edge).filter((name) => name.startsWith('view'))).toEqual([
        'view cart',
        'view home',
        'view home',
      ])
      expect(askedOf(edge)[0]).toEqual(['none'])
      expect(
        edge.edge.requests.filter(({ body }) => (body as { prefetch?: { views?: object } }).prefetch?.views),
      ).toHaveLength(1)
    })

    test('decides on values at once where the device does', async () => {
      const edge = await openEdge(EXPERIENCE)
      const page = await openParts(browser, {
        code,
        edge,
        client: {
          decisioningMethod: 'on-device',
          artifactLocation: `http://127.0.0.1:${edge.port}/acme/production/v1/rules.json`,
        },
      })
      await startIn(page, [flags])
      await expect.poll(() => htmlOf(page, '#flags')).toBe('4')
      await drawPartsIn(page, [])
      await drawPartsIn(page, [flags])
      expect(await htmlOf(page, '#flags')).toBe('4')
      await expect.poll(() => displaysOf(edge)).toEqual(['flags'])
      await settled()
      expect(askedOf(edge)).toEqual([])
      expect(displaysOf(edge)).toEqual(['flags'])
    })
  })
