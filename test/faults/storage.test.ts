import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Notification } from '../../src/server.ts'
import { inTurn, ofSession } from './fault-plan.ts'
import { report } from './happenings.ts'
import { acceptedIn, countedIn, enter, idsOf, once, openShop, type Shop } from './shop.ts'
import { createLocalStorage, type LocalStorage, openShopPage } from './shop-page.ts'

// Whatever becomes of a page's storage, no notification is lost with it and the page hears of nothing but warnings.

/** What is stored for the account, by key. */
const recordsIn = (storage: LocalStorage): [key: string, text: string][] =>
  Object.keys(storage).flatMap((key) => (/^isotarget:acme:1:/.test(key) ? [[key, `${storage[key]}`]] : []))

const isStored = (storage: LocalStorage, id: string): boolean =>
  recordsIn(storage).some(([, text]) => text.includes(id))

/** Everything that was posted as a notification, in the order of its arrival. */
const arrived = ({ edge }: Shop): Notification[] =>
  edge.requests.flatMap(({ body }) => (body as { notifications?: Notification[] } | undefined)?.notifications ?? [])

/** A page that ends while the device is offline, with so many notifications that nobody has. */
const leaveOffline = async (shop: Shop, { storage, count }: { storage: LocalStorage; count: number }) => {
  const page = openShopPage(shop, { storage })
  const guest = await enter(page.client)
  const queued: Notification[] = []
  page.client.on('notificationQueued', ({ notification }) => queued.push(notification))
  Object.assign(navigator, { onLine: false })
  const reported = report(guest, count)
  page.end()
  expect(page.page.beacons).toEqual([])
  return { ...guest, reported, queued }
}

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
    await vi.waitFor(() => expect(told.sent).toHaveLength(50))
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
    await vi.waitFor(() => expect(told.sent).toHaveLength(60), 5_000)
    expect(arrived(shop)).toEqual(left.queued)
    expect(countedIn(shop.edge)).toEqual(once(left.reported))
    const calls = shop.edge.requests.slice(-2)
    expect(calls.map(({ url }) => new URL(url).searchParams.get('sessionId'))).toEqual([left.sessionId, left.sessionId])
    const visitors = new Set(shop.edge.ledger.entries.map(({ visitor }) => visitor))
    expect(visitors.size).toBe(1)
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
    await vi.waitFor(() => expect(told.sent).toHaveLength(50), 8_000)
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(shop.edge.ledger.repeats).toBe(0)
    expect(recordsIn(storage)).toEqual([])
  }, 10_000)

  test('is left alone when the page says so', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { client, told } = openShopPage(shop, { storage, notificationStorage: false })
    const reported = report(await enter(client), 5)
    await Promise.resolve()
    expect(Object.keys(storage)).toEqual([])
    await vi.waitFor(() => expect(told.sent).toHaveLength(5))
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
    await Promise.resolve()
    for (let more = 0; more < 10; more++) {
      reported.push(...report(guest, 5))
      await Promise.resolve()
    }
    const kept = idsOf(reported).filter((id) => isStored(storage, id))
    expect(kept.length).toBeGreaterThanOrEqual(20)
    expect(kept.length).toBeLessThan(70)
    expect(told.warnings).toEqual([expect.stringContaining('they wait in memory')])
    await vi.waitFor(() => expect(told.sent).toHaveLength(70))
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
    await vi.waitFor(() => expect(told.sent).toEqual(idsOf(first)))
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
    await vi.waitFor(() => expect(countedIn(shop.edge)).toEqual(once(reported)))
  })
})

describe('a storage that is denied', () => {
  const denied = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  }
  test.for<[string, () => unknown]>([
    ['throws when it is touched', denied],
    ['is null', () => null],
    ['is not there', () => undefined],
    ['throws at every call', () => ({ getItem: denied, setItem: denied, removeItem: denied })],
  ])('%s: the page works without', async ([, get]) => {
    const shop = await openShop()
    const page = openShopPage(shop, {})
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get })
    onTestFinished(() => void Reflect.deleteProperty(globalThis, 'localStorage'))
    const guest = await enter(page.client)
    const reported = report(guest, 20)
    await vi.waitFor(() => expect(page.told.sent).toHaveLength(20))
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
    Object.setPrototypeOf(storage, { getItem: denied, setItem: denied, removeItem: denied })
    reported.push(...report(guest, 5))
    await vi.waitFor(() => expect(told.sent).toHaveLength(10))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(told.warnings.length).toBeGreaterThan(0)
    expect(new Set(told.warnings).size).toBe(1)
    await expect(client.optOut()).resolves.toBeUndefined()
  })
})

describe('a record that is corrupted', () => {
  /** What may become of the text of a record. */
  const BROKEN: ((text: string) => string)[] = [
    () => 'no record',
    () => '',
    (text) => text.slice(0, text.length / 2),
    (text) => text.slice(0, -1),
    () => '5',
    () => 'null',
    () => '[]',
    () => '{}',
    () => '[["s1","35",{}],[]]',
    () => '[["s1","35",{}],{"length":1}]',
    () => '[["s1","35",{}],[[1,0,{"id":"n1"}]]]',
    () => '[["s1","35",{}],[[1,0,null]]]',
    () => '[["s1","35",{}],[5]]',
    () => '[[5,"35",{}],[[1,0,{"id":"n1","type":"display"}]]]',
    () => '[["s1","35"],[[1,0,{"id":"n1","type":"display"}]]]',
  ]

  test('is removed and told, and keeps nothing else', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { reported } = await leaveOffline(shop, { storage, count: 10 })
    const [[key, text]] = recordsIn(storage) as [[string, string]]
    // Each beside the good record, and as all that a page left.
    const spoiled = BROKEN.flatMap((spoil, index) => {
      const names = [`${key}z${index}`, `isotarget:acme:1:abcdef${index}:0`]
      for (const name of names) storage.setItem(name, spoil(text))
      return names
    })
    storage.setItem('of another program', 'no record')
    const { told } = openShopPage(shop, { storage })
    await vi.waitFor(() => expect(told.sent).toHaveLength(10), 5_000)
    await vi.waitFor(() => expect(Object.keys(storage)).toEqual(['of another program']))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    const removed = spoiled.map((name) => `A stored record cannot be read and was removed: ${name}`)
    expect([...told.warnings].sort()).toEqual(removed.sort())
  })

  test('names no host: a cluster in it is digits or nothing', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { reported } = await leaveOffline(shop, { storage, count: 5 })
    const [[key, text]] = recordsIn(storage) as [[string, string]]
    storage.setItem(key, text.replace(',"35",', ',"35.evil.example/",'))
    const hosts: string[] = []
    const { told } = openShopPage(shop, {
      storage,
      overrideMboxEdgeServer: true,
      fetchApi(input, init) {
        const { host, pathname, search } = new URL(`${input}`)
        hosts.push(host)
        return fetch(`${shop.proxy.url}${pathname}${search}`, init)
      },
    })
    await vi.waitFor(() => expect(told.sent).toHaveLength(5), 5_000)
    expect(hosts).toEqual([`127.0.0.1:${shop.proxy.port}`])
    expect(countedIn(shop.edge)).toEqual(once(reported))
  })
})

test('records of older and newer versions, and of other accounts, are left alone and not sent', async () => {
  const shop = await openShop()
  const storage = createLocalStorage()
  const { reported } = await leaveOffline(shop, { storage, count: 5 })
  const [[key, text]] = recordsIn(storage) as [[string, string]]
  const foreign = ['acme:0', 'acme:2', 'acme:10', 'acme:x', 'other:1'].map((whose) => key.replace('acme:1', whose))
  for (const name of foreign) storage.setItem(name, text.replaceAll(reported[0]!.id, 'of another version'))
  const before = Object.fromEntries(foreign.map((name) => [name, storage.getItem(name)]))
  const { client, told } = openShopPage(shop, { storage })
  await vi.waitFor(() => expect(told.sent).toHaveLength(5), 5_000)
  await client.flush()
  expect(acceptedIn(shop.edge)).toEqual(idsOf(reported))
  expect({ ...storage }).toEqual(before)
  expect(told.warnings).toEqual([])
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
    await vi.waitFor(() => expect(told.sent).toHaveLength(25))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(recordsIn(storage)).toEqual([])
    expect(told).toMatchObject({ warnings: [], rejected: [], dropped: [] })
  })

  test('while the edge is down: they are stored again when the page ends, and the next one sends them', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const first = openShopPage(shop, { storage })
    const guest = await enter(first.client)
    shop.proxy.use(ofSession(guest.sessionId, '503'))
    const reported = report(guest, 20)
    await vi.waitFor(() => expect(first.told.retries).toHaveLength(1))
    storage.clear()
    Object.assign(navigator, { onLine: false })
    first.end()
    for (const { id } of reported) expect(isStored(storage, id)).toBe(true)
    shop.proxy.use(() => undefined)
    const { told } = openShopPage(shop, { storage })
    await vi.waitFor(() => expect(told.sent).toHaveLength(20), 5_000)
    expect(countedIn(shop.edge)).toEqual(once(reported))
  }, 8_000)
})
