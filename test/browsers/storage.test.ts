import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as Door from '../../src/browser.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import {
  flush,
  goOffline,
  type Here,
  idsOf,
  isSettled,
  openNext,
  openPage,
  openShop,
  SOON,
  show,
  start,
  stored,
  storedKeys,
  told,
  uncaught,
} from './shop.ts'
import { countCookies, touches } from './touched-cookies.ts'

// Storages that are denied, full, emptied and spoiled.

declare const isotarget: typeof Door

const warnings = async (page: Page) => (await told(page, 'warning')).map(({ message }) => message)

/** Leaves no room for a notification. */
const fill = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (let size = 2 ** 22, count = 0; size >= 4; ) {
      try {
        localStorage.setItem(`fill${count}`, 'x'.repeat(size))
        count++
      } catch {
        size /= 2
      }
    }
  })
const makeRoom = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith('fill')) localStorage.removeItem(key)
  })
/** Keys of ours. */
const kept = async (page: Page) => (await storedKeys(page)).filter((key) => !key.startsWith('fill'))

describeEngines('a storage', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test('is not touched by the script alone, which makes one global', async () => {
    const shop = await openShop()
    const page = await browser.open(`${shop.site}/elsewhere`)
    const before = await page.evaluate(() => Object.getOwnPropertyNames(globalThis))
    await page.evaluate(countCookies)
    await page.evaluate(async () => {
      const script = document.createElement('script')
      script.src = '/dist/isotarget.global.js'
      await new Promise((resolve) => {
        script.onload = resolve
        document.body.append(script)
      })
    })
    const after = await page.evaluate(() => Object.getOwnPropertyNames(globalThis))
    expect(after.filter((name) => !before.includes(name) && name !== 'touched')).toEqual(['isotarget'])
    expect([await stored(page), await touches(page), shop.edge.requests]).toEqual([{}, 0, []])
    await page.close()
  })

  test('that is denied, as cookies are, costs a warning and no notification', async () => {
    const shop = await openShop()
    const page = await browser.open(`${shop.site}/sandboxed`)
    const denied = await page.evaluate(() => {
      const isDenied = (look: () => unknown) => {
        try {
          look()
          return false
        } catch {
          return true
        }
      }
      return [isDenied(() => localStorage), isDenied(() => document.cookie)]
    })
    expect(denied).toEqual([true, true])
    await start(page, shop.port)
    const shown = idsOf(await show(page, 2))
    expect(await flush(page)).toEqual({ sent: 2, rejected: 0, pending: 0 })
    const last = idsOf(await show(page, 2))
    expect(await warnings(page)).toEqual([
      expect.stringMatching(/denies its storage/),
      expect.stringMatching(/keeps no cookies/),
    ])
    expect(await uncaught(page)).toEqual([])

    await page.evaluate(() =>
      (globalThis as unknown as Here).target.getOffers({ request: { execute: { pageLoad: {} } } }),
    )
    await page.goto(`${shop.site}/elsewhere`)
    await shop.countsOnce([...shown, ...last])
    // One visitor, as long as the page lives.
    const sessions = shop.edge.requests.map(({ url }) => new URL(url).searchParams.get('sessionId'))
    expect(new Set(sessions).size).toBe(1)
    expect(new Set(shop.reports().map(({ tntId }) => tntId)).size).toBe(1)
    await page.close()
  })

  test.for(['before', 'after'] as const)(
    'that is filled %s the first notification costs a warning and nothing else',
    async (when) => {
      const shop = await openShop()
      const page = await browser.open(`${shop.site}/script-tag`)
      if (when === 'before') await fill(page)
      await start(page, shop.port)
      const ids = idsOf(await show(page, 2))
      if (when === 'after') await fill(page)
      ids.push(...idsOf(await show(page, 40)), ...idsOf(await show(page, 2)))
      await expect.poll(() => warnings(page)).toEqual([expect.stringMatching(/wait in memory/)])
      expect(await flush(page)).toEqual({ sent: 44, rejected: 0, pending: 0 })
      await shop.countsOnce(ids)
      expect(await uncaught(page)).toEqual([])
      expect(await kept(page)).toEqual([])
      await page.close()
    },
  )

  test('that has room again takes what waits in memory, at the latest when the page ends', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const ids = idsOf(await show(page))
    await fill(page)
    ids.push(...idsOf(await show(page, 20, { parameters: { text: 'x'.repeat(1_000) } })))
    await makeRoom(page)
    await goOffline(page)
    await page.goto(`${shop.site}/elsewhere`)
    const texts = Object.values(await stored(page)).join()
    expect(ids.filter((id) => !texts.includes(id))).toEqual([])
    await page.close()
  })

  test('that took only the older half of a record is not trusted with the other', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const ids = idsOf(await show(page))
    await fill(page)
    ids.push(...idsOf(await show(page)))
    await goOffline(page)
    await page.evaluate(() => {
      // What is stored belongs to whoever finds it then.
      document.dispatchEvent(new Event('freeze'))
      document.dispatchEvent(new Event('resume'))
      Object.defineProperty(navigator, 'onLine', { get: () => true })
    })
    await shop.countsOnce(ids)
    await expect.poll(() => kept(page)).toEqual([])
    expect(shop.arrived()).toHaveLength(2)
    await page.close()
  })

  test('that somebody empties meanwhile is filled again when the page ends', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const sent = idsOf(await show(page, 2))
    await page.evaluate(() => localStorage.clear())
    expect(await flush(page)).toEqual({ sent: 2, rejected: 0, pending: 0 })
    const left = idsOf(await show(page, 2))
    await page.evaluate(() => localStorage.clear())
    expect([await warnings(page), await uncaught(page)]).toEqual([[], []])
    await goOffline(page)
    await page.goto(`${shop.site}/elsewhere`)
    const next = await openNext(browser, shop, { later: SOON })
    await shop.countsOnce([...sent, ...left])
    await isSettled(next)
    await next.close()
    await page.close()
  })

  test('that is not wanted holds nothing', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop, { options: { notificationStorage: false } })
    const ids = idsOf(await show(page, 2))
    expect(await stored(page)).toEqual({})
    await page.goto(`${shop.site}/elsewhere`)
    await shop.countsOnce(ids)
    await page.close()
  })

  test('is given two million characters, and the rest waits in memory', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    const { ids, filled } = await page.evaluate(async () => {
      const { target, hero } = globalThis as unknown as Here
      const parameters = { text: 'x'.repeat(5_000) }
      const made = Array.from({ length: 450 }, () => target.display(hero, { parameters }))
      await Promise.resolve()
      const filled = Object.values(localStorage).reduce((sum: number, text: string) => sum + text.length, 0)
      return { ids: made.flatMap((notification) => notification?.id ?? []), filled }
    })
    expect([filled > 1_900_000, filled <= 2_000_000]).toEqual([true, true])
    expect(new Set(await warnings(page))).toEqual(new Set([expect.stringMatching(/wait in memory/)]))
    await shop.countsOnce(ids)
    await isSettled(page)
    expect(shop.arrived()).toEqual(ids)
    // So many bytes in a row are no reason for a browser to refuse a call.
    expect(await told(page, 'notificationRetry')).toEqual([])
    await page.close()
  })

  test('that holds what nobody can read is tidied up, and what other versions wrote stays', async () => {
    const shop = await openShop()
    const page = await browser.open(`${shop.site}/script-tag`)
    const foreign = {
      'isotarget:acme:0:old:0': '[]',
      'isotarget:acme:2:new:0': '{}',
      'isotarget:other:1:one:0': '{',
      unrelated: 'yes',
    }
    await page.evaluate((foreign) => {
      for (const [key, text] of Object.entries(foreign)) localStorage.setItem(key, text)
      localStorage.setItem('isotarget:acme:1:gone:0', '[["session",null,{}],[[1,0,{"id":"n-1","ty')
      localStorage.setItem('isotarget:acme:1:gone:1', '[["session",null,{}],[[1,0,{"id":5}]]]')
      localStorage.setItem('isotarget:acme:1:lost:0', 'null')
    }, foreign)
    await start(page, shop.port)
    await expect.poll(() => stored(page)).toEqual(foreign)
    expect(await warnings(page)).toEqual(Array(3).fill(expect.stringMatching(/cannot be read and was removed/)))
    const ids = idsOf(await show(page))
    await flush(page)
    await shop.countsOnce(ids)
    expect(await uncaught(page)).toEqual([])
    await page.close()
  })
})
