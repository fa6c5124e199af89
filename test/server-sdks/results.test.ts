import { expect, it } from 'vitest'
import { createWorld, notification, request } from './world.ts'

const world = createWorld()
const get = async (answer: object) => {
  world.server.answer(answer)
  return world.client().getOffers({ request, sessionId: 'S' })
}
/** A place with everything that results collect. */
const place = (name: string) => ({
  name,
  analytics: { payload: { pe: 'tnt', tnta: name } },
  trace: { place: name },
  options: [{ type: 'html', content: name, responseTokens: { 'activity.name': name } }],
})

it('78. an empty answer gives a session to keep and nothing else', async () => {
  const result = await get({ body: {} })
  expect(result.response).toEqual({})
  expect(result.targetCookie).toEqual({ name: 'mbox', value: expect.stringMatching(/^session#S#\d+$/), maxAge: 1860 })
  for (const key of ['targetLocationHintCookie', 'analyticsDetails', 'trace', 'responseTokens']) {
    expect(result).not.toHaveProperty(key)
  }
})

it('79. analytics, traces and response tokens are collected in the order page load, mboxes, views', async () => {
  const { analyticsDetails, trace, responseTokens } = await get({
    body: { prefetch: { mboxes: [place('m')], views: [place('v1'), place('v2')] } },
  })
  expect(analyticsDetails?.map(({ payload }) => payload?.tnta)).toEqual(['v1', 'v2', 'm'])
  expect(trace).toEqual([{ place: 'v1' }, { place: 'v2' }, { place: 'm' }])
  expect(responseTokens).toEqual([{ 'activity.name': 'v1' }, { 'activity.name': 'v2' }, { 'activity.name': 'm' }])
})

it('79. executed places come before prefetched ones', async () => {
  const { trace } = await get({
    body: {
      prefetch: { mboxes: [place('pm')], views: [place('pv')], pageLoad: place('pp') },
      execute: { mboxes: [place('em1'), place('em2')], pageLoad: place('ep') },
    },
  })
  expect(trace?.map((item) => item.place)).toEqual(['ep', 'em1', 'em2', 'pp', 'pv', 'pm'])
})

it('80. a page load alone gives one of each, and the edge its hint', async () => {
  const body = { edgeHost: 'mboxedge28.tt.omtrdc.net', execute: { pageLoad: place('p') } }
  const { analyticsDetails, trace, responseTokens, targetLocationHintCookie } = await get({ body })
  expect([analyticsDetails, trace, responseTokens].map((list) => list?.length)).toEqual([1, 1, 1])
  expect(targetLocationHintCookie?.value).toBe('28')
})

it('81. differs: places that have nothing leave no hole, as they do at Adobe', async () => {
  const body = { execute: { mboxes: [{ name: 'a' }, place('b'), { name: 'c', options: [], trace: null }] } }
  const { analyticsDetails, trace } = await get({ body })
  expect([analyticsDetails, trace]).toEqual([[place('b').analytics], [place('b').trace]])
  const theirs = await world.adobe().getOffers({ request })
  expect(theirs.analyticsDetails).toContain(undefined)
})

it('82. each option with response tokens has one entry', async () => {
  const options = [
    { type: 'html', content: '1', responseTokens: { a: '1' } },
    { type: 'html', content: '2' },
    { type: 'html', content: '3', responseTokens: {} },
    { type: 'html', content: '4', responseTokens: { a: '4', list: ['x'] } },
  ]
  const { responseTokens } = await get({ body: { execute: { mboxes: [{ name: 'a', options }] } } })
  expect(responseTokens).toEqual([{ a: '1' }, { a: '4', list: ['x'] }])
  expect(
    await get({ body: { execute: { mboxes: [{ name: 'a', options: options.slice(1, 3) }] } } }),
  ).not.toHaveProperty('responseTokens')
})

it('83. the meta of a remote decision says so', async () => {
  expect((await get({ body: {} })).meta).toEqual({
    decisioningMethod: 'server-side',
    remoteMboxes: [],
    remoteViews: [],
  })
})

it('84. the request of the result is the one that was sent, with its defaults', async () => {
  const result = await get({ body: {} })
  expect(JSON.parse(JSON.stringify(result.request))).toEqual(world.server.only().body)
  expect(result.request.context.channel).toBe('web')
})

it('85. an answer without content resolves with an empty response', async () => {
  const { response, targetCookie } = await get({ status: 204 })
  expect(response).toEqual({})
  expect(targetCookie.value).toMatch(/^session#S#/)
})

it('86. the ids of acknowledged notifications can be read', async () => {
  world.server.answer(({ body }) => ({
    body: { status: 200, notifications: body.notifications?.map(({ id }) => ({ id })) },
  }))
  const notifications = [notification, { ...notification, id: 'n-2' }]
  const { response } = await world.client().sendNotifications({ request: { notifications } })
  expect(response.notifications?.map(({ id }) => id)).toEqual(['n-1', 'n-2'])
})

it('86. more than 50 notifications go in several calls of one session, and all acknowledgements come back', async () => {
  world.server.answer(({ body }) => ({
    body: { status: 200, notifications: body.notifications?.map(({ id }) => ({ id })) },
  }))
  const notifications = Array.from({ length: 120 }, (_, index) => ({ ...notification, id: `n-${index}` }))
  const { response } = await world.client().sendNotifications({ request: { notifications } })
  expect(response.notifications?.map(({ id }) => id)).toEqual(notifications.map(({ id }) => id))
  expect(world.server.requests.map(({ body }) => body.notifications?.length)).toEqual([50, 50, 20])
  expect(new Set(world.server.requests.map(({ query }) => query.sessionId)).size).toBe(1)
})

it('87. metrics of a prefetch and their analytics survive', async () => {
  const metrics = [{ type: 'click', selector: '#a', eventToken: 't', analytics: { payload: { pe: 'tnt', tnta: '1' } } }]
  expect((await get({ body: { prefetch: { metrics } } })).response.prefetch?.metrics).toEqual(metrics)
})

it('members that Target adds tomorrow can be read and sent today', async () => {
  const { response } = await get({
    body: { status: 200, brandNew: { a: 1 }, execute: { mboxes: [{ name: 'a', fresh: 1 }] } },
  })
  expect(response).toMatchObject({ brandNew: { a: 1 }, execute: { mboxes: [{ name: 'a', fresh: 1 }] } })
  const tomorrow = { ...request, brandNew: { a: 1 } }
  await world.client().getOffers({ request: tomorrow })
  expect(world.server.last().body).toMatchObject({ brandNew: { a: 1 } })
})
