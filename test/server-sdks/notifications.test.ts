import { expect, it } from 'vitest'
import type { Notification, PrefetchMboxResponse, RequestOptions } from '../../src/server.ts'
import { createWorld, FRESH, failureOf, LATER, notification, request } from './world.ts'

const world = createWorld()
const acknowledged = { body: { status: 200, notifications: [{ id: 'n-1' }] } }
const send = (...notifications: unknown[]) =>
  world.client().sendNotifications({ request: { notifications } } as RequestOptions)
const sent = () => world.server.last().body.notifications

it('99. a display and a click pass with all their members', async () => {
  const click = { id: 'n-2', type: 'click', timestamp: 1_600_000_000_001, view: { name: 'v', key: 'k', state: 's' } }
  const display = { ...notification, impressionId: 'page-view-1' }
  await send(display, click)
  expect(sent()).toEqual([display, click])
})

it.each<[string, object, string]>([
  ['an empty id', { id: '' }, 'id'],
  ['no id', { id: undefined }, 'id'],
  ['an id that is an object', { id: { tntId: 'x' } }, 'id'],
  ['no timestamp', { timestamp: undefined }, 'timestamp'],
  ['a timestamp that is a text', { timestamp: '1600000000000' }, 'timestamp'],
  ['a timestamp in seconds', { timestamp: 1_600_000_000 }, 'timestamp'],
  ['an unknown type', { type: 'hover' }, 'type'],
])('100. differs: %s rejects the call and names the path, where Adobe drops it in silence', async (_, fault, path) => {
  const error = await failureOf(send(notification, { ...notification, ...fault }))
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', path: `notifications.1.${path}` })
  expect(error.message).toContain(`notifications.1.${path}`)
  expect(world.server.requests).toEqual([])
})

it('101. differs: with no valid notification the call rejects, where Adobe sends nothing and resolves', async () => {
  const invalid = [{ ...notification, id: '' }] as Notification[]
  expect((await failureOf(send(...invalid))).code).toBe('INVALID_ARGUMENT')
  expect(world.server.requests).toEqual([])
  await expect(world.adobe().sendNotifications({ request: { notifications: invalid } })).resolves.toBeTruthy()
  expect(sent()).toBeUndefined()
})

it('102. notifications carry the measurements of earlier calls', async () => {
  const client = world.client({ telemetryEnabled: true })
  await client.getOffers({ request })
  await client.sendNotifications({ request: { notifications: [notification] } })
  expect(world.server.last().body.telemetry?.entries).toHaveLength(1)
})

it('103. what a request may say of a place, a notification may say too', async () => {
  const details = {
    address: { url: 'https://acme.test/', referringUrl: 'https://search.test/' },
    parameters: { a: '1' },
    profileParameters: { b: '2' },
    order: { id: 'o', total: 1.5, purchasedProductIds: ['p'] },
    product: { id: 'p', categoryId: 'c' },
  }
  const { mbox, ...rest } = notification
  const pageLoad = { ...rest, ...details, pageLoad: { state: 's' } }
  await send({ ...notification, ...details }, pageLoad)
  expect(sent()).toEqual([{ ...notification, ...details }, pageLoad])
})

it.each([undefined, true])(
  '104. a server waits for the acknowledgement, so %s as beacon never goes out',
  async (beacon) => {
    const context = { ...(beacon && { beacon }) }
    await world.client().sendNotifications({ request: { context, notifications: [notification] } })
    expect(world.server.only().body.context.beacon ?? false).toBe(false)
  },
)

const answered = {
  body: {
    status: 200,
    id: { tntId: 'device.35_0' },
    prefetch: {
      mboxes: [{ index: 0, name: 'home', state: 'STATE', options: [{ type: 'html', content: 'x', eventToken: 'T' }] }],
    },
  },
}

it("107. differs: what is reported of an answer goes to the answer's session, edge, property, environment and QA mode", async () => {
  world.server.answer(answered, acknowledged)
  const target = world.hosted({ propertyToken: 'of-the-client' })
  const { response } = await target.getOffers({
    sessionId: 'S',
    targetCookie: `PC#device.35_0#${LATER}`,
    request: {
      prefetch: { mboxes: [{ name: 'home', parameters: { a: '1' } }] },
      property: { token: 'of-the-call' },
      environmentId: 7,
      qaMode: { token: 'qa' },
      trace: { authorizationToken: 'trace' },
    },
  })
  target.display(response.prefetch?.mboxes?.[0] as PrefetchMboxResponse)
  await target.flush()
  const [asked, reported] = world.server.requests
  expect(reported?.query.sessionId).toBe('S')
  expect([asked?.host, reported?.host]).toEqual(['mboxedge35.tt.omtrdc.net', 'mboxedge35.tt.omtrdc.net'])
  expect(reported?.body).toMatchObject({
    id: { tntId: 'device.35_0' },
    property: { token: 'of-the-call' },
    environmentId: 7,
    qaMode: { token: 'qa' },
    trace: { authorizationToken: 'trace' },
    context: asked?.body.context,
    experienceCloud: asked?.body.experienceCloud,
  })
  expect(reported?.body).not.toHaveProperty('prefetch')
  expect(sent()).toEqual([
    {
      id: expect.stringMatching(FRESH),
      impressionId: expect.stringMatching(FRESH),
      timestamp: expect.any(Number),
      type: 'display',
      mbox: { name: 'home', state: 'STATE' },
      tokens: ['T'],
      parameters: { a: '1' },
    },
  ])
})

it('107. notifications by hand reuse the session and the cluster that the caller passes', async () => {
  await world.hosted().sendNotifications({
    request: { notifications: [notification] },
    targetCookie: `session#S#${LATER}|PC#device.35_0#${LATER}|`,
  })
  const { host, query, body } = world.server.only()
  expect([host, query.sessionId, body.id]).toEqual(['mboxedge35.tt.omtrdc.net', 'S', { tntId: 'device.35_0' }])
})

it('107. a queued notification without a visitor is rejected, because a session of its own would belong to nobody', async () => {
  const rejected: unknown[] = []
  const client = world.client({ events: { notificationRejected: ({ error }) => rejected.push(error) } })
  expect(client.notify(notification)).toBeUndefined()
  expect(client.track('order')).toBeUndefined()
  expect(rejected).toHaveLength(2)
  expect(client.notify(notification, { sessionId: 'S' })).toMatchObject({ id: 'n-1' })
  world.server.answer(acknowledged)
  expect(await client.flush()).toEqual({ sent: 1, rejected: 0, pending: 0 })
})

it('notifications of one session leave together, whatever they are about', async () => {
  world.server.answer(({ body }) => ({ body: { notifications: body.notifications?.map(({ id }) => ({ id })) } }))
  const client = world.client()
  for (let index = 0; index < 40; index++) {
    client.notify({ ...notification, id: `n-${index}` }, { sessionId: index % 2 ? 'A' : 'B' })
  }
  expect(await client.flush()).toEqual({ sent: 40, rejected: 0, pending: 0 })
  expect(world.server.requests.map(({ body }) => body.notifications?.length)).toEqual([20, 20])
})

it('a call that Target refuses because of its notifications is repeated without them', async () => {
  const refusal = { status: 400, message: 'Invalid request: Notification token is invalid' }
  world.server.answer({ status: 400, body: refusal }, { body: { status: 200, requestId: 'r' } })
  const rejected: unknown[] = []
  const client = world.client({ events: { notificationRejected: (event) => rejected.push(event.notification) } })
  const { response } = await client.getOffers({ request: { ...request, notifications: [notification] } })
  expect(response.requestId).toBe('r')
  expect(world.server.requests.map(({ body }) => body.notifications?.length)).toEqual([1, undefined])
  expect(rejected).toEqual([notification])
})
