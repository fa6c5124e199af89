import { describe, expect, onTestFinished, test } from 'vitest'
import type { Notification } from '../../src/server.ts'
import { OLD, useClock } from './device-clock.ts'
import { inTurn, ofSession } from './fault-plan.ts'
import { report } from './happenings.ts'
import { countedIn, enter, eventually, idsOf, once, openShop, type Shop } from './shop.ts'
import { createLocalStorage, type LocalStorage, leaveOffline, openShopPage, recordsIn } from './shop-page.ts'

// Whatever becomes of a page's storage, no notification is lost with it and the page hears of nothing but warnings.

const isStored = (storage: LocalStorage, id: string): boolean =>
  recordsIn(storage).some(([, text]) => text.includes(id))

/** Everything that was posted as a notification, in the order of its arrival. */
const arrived = ({ edge }: Shop): Notification[] =>
  edge.requests.flatMap(({ body }) => (body as { notifications?: Notification[] } | undefined)?.notifications ?? [])

describe('a storage that works', () => {
  test('has a notification before the task ends that queued it, and loses it when it is acknowledged', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { client, told } = openShopPage(shop, { storage })
    const guest = await enter(client)
    const reported = report(guest, 50)
    // Microtasks belong to the task.
    await Promise.resolve()
    for (const { id } of reported) expect(isStored(storage, id)).toBe(true)
    await eventually(() => expect(told.sent).toHaveLength(50))
    expect(recordsIn(storage)).toEqual([])
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(told.warnings).toEqual([])
  })

  test('lets the next page send what remains: same id, moment and impression, same visitor, session and edge', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const left = await leaveOffline(shop, { storage, count: 60 })
    expect(arrived(shop)).toEqual([])
    const { told } = openShopPage(shop, { storage })
    await eventually(() => expect(told.sent).toHaveLength(60))
    expect(arrived(shop)).toEqual(left.queued)
    expect(countedIn(shop.edge)).toEqual(once(left.reported))
    expect(shop.proxy.calls.slice(-2).map(({ sessionId }) => sessionId)).toEqual([left.sessionId, left.sessionId])
    expect(new Set(shop.edge.ledger.entries.map(({ visitor }) => visitor)).size).toBe(1)
    expect(recordsIn(storage)).toEqual([])
  })

  test('lets one page send what five have left', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const reported = []
    for (let page = 0; page < 5; page++) {
      reported.push(...(await leaveOffline(shop, { storage, count: 10 })).reported)
    }
    const { told } = openShopPage(shop, { storage })
    await eventually(() => expect(told.sent).toHaveLength(50))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(shop.edge.ledger.repeats).toBe(0)
    expect(recordsIn(storage)).toEqual([])
  })

  test('is left alone when the page says so', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { client, told } = openShopPage(shop, { storage, notificationStorage: false })
    const reported = report(await enter(client), 5)
    await Promise.resolve()
    expect(Object.keys(storage)).toEqual([])
    await eventually(() => expect(told.sent).toHaveLength(5))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(told.warnings).toEqual([])
  })
})

describe('a storage that is full', () => {
  test('takes what it can; the rest waits in memory, a warning says so, and all is delivered', async () => {
    const shop = await openShop()
    const storage = createLocalStorage(20_000)
    const { client, told } = openShopPage(shop, { storage, notificationDelay: 100 })
    const guest = await enter(client)
    const reported = report(guest, 20)
    for (let more = 0; more < 10; more++) {
      await Promise.resolve()
      reported.push(...report(guest, 5))
    }
    await Promise.resolve()
    const kept = idsOf(reported).filter((id) => isStored(storage, id))
    expect(kept.length).toBeGreaterThanOrEqual(20)
    expect(kept.length).toBeLessThan(70)
    expect(told.warnings).toEqual([expect.stringContaining('they wait in memory')])
    await eventually(() => expect(told.sent).toHaveLength(70))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(recordsIn(storage)).toEqual([])
  })

  test('takes what did not fit as soon as something else has gone', async () => {
    const shop = await openShop()
    const quota = 60_000
    const storage = createLocalStorage(quota)
    const { client, told } = openShopPage(shop, { storage, timeout: 60_000 })
    const guest = await enter(client)
    shop.proxy.use(inTurn('pass', 'hang'))
    const first = report(guest, 50)
    await Promise.resolve()
    const filled = Object.entries(storage).flat().join('').length
    storage.setItem('filler', 'x'.repeat(quota - filled - 500))
    const second = report(guest, 10)
    await Promise.resolve()
    expect(first.every(({ id }) => isStored(storage, id))).toBe(true)
    expect(second.some(({ id }) => isStored(storage, id))).toBe(false)
    await eventually(() => expect(told.sent).toEqual(idsOf(first)))
    expect(second.every(({ id }) => isStored(storage, id))).toBe(true)
    expect(told.warnings).toHaveLength(1)
  })

  test('hands over what it did not take when the page ends', async () => {
    const shop = await openShop()
    const storage = createLocalStorage(100)
    const { client, page, end } = openShopPage(shop, { storage, notificationDelay: 60_000 })
    const reported = report(await enter(client), 20)
    await Promise.resolve()
    expect(recordsIn(storage)).toEqual([])
    end()
    expect(page.beacons).toHaveLength(1)
    await eventually(() => expect(countedIn(shop.edge)).toEqual(once(reported)))
  })
})

describe('a storage that is denied', () => {
  const denied = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  }
  const ALL_DENIED = { getItem: denied, setItem: denied, removeItem: denied }

  test.for<[string, () => unknown]>([
    ['throws when it is touched', denied],
    ['is null', () => null],
    ['is not there', () => undefined],
    ['throws at every call', () => ALL_DENIED],
  ])('%s: the page works without', async ([, get]) => {
    const shop = await openShop()
    const page = openShopPage(shop, {})
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get })
    onTestFinished(() => void Reflect.deleteProperty(globalThis, 'localStorage'))
    const guest = await enter(page.client)
    const reported = report(guest, 20)
    await eventually(() => expect(page.told.sent).toHaveLength(20))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(page.told.warnings).toEqual([expect.stringContaining('denies its storage')])
    expect(page.told).toMatchObject({ rejected: [], dropped: [] })
  })

  test('after it had worked: what waits goes on, and a warning says so once', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { client, told } = openShopPage(shop, { storage, notificationDelay: 50 })
    const guest = await enter(client)
    const reported = report(guest, 5)
    await Promise.resolve()
    expect(recordsIn(storage)).not.toEqual([])
    Object.setPrototypeOf(storage, ALL_DENIED)
    reported.push(...report(guest, 5))
    await eventually(() => expect(told.sent).toHaveLength(10))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(told.warnings.length).toBeGreaterThan(0)
    expect(new Set(told.warnings).size).toBe(1)
    await expect(client.optOut()).resolves.toBeUndefined()
  })
})

describe('a storage that somebody clears', () => {
  test('while notifications wait: they are delivered all the same', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { client, told } = openShopPage(shop, { storage, notificationDelay: 50 })
    const guest = await enter(client)
    const reported = report(guest, 20)
    await Promise.resolve()
    storage.clear()
    reported.push(...report(guest, 5))
    await eventually(() => expect(told.sent).toHaveLength(25))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(recordsIn(storage)).toEqual([])
    expect(told).toMatchObject({ warnings: [], rejected: [], dropped: [] })
  })

  test('while the edge is down: they are stored again when the page ends, and the next one sends them', async () => {
    const put = useClock()
    const shop = await openShop()
    const storage = createLocalStorage()
    const first = openShopPage(shop, { storage })
    const guest = await enter(first.client)
    shop.proxy.use(ofSession(guest.sessionId, '503'))
    const reported = report(guest, 20)
    await eventually(() => expect(first.told.retries).toHaveLength(1))
    storage.clear()
    Object.assign(navigator, { onLine: false })
    first.end()
    for (const { id } of reported) expect(isStored(storage, id)).toBe(true)
    shop.proxy.use(() => undefined)
    put(OLD)
    const { told } = openShopPage(shop, { storage })
    await eventually(() => expect(told.sent).toHaveLength(20))
    expect(countedIn(shop.edge)).toEqual(once(reported))
  })
})
