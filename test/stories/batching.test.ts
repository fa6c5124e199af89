import { expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { mboxes, type Notification, TargetClient } from '../../src/server.ts'

// Notifications collect, leave together, and come back when they were not acknowledged.

const prepare = async (options = {}) => {
  const edge = createEmulator({ offers: { hero: '<h1>Hello</h1>' }, lenientNotifications: true })
  const target = TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    fetchApi: edge,
    notificationDelay: 10,
    ...options,
  })
  const visitor = target.visitor('')
  const { response } = await visitor.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
  const [hero] = response.prefetch?.mboxes ?? []
  if (!hero) throw new Error('hero was not answered')
  return { edge, target, visitor, hero }
}

const idsOf = (body: unknown) => (body as { notifications: Notification[] }).notifications.map(({ id }) => id)

test('1,000 notifications of one visitor take 20 calls, in order', async () => {
  const { edge, target, visitor, hero } = await prepare()
  const shown = Array.from({ length: 1000 }, () => visitor.display(hero)?.id)
  expect(await target.flush()).toEqual({ sent: 1000, rejected: 0, pending: 0 })
  const calls = edge.requests.slice(1).map(({ body }) => idsOf(body))
  expect(calls).toHaveLength(20)
  expect(calls.flat()).toEqual(shown)
  expect(edge.ledger.total('impression')).toBe(1000)
})

test('without a flush they leave by themselves after the delay', async () => {
  const { edge, target, visitor, hero } = await prepare()
  const sent = new Promise((resolve) => target.on('notificationSent', resolve))
  visitor.display(hero)
  expect(edge.requests).toHaveLength(1)
  await sent
  expect(edge.requests).toHaveLength(2)
})

test('a 503 with Retry-After is tried again with the same ids, and counts once', async () => {
  const { edge, target, visitor, hero } = await prepare()
  const notification = visitor.display(hero)
  edge.fail({ status: 503, headers: { 'retry-after': '0' }, times: 1 })
  expect(await target.flush()).toEqual({ sent: 1, rejected: 0, pending: 0 })
  expect(edge.requests.slice(1).map(({ status, body }) => [status, ...idsOf(body)])).toEqual([
    [503, notification?.id],
    [200, notification?.id],
  ])
  expect(edge.ledger.total('impression')).toBe(1)
})

test('a reply that was lost is asked for again, and counts once', async () => {
  const { edge, target, visitor, hero } = await prepare()
  visitor.display(hero)
  edge.fail({ reset: true, after: true, times: 1 })
  expect(await target.flush()).toEqual({ sent: 1, rejected: 0, pending: 0 })
  expect(edge.ledger.total('impression')).toBe(1)
})

test('a notification that Target leaves out of its answer is sent again, then reported as rejected', async () => {
  const { edge, target, visitor, hero } = await prepare({ notificationDelay: 1 })
  const rejected = new Promise<string>((resolve) => {
    target.on('notificationRejected', ({ notification }) => resolve(notification.id))
  })
  visitor.notify({ ...(visitor.display(hero) as Notification), id: 'odd', tokens: ['never issued'] })
  expect(await target.flush()).toMatchObject({ sent: 1, pending: 1 })
  expect(await rejected).toBe('odd')
  expect(edge.requests.filter(({ body }) => 'notifications' in (body as object)).length).toBe(5)
})

test('a closed client refuses further calls, with a code', async () => {
  const { target, visitor, hero } = await prepare()
  visitor.display(hero)
  expect(await target.close()).toEqual({ sent: 1, rejected: 0, pending: 0 })
  await expect(target.getOffers({ request: { execute: { pageLoad: {} } } })).rejects.toMatchObject({ code: 'CLOSED' })
  expect(visitor.display(hero)).toBeUndefined()
})

test('what Target refuses for good is told, not kept', async () => {
  const { edge, target, visitor, hero } = await prepare()
  const rejected: string[] = []
  target.on('notificationRejected', ({ notification }) => rejected.push(notification.id))
  const shown = visitor.display(hero)
  edge.fail({ status: 400, body: { status: 400, message: 'no' }, times: 1 })
  expect(await target.flush()).toEqual({ sent: 0, rejected: 1, pending: 0 })
  expect(rejected).toEqual([shown?.id])
})

test('a visitor who leaves closes no shop', async () => {
  const { target, visitor, hero } = await prepare()
  visitor.display(hero)
  expect(await visitor.close()).toEqual({ sent: 1, rejected: 0, pending: 0 })
  expect(visitor.display(hero)).toMatchObject({ type: 'display' })
  expect(await target.close()).toEqual({ sent: 1, rejected: 0, pending: 0 })
})
