import { describe, expect, test } from 'vitest'
import { mboxes } from '../../src/server.ts'
import { by, cookieOf, openShop } from './world.ts'

// What `execute` shows on the device is reported later, many displays a call.

const hero = { execute: { mboxes: mboxes('hero') } }
const idsOf = (notifications: { id: string }[] = []) => notifications.map(({ id }) => id)

describe('a thousand decisions', () => {
  test('of one visitor take 20 calls and count a thousand times', async () => {
    const { edge, ready, posts } = await openShop()
    const target = await ready({ notificationDelay: 60_000 })
    const visitor = target.visitor('')
    for (let at = 0; at < 1000; at++) await visitor.getOffers({ request: hero })
    expect(posts()).toEqual([])
    expect(await target.flush()).toEqual({ sent: 1000, rejected: 0, pending: 0 })
    const calls = posts()
    expect(calls).toHaveLength(20)
    expect(new Set(calls.flatMap(({ body }) => idsOf(body.notifications))).size).toBe(1000)
    expect(new Set(calls.map(({ session, body }) => `${session} ${body.id?.tntId}`)).size).toBe(1)
    expect(edge.ledger.total('impression')).toBe(1000)
  })

  test('of 20 visitors take 20 calls, each with its own session and ids', async () => {
    const { edge, ready, posts } = await openShop()
    const target = await ready({ notificationDelay: 60_000, environmentId: 7 })
    for (let at = 0; at < 1000; at++) {
      const targetCookie = cookieOf(`s${at % 20}`, `v${at % 20}.35_0`)
      await target.getOffers({ request: hero, targetCookie })
    }
    expect(await target.flush()).toEqual({ sent: 1000, rejected: 0, pending: 0 })
    const calls = posts()
    expect(calls).toHaveLength(20)
    for (const { session, body } of calls) {
      expect(body.id?.tntId).toBe(`v${session?.slice(1)}.35_0`)
      expect(body).toMatchObject({ environmentId: 7 })
      expect(body.notifications).toHaveLength(50)
    }
    expect(edge.ledger.total('impression')).toBe(1000)
    expect(edge.requests.flatMap(({ warnings }) => warnings)).toEqual([])
  })

  test('by the hybrid method need no more calls', async () => {
    const { ready, posts } = await openShop()
    const target = await ready({ notificationDelay: 60_000, decisioningMethod: 'hybrid' })
    for (let at = 0; at < 1000; at++) await target.getOffers({ request: { ...by('vera'), ...hero }, sessionId: 's-1' })
    await target.flush()
    expect(posts()).toHaveLength(20)
  })
})

const shown = async (options = {}) => {
  const world = await openShop()
  const target = await world.ready({ notificationDelay: 60_000, ...options })
  return { ...world, target }
}

describe('what is executed', () => {
  test('is reported by its event token, with an id, an impression and the moment of the decision', async () => {
    const { edge, target, posts } = await shown()
    const before = Date.now()
    const { response } = await target.getOffers({ request: { ...by('vera'), ...hero }, sessionId: 's-1' })
    expect(response.execute?.mboxes).toEqual([
      {
        index: 0,
        name: 'hero',
        options: [{ type: 'html', content: '<h1>Sun</h1>', responseTokens: expect.any(Object) }],
        metrics: [{ type: 'click', eventToken: expect.any(String) }],
      },
    ])
    const after = Date.now()
    await target.flush()
    const [call] = posts()
    expect(call).toMatchObject({ session: 's-1', body: { id: { tntId: 'vera' }, context: { channel: 'web' } } })
    const [notification] = call?.body.notifications ?? []
    expect(notification).toEqual({
      id: expect.any(String),
      impressionId: expect.any(String),
      timestamp: expect.any(Number),
      type: 'display',
      mbox: { name: 'hero' },
      tokens: [expect.any(String)],
    })
    expect(notification?.timestamp).toBeGreaterThanOrEqual(before)
    expect(notification?.timestamp).toBeLessThanOrEqual(after)
    expect(edge.ledger.entries).toMatchObject([
      { what: 'impression', experience: 'Sun', visitor: 'vera', counted: true },
    ])
  })

  test('leaves with the property, the environment, the ids and the context of its own request', async () => {
    const { target, posts, edge } = await shown({ propertyToken: 'p-1', environmentId: 1 })
    const request = { execute: { mboxes: mboxes('outlet') } }
    await target.getOffers({ request: { ...by('vera'), ...request }, sessionId: 's-1' })
    await target.getOffers({
      request: {
        ...request,
        id: { marketingCloudVisitorId: '123', thirdPartyId: 'me' },
        property: { token: 'p-1' },
        environmentId: 2,
        context: { channel: 'web', address: { url: 'https://shop.example/a' }, userAgent: 'UA' },
        trace: { authorizationToken: 't' },
      },
      sessionId: 's-2',
    })
    await target.flush()
    expect(posts()).toMatchObject([
      { session: 's-1', body: { id: { tntId: 'vera' }, property: { token: 'p-1' }, environmentId: 1 } },
      {
        session: 's-2',
        body: {
          id: { marketingCloudVisitorId: '123', thirdPartyId: 'me' },
          property: { token: 'p-1' },
          environmentId: 2,
          context: { address: { url: 'https://shop.example/a' }, userAgent: 'UA' },
        },
      },
    ])
    expect(edge.ledger.total('impression')).toBe(2)
  })

  test('by leave of the account counts nothing for another property', async () => {
    const { target, edge } = await shown()
    const { response } = await target.getOffers({ request: { execute: { mboxes: mboxes('outlet') } } })
    expect(response.execute?.mboxes).toEqual([{ index: 0, name: 'outlet' }])
    expect(await target.flush()).toEqual({ sent: 0, rejected: 0, pending: 0 })
    expect(edge.ledger.entries).toEqual([])
  })

  test('counts although it shows the default content', async () => {
    const { target, edge } = await shown()
    const { response } = await target.getOffers({ request: { ...by('otto'), execute: { pageLoad: {} } } })
    expect(response.execute?.pageLoad).toMatchObject({ options: [] })
    await target.flush()
    expect(edge.ledger.entries).toMatchObject([{ what: 'impression', experience: 'Control', counted: true }])
  })

  test('is not reported a second time by display(), and can be clicked', async () => {
    const { target, edge, posts } = await shown()
    const visitor = target.visitor(`mbox=${cookieOf('s-1', 'vera')}`)
    const { response } = await visitor.getOffers({ request: { execute: { pageLoad: {}, mboxes: mboxes('hero') } } })
    const { pageLoad, mboxes: [first] = [] } = response.execute ?? {}
    if (!pageLoad || !first) throw new Error('not all was answered')
    expect([visitor.display(first), visitor.display(pageLoad)]).toEqual([undefined, undefined])
    expect([visitor.click(first)?.mbox?.name, visitor.click(pageLoad)?.type]).toEqual(['hero', 'click'])
    await target.flush()
    expect(posts()).toHaveLength(1)
    expect([edge.ledger.total('impression'), edge.ledger.total('click')]).toEqual([1, 2])
  })

  test('counts once though the answer to the report is lost', async () => {
    const { target, edge } = await shown({ retries: 2, notificationDelay: 10 })
    await target.getOffers({ request: { ...by('vera'), ...hero }, sessionId: 's-1' })
    edge.fail({ reset: true, after: true })
    expect(await target.flush()).toEqual({ sent: 1, rejected: 0, pending: 0 })
    expect([edge.ledger.total('impression'), edge.ledger.repeats]).toEqual([1, 1])
  })
})

describe('what is prefetched', () => {
  const prefetch = { mboxes: mboxes('hero', 'footer'), views: [{ name: 'cart' }], pageLoad: {} }

  test('counts when its display is reported: mboxes, views, page load', async () => {
    const { target, edge, posts } = await shown()
    const visitor = target.visitor(`mbox=${cookieOf('s-1', 'vera')}`)
    const { response } = await visitor.getOffers({ request: { prefetch } })
    expect(await target.flush()).toEqual({ sent: 0, rejected: 0, pending: 0 })
    const { mboxes: [first, footer] = [], views: [cart] = [], pageLoad } = response.prefetch ?? {}
    if (!first || !footer || !cart || !pageLoad) throw new Error('not all was answered')
    const types = [visitor.display(first), visitor.display(footer), visitor.display(cart), visitor.display(pageLoad)]
    expect(types.map((display) => display?.tokens?.length)).toEqual([1, 1, 1, 1])
    expect(visitor.click(cart)).toMatchObject({ type: 'click', view: { name: 'cart' } })
    expect(await target.flush()).toEqual({ sent: 5, rejected: 0, pending: 0 })
    expect(posts()).toMatchObject([{ session: 's-1', body: { id: { tntId: 'vera' } } }])
    expect(edge.ledger.activities().flatMap(({ experiences }) => experiences)).toMatchObject([
      { name: 'Control', impressions: 0 },
      { name: 'Sun', visitors: 1, impressions: 3, clicks: 1 },
      { name: 'Only', impressions: 0 },
      { name: 'Only', impressions: 1 },
      { name: 'Only', impressions: 0 },
    ])
  })

  test('without a view of that name there is none, and all views come without a name', async () => {
    const { target } = await shown()
    const viewsOf = async (views: object[]) =>
      (await target.getOffers({ request: { ...by('vera'), prefetch: { views } } })).response.prefetch?.views?.map(
        ({ name }) => name,
      )
    expect(await viewsOf([{ name: 'home' }])).toEqual(['home'])
    expect(await viewsOf([{ name: 'nowhere' }])).toEqual([])
    expect(await viewsOf([{}])).toEqual(['cart', 'home'])
  })
})

describe('notifications that ride on a request', () => {
  const ride = (id: string) => ({
    id,
    type: 'display' as const,
    timestamp: Date.now(),
    mbox: { name: 'orderConfirmPage' },
  })

  test('go into the queue when the request does not leave, and convert', async () => {
    const { target, edge, posts } = await shown()
    const visitor = target.visitor(`mbox=${cookieOf('s-1', 'vera')}`)
    await visitor.getOffers({ request: hero })
    const { request } = await visitor.getOffers({ request: { ...hero, notifications: [ride('n-1'), ride('n-2')] } })
    expect(request.notifications?.map(({ id }) => id)).toEqual(['n-1', 'n-2'])
    expect(await target.flush()).toEqual({ sent: 4, rejected: 0, pending: 0 })
    const [call, ...more] = posts()
    expect(more).toEqual([])
    expect(idsOf(call?.body.notifications)).toEqual(expect.arrayContaining(['n-1', 'n-2']))
    expect([edge.ledger.total('impression'), edge.ledger.total('conversion')]).toEqual([2, 2])
  })

  test('leave with the part of a split request that leaves', async () => {
    const { target, posts } = await shown({ decisioningMethod: 'hybrid', splitRequests: true })
    const request = { ...by('vera'), execute: { mboxes: mboxes('hero', 'member') }, notifications: [ride('n-1')] }
    await target.getOffers({ request, sessionId: 's-1' })
    expect(posts().map(({ body }) => idsOf(body.notifications))).toEqual([['n-1']])
    await target.flush()
    expect(posts().flatMap(({ body }) => idsOf(body.notifications))).toHaveLength(2)
  })

  test('alone go to the edge at once, whatever the method', async () => {
    const { target, posts } = await shown()
    const { response, meta } = await target.sendNotifications({
      request: { ...by('vera'), notifications: [ride('n-1')] },
      sessionId: 's-1',
    })
    expect(response.notifications).toEqual([{ id: 'n-1' }])
    expect(meta.decisioningMethod).toBe('server-side')
    expect(posts().map(({ session, body }) => [session, idsOf(body.notifications)])).toEqual([['s-1', ['n-1']]])
  })
})

test('what is shown at two places of one request counts one impression, as at the edge', async () => {
  const { edge, ready } = await openShop()
  const near = await ready()
  const far = await ready({ decisioningMethod: 'server-side' })
  const request = { ...by('vera'), execute: { mboxes: mboxes('hero', 'flags') } }
  await near.getOffers({ request, sessionId: 's1' })
  await near.flush()
  expect(edge.ledger.total('impression')).toBe(1)
  edge.reset()
  await far.getOffers({ request, sessionId: 's2' })
  expect(edge.ledger.total('impression')).toBe(1)
})

test('sendNotifications goes to the edge, whatever else the call asks for', async () => {
  const { ready, posts } = await openShop()
  const target = await ready()
  const notification = {
    id: 'n-1',
    type: 'display' as const,
    timestamp: Date.now(),
    mbox: { name: 'orderConfirmPage' },
  }
  const { response, meta } = await target.sendNotifications({
    sessionId: 's1',
    request: { ...by('vera'), execute: { mboxes: mboxes('hero') }, notifications: [notification] },
  })
  expect(meta.decisioningMethod).toBe('server-side')
  expect(response.notifications).toMatchObject([{ id: 'n-1' }])
  expect(posts()).toHaveLength(1)
})
