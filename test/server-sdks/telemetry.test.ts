import { afterEach, expect, it, vi } from 'vitest'
import type { Client, ClientOptions } from '../../src/server.ts'
import { createWorld, failureOf, notification, request } from './world.ts'

const world = createWorld()
afterEach(() => {
  vi.restoreAllMocks()
})

const measuring = (options: Partial<ClientOptions> = {}) => world.client({ telemetryEnabled: true, ...options })
const entries = () => world.server.requests.map(({ body }) => body.telemetry?.entries)
const entryAfter = async (client: Client) => {
  await client.getOffers({ request, sessionId: 's' })
  return world.server.last().body.telemetry?.entries?.[0]
}

it('137. without telemetry there is none anywhere', async () => {
  const client = world.client({ telemetryEnabled: false })
  await client.getOffers({ request })
  await client.sendNotifications({ request: { notifications: [notification] } })
  await client.getAttributes(['flag'])
  for (const { text } of world.server.requests) expect(text).not.toContain('telemetry')
})

it('138. a call is measured, the next one says so, and then it is said', async () => {
  const client = measuring()
  for (let call = 0; call < 3; call++) await client.getOffers({ request: { ...request, requestId: `r${call}` } })
  expect(entries().map((list) => list?.map(({ requestId }) => requestId))).toEqual([undefined, ['r0'], ['r1']])
})

it('138. measurements make no call of their own, and none wait for the end', async () => {
  const client = measuring()
  await client.getOffers({ request })
  await client.flush()
  await client.close()
  expect(world.server.requests).toHaveLength(1)
  await expect(measuring().sendNotifications({ request: { trace: { authorizationToken: 't' } } })).rejects.toThrow(
    'Notifications array is required in request',
  )
  expect(world.server.requests).toHaveLength(1)
})

it('139. every call has an entry of the same shape, and no entry says more than the contract knows', async () => {
  world.server.answer({ body: { edgeHost: 'mboxedge28.tt.omtrdc.net' } })
  const client = measuring()
  const session = { sessionId: 's' }
  await client.getOffers({ request: { ...request, requestId: 'offers' }, ...session })
  await client.getAttributes(['flag'], { request: { requestId: 'attributes' }, ...session })
  await client.sendNotifications({ request: { requestId: 'notifications', notifications: [notification] }, ...session })
  await client.getOffers({ request, ...session })
  const told = entries().flatMap((list) => list ?? [])
  const shape = { timestamp: expect.any(Number), mode: 'edge', execution: expect.any(Number) }
  const features = (more: object) => ({ decisioningMethod: 'server-side', ...more })
  expect(told).toEqual([
    { requestId: 'offers', ...shape, features: features({ executeMboxCount: 1 }) },
    { requestId: 'attributes', ...shape, features: features({ executeMboxCount: 1 }) },
    { requestId: 'notifications', ...shape, features: features({}) },
  ])
})

it('139. an entry says request, moment, features that were used and the token of the server', async () => {
  world.server.answer({ delay: 5, body: { edgeHost: 'mboxedge28.tt.omtrdc.net', telemetryServerToken: 'token' } })
  const client = measuring()
  const before = Date.now()
  await client.getOffers({
    request: {
      requestId: 'r',
      execute: { mboxes: [{ name: 'a' }, { name: 'b' }] },
      prefetch: { views: [{}], pageLoad: {} },
    },
    sessionId: 's',
  })
  const entry = await entryAfter(client)
  expect(entry).toEqual({
    requestId: 'r',
    timestamp: expect.any(Number),
    mode: 'edge',
    execution: expect.any(Number),
    features: { decisioningMethod: 'server-side', executeMboxCount: 2, prefetchPageLoad: true, prefetchViewCount: 1 },
    telemetryServerToken: 'token',
  })
  expect(entry?.timestamp).toBeGreaterThanOrEqual(before)
  expect(entry?.timestamp).toBeLessThanOrEqual(Date.now())
  expect(entry?.execution).toBeGreaterThan(0)
  expect(Math.round(entry?.execution ? entry.execution * 100 : 0) / 100).toBe(entry?.execution)
})

it('139. the mode of an answer without an edge host is local, as Adobe has it', async () => {
  for (const client of [world.adobe({ telemetryEnabled: true }), measuring()]) {
    await client.getOffers({ request })
    await client.getOffers({ request })
    expect(world.server.last().body.telemetry?.entries?.[0]?.mode).toBe('local')
  }
})

it.each([
  ['140. differs: measurements whose carrier failed wait again', () => measuring(), [[], ['r0'], ['r0']]],
  ['140. at Adobe they are lost', () => world.adobe({ telemetryEnabled: true }), [[], ['r0'], []]],
])('%s', async (_, clientOf, expected) => {
  const client = clientOf()
  await client.getOffers({ request: { ...request, requestId: 'r0' } })
  world.server.answer({ status: 403 })
  await failureOf(client.getOffers({ request: { ...request, requestId: 'r1' } }))
  world.server.answer({})
  await client.getOffers({ request: { ...request, requestId: 'r2' } })
  const calls = new Map(world.server.requests.map(({ body }) => [body.requestId, body.telemetry?.entries ?? []]))
  expect([...calls.values()].map((list) => list.map(({ requestId }) => requestId))).toEqual(expected)
})

it('140. measurements that waited again are said once', async () => {
  const client = measuring()
  await client.getOffers({ request: { ...request, requestId: 'r0' } })
  world.server.answer({ status: 403 }, {})
  await failureOf(client.getOffers({ request }))
  await client.getOffers({ request })
  await client.getOffers({ request })
  expect(
    entries()
      .at(-1)
      ?.map(({ requestId }) => requestId),
  ).not.toContain('r0')
})

it.each([400, 413])(
  '140. measurements on a call that Target refuses with %i do not spoil the next one',
  async (status) => {
    const client = measuring()
    await client.getOffers({ request: { ...request, requestId: 'r0' } })
    world.server.answer({ status }, {})
    await failureOf(client.getOffers({ request }))
    expect(entries()[1]?.map(({ requestId }) => requestId)).toEqual(['r0'])
    expect(await entryAfter(client)).toBeUndefined()
  },
)

it("140. the caller's own measurements are sent once and never kept", async () => {
  const client = measuring()
  world.server.answer({ status: 403 }, {})
  const telemetry = { entries: [{ requestId: 'of-the-caller', timestamp: 1 }] }
  await failureOf(client.getOffers({ request: { ...request, telemetry } }))
  expect(entries()).toEqual([telemetry.entries])
  expect(await entryAfter(client)).toBeUndefined()
})

it('140. a request that cannot be sent at all costs no measurements', async () => {
  const client = measuring()
  await client.getOffers({ request: { ...request, requestId: 'r0' } })
  await failureOf(client.getOffers({ request: { execute: { mboxes: [{ name: '' }] } } }))
  expect(await entryAfter(client)).toMatchObject({ requestId: 'r0' })
})

it('140. measurements of a call that was repeated without its notifications are not sent again', async () => {
  const client = measuring()
  await client.getOffers({ request: { ...request, requestId: 'r0' } })
  world.server.answer({ status: 400, body: { status: 400, message: 'Notification is invalid' } }, {})
  await client.getOffers({ request: { ...request, notifications: [notification] } })
  await client.getOffers({ request })
  expect(
    entries()
      .at(-1)
      ?.map(({ requestId }) => requestId),
  ).not.toContain('r0')
})

it('140. no more than 50 measurements wait', async () => {
  const client = measuring({ retries: 0 })
  await Promise.all(Array.from({ length: 60 }, (_, index) => client.getOffers({ request, sessionId: `S${index}` })))
  await client.getOffers({ request })
  expect(entries().at(-1)?.length).toBeLessThanOrEqual(50)
})

it('141. lines begin with AT:, and the methods of a logger keep their this', async () => {
  class Pino {
    lines: unknown[][] = []
    debug(...parts: unknown[]) {
      this.lines.push(parts)
    }
    error(...parts: unknown[]) {
      this.lines.push(parts)
    }
  }
  const logger = new Pino()
  const client = world.client({ logger })
  await client.getOffers({ request })
  client.notify({ ...notification, id: '' }, { sessionId: 'S' })
  expect(logger.lines.length).toBeGreaterThan(2)
  for (const [first] of logger.lines) expect(first).toBe('AT:')
  await expect(async () => world.adobe({ logger: new Pino() }).getOffers({ request })).rejects.toThrow(TypeError)
})

it('141. without a logger nothing is written', async () => {
  const spies = (['debug', 'log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name))
  await world.client().getOffers({ request })
  world.server.answer({ status: 400 })
  await failureOf(world.client().getOffers({ request }))
  for (const spy of spies) expect(spy).not.toHaveBeenCalled()
})

it('142. differs: a call writes its body as JSON once, where Adobe writes it again for a log that nobody keeps', async () => {
  const stringify = vi.spyOn(JSON, 'stringify')
  const bodies = () =>
    stringify.mock.calls.filter(([value]) => Boolean((value as { context?: unknown })?.context)).length
  await world.client().getOffers({ request })
  expect(bodies()).toBe(1)
  await world.adobe().getOffers({ request })
  expect(bodies()).toBe(3)
})
