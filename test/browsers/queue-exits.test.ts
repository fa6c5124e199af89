import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import {
  flush,
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
} from './shop.ts'

// How notifications leave a page that hides, ends, freezes, or stays after all, with a browser that keeps pages for the way back.

const ways = async (page: Page) => (await told(page, 'notificationBatch')).map(({ way }) => way)

const QUOTA = 64 * 1024

/** A road on which everything takes half a second; what its sender gave up meanwhile does not arrive. */
const openLongRoad = async (port: number): Promise<number> => {
  const road = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    near.on('data', (bytes) => {
      setTimeout(() => near.destroyed || far.write(bytes), 500)
    })
    far.pipe(near)
    near.on('error', () => far.destroy()).on('close', () => far.destroy())
    far.on('error', () => near.destroy())
  })
  road.listen(0, '127.0.0.1')
  await once(road, 'listening')
  onTestFinished(() => void road.close())
  return (road.address() as AddressInfo).port
}

describeEngines('the closing exit', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch({ backForwardCache: true })
  })
  afterAll(() => browser?.close())

  test('of a page that hides is a fetch, whose answer is heard', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const shown = await show(page, 2)
    await page.hide()
    await page.show()
    await shop.countsOnce(idsOf(shown))
    await isSettled(page)
    expect(await ways(page)).toEqual(['fetch'])
    expect((await told(page, 'notificationSent')).flatMap(({ ids }) => ids)).toEqual(idsOf(shown))
    const [report] = shop.reports()
    expect(shop.reports()).toHaveLength(1)
    expect(report).toMatchObject({ status: 200, isBeacon: false, notifications: shown })
    expect(report?.headers['content-type']).toMatch(/^text\/plain/)
    expect(report?.headers).not.toHaveProperty('cookie')
    expect(shop.edge.preflights).toBe(0)
    await page.close()
  })

  test('of a page that hides and is killed there is one that arrives, and is confirmed by the next page', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const ids = idsOf(await show(page, 2))
    await page.hide()
    await page.kill()
    await shop.countsOnce(ids)
    const late = await openNext(browser, shop, { later: LATER })
    await isSettled(late)
    await shop.countsOnce(ids)
    await late.close()
  })

  test('has nothing to do for a call that is on its way, which outlives the page', async () => {
    const shop = await openShop()
    const port = await openLongRoad(shop.port)
    const page = await openPage(browser, { ...shop, port })
    const ids = idsOf(await show(page, 2))
    const leave = () => {
      setTimeout(() => {
        void (globalThis as unknown as Here).target.flush()
        setTimeout(() => location.assign('/elsewhere'))
      })
    }
    // The answer may get lost with the page.
    await page.evaluate(leave).catch(() => {})
    await shop.countsOnce(ids)
    expect(await page.evaluate(() => location.pathname)).toBe('/elsewhere')
    expect(shop.reports()).toEqual([expect.objectContaining({ isBeacon: false })])
    await page.close()
  })

  test('is a beacon when more calls would outlive the page than it may have', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    await page.evaluate(() => {
      const { target } = globalThis as unknown as Here
      for (let session = 0; session < 10; session++) target.track('landing', {}, { sessionId: `session-${session}` })
    })
    await page.hide()
    await expect.poll(shop.reports).toHaveLength(10)
    expect((await ways(page)).sort()).toEqual(['beacon', ...Array(9).fill('fetch')])
    expect(shop.reports().filter(({ isBeacon }) => isBeacon)).toHaveLength(1)
    expect(shop.edge.preflights).toBe(0)
    await expect.poll(() => pending(page)).toBe(1)
    await page.close()
  })

  test('of a page that ends is a beacon, which is confirmed by a page that comes when it cannot be on its way any more', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const shown = await show(page, 2)
    await page.goto(`${shop.site}/elsewhere`)
    await shop.countsOnce(idsOf(shown))
    const [report] = shop.reports()
    expect(report).toMatchObject({ status: 204, isBeacon: true, notifications: shown })
    expect(report?.headers['content-type']).toMatch(/^text\/plain/)
    expect(report?.headers.cookie).toContain('mbox=')
    expect(Object.keys(await stored(page))).toHaveLength(1)

    const soon = await openNext(browser, shop, { later: SOON })
    await expect.poll(() => pending(soon)).toBe(2)
    expect(await flush(soon)).toEqual({ sent: 0, rejected: 0, pending: 2 })
    await soon.close()
    const late = await openNext(browser, shop, { later: LATER })
    await isSettled(late)
    expect(shop.reports().map(({ notifications }) => notifications)).toEqual([shown, shown])
    expect((await told(late, 'notificationSent')).flatMap(({ ids }) => ids)).toEqual(idsOf(shown))
    expect(shop.edge.ledger.repeats).toBe(2)
    await shop.countsOnce(idsOf(shown))
    expect(shop.edge.preflights).toBe(0)
    await late.close()
    await page.close()
  })

  test('of one page does not keep the next page from collecting', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const before = idsOf(await show(page, 2))
    await page.goto(`${shop.site}/script-tag`)
    await start(page, shop.port, { later: SOON })
    await expect.poll(() => pending(page)).toBe(2)
    const after = [await show(page), await show(page), await show(page)].flatMap(idsOf)
    expect(await flush(page)).toEqual({ sent: 3, rejected: 0, pending: 2 })
    expect(shop.reports().map(({ notifications }) => idsOf(notifications))).toEqual([before, after])
    await page.close()
  })

  test('leaves nothing behind that has to be confirmed when beacons are trusted', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop, { options: { confirmBeacons: false } })
    const shown = await show(page, 2)
    await page.goto(`${shop.site}/elsewhere`)
    await shop.countsOnce(idsOf(shown))
    expect(await stored(page)).toEqual({})
    await page.close()
  })

  test('of a page that is frozen is a beacon, and the page goes on when it resumes', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const [before] = idsOf(await show(page))
    await page.evaluate(() => document.dispatchEvent(new Event('freeze')))
    await shop.countsOnce([before as string])
    expect(await ways(page)).toEqual(['beacon'])
    await page.evaluate(() => document.dispatchEvent(new Event('resume')))
    const [after] = idsOf(await show(page))
    expect(await flush(page)).toMatchObject({ sent: 1 })
    expect(shop.arrived()).toEqual([before, after])
    await shop.countsOnce([before, after] as string[])
    await page.close()
  })

  test('listens to no unload, so that the page is kept for the way back, and goes on without sending twice', async () => {
    const shop = await openShop()
    const page = await browser.open(`${shop.site}/elsewhere?left`)
    await page.evaluate(async () => {
      const listeners: Record<string, number> = {}
      const { addEventListener, removeEventListener } = EventTarget.prototype
      const counting = (original: typeof addEventListener, by: number) =>
        function (this: EventTarget, ...args: Parameters<typeof addEventListener>) {
          listeners[args[0]] = (listeners[args[0]] ?? 0) + by
          return original.apply(this ?? globalThis, args)
        }
      EventTarget.prototype.addEventListener = counting(addEventListener, 1)
      EventTarget.prototype.removeEventListener = counting(removeEventListener, -1)
      Object.assign(globalThis, { listeners })
      const script = document.createElement('script')
      script.src = '/dist/isotarget.global.js'
      await new Promise((resolve) => {
        script.onload = resolve
        document.body.append(script)
      })
    })
    const listeners = () =>
      page.evaluate(() => (globalThis as unknown as { listeners: Record<string, number> }).listeners)
    expect(await listeners()).toEqual({})
    await start(page, shop.port)
    expect(await listeners()).toMatchObject({ visibilitychange: 1, pagehide: 1, pageshow: 1 })
    const before = idsOf(await show(page, 2))
    await page.goto(`${shop.site}/elsewhere`)
    await shop.countsOnce(before)
    await page.back()
    // The same document as before, and its client.
    expect(await ways(page)).toEqual(['beacon'])
    const [after] = idsOf(await show(page))
    expect(await flush(page)).toMatchObject({ sent: 1 })
    expect(shop.arrived()).toEqual([...before, after])

    expect(await listeners()).not.toHaveProperty('unload')
    expect(await page.evaluate(() => onunload)).toBeNull()
    await page.evaluate(async () => {
      await (globalThis as unknown as Here).target.close()
    })
    await page.close()
    const late = await openNext(browser, shop, { later: LATER })
    await isSettled(late)
    await shop.countsOnce([...before, after] as string[])
    expect(shop.edge.ledger.repeats).toBe(2)
    await late.close()
  })

  test('is not listened for any more after close', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    await page.evaluate(() => (globalThis as unknown as Here).target.close())
    expect(await show(page)).toEqual([])
    expect(await told(page, 'notificationRejected')).toHaveLength(1)
    await page.goto(`${shop.site}/elsewhere`)
    expect(await stored(page)).toEqual({})
    expect(shop.reports()).toEqual([])
    await page.close()
  })

  test('takes what the browser takes, and the next page the rest', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const ids = idsOf(await show(page, 45, { parameters: { text: 'x'.repeat(4_000) } }))
    await page.goto(`${shop.site}/elsewhere`)
    await expect.poll(() => shop.arrived().length).toBeGreaterThanOrEqual(11)
    const rest = Object.values(await stored(page)).join()
    expect(ids.every((id) => rest.includes(id))).toBe(true)

    const next = await openNext(browser, shop, { later: SOON })
    await shop.countsOnce(ids)
    const beacons = shop.reports().filter(({ isBeacon }) => isBeacon)
    expect(beacons.every(({ headers }) => Number(headers['content-length']) <= QUOTA)).toBe(true)
    // Firefox takes any number of beacons.
    const atOnce = beacons.flatMap(({ notifications }) => notifications).length
    expect(atOnce === ids.length).toBe(engine.name === 'firefox')
    expect(shop.arrived().sort()).toEqual([...ids].sort())
    expect(shop.edge.preflights).toBe(0)
    await next.close()
    await page.close()
  })

  test('leaves Target alone while it asked to be, and so does the next page', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const [id] = idsOf(await show(page))
    const headers = { 'retry-after': '3600', 'access-control-expose-headers': 'retry-after' }
    shop.edge.fail({ status: 429, headers })
    expect(await flush(page)).toEqual({ sent: 0, rejected: 0, pending: 1 })
    await page.goto(`${shop.site}/script-tag`)
    await start(page, shop.port, { asks: false, later: SOON })
    await expect.poll(() => pending(page)).toBe(1)
    expect(await flush(page)).toEqual({ sent: 0, rejected: 0, pending: 1 })
    expect(shop.reports()).toHaveLength(1)
    await page.goto(`${shop.site}/script-tag?late`)
    await start(page, shop.port, { asks: false, later: 3_600_000 * 1.2 })
    await shop.countsOnce([id as string])
    expect(shop.reports()).toHaveLength(2)
    await page.close()
  })

  test('of a page that stays after all loses nothing, and nobody sends for it', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const before = idsOf(await show(page, 2))
    // Such as a download: the page is asked whether it may go, and does not go.
    await page.evaluate(() => {
      location.href = '/nothing'
    })
    const other = await openNext(browser, shop)
    const after = idsOf(await show(page))
    await flush(page)
    await flush(other)
    await shop.countsOnce([...before, ...after])
    expect(shop.arrived()).toEqual([...before, ...after])
    await isSettled(page)
    await other.close()
    await page.close()
  })
})
