import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type * as Door from '../../src/browser.ts'
import { type Fault, inTurn } from '../faults/fault-plan.ts'
import { startFaultProxy } from '../faults/fault-proxy.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import {
  flush,
  goOffline,
  type Here,
  idsOf,
  isSettled,
  LATER,
  openNext,
  openPage,
  openShop,
  pending,
  SOON,
  show,
  start,
  stored,
  told,
  uncaught,
} from './shop.ts'

// What is queued outlives its page: real pages that are left, closed, reloaded and killed, and what the edge has counted.

describeEngines('the queue', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test('is in the storage before the task that queued ends, for every page of the site, and leaves no key behind', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const other = await browser.open(`${shop.site}/elsewhere`)
    expect(await stored(page)).toEqual({})

    const { id, timestamp, impressionId, before, after } = await page.evaluate(async () => {
      const { target, hero } = globalThis as unknown as Here
      const made = target.display(hero) as Door.Notification
      const before = localStorage.length
      // What is done after all else that the task has to do, and before any other task.
      const after = await new Promise<string[]>((look) => queueMicrotask(() => look(Object.values(localStorage))))
      return { ...made, before, after }
    })
    expect([before, after.length]).toEqual([0, 1])
    for (const part of [id, impressionId, `"timestamp":${timestamp}`]) expect(after[0]).toContain(part)
    expect(Object.keys(await stored(other))).toEqual([expect.stringMatching(/^isotarget:/)])
    expect(Object.values(await stored(other))).toEqual(after)
    // The visitor's ids are among what is stored.
    expect(after[0]).toContain(shop.edge.requests[0]?.url.match(/sessionId=(\w+)/)?.[1])
    expect(after[0]).toMatch(/"tntId":"[\da-f]+\.35_0"/)
    expect(shop.arrived()).toEqual([])

    expect(await flush(page)).toEqual({ sent: 1, rejected: 0, pending: 0 })
    expect([await stored(page), await stored(other)]).toEqual([{}, {}])
    await shop.countsOnce([id])
    await page.close()
    await other.close()
  })

  test('is sent by the next page when its own was killed at once', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const shown = await show(page, 2, { parameters: { size: 'XL' } })
    await page.kill()
    expect(shop.arrived()).toEqual([])

    const next = await openNext(browser, shop)
    await shop.countsOnce(idsOf(shown))
    await isSettled(next)
    expect(shop.reports()).toEqual([expect.objectContaining({ notifications: shown, isBeacon: false })])
    await next.close()
  })

  const leave = {
    'its page is left': (page: Page, site: string) => page.goto(`${site}/elsewhere`),
    'its page is closed': (page: Page) => page.close(),
    // The answer may get lost with the page.
    'its page is reloaded': (page: Page) =>
      page.evaluate(() => void setTimeout(() => location.reload())).catch(() => {}),
  }
  test.for(Object.keys(leave) as (keyof typeof leave)[])('is sent when %s while the edge is down', async (way) => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const shown = await show(page, 3)
    const [asked] = shop.edge.requests
    await shop.down()
    await leave[way](page, shop.site)
    await expect.poll(() => page.evaluate(() => 'target' in globalThis).catch(() => false)).toBe(false)
    await shop.up()

    const next = await openNext(browser, shop, { later: LATER })
    await shop.countsOnce(idsOf(shown))
    await isSettled(next)
    const [report, ...copies] = shop.reports()
    // A browser may try late what a closed tab has handed over, when the edge is back: the same, which counts once.
    expect(copies.length).toBeLessThan(way === 'its page is closed' ? 2 : 1)
    for (const { notifications } of shop.reports()) expect(notifications).toEqual(shown)
    expect(report?.sessionId).toBe(new URL(asked?.url ?? '').searchParams.get('sessionId'))
    expect(report?.tntId).toMatch(/\.35_0$/)
    await next.close()
    if (way !== 'its page is closed') await page.close()
  })

  test('waits while nobody answers, and is sent as soon as the device is online', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop, { options: { retries: 0 } })
    const shown = await show(page, 2)
    await shop.down()
    expect(await flush(page)).toEqual({ sent: 0, rejected: 0, pending: 2 })
    // Its next attempt is a minute away.
    const [retry] = await told(page, 'notificationRetry')
    expect(retry?.ids).toEqual(idsOf(shown))
    await shop.up()
    expect(shop.arrived()).toEqual([])
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await shop.countsOnce(idsOf(shown))
    await isSettled(page)
    expect(shop.reports()).toHaveLength(1)
    await page.close()
  })

  test('waits for the next page when the device has no network while its own is left', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop, { options: { notificationDelay: 0 } })
    await goOffline(page)
    const shown = await show(page, 2)
    await page.goto(`${shop.site}/script-tag?next`)
    expect(Object.values(await stored(page))).toHaveLength(1)
    expect(shop.arrived()).toEqual([])
    await start(page, shop.port, { asks: false, later: SOON })
    await shop.countsOnce(idsOf(shown))
    await isSettled(page)
    expect(shop.reports()).toHaveLength(1)
    await page.close()
  })

  test.for(['close', 'kill'] as const)(
    'counts each display once when pages %s at every step of a send',
    async (way) => {
      const shop = await openShop()
      const proxy = await startFaultProxy({ edge: `http://127.0.0.1:${shop.port}`, plan: inTurn(), drip: 20_000 })
      onTestFinished(() => proxy.close())
      const broken = { ...shop, port: proxy.port }
      const pages: Page[] = []
      for (let opened = 0; opened < 5; opened++) {
        const page = await browser.open(`${shop.site}/script-tag?${opened}`)
        await start(page, proxy.port, { options: { timeout: 25_000, retries: 0 } })
        pages.push(page)
      }
      const [collecting, asking, counting, hearing, waiting] = pages as [Page, Page, Page, Page, Page]
      const [collected] = idsOf(await show(collecting))
      /** Gets a page into the middle of a call that goes wrong. */
      const send = async (page: Page, fault: Fault) => {
        const [id] = idsOf(await show(page))
        proxy.use(inTurn(fault))
        await page.evaluate(() => void (globalThis as unknown as Here).target.flush())
        const reached = fault === 'hang' || fault === '500' ? 0 : 1
        await expect.poll(() => proxy.calls.at(-1)).toMatchObject({ fault, reached, notifications: [id] })
        return id
      }
      const asked = await send(asking, 'hang')
      const [behind] = idsOf(await show(asking))
      const counted = await send(counting, 'hang-counted')
      const heard = await send(hearing, 'slow')
      const failed = await send(waiting, '500')
      await expect.poll(() => told(waiting, 'notificationRetry')).toHaveLength(1)
      await shop.countsOnce([counted, heard] as string[])

      for (const page of pages) await page[way]()
      // What was not on its way is handed over, if there is anybody left to do so.
      const handedOver = way === 'close' ? [collected, behind, failed] : []
      await shop.countsOnce([counted, heard, ...handedOver] as string[])

      const next = await openNext(browser, broken, { later: LATER })
      await shop.countsOnce([collected, asked, behind, counted, heard, failed] as string[])
      await isSettled(next)
      await next.close()
    },
  )

  test('sends a thousand displays of one moment in twenty calls, one after the other, in order', async () => {
    const shop = await openShop({ sessionConcurrency: 1 })
    const page = await openPage(browser, shop, { options: { notificationDelay: 250 } })
    const ids = idsOf(await show(page, 1_000))
    await shop.countsOnce(ids)
    expect(shop.reports().length).toBeLessThanOrEqual(20)
    expect(shop.arrived()).toEqual(ids)
    expect(await told(page, 'notificationRetry')).toEqual([])
    await isSettled(page)
    await page.close()
  })

  test('never throws into the page, whatever it is asked to report', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const thrown = await page.evaluate(() => {
      const { target, hero } = globalThis as unknown as Here
      const cycle: Record<string, unknown> = {}
      cycle.itself = cycle
      const odd = [
        { big: 1n },
        cycle,
        { toJSON: () => cycle },
        {
          get broken() {
            throw new Error('a getter')
          },
        },
      ]
      const thrown: string[] = []
      const attempt = (work: () => unknown) => {
        try {
          work()
        } catch (error) {
          thrown.push(`${error}`)
        }
      }
      for (const value of odd) {
        attempt(() => target.display(hero, { parameters: value as never }))
        attempt(() => target.display(hero, value as never))
        attempt(() => target.click(hero, { metrics: [value] as never }))
        attempt(() => target.track('bought', { order: value as never }))
        attempt(() => target.track('bought', value as never))
        attempt(() => target.notify(value as never))
        attempt(() => target.display(value as never))
      }
      for (const nothing of [undefined, null, 0, '']) attempt(() => target.display(nothing as never, nothing as never))
      return thrown
    })
    expect(thrown).toEqual([])
    expect(await uncaught(page)).toEqual([])
    expect((await told(page, 'notificationRejected')).length).toBeGreaterThan(4)
    // The others are through.
    const shown = await show(page)
    await flush(page)
    expect(await pending(page)).toBe(0)
    expect(shop.counted()).toContain(shown[0]?.id)
    await page.close()
  })
})

describeEngines('the queue of a page on https', (engine) => {
  let browser: Browser
  const ports = { edge: 1, site: 1 }
  const hosts = (name: string): number => {
    if (name === 'www.shop.co.uk') return ports.site
    return name.endsWith('.tt.omtrdc.net') ? ports.edge : 1
  }
  beforeAll(async () => {
    browser = await engine.launch({ hosts })
  })
  afterAll(() => browser?.close())

  test('goes to the edge that has decided, by both exits, within a strict policy', async () => {
    const shop = await openShop()
    Object.assign(ports, { edge: shop.port, site: Number(new URL(shop.site).port) })
    const page = await browser.open('https://www.shop.co.uk/strict')
    await start(page, undefined)
    const shown = await show(page, 2)
    await page.goto('https://www.shop.co.uk/strict?next')
    await shop.countsOnce(idsOf(shown))
    // A day later, when nobody has heard yet what became of them.
    await start(page, undefined, { asks: false, later: 86_400_000 })
    await isSettled(page)
    const edge = 'mboxedge35.tt.omtrdc.net'
    expect(shop.edge.requests.map(({ host }) => host)).toEqual(['acme.tt.omtrdc.net', edge, edge])
    expect(shop.reports().map(({ isBeacon }) => isBeacon)).toEqual([true, false])
    for (const { notifications } of shop.reports()) expect(notifications).toEqual(shown)
    await shop.countsOnce(idsOf(shown))
    expect(await uncaught(page)).toEqual([])
    await page.close()
  })
})
