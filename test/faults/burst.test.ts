import { describe, expect, test } from 'vitest'
import { click, conversion, display } from '../../src/server.ts'
import { inTurn } from './fault-plan.ts'
import { type Guest, report } from './happenings.ts'
import { acceptedIn, countedIn, enter, eventually, idsOf, once, openShop } from './shop.ts'

// Much at once: every notification is counted once, in few calls, and what there is no room for is told.

test('1,000 notifications of one visitor take 20 calls', async () => {
  const shop = await openShop()
  const { client } = shop.open()
  const reported = report(await enter(client), 1_000)
  const before = shop.proxy.calls.length
  expect(await client.flush()).toEqual({ sent: 1_000, rejected: 0, pending: 0 })
  expect(shop.proxy.calls.slice(before).map(({ notifications }) => notifications.length)).toEqual(Array(20).fill(50))
  expect(acceptedIn(shop.edge)).toEqual(idsOf(reported))
  expect(countedIn(shop.edge)).toEqual(once(reported))
})

test('1,000 long notifications of one visitor go in calls of at most 60 KiB', async () => {
  const shop = await openShop()
  const { client } = shop.open()
  const { target, home } = await enter(client)
  const before = shop.proxy.calls.length
  const reported = Array.from({ length: 1_000 }, () => {
    const { id = '' } = target.display(home, { parameters: { note: 'ü'.repeat(1_000) } }) ?? {}
    return { id, as: '101 impression' }
  })
  expect(await client.flush()).toEqual({ sent: 1_000, rejected: 0, pending: 0 })
  const sizes = shop.proxy.calls.slice(before).map(({ bytes }) => bytes)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(60 * 1024)
  // Each is filled as far as it goes: a notification has about 2,300 bytes.
  expect(sizes.length).toBeLessThanOrEqual(Math.ceil(1_000 / 25))
  expect(countedIn(shop.edge)).toEqual(once(reported))
})

describe('10,000 notifications in one burst', () => {
  test.for([
    { visitors: 1, each: 10_000 },
    { visitors: 200, each: 50 },
  ])(
    '$each of each of $visitors visitors: all are counted once, in order, in few calls',
    async ({ visitors, each }) => {
      const shop = await openShop()
      const { client, told } = shop.open()
      const guests = await Promise.all(Array.from({ length: visitors }, () => enter(client)))
      const before = shop.proxy.calls.length
      const reported = guests.map((guest) => report(guest, each))
      const total = visitors * each
      await eventually(() => expect(told.sent).toHaveLength(total))
      expect(client.pending()).toBe(0)
      expect(countedIn(shop.edge)).toEqual(once(reported.flat()))
      expect(shop.proxy.calls.length - before).toBeLessThanOrEqual(Math.ceil(total / 50) + visitors)
      const accepted = new Map(acceptedIn(shop.edge).map((id, at) => [id, at]))
      for (const own of reported) {
        const places = idsOf(own).map((id) => accepted.get(id) ?? -1)
        expect(places).toEqual([...places].sort((one, other) => one - other))
      }
      expect(told).toMatchObject({ retries: [], rejected: [], dropped: [], warnings: [] })
    },
  )
})

describe('beyond 20,000 that wait', () => {
  const CAPACITY = 20_000
  const kinds = ({ target, home }: Guest) => ({
    display: () => target.notify(display(home)!)?.id,
    click: () => target.notify(click(home)!)?.id,
    conversion: () => target.notify(conversion('order', { id: crypto.randomUUID() }))?.id,
  })
  const many = (count: number, add: () => string | undefined) => Array.from({ length: count }, () => `${add()}`)
  const overflow = (ids: readonly string[]) => ids.map((id) => ({ id, reason: 'overflow' }))

  test('the oldest displays make room first, then the oldest clicks, conversions last, and each is told', async () => {
    const shop = await openShop()
    const { client, told } = shop.open()
    const add = kinds(await enter(client))
    const conversions = many(CAPACITY - 20, add.conversion)
    const clicks = many(10, add.click)
    const displays = many(10, add.display)
    expect(told.dropped).toEqual([])
    expect(client.pending()).toBe(CAPACITY)

    const more = many(25, add.conversion)
    const dropped = [...displays, ...clicks, ...conversions.slice(0, 5)]
    expect(told.dropped.map(({ id, reason }) => ({ id, reason }))).toEqual(overflow(dropped))
    expect(client.pending()).toBe(CAPACITY)
    // A display that comes when there are conversions alone has nobody to make room for it.
    const late = many(1, add.display)
    expect(told.dropped.at(-1)).toMatchObject({ id: late[0], reason: 'overflow' })

    expect(await client.flush({ timeout: 25_000 })).toEqual({ sent: CAPACITY, rejected: 0, pending: 0 })
    expect(acceptedIn(shop.edge)).toEqual([...conversions.slice(5), ...more])
    expect(shop.edge.ledger.total('conversion')).toBe(CAPACITY)
  })

  test('what is on its way is not dropped', async () => {
    const shop = await openShop()
    const { client, told } = shop.open({ timeout: 60_000 })
    const guest = await enter(client)
    const add = kinds(guest)
    shop.proxy.use(inTurn('hang'))
    const flying = many(50, add.display)
    await eventually(() => expect(shop.proxy.calls.at(-1)?.notifications).toEqual(flying))
    const waiting = many(CAPACITY - 50, add.display)
    const more = many(30, add.display)
    expect(told.dropped.map(({ id, reason }) => ({ id, reason }))).toEqual(overflow(waiting.slice(0, 30)))
    expect(client.pending()).toBe(CAPACITY)
    expect(more).toHaveLength(30)
  })
})
