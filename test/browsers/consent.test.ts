import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as Door from '../../src/browser.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser } from './engines/engine.ts'
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
  show,
  start,
  stored,
  told,
} from './shop.ts'
import { countCookies, touches } from './touched-cookies.ts'

// What may be done before a visitor agrees, and after one has refused.

declare const isotarget: typeof Door

describeEngines('consent', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test('88 before it nothing is stored, no cookie is written or read, and the edge is not asked', async () => {
    const shop = await openShop()
    const left = await openPage(browser, shop)
    const ids = idsOf(await show(left, 2))
    await left.kill()
    const page = await openNext(browser, shop, {
      before: countCookies,
      options: { defaultConsent: 'pending' },
      later: LATER,
    })
    const before = await stored(page)
    const asked = shop.edge.requests.length
    await page.evaluate(() => {
      const { target } = globalThis as unknown as Here
      const answered = target.getOffers({ request: { prefetch: { mboxes: isotarget.mboxes('hero') } } })
      Object.assign(globalThis, { answered, landed: target.track('landing') })
    })
    await page.hide()
    await page.show()
    expect(await flush(page)).toEqual({ sent: 0, rejected: 0, pending: 0 })
    expect([await touches(page), await stored(page), shop.edge.requests.length]).toEqual([0, before, asked])

    const landed = await page.evaluate(async () => {
      const { target, answered, landed } = globalThis as unknown as Here & {
        answered: unknown
        landed: Door.Notification
      }
      target.optIn()
      await answered
      return landed
    })
    await flush(page)
    await shop.countsOnce(ids)
    await isSettled(page)
    expect(shop.arrived()).toContain(landed.id)
    expect(await page.evaluate(() => document.cookie)).toContain('mbox=session#')
    await page.close()
  })

  test('that is taken back empties storage and cookies', async () => {
    const shop = await openShop()
    const other = await openPage(browser, shop)
    const elsewhere = idsOf(await show(other))
    const page = await openPage(browser, shop)
    await show(page, 2)
    const { code, shown } = await page.evaluate(async () => {
      const { target, hero } = globalThis as unknown as Here
      await target.optOut()
      const refused = target.getOffers({ request: { execute: { pageLoad: {} } } })
      const code = await refused.catch((error: Door.TargetError) => error.code)
      return { code, shown: target.display(hero) }
    })
    expect([code, shown, await pending(page)]).toEqual(['OPTED_OUT', undefined, 0])
    expect((await told(page, 'notificationDropped')).map(({ reason }) => reason)).toEqual(['consent', 'consent'])
    expect(await page.evaluate(() => document.cookie)).not.toMatch(/mbox/)
    await page.goto(`${shop.site}/elsewhere`)
    expect(shop.reports()).toEqual([])
    // What another tab holds is its own until it is told too.
    expect(await flush(other)).toEqual({ sent: 1, rejected: 0, pending: 0 })
    await shop.countsOnce(elsewhere)
    expect(await stored(other)).toEqual({})
    await other.close()

    // The answer is not remembered.
    await page.goto(`${shop.site}/script-tag`)
    await start(page, shop.port)
    const again = idsOf(await show(page))
    await flush(page)
    await shop.countsOnce([...elsewhere, ...again])
    await page.close()
  })

  test('that is taken back while a call is on its way: the answer is not remembered, and the call says so', async () => {
    const shop = await openShop()
    const page = await openPage(browser, shop)
    shop.edge.fail({ delay: 300 })
    const code = await page.evaluate(async () => {
      const { target } = globalThis as unknown as Here
      const asked = target.getOffers({ request: { execute: { pageLoad: {} } } })
      await target.optOut()
      return asked.then(
        () => 'answered',
        (error: Door.TargetError) => error.code,
      )
    })
    expect([code, await page.evaluate(() => document.cookie)]).toEqual(['OPTED_OUT', ''])
    await page.close()
  })
})
