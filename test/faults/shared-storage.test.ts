import { setTimeout as pause } from 'node:timers/promises'
import { createStorage } from 'unstorage'
import { describe, expect, test } from 'vitest'
import type { NotificationStorage } from '../../src/server.ts'
import { rightNow, useClock } from './device-clock.ts'
import { byChance, ofSession, randomOf } from './fault-plan.ts'
import { report } from './happenings.ts'
import { countedIn, createWire, enter, eventually, once, openShop } from './shop.ts'

// Servers that share a store, as by Redis: asynchronous, slow, at times not there. What one left, another sends, and all counts once.

/** A store as several servers share it, and the way of one of them to it; `before` is done before each access. */
const openStore = () => {
  const store = createStorage()
  const connect = (before: (name: keyof NotificationStorage) => Promise<unknown> = async () => {}) => {
    const storage: NotificationStorage = {
      getItem: (key) => before('getItem').then(() => store.getItemRaw(key)),
      setItem: (key, text) => before('setItem').then(() => store.setItemRaw(key, text)),
      removeItem: (key) => before('removeItem').then(() => store.removeItem(key)),
      getKeys: (prefix) => before('getKeys').then(() => store.getKeys(prefix)),
    }
    return storage
  }
  const records = async () => (await store.getKeys()).filter((key) => /^isotarget:acme:1:/.test(key))
  return { store, connect, records }
}

/** Nobody of whom nothing was heard for so long, in ms, is alive. */
const LONG = 200_000

/** Accesses that take up to so long, in ms, each another time. */
const slowly = (seed: number, most: number) => {
  const random = randomOf(seed)
  return () => pause(random() * most)
}

describe('two servers with one store', () => {
  test('each send their own, through faults, and everything is counted once', async () => {
    const shop = await openShop({ proxy: { retryAfter: 0, drip: 50, smallest: 1_000 } })
    const { connect, store } = openStore()
    const servers = [1, 2].map((seed) => {
      return shop.open({ notificationStorage: connect(slowly(seed, 20)), timeout: 1_500 })
    })
    const guests = await Promise.all(servers.flatMap(({ client }) => Array.from({ length: 10 }, () => enter(client))))
    shop.proxy.use(byChance({ seed: 3, rate: 0.3 }))
    const reported = guests.flatMap((guest) => report(guest, 60))
    await eventually(() => expect(servers.map(({ told }) => told.sent.length)).toEqual([600, 600]))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    await Promise.all(servers.map(({ client }) => client.close()))
    await eventually(async () => expect((await store.getKeys()).filter((key) => !key.endsWith('pause'))).toEqual([]))
    for (const { told } of servers) expect(told).toMatchObject({ warnings: [], rejected: [], dropped: [] })
  })

  test('what one has left when it closed, the next one sends', async () => {
    const shop = await openShop()
    const { connect, records, store } = openStore()
    const first = shop.open({ notificationStorage: connect(slowly(1, 20)), retries: 0 })
    const guest = await enter(first.client)
    shop.proxy.use(() => '500')
    const reported = report(guest, 60)
    expect(await first.client.close()).toEqual({ sent: 0, rejected: 0, pending: 60 })
    expect(await records()).not.toEqual([])
    // Nobody takes the first one for alive.
    expect((await store.getKeys()).filter((key) => key.includes(':lock:'))).toEqual([])
    shop.proxy.use(() => undefined)
    const next = shop.open({ notificationStorage: connect(slowly(2, 20)) })
    await eventually(() => expect(next.told.sent).toHaveLength(60))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(shop.edge.ledger.repeats).toBe(0)
    await eventually(async () => expect(await records()).toEqual([]))
  })

  test('what one has left when it died, another sends when nobody has heard of it for long', async () => {
    const put = useClock()
    const shop = await openShop()
    const { connect, records } = openStore()
    const { fetchApi, cut } = createWire()
    let isDead = false
    const storage = connect(async () => {
      if (isDead) throw new Error('dead')
    })
    const first = shop.open({ fetchApi, notificationStorage: storage })
    const [one, other] = [await enter(first.client), await enter(first.client)]
    // Of one visitor nothing has arrived; of the other everything has, and nobody heard the answer.
    const plans = [ofSession(one.sessionId, 'hang'), ofSession(other.sessionId, 'hang-counted')]
    shop.proxy.use((session) => plans.map((plan) => plan(session)).find(Boolean))
    const reported = [...report(one, 30), ...report(other, 30)]
    await eventually(() => expect(Object.keys(countedIn(shop.edge))).toHaveLength(30))
    cut()
    isDead = true

    shop.proxy.use(() => undefined)
    let looks = 0
    const second = shop.open({
      notificationStorage: connect(async (name) => {
        if (name === 'getItem') looks++
      }),
    })
    // It asks for a pause, and for each name whether its owner lives.
    await eventually(() => expect(looks).toBeGreaterThanOrEqual(3))
    expect(await second.client.flush()).toEqual({ sent: 0, rejected: 0, pending: 0 })
    put(LONG)
    const next = shop.open({ notificationStorage: connect() })
    await eventually(() => expect(second.told.sent.length + next.told.sent.length).toBe(60))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(shop.edge.ledger.repeats).toBe(30)
    await eventually(async () => expect(await records()).toEqual([]))
  })

  test('a clock that jumps by a day lets both send the same, and it is counted once', async () => {
    const put = useClock()
    const shop = await openShop({ edge: { now: rightNow } })
    const { connect, records } = openStore()
    const first = shop.open({ notificationStorage: connect(), notificationDelay: 60_000 })
    const reported = report(await enter(first.client), 30)
    await eventually(async () => expect(await records()).toHaveLength(1))
    put(24 * 3_600_000)
    const second = shop.open({ notificationStorage: connect() })
    await eventually(() => expect(second.told.sent).toHaveLength(30))
    expect(await first.client.flush()).toEqual({ sent: 30, rejected: 0, pending: 0 })
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(shop.edge.ledger.repeats).toBe(30)
  })
})

describe('a slow store', () => {
  test('has everything when a flush or a close has ended, and loses what was acknowledged', async () => {
    const shop = await openShop()
    const { connect, records } = openStore()
    const { client } = shop.open({ notificationStorage: connect(slowly(4, 60)), retries: 0 })
    const guests = await Promise.all(Array.from({ length: 5 }, () => enter(client)))
    shop.proxy.use(() => '500')
    const reported = guests.flatMap((guest) => report(guest, 5))
    expect(await client.flush()).toEqual({ sent: 0, rejected: 0, pending: 25 })
    expect(await records()).toHaveLength(5)
    shop.proxy.use(() => undefined)
    expect(await client.close()).toEqual({ sent: 25, rejected: 0, pending: 0 })
    expect(await records()).toEqual([])
    expect(countedIn(shop.edge)).toEqual(once(reported))
  })

  test('holds no call back', async () => {
    const shop = await openShop()
    const { connect } = openStore()
    let release = () => {}
    const stuck = new Promise<void>((go) => {
      release = go
    })
    const { client, told } = shop.open({ notificationStorage: connect(() => stuck) })
    const reported = report(await enter(client), 20)
    await eventually(() => expect(told.sent).toHaveLength(20))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    release()
  })
})

describe('a store that fails', () => {
  const fail = () => Promise.reject(new Error('ECONNREFUSED'))

  test.for(['setItem', 'removeItem', 'getItem', 'getKeys', 'everything'] as const)(
    'at %s: all is delivered, counted once, and a warning says so',
    async (what) => {
      const shop = await openShop()
      const { connect } = openStore()
      const storage = connect((name) => (what === name || what === 'everything' ? fail() : Promise.resolve()))
      const { client, told } = shop.open({ notificationStorage: storage })
      const reported = report(await enter(client), 60)
      await eventually(() => expect(told.sent).toHaveLength(60))
      await eventually(() => expect(told.warnings.length).toBeGreaterThan(0))
      expect(countedIn(shop.edge)).toEqual(once(reported))
      expect(told).toMatchObject({ rejected: [], dropped: [] })
      expect(await client.close()).toEqual({ sent: 0, rejected: 0, pending: 0 })
    },
  )

  test.for([
    [
      'throws',
      () => {
        throw new Error('ECONNREFUSED')
      },
    ],
    ['rejects', fail],
    ['says nothing', () => undefined],
  ] as [string, () => undefined][])('when it holds a name and %s: all is delivered', async ([, hold]) => {
    const shop = await openShop()
    const { connect } = openStore()
    const { client, told } = shop.open({ notificationStorage: { ...connect(), hold } })
    const reported = report(await enter(client), 60)
    await eventually(() => expect(told.sent).toHaveLength(60))
    expect(countedIn(shop.edge)).toEqual(once(reported))
  })

  test('now and then, in the middle of faults: what stayed in it by mistake is sent again and counts once', async () => {
    const shop = await openShop({ proxy: { retryAfter: 0, drip: 50, smallest: 1_000 } })
    const put = useClock()
    const { connect, records } = openStore()
    const random = randomOf(6)
    const flaky = () => (random() < 0.3 ? fail() : pause(random() * 10))
    const { client, told } = shop.open({ notificationStorage: connect(flaky), timeout: 1_500 })
    const guests = await Promise.all(Array.from({ length: 10 }, () => enter(client)))
    shop.proxy.use(byChance({ seed: 7, rate: 0.3 }))
    const reported = guests.flatMap((guest) => report(guest, 60))
    await eventually(() => expect(told.sent).toHaveLength(600))
    await client.close()
    const left = await records()
    expect(left.length).toBeGreaterThan(0)

    shop.proxy.use(() => undefined)
    // It may not have been able to let go of its name.
    put(LONG)
    const next = shop.open({ notificationStorage: connect() })
    await eventually(async () => expect(await records()).toEqual([]))
    expect(next.told.sent.length).toBeGreaterThan(0)
    expect(countedIn(shop.edge)).toEqual(once(reported))
    for (const { rejected, dropped } of [told, next.told]) expect([rejected, dropped]).toEqual([[], []])
  })
})
