import { describe, expect, it } from 'vitest'
import type { Notification } from '../../src/server.ts'
import { plain, type Respond } from './recorder.ts'
import { failureOf, HERO, loosely, useEdge } from './setup.ts'

const edge = useEdge()

const built = (count: number): Notification[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `n-${index}`,
    type: 'display',
    timestamp: 1735689600000 + index,
    impressionId: `pv-${index}`,
    mbox: { name: `m${index}` },
  }))

const idsOf = () => edge.recorder.bodies.map(({ notifications }) => notifications?.map(({ id }) => id) ?? [])

/** Acknowledges all but one, in another order than they came. */
const allBut =
  (missing: string): Respond =>
  ({ body }) => ({
    body: { status: 200, notifications: body.notifications?.filter(({ id }) => id !== missing).reverse() },
  })

const BAD = { status: 400, body: { status: 400, message: 'Notification error: bad token' } }

describe('many at once', () => {
  it('check 74: 120 queued notifications are three calls of at most 50, in order', async () => {
    const visitor = edge.client().visitor('')
    const all = built(120)
    for (const notification of all) visitor.notify(notification)
    expect(await visitor.flush()).toEqual({ sent: 120, rejected: 0, pending: 0 })
    expect(idsOf().map((ids) => ids.length)).toEqual([50, 50, 20])
    expect(idsOf().flat()).toEqual(all.map(({ id }) => id))
    expect(new Set(edge.recorder.arrivals.map(({ query }) => query.get('sessionId'))).size).toBe(1)
  })

  it('check 74: 120 notifications of one call are three calls, and one result', async () => {
    const all = built(120)
    const { response } = await edge.client().sendNotifications({ request: { notifications: all } })
    expect(idsOf().map((ids) => ids.length)).toEqual([50, 50, 20])
    expect(response.notifications?.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
    expect(new Set(edge.recorder.arrivals.map(({ query }) => query.get('sessionId'))).size).toBe(1)
    expect(new Set(edge.recorder.bodies.map(({ requestId }) => requestId)).size).toBe(3)
  })
})

describe('what cannot be sent', () => {
  const circle: unknown[] = []
  circle.push(circle)

  it.each([
    ['an integer beyond JSON', 10n],
    ['a list that holds itself', circle],
  ])('check 75: %s harms neither the queue nor the other notifications', async (_what, extra) => {
    const target = edge.client()
    const visitor = target.visitor('')
    const [strange, good] = built(2) as [Notification, Notification]
    visitor.notify(loosely({ ...strange, extra }))
    visitor.notify(good)
    expect(await visitor.flush()).toMatchObject({ pending: 0 })
    expect(target.told.sent).toContain('n-1')
    expect([...target.told.sent, ...target.told.rejected.map(({ id }) => id)].sort()).toEqual(['n-0', 'n-1'])
    for (const { error } of target.told.rejected) expect(error).toMatchObject({ name: 'TargetError' })
  })

  it('check 75: a logger that throws does not stop the queue', async () => {
    const fail = () => {
      throw new Error('disk full')
    }
    const target = edge.client({ logger: { error: fail } })
    const visitor = target.visitor('')
    edge.recorder.answers(BAD)
    visitor.notify(built(1)[0] as Notification)
    await visitor.flush().catch(() => {})
    visitor.notify({ ...(built(2)[1] as Notification) })
    expect(await visitor.flush()).toEqual({ sent: 1, rejected: 0, pending: 0 })
  })
})

describe('what becomes of them', () => {
  it('check 75: the one that was not acknowledged goes again as it was, and no other', async () => {
    const target = edge.client()
    const visitor = target.visitor('')
    for (const notification of built(3)) visitor.notify(notification)
    edge.recorder.answer(allBut('n-1'))
    expect(await visitor.flush()).toEqual({ sent: 2, rejected: 0, pending: 1 })
    edge.recorder.answer(plain)
    expect(await visitor.flush()).toEqual({ sent: 1, rejected: 0, pending: 0 })
    expect(idsOf()).toEqual([['n-0', 'n-1', 'n-2'], ['n-1']])
    const [first, second] = edge.recorder.bodies
    expect(second?.notifications?.[0]).toEqual(first?.notifications?.[1])
    expect([...target.told.sent].sort()).toEqual(['n-0', 'n-1', 'n-2'])
  })

  it('check 75: one that is never acknowledged is told as rejected in the end', async () => {
    const target = edge.client()
    const visitor = target.visitor('')
    edge.recorder.answer(allBut('n-0'))
    visitor.notify(built(1)[0] as Notification)
    let rounds = 0
    for (let pending = 1; pending > 0 && rounds < 20; rounds++) ({ pending } = await visitor.flush())
    expect(target.told).toMatchObject({ sent: [], rejected: [{ id: 'n-0' }] })
    expect(edge.recorder.arrivals).toHaveLength(rounds)
    expect(rounds).toBeLessThan(20)
  })

  it('check 75: 400 rejects what is alone in a call, for good, after the call was halved', async () => {
    const target = edge.client()
    const visitor = target.visitor('')
    for (const notification of built(3)) visitor.notify(notification)
    edge.recorder.answer(BAD)
    expect(await visitor.flush()).toEqual({ sent: 0, rejected: 3, pending: 0 })
    expect(edge.recorder.bodies.map(({ notifications }) => notifications?.length)).toEqual([3, 2, 1, 1, 1])
    edge.recorder.clear()
    expect(target.told.rejected.map(({ id }) => id)).toEqual(['n-0', 'n-1', 'n-2'])
    for (const { error } of target.told.rejected) expect(error).toMatchObject({ code: 'HTTP_ERROR', status: 400 })
    edge.recorder.answer(plain)
    expect(await visitor.flush()).toEqual({ sent: 0, rejected: 0, pending: 0 })
    expect(edge.recorder.arrivals).toEqual([])
  })

  it('check 75: 500 and a broken connection keep all of a call, under the same ids and times', async () => {
    const visitor = edge.client({ retries: 0 }).visitor('')
    for (const notification of built(2)) visitor.notify(notification)
    edge.recorder.answers({ status: 500, body: { status: 500, message: 'no' } }, { reset: true })
    expect(await visitor.flush()).toEqual({ sent: 0, rejected: 0, pending: 2 })
    expect(await visitor.flush()).toEqual({ sent: 0, rejected: 0, pending: 2 })
    expect(await visitor.flush()).toEqual({ sent: 2, rejected: 0, pending: 0 })
    const [first, second, third] = edge.recorder.bodies.map(({ notifications }) => notifications)
    expect(second).toEqual(first)
    expect(third).toEqual(first)
  })

  it('check 75: 400 on sendNotifications rejects the call', async () => {
    edge.recorder.answer(BAD)
    const error = await failureOf(edge.client().sendNotifications({ request: { notifications: built(2) } }))
    expect(error).toMatchObject({ code: 'HTTP_ERROR', status: 400, serverMessage: 'Notification error: bad token' })
    expect(edge.recorder.arrivals).toHaveLength(1)
  })

  it('check 75: content that was refused for a notification is asked for once more without it', async () => {
    const target = edge.client()
    edge.recorder.answers(BAD)
    const { response } = await target.getOffers({ request: { ...HERO, notifications: built(2) } })
    expect(response.status).toBe(200)
    const [first, second] = edge.recorder.bodies
    expect(edge.recorder.arrivals).toHaveLength(2)
    expect(first?.notifications).toHaveLength(2)
    expect(second).not.toHaveProperty('notifications')
    expect(second).toMatchObject({ execute: first?.execute, impressionId: first?.impressionId })
    expect(target.told.rejected).toMatchObject([
      { id: 'n-0', error: { status: 400 } },
      { id: 'n-1', error: { status: 400 } },
    ])
  })

  it('check 75: once more is once, and not for another reason', async () => {
    edge.recorder.answer(BAD)
    await failureOf(edge.client().getOffers({ request: { ...HERO, notifications: built(1) } }))
    expect(edge.recorder.arrivals).toHaveLength(2)
    edge.recorder.clear()
    edge.recorder.answer({ status: 400, body: { status: 400, message: 'Invalid imsOrg' } })
    await failureOf(edge.client().getOffers({ request: { ...HERO, notifications: built(1) } }))
    expect(edge.recorder.arrivals).toHaveLength(1)
  })

  it('check 76: acknowledgements are matched by id, in whatever order they come', async () => {
    const target = edge.client()
    const visitor = target.visitor('')
    for (const notification of built(3)) visitor.notify(notification)
    edge.recorder.answer(allBut('n-0'))
    expect(await visitor.flush()).toEqual({ sent: 2, rejected: 0, pending: 1 })
    expect([...target.told.sent].sort()).toEqual(['n-1', 'n-2'])
  })

  it.each([[undefined], [null], [{}], [[null]], [[{}]], [['n-0']], [[{ id: 5 }]]])(
    'check 76: the acknowledgement %j is none, and no crash',
    async (notifications) => {
      const visitor = edge.client().visitor('')
      visitor.notify(built(1)[0] as Notification)
      edge.recorder.answer({ body: { status: 200, notifications: loosely(notifications) } })
      expect(await visitor.flush()).toEqual({ sent: 0, rejected: 0, pending: 1 })
    },
  )
})
