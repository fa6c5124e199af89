import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fileStorage } from '../../src/server.ts'
import { rightNow, useClock } from './device-clock.ts'
import { inTurn } from './fault-plan.ts'
import { report } from './happenings.ts'
import { countedIn, enter, eventually, idsOf, once, openShop, type Shop, type ShopOptions } from './shop.ts'
import { openShopPage } from './shop-page.ts'

// The clock of the device is put forward and back; that of the edge is right, and it refuses what has not happened yet.

const DAY = 24 * 3_600_000

/** A shop whose edge knows the time, and a device whose clock can be put. */
const openShopWithClock = async (options: ShopOptions = {}) => {
  const put = useClock()
  return { shop: await openShop({ ...options, edge: { now: rightNow } }), put }
}

/** How far ahead of its arrival the latest of all moments that arrived was, in ms. */
const aheadIn = ({ edge }: Shop): number =>
  Math.max(
    ...edge.requests.flatMap(({ body, at }) => {
      const { notifications = [] } = body as { notifications?: { timestamp: number }[] }
      return notifications.map(({ timestamp }) => timestamp - at)
    }),
  )

const MOVES = [
  { from: 0, to: DAY, as: 'forward by a day' },
  { from: 0, to: -DAY, as: 'back by a day' },
  { from: DAY, to: 0, as: 'back to the right time, a day behind' },
  { from: -DAY, to: 0, as: 'forward to the right time, a day ahead' },
]

describe.for(MOVES)('a clock that is put $as', ({ from, to }) => {
  test('while notifications wait: nothing is dropped, refused or ahead of its time', async () => {
    const { shop, put } = await openShopWithClock()
    put(from)
    const { client, told } = shop.open({ notificationDelay: 60_000 })
    const guest = await enter(client)
    const reported = report(guest, 30)
    put(to)
    expect(await client.flush()).toEqual({ sent: 30, rejected: 0, pending: 0 })
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(told).toMatchObject({ rejected: [], dropped: [], retries: [] })
    expect(aheadIn(shop)).toBeLessThanOrEqual(0)
  })

  test('between two processes: the next one delivers what the first has left', async () => {
    const { shop, put } = await openShopWithClock()
    const directory = shop.directory()
    put(from)
    const first = shop.open({ notificationStorage: fileStorage(directory), retries: 0 })
    const guest = await enter(first.client)
    shop.proxy.use(inTurn('reset-before'))
    const reported = report(guest, 30)
    expect(await first.client.close()).toEqual({ sent: 0, rejected: 0, pending: 30 })
    put(to)
    const second = shop.open({ notificationStorage: fileStorage(directory) })
    await eventually(() => expect(second.told.sent).toHaveLength(30))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(second.told).toMatchObject({ rejected: [], dropped: [], warnings: [] })
    expect(aheadIn(shop)).toBeLessThanOrEqual(0)
  })
})

test.for(MOVES.slice(0, 2))(
  'a clock that is put $as between two attempts: Retry-After lasts as long as it was asked for',
  async ({ from, to }) => {
    const { shop, put } = await openShopWithClock({ proxy: { retryAfter: 1 } })
    put(from)
    const { client, told } = shop.open()
    const guest = await enter(client)
    shop.proxy.use(inTurn('503'))
    const reported = report(guest, 30)
    await eventually(() => expect(told.retries).toHaveLength(1))
    put(to)
    await eventually(() => expect(told.sent).toHaveLength(30))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(told).toMatchObject({ rejected: [], dropped: [] })
    const [, refused, accepted] = shop.proxy.calls
    expect(accepted!.at - refused!.at).toBeGreaterThanOrEqual(1_000)
    expect(aheadIn(shop)).toBeLessThanOrEqual(0)
  },
)

test('a clock that is put right while Target refuses what it dated: nothing is rejected', async () => {
  const { shop, put } = await openShopWithClock()
  put(DAY)
  const { client, told } = shop.open({ notificationDelay: 60_000 })
  const guest = await enter(client)
  const reported = report(guest, 120)
  shop.edge.on((event) => {
    if (event.type === 'request' && event.request.status === 400) put(0)
  })
  expect(await client.flush()).toEqual({ sent: 120, rejected: 0, pending: 0 })
  expect(shop.edge.requests.filter(({ status }) => status === 400)).toHaveLength(1)
  expect(countedIn(shop.edge)).toEqual(once(reported))
  expect(told.rejected).toEqual([])
})

test('a repeat has the moment of the first attempt, also one that was put right', async () => {
  const { shop, put } = await openShopWithClock()
  put(DAY)
  const { client, told } = shop.open({ notificationDelay: 30 })
  const guest = await enter(client)
  report(guest, 3)
  put(0)
  shop.edge.fail({ status: 500, times: 2 })
  await eventually(() => expect(told.sent).toHaveLength(3))
  const moments = shop.edge.requests.slice(1).map(({ body }) => {
    return (body as { notifications: { timestamp: number }[] }).notifications.map(({ timestamp }) => timestamp)
  })
  expect(moments).toEqual([moments[0], moments[0], moments[0]])
})

test('a clock that is put back before the page ends: its beacon is accepted', async () => {
  const { shop, put } = await openShopWithClock()
  put(DAY)
  const { client, end, page } = openShopPage(shop, { notificationDelay: 60_000 })
  const guest = await enter(client)
  const reported = report(guest, 5)
  put(0)
  end()
  expect(page.beacons).toHaveLength(1)
  await eventually(() => expect(countedIn(shop.edge)).toEqual(once(reported)))
})

test('a clock that stays a day ahead is told as what it is: refused, with the message of the server', async () => {
  const { shop, put } = await openShopWithClock()
  put(DAY)
  const { client, told } = shop.open()
  const guest = await enter(client)
  const reported = report(guest, 3)
  expect(await client.flush()).toEqual({ sent: 0, rejected: 3, pending: 0 })
  expect(told.rejected).toEqual(
    reported.map(({ id }) => ({
      id,
      why: `HTTP_ERROR 400 Invalid Notification ${id}: its timestamp is in the future`,
    })),
  )
})

describe('notificationMaxAge', () => {
  const MINUTE = 60_000

  test('drops what became too old, and tells how old; what is younger is delivered', async () => {
    const { shop, put } = await openShopWithClock()
    put(-2 * MINUTE)
    const { client, told } = shop.open({ notificationDelay: 60_000, notificationMaxAge: MINUTE })
    const guest = await enter(client)
    const old = report(guest, 5)
    put(0)
    const young = report(guest, 5)
    expect(await client.flush()).toEqual({ sent: 5, rejected: 0, pending: 0 })
    expect(told.dropped).toEqual(idsOf(old).map((id) => ({ id, reason: 'age', age: expect.closeTo(2 * MINUTE, -4) })))
    expect(told.sent).toEqual(idsOf(young))
    expect(countedIn(shop.edge)).toEqual(once(young))
  })

  test('drops by itself while the edge is down', async () => {
    const { shop } = await openShopWithClock()
    const { client, told } = shop.open({ notificationMaxAge: 200 })
    const guest = await enter(client)
    shop.proxy.use(() => '502')
    const reported = report(guest, 5)
    await eventually(() => expect(told.dropped).toHaveLength(5))
    expect(told.dropped.map(({ id, reason }) => ({ id, reason }))).toEqual(
      idsOf(reported).map((id) => ({ id, reason: 'age' })),
    )
    for (const { age } of told.dropped) expect(age).toBeGreaterThan(200)
    expect(client.pending()).toBe(0)
    expect(countedIn(shop.edge)).toEqual({})
    expect(told.retries.length).toBeGreaterThan(0)
  })

  test('is three days when nobody says otherwise, and lets the next process drop and tell too', async () => {
    const { shop, put } = await openShopWithClock()
    const directory = shop.directory()
    put(-3.1 * DAY)
    const { client } = shop.open({ notificationStorage: fileStorage(directory), retries: 0, notificationDelay: 60_000 })
    const guest = await enter(client)
    const old = report(guest, 3)
    put(-2.9 * DAY)
    const young = report(await enter(client), 3)
    shop.proxy.use(inTurn('reset-before', 'reset-before'))
    expect(await client.close()).toMatchObject({ sent: 0, pending: 6 })

    put(0)
    const { told } = shop.open({ notificationStorage: fileStorage(directory) })
    await eventually(() => expect([told.sent.length, told.dropped.length]).toEqual([3, 3]))
    expect(told.dropped.map(({ id }) => id)).toEqual(idsOf(old))
    expect(told.dropped.every(({ reason, age }) => reason === 'age' && age > 3 * DAY)).toBe(true)
    expect(countedIn(shop.edge)).toEqual(once(young))
    await eventually(() => expect(readdirSync(directory)).toEqual([]))
  })
})
