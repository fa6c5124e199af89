import { expect, test } from 'vitest'
import { display } from '../../src/server.ts'
import { inTurn } from './fault-plan.ts'
import { report } from './happenings.ts'
import { acceptedIn, countedIn, enter, eventually, idsOf, once, openShop } from './shop.ts'

// An answer settles what it names, and nothing else.

/** An answer that names these, whatever was sent; `after` lets the edge count first. */
const naming = (ids: readonly unknown[], after: boolean) => ({
  status: 200,
  body: { status: 200, notifications: ids.map((id) => ({ id })) },
  after,
})

test('what a partial answer leaves out comes back together, in its order, and before what came later', async () => {
  const { edge, proxy, open } = await openShop()
  const { client, told } = open({ notificationDelay: 50 })
  const guest = await enter(client)
  const reported = report(guest, 50)
  const [first = '', second = ''] = idsOf(reported)
  edge.fail(naming([first, second], false))
  await eventually(() => expect(told.sent).toEqual([first, second]))
  expect(client.pending()).toBe(48)
  await eventually(() => expect(told.sent).toHaveLength(50))
  // The edge has not seen the two that the answer named: whoever answers is believed.
  expect(countedIn(edge)).toEqual(once(reported.slice(2)))
  expect(acceptedIn(edge)).toEqual(idsOf(reported.slice(2)))
  expect(proxy.calls.map(({ notifications }) => notifications.length)).toEqual([0, 50, 48])
  expect(told).toMatchObject({ rejected: [], dropped: [], retries: [] })
})

test('what comes back to a call that is being split takes nobody past it', async () => {
  const { edge, open } = await openShop()
  const { client, told } = open({ notificationBatchSize: 10 })
  const guest = await enter(client)
  const reported = report(guest, 50)
  // The second call is refused when what the first answer left out may go again.
  edge.fail(naming(idsOf(reported.slice(0, 5)), true))
  edge.fail({ status: 413, delay: 100 })
  await eventually(() => expect(told.sent).toHaveLength(50))
  expect(acceptedIn(edge)).toEqual(idsOf(reported))
  expect(countedIn(edge)).toEqual(once(reported))
})

test('acknowledgements in another order and twice settle each notification once', async () => {
  const { edge, proxy, open } = await openShop()
  const { client, told } = open()
  const guest = await enter(client)
  proxy.use(inTurn('other-order', 'duplicated'))
  const reported = report(guest, 100)
  expect(await client.flush()).toEqual({ sent: 100, rejected: 0, pending: 0 })
  expect([...told.sent].sort()).toEqual(idsOf(reported).sort())
  expect(countedIn(edge)).toEqual(once(reported))
  expect(edge.ledger.repeats).toBe(0)
})

test('an answer to one visitor that names what another has sent settles nothing of it', async () => {
  const { edge, open } = await openShop()
  const { client, told } = open({ notificationDelay: 100 })
  const [one, other] = [await enter(client), await enter(client)]
  const foreign = report(other, 5)
  edge.fail(naming([...idsOf(foreign), 'nobody'], true))
  const own = report(one, 50)
  await eventually(() => expect(edge.requests.at(-1)?.body).toHaveProperty('notifications.length', 50))
  expect(told.sent).toEqual([])
  await eventually(() => expect(told.sent).toHaveLength(55))
  expect(countedIn(edge)).toEqual(once([...own, ...foreign]))
  expect(edge.ledger.repeats).toBe(50)
})

test.for([[[null]], [[5]], [[{}]], [['']], [[['n']]]])('an answer that names %j settles nothing', async ([ids]) => {
  const { edge, open } = await openShop()
  const { client, told } = open()
  const guest = await enter(client)
  edge.fail(naming(ids!, true))
  const reported = report(guest, 5)
  await eventually(() => expect(told.sent).toHaveLength(5))
  expect(countedIn(edge)).toEqual(once(reported))
  expect(edge.ledger.repeats).toBe(5)
})

test('left out four times and then acknowledged is sent', async () => {
  const { edge, proxy, open } = await openShop()
  const { client, told } = open()
  const guest = await enter(client)
  proxy.use(inTurn('partial', 'partial', 'partial', 'partial'))
  const reported = report(guest, 1)
  await eventually(() => expect(told.sent).toEqual(idsOf(reported)))
  expect(countedIn(edge)).toEqual(once(reported))
  expect(edge.ledger.repeats).toBe(4)
  expect(told.rejected).toEqual([])
})

test('left out five times is rejected, with the reason; the others of its call are through by the first', async () => {
  const { edge, proxy, open } = await openShop({ edge: { lenientNotifications: true } })
  const { client, told } = open()
  const guest = await enter(client)
  const bad = { ...display(guest.home)!, tokens: ['never issued by this edge'] }
  guest.target.notify(bad)
  const reported = report(guest, 49)
  await eventually(() => expect(told.sent).toEqual(idsOf(reported)))
  await eventually(() => expect(told.rejected).toHaveLength(1))
  const why = 'HTTP_ERROR 200'
  expect(told.rejected).toEqual([{ id: bad.id, why }])
  expect(countedIn(edge)).toEqual(once(reported))
  expect(proxy.calls.map(({ notifications }) => notifications.length)).toEqual([0, 50, 1, 1, 1, 1])
  expect(client.pending()).toBe(0)
})
