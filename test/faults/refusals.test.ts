import { describe, expect, test } from 'vitest'
import { display } from '../../src/server.ts'
import { ofSession } from './fault-plan.ts'
import { type Guest, type Reported, report } from './happenings.ts'
import { acceptedIn, countedIn, enter, eventually, idsOf, once, openShop, type Shop } from './shop.ts'

// Target refuses a whole call for one bad notification: that one is found and told, and all others are through.

const FORGED = 'never issued by this edge'

/** Reports a display that Target will refuse, and with it every call that it is part of. */
const poison = ({ target, home }: Guest): string => {
  const notification = display(home)
  if (!notification) throw new Error('nothing was displayed')
  target.notify({ ...notification, tokens: [FORGED] })
  return notification.id
}

/** Reports so much of what happens to a guest, with poison at these places. */
const reportWith = (guest: Guest, count: number, places: readonly number[]) => {
  const reported: Reported[] = []
  const poisons: string[] = []
  for (let at = 0; at < count; at++) {
    if (places.includes(at)) poisons.push(poison(guest))
    else reported.push({ id: `${guest.target.display(guest.home)?.id}`, as: '101 impression' })
  }
  return { reported, poisons }
}

const callsOf = ({ proxy }: Shop, { sessionId }: Guest) =>
  proxy.calls.filter((call) => call.sessionId === sessionId && call.notifications.length)

describe('400 for a poisoned notification among 50', () => {
  test.for([
    { places: [0] },
    { places: [24] },
    { places: [49] },
    { places: [0, 49] },
    { places: [24, 25] },
    { places: [7, 8, 31] },
  ])('at $places: exactly that is rejected, with the message of the server', async ({ places }) => {
    const shop = await openShop()
    const { client, told } = shop.open()
    const guest = await enter(client)
    const { reported, poisons } = reportWith(guest, 50, places)
    expect(await client.flush()).toEqual({ sent: 50 - places.length, rejected: places.length, pending: 0 })

    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(acceptedIn(shop.edge)).toEqual(idsOf(reported))
    expect(told.sent).toEqual(idsOf(reported))
    expect(told.rejected).toEqual(
      poisons.map((id) => ({
        id,
        why: expect.stringMatching(`^HTTP_ERROR 400 Invalid Notification ${id}: unknown token`),
      })),
    )
    expect(told).toMatchObject({ retries: [], dropped: [] })
    expect(client.pending()).toBe(0)
    // One call of all, and two for each time that a call with poison in it is halved.
    const most = 1 + 2 * places.length * Math.ceil(Math.log2(50))
    expect(callsOf(shop, guest).length).toBeLessThanOrEqual(most)
  })

  test('that is alone from the start is rejected by one call', async () => {
    const shop = await openShop()
    const { client, told } = shop.open()
    const guest = await enter(client)
    const id = poison(guest)
    await eventually(() => expect(told.rejected.map((one) => one.id)).toEqual([id]))
    expect(callsOf(shop, guest)).toHaveLength(1)
    expect(client.pending()).toBe(0)
  })

  test('50 of them are all rejected, and cost a bounded number of calls', async () => {
    const shop = await openShop()
    const { client, told } = shop.open()
    const guest = await enter(client)
    const { poisons } = reportWith(
      guest,
      50,
      Array.from({ length: 50 }, (_, at) => at),
    )
    expect(await client.flush()).toEqual({ sent: 0, rejected: 50, pending: 0 })
    expect(told.rejected.map(({ id }) => id)).toEqual(poisons)
    expect(callsOf(shop, guest).length).toBeLessThanOrEqual(2 * 50)
  })
})

test('poison of one visitor never blocks another', async () => {
  const shop = await openShop()
  const { client, told } = shop.open()
  const [bad, good] = [await enter(client), await enter(client)]
  const { reported, poisons } = reportWith(bad, 50, [3, 17, 40])
  const others = report(good, 50)
  expect(await client.flush()).toEqual({ sent: 97, rejected: 3, pending: 0 })
  expect(countedIn(shop.edge)).toEqual(once([...reported, ...others]))
  expect(told.rejected.map(({ id }) => id)).toEqual(poisons)
  expect(callsOf(shop, good)).toHaveLength(1)
})

test('a visitor of whom nothing is ever answered keeps nobody else waiting', async () => {
  const shop = await openShop()
  const { client, told } = shop.open({ timeout: 60_000 })
  const [stuck, ...others] = await Promise.all(Array.from({ length: 20 }, () => enter(client)))
  shop.proxy.use(ofSession(stuck!.sessionId, 'hang'))
  report(stuck!, 120)
  const reported = others.flatMap((guest) => report(guest, 120))
  await eventually(() => expect(told.sent).toHaveLength(reported.length))
  expect(countedIn(shop.edge)).toEqual(once(reported))
  expect(client.pending()).toBe(120)
  expect(callsOf(shop, stuck!)).toHaveLength(1)
})

test('what came after a poisoned call is delivered in its order', async () => {
  const shop = await openShop()
  const { client, told } = shop.open()
  const guest = await enter(client)
  const { reported, poisons } = reportWith(guest, 50, [20])
  const later = reportWith(guest, 70, [5])
  await eventually(() => expect(client.pending()).toBe(0))
  expect(acceptedIn(shop.edge)).toEqual(idsOf([...reported, ...later.reported]))
  expect(countedIn(shop.edge)).toEqual(once([...reported, ...later.reported]))
  expect(told.rejected.map(({ id }) => id)).toEqual([...poisons, ...later.poisons])
})

describe('413', () => {
  /** Displays that are a thousand characters each, so that a call of one fits in this, and a call of two does not. */
  const MOST = 2_000
  const long = ({ target, home }: Guest, characters = 1_000): Reported => {
    const { id = '' } = target.display(home, { parameters: { note: 'x'.repeat(characters) } }) ?? {}
    return { id, as: '101 impression' }
  }

  test('splits a call until each notification goes alone', async () => {
    const shop = await openShop({ edge: { maxBodyBytes: MOST } })
    const { client, told } = shop.open()
    const guest = await enter(client)
    const reported = Array.from({ length: 20 }, () => long(guest))
    expect(await client.flush()).toEqual({ sent: 20, rejected: 0, pending: 0 })
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(acceptedIn(shop.edge)).toEqual(idsOf(reported))
    expect(told).toMatchObject({ rejected: [], retries: [], dropped: [] })
    const through = callsOf(shop, guest).filter(({ bytes }) => bytes <= MOST)
    expect(through.map(({ notifications }) => notifications.length)).toEqual(Array(20).fill(1))
    // A tree whose leaves are the calls that came through.
    expect(callsOf(shop, guest).length).toBeLessThanOrEqual(2 * 20)
  })

  test('rejects what is too long alone, and nothing else', async () => {
    const shop = await openShop({ edge: { maxBodyBytes: MOST } })
    const { client, told } = shop.open()
    const guest = await enter(client)
    const before = Array.from({ length: 5 }, () => long(guest))
    const tooLong = long(guest, 3_000)
    const after = Array.from({ length: 5 }, () => long(guest))
    expect(await client.flush()).toEqual({ sent: 10, rejected: 1, pending: 0 })
    expect(countedIn(shop.edge)).toEqual(once([...before, ...after]))
    expect(told.rejected).toEqual([{ id: tooLong.id, why: expect.stringMatching(/^HTTP_ERROR 413 /) }])
  })
})

test.for([401, 403, 404, 408, 409, 425])('%s does not speak of the body: nothing is rejected', async (status) => {
  const shop = await openShop()
  const { client, told } = shop.open()
  const guest = await enter(client)
  shop.edge.fail({ status, body: { status, message: 'Not now' } })
  const reported = report(guest, 5)
  await eventually(() => expect(told.sent).toHaveLength(5))
  expect(countedIn(shop.edge)).toEqual(once(reported))
  expect(told.retries.map(({ why }) => why)).toEqual([`HTTP_ERROR ${status} Not now`])
  expect(told.rejected).toEqual([])
})

test('422 is told as it was said', async () => {
  const shop = await openShop()
  const { client, told } = shop.open()
  const guest = await enter(client)
  shop.edge.fail({ status: 422, body: { status: 422, message: 'Unprocessable' } })
  const [reported] = report(guest, 1)
  expect(await client.flush()).toEqual({ sent: 0, rejected: 1, pending: 0 })
  expect(told.rejected).toEqual([{ id: reported?.id, why: 'HTTP_ERROR 422 Unprocessable' }])
  expect(countedIn(shop.edge)).toEqual({})
})
