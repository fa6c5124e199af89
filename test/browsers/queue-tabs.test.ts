import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import { flush, idsOf, isSettled, LATER, openNext, openPage, openShop, pending, SOON, show, told } from './shop.ts'

// Several tabs of one visitor share one storage: who sends what, and what becomes of those that are killed.

/** Long enough for a tab that does not renew its time stamp to be taken for dead, in ms. */
const LEASE_OVER = 160_000

/** As in pages without TLS. */
const withoutLocks = (): void => {
  Object.defineProperty(navigator, 'locks', { value: undefined })
}

/** In such a page, what comes once a minute comes five times a second. */
const hurried = (): void => {
  const { setTimeout } = globalThis
  const hurriedly = (work: () => void, ms = 0) => setTimeout(work, ms > 40_000 ? 200 : ms)
  Object.assign(globalThis, { setTimeout: hurriedly })
}

const hurriedWithoutLocks = (): void => {
  Object.defineProperty(navigator, 'locks', { value: undefined })
  const { setTimeout } = globalThis
  const hurriedly = (work: () => void, ms = 0) => setTimeout(work, ms > 40_000 ? 200 : ms)
  Object.assign(globalThis, { setTimeout: hurriedly })
}

const inGroups = async <Value>(count: number, make: (at: number) => Promise<Value>): Promise<Value[]> => {
  const made: Value[] = []
  while (made.length < count) {
    const group = Array.from({ length: Math.min(6, count - made.length) }, (_, at) => make(made.length + at))
    made.push(...(await Promise.all(group)))
  }
  return made
}

describeEngines('tabs', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test('leave alone what another one holds, and take it over when that is killed', async () => {
    const shop = await openShop()
    const first = await openPage(browser, shop)
    const held = idsOf(await show(first, 2))
    const killed = await openPage(browser, shop)
    const left = idsOf(await show(killed, 2))
    await killed.kill()

    const second = await openNext(browser, shop, { later: SOON, before: hurried })
    await shop.countsOnce(left)
    await expect.poll(() => pending(second)).toBe(0)
    expect(await flush(second)).toEqual({ sent: 0, rejected: 0, pending: 0 })
    expect(shop.arrived()).toEqual(left)

    await first.kill()
    await shop.countsOnce([...left, ...held])
    await isSettled(second)
    expect(shop.arrived()).toEqual([...left, ...held])
    await second.close()
  })

  test('do the same by time stamps where there are no locks', async () => {
    const shop = await openShop()
    const first = await openPage(browser, shop, { before: withoutLocks })
    const held = idsOf(await show(first, 2))
    const other = await openPage(browser, shop)
    const left = idsOf(await show(other, 2))
    await other.kill()

    const second = await openNext(browser, shop, { later: SOON, before: hurriedWithoutLocks })
    await shop.countsOnce(left)
    expect(await flush(second)).toEqual({ sent: 0, rejected: 0, pending: 0 })
    // The one that holds them is alive.
    const more = idsOf(await show(first))
    expect(await flush(first)).toEqual({ sent: 3, rejected: 0, pending: 0 })
    expect(shop.arrived()).toEqual([...left, ...held, ...more])

    const last = idsOf(await show(first, 2))
    await first.kill()
    // Nobody knows yet that it is dead.
    expect(await told(second, 'notificationBatch')).toHaveLength(1)
    await second.close()
    const third = await openNext(browser, shop, { later: LEASE_OVER, before: withoutLocks })
    await shop.countsOnce([...left, ...held, ...more, ...last])
    await isSettled(third)
    expect(shop.edge.ledger.repeats).toBe(0)
    await third.close()
  })

  const tabs = engine.name === 'chromium' ? 60 : 6
  test(`count each display once when ${tabs} of them are open and a third is killed`, async () => {
    const shop = await openShop()
    const next = await openNext(browser, shop)
    const all = await inGroups(tabs, async () => {
      const page = await openPage(browser, shop)
      return { page, ids: idsOf(await show(page, 5)) }
    })
    const ids = all.flatMap((tab) => tab.ids)
    const part = (at: number) => all.flatMap(({ page }, index) => (index % 3 === at ? page : []))
    const [killed, closed, living] = [part(0), part(1), part(2)] as [Page[], Page[], Page[]]
    // In the middle of what the others do.
    await Promise.all([
      ...living.map((page) => flush(page)),
      (async () => {
        for (const page of killed) await page.kill()
      })(),
    ])
    for (const page of closed) await page.close()
    await next.close()

    const late = await openNext(browser, shop, { later: LATER })
    await shop.countsOnce(ids)
    await isSettled(late)
    // Repeats are those that nobody answered.
    expect(new Set(shop.arrived()).size).toBe(ids.length)
    for (const page of living) expect(await pending(page)).toBe(0)
    for (const page of [late, ...living]) await page.close()
  }, 90_000)
})
