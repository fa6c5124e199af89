import { describe, expect, test } from 'vitest'
import { fileStorage } from '../../src/server.ts'
import { type Fault, inTurn } from './fault-plan.ts'
import type { ProxiedCall } from './fault-proxy.ts'
import { type Guest, report } from './happenings.ts'
import { countedIn, enter, eventually, idsOf, once, openShop, type Shop } from './shop.ts'
import { createLocalStorage, openShopPage } from './shop-page.ts'

// Who asks to be left alone is left alone: moments of arrival are compared with what was asked.

/** Calls with notifications, in the order of their arrival. */
const reports = ({ proxy }: Shop): ProxiedCall[] => proxy.calls.filter(({ notifications }) => notifications.length)

/** How long after the first call the others came, in ms. */
const gapsAfterFirst = (shop: Shop): number[] => {
  const [first, ...others] = reports(shop)
  return others.map(({ at }) => at - first!.at)
}

/** Lets the next report of a guest be answered by 503 and this Retry-After. */
const refuse = async ({ edge }: Shop, { after, guest }: { after: string; guest: Guest }) => {
  edge.fail({ status: 503, headers: { 'retry-after': after } })
  return report(guest, 1)
}

describe.for(['429', '503'] as const)('%s with Retry-After', (fault) => {
  test('bars all sessions of the edge, flushes and later notifications too', async () => {
    const shop = await openShop({ proxy: { retryAfter: 1 } })
    const { client, told } = shop.open()
    const [one, other] = [await enter(client), await enter(client)]
    shop.proxy.use(inTurn(fault))
    const reported = report(one, 5)
    await eventually(() => expect(told.retries).toHaveLength(1))
    expect(told.retries[0]?.wait).toBeGreaterThanOrEqual(1_000)

    reported.push(...report(other, 5))
    reported.push({ id: `${one.target.display(one.home)?.id}`, as: '101 impression' })
    expect(await client.flush({ timeout: 50 })).toEqual({ sent: 0, rejected: 0, pending: 11 })
    await eventually(() => expect(told.sent).toHaveLength(11))

    expect(countedIn(shop.edge)).toEqual(once(reported))
    const gaps = gapsAfterFirst(shop)
    expect(gaps).toHaveLength(2)
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(1_000)
  })

  test('is waited out by a flush that has the time, of all visitors', async () => {
    const shop = await openShop({ proxy: { retryAfter: 1 } })
    const { client, told } = shop.open({ notificationDelay: 60_000 })
    const [one, other, third] = [await enter(client), await enter(client), await enter(client)]
    shop.proxy.use(inTurn(fault))
    const reported = report(one, 50)
    await eventually(() => expect(told.retries).toHaveLength(1))
    reported.push(...report(other, 120), ...report(third, 5))
    expect(await client.flush()).toEqual({ sent: 175, rejected: 0, pending: 0 })
    expect(countedIn(shop.edge)).toEqual(once(reported))
    for (const gap of gapsAfterFirst(shop)) expect(gap).toBeGreaterThanOrEqual(1_000)
  })

  test('does not bar another edge', async () => {
    const shop = await openShop({ proxy: { retryAfter: 3600 } })
    const { client, told } = shop.open()
    const guest = await enter(client)
    shop.proxy.use(inTurn(fault))
    report(guest, 1)
    await eventually(() => expect(told.retries).toHaveLength(1))
    const elsewhere = client.visitor('mboxEdgeCluster=28').track('order')
    await eventually(() => expect(told.sent).toEqual([elsewhere?.id]))
    expect(client.pending()).toBe(1)
  })
})

test('429 is remembered by the next process, for what it finds and for what is new', async () => {
  const shop = await openShop({ proxy: { retryAfter: 2 } })
  const directory = shop.directory()
  const first = shop.open({ notificationStorage: fileStorage(directory) })
  const guest = await enter(first.client)
  shop.proxy.use(inTurn('429'))
  const reported = report(guest, 5)
  await eventually(() => expect(first.told.retries).toHaveLength(1))
  expect(await first.client.close({ timeout: 100 })).toEqual({ sent: 0, rejected: 0, pending: 5 })

  const second = shop.open({ notificationStorage: fileStorage(directory) })
  reported.push(...report(await enter(second.client), 5))
  await eventually(() => expect(second.told.sent).toHaveLength(10))
  expect(countedIn(shop.edge)).toEqual(once(reported))
  const gaps = gapsAfterFirst(shop)
  expect(gaps).toHaveLength(2)
  for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(2_000)
  expect(shop.edge.ledger.repeats).toBe(0)
})

test('503 is remembered by the next page, for what it finds and for what is new', async () => {
  const storage = createLocalStorage()
  const shop = await openShop({ proxy: { retryAfter: 2 } })
  const first = openShopPage(shop, { storage })
  const guest = await enter(first.client)
  shop.proxy.use(inTurn('503'))
  const reported = report(guest, 5)
  await eventually(() => expect(first.told.retries).toHaveLength(1))
  first.end()

  const second = openShopPage(shop, { storage })
  reported.push(...report(await enter(second.client), 5))
  await eventually(() => expect(second.told.sent).toHaveLength(10))
  expect(countedIn(shop.edge)).toEqual(once(reported))
  for (const gap of gapsAfterFirst(shop)) expect(gap).toBeGreaterThanOrEqual(2_000)
  expect(shop.edge.ledger.repeats).toBe(0)
  expect(first.page.beacons).toEqual([])
})

test('420 with Retry-After bars one session, and nobody else', async () => {
  const shop = await openShop()
  const { client, told } = shop.open()
  const [one, other] = [await enter(client), await enter(client)]
  shop.edge.fail({ status: 420, headers: { 'retry-after': '1' }, body: { status: 420, message: 'Too many requests' } })
  const barred = report(one, 5)
  await eventually(() => expect(told.retries).toHaveLength(1))
  const free = report(other, 5)
  await eventually(() => expect(told.sent).toEqual(idsOf(free)))
  expect(client.pending()).toBe(5)
  await eventually(() => expect(told.sent).toHaveLength(10))
  expect(countedIn(shop.edge)).toEqual(once([...barred, ...free]))
  const calls = reports(shop)
  expect(calls.map(({ sessionId }) => sessionId)).toEqual([one.sessionId, other.sessionId, one.sessionId])
  expect(calls[2]!.at - calls[0]!.at).toBeGreaterThanOrEqual(1_000)
})

test('a Retry-After that is a date is obeyed', async () => {
  const shop = await openShop()
  const { client, told } = shop.open()
  const guest = await enter(client)
  const moment = Math.ceil(Date.now() / 1000) * 1000 + 1_000
  shop.edge.fail({ status: 503, headers: { 'retry-after': new Date(moment).toUTCString() } })
  const reported = report(guest, 5)
  await eventually(() => expect(told.retries).toHaveLength(1))
  // Another attempt for which somebody asks does not come earlier either.
  await client.flush({ timeout: 50 })
  await eventually(() => expect(told.sent).toHaveLength(5))
  expect(countedIn(shop.edge)).toEqual(once(reported))
  expect(reports(shop)).toHaveLength(2)
  expect(shop.edge.requests.at(-1)?.at).toBeGreaterThanOrEqual(moment)
})

test.for(['soon', '-5', 'Thu, 01 Jan 1970 00:00:00 GMT', '0'])(
  'a Retry-After of %j holds nobody back',
  async (after) => {
    const shop = await openShop()
    const { client, told } = shop.open()
    const reported = await refuse(shop, { after, guest: await enter(client) })
    await eventually(() => expect(told.sent).toHaveLength(1))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(reports(shop)).toHaveLength(2)
  },
)

test('a Retry-After is obeyed for an hour at most, and a tenth of it by chance', async () => {
  const shop = await openShop()
  const { client, told } = shop.open()
  await refuse(shop, { after: '99999999999999999999', guest: await enter(client) })
  await eventually(() => expect(told.retries).toHaveLength(1))
  expect(told.retries[0]?.wait).toBeGreaterThanOrEqual(3_600_000)
  expect(told.retries[0]?.wait).toBeLessThanOrEqual(3_960_000)
})

test.for<[Fault, number]>([
  ['500', 40],
  ['reset-before', 40],
  ['420', 160],
])('%s again and again: each wait is longer, is told, and is kept', async ([fault, least]) => {
  const shop = await openShop()
  const { client, told } = shop.open({ notificationDelay: 20 })
  const guest = await enter(client)
  const before = shop.proxy.calls.length
  shop.proxy.use(inTurn(fault, fault, fault))
  const reported = report(guest, 5)
  await eventually(() => expect(told.sent).toHaveLength(5))
  expect(countedIn(shop.edge)).toEqual(once(reported))
  const waits = told.retries.map(({ wait }) => wait)
  expect(waits).toHaveLength(3)
  const calls = shop.proxy.calls.slice(before)
  for (const [turn, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual((least * 2 ** turn) / 2)
    expect(wait).toBeLessThanOrEqual(least * 2 ** turn)
    // The wait is told as whole ms.
    expect(calls[turn + 1]!.at - calls[turn]!.at).toBeGreaterThanOrEqual(wait - 1)
  }
})

test('a back-off does not hold back what another visitor reports', async () => {
  const shop = await openShop()
  const { client, told } = shop.open({ notificationDelay: 300 })
  const [one, other] = [await enter(client), await enter(client)]
  shop.proxy.use(inTurn('500'))
  const held = report(one, 50)
  await eventually(() => expect(told.retries).toHaveLength(1))
  const free = report(other, 50)
  await eventually(() => expect(told.sent).toEqual(idsOf(free)))
  await eventually(() => expect(told.sent).toHaveLength(100))
  expect(countedIn(shop.edge)).toEqual(once([...held, ...free]))
  const { at, wait } = told.retries[0]!
  expect(reports(shop).at(-1)!.at).toBeGreaterThanOrEqual(at + wait - 1)
})
