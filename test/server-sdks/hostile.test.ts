import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import type { RequestOptions } from '../../src/server.ts'
import { createWorld, FRESH, failureOf, LATER, notification, request } from './world.ts'

const world = createWorld()
const HOME = 'acme.tt.omtrdc.net'

afterEach(() => {
  expect(Object.keys(Object.prototype), 'no prototype was changed').toEqual([])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

/** Where the two clients go with the same call; Adobe's tries eleven times when a host is none. */
const hostsOf = async (call: RequestOptions): Promise<{ ours: string; theirs: string }> => {
  await world.hosted().getOffers(call)
  await world.adobe().getOffers(call)
  const [ours, theirs] = world.server.requests.map(({ host }) => host)
  return { ours: ours ?? '', theirs: theirs ?? '' }
}

it('a location hint that names a host of somebody else is no hint, where Adobe sends the visitor there', async () => {
  const hosts = await hostsOf({ request, targetLocationHint: '35.evil.com/' })
  expect(hosts).toEqual({ ours: HOME, theirs: 'mboxedge35.evil.com' })
})

it('a device id that names a host of somebody else names no cluster, where Adobe makes a host of it', async () => {
  const hosts = await hostsOf({ request, targetCookie: `PC#abc.evil-host%2Fx_0#${LATER}` })
  expect(hosts).toEqual({ ours: HOME, theirs: 'mboxedgeevil-host' })
})

it('a hint in the cookies of a visitor goes the same way', async () => {
  const cookie = `mboxEdgeCluster=35.evil.com/; mbox=session#S#${LATER}`
  const visitor = world.hosted().visitor(cookie)
  await visitor.getOffers({ request })
  visitor.notify(notification)
  await visitor.flush()
  expect(world.server.requests.map(({ host }) => host)).toEqual([HOME, HOME])
})

it('an edge host of somebody else in an answer is kept by nobody, where Adobe makes a cookie of it', async () => {
  world.server.answer({ body: { edgeHost: 'mboxedge35@evil.tt.omtrdc.net' } })
  const ours = await world.hosted().getOffers({ request })
  const theirs = await world.adobe().getOffers({ request })
  expect(ours.targetLocationHintCookie).toBeUndefined()
  expect(theirs.targetLocationHintCookie?.value).toBe('35@evil')
})

it.each([
  ['mbox', { targetCookie: `session#%E0%A4%A#${LATER}|PC#device#${LATER}` }],
  ['AMCV', { visitorCookie: '1|MCMID|mid%E0%A4%A|vVersion|4.4.0' }],
])('a malformed escape in the %s cookie spoils nothing else, where Adobe throws', async (_, cookies) => {
  const call = { request, ...cookies }
  await world.client().getOffers(call)
  const { query, body } = world.server.only()
  expect(query.sessionId).toMatch(FRESH)
  expect(body.id?.tntId ?? body.id?.marketingCloudVisitorId).toBeTruthy()
  expect(() => world.adobe().getOffers(call)).toThrow(URIError)
})

const deviceDecision = async (parameters: string) => {
  const file = fileURLToPath(new URL('adobe-on-device.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [file, parameters])
  return JSON.parse(stdout) as { outcome: string; polluted?: unknown }
}

it.each([
  ['{"a.b":"1"}', { outcome: 'decided' }],
  ['{"__proto__.polluted":"yes"}', { outcome: 'decided', polluted: 'yes' }],
  ['{"a.__proto__.polluted":"yes"}', { outcome: 'decided', polluted: 'yes' }],
  ['{"constructor.prototype.polluted":"yes"}', { outcome: 'TypeError' }],
])('the parameters %s are text on the wire and reach no prototype, where Adobe decides %j', async (text, theirs) => {
  const parameters = JSON.parse(text)
  const place = { parameters, profileParameters: parameters }
  await world.client().getOffers({
    request: { execute: { mboxes: [{ name: 'home', ...place }] }, prefetch: { views: [place], pageLoad: place } },
  })
  const { execute, prefetch } = world.server.only().body
  for (const item of [execute?.mboxes?.[0], prefetch?.views?.[0], prefetch?.pageLoad]) {
    expect(Object.entries(item?.parameters ?? {})).toEqual(Object.entries(parameters))
    expect(Object.entries(item?.profileParameters ?? {})).toEqual(Object.entries(parameters))
  }
  expect(await deviceDecision(text)).toEqual(theirs)
})

it.each(['__proto__', 'constructor', 'hasOwnProperty'])('a parameter named %s is a parameter', async (name) => {
  const parameters = JSON.parse(`{"${name}":"x"}`)
  await world.client().getOffers({ request: { execute: { mboxes: [{ name: 'home', parameters }] } } })
  await world.client().sendNotifications({ request: { notifications: [{ ...notification, parameters }] } })
  for (const { text } of world.server.requests) expect(text).toContain(`"parameters":{"${name}":"x"}`)
})

it('an answer cannot reach a prototype by the names of mboxes and keys', async () => {
  const content = JSON.parse('{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}')
  const mboxes = [{ name: '__proto__', options: [{ type: 'json', content }] }]
  world.server.answer({ body: `{"__proto__":{"polluted":"yes"},"execute":${JSON.stringify({ mboxes })}}` })
  const attributes = await world.client().getAttributes(['__proto__'])
  expect(attributes.getValue('__proto__', '__proto__')).toEqual({ polluted: 'yes' })
  expect(Object.keys(attributes.asObject())).toEqual(['__proto__'])
})

it("one visitor's edge and session never reach another's request, where Adobe's client keeps the edge", async () => {
  for (const target of [world.hosted(), world.adobe()]) {
    world.server.answer({ body: { id: { tntId: 'of-A.28_0' }, edgeHost: 'mboxedge28.tt.omtrdc.net' } })
    await target.getOffers({ request, sessionId: 'A' })
    world.server.answer({})
    await target.getOffers({ request })
  }
  const [, ours, , theirs] = world.server.requests
  expect(ours).toMatchObject({ host: HOME, query: { sessionId: expect.stringMatching(FRESH) } })
  expect(ours?.body).not.toHaveProperty('id')
  expect(theirs?.host).toBe('mboxedge28.tt.omtrdc.net')
})

it('two visitors of one client share nothing', async () => {
  const target = world.hosted()
  world.server.answer(({ query }) => ({ body: { id: { tntId: `of-${query.sessionId}.2${query.sessionId}_0` } } }))
  const visitors = ['1', '2'].map((id) => target.visitor(`mbox=session#${id}#${LATER}`))
  await Promise.all(visitors.map((visitor) => visitor.getOffers({ request })))
  for (const visitor of visitors) visitor.track('order')
  await target.flush()
  expect(world.server.requests.slice(2).map(({ host, query, body }) => [host, query.sessionId, body.id])).toEqual([
    ['mboxedge21.tt.omtrdc.net', '1', { tntId: 'of-1.21_0' }],
    ['mboxedge22.tt.omtrdc.net', '2', { tntId: 'of-2.22_0' }],
  ])
  expect(visitors.map((visitor) => visitor.setCookies().join()).map((text) => /of-(\d)/.exec(text)?.[1])).toEqual([
    '1',
    '2',
  ])
})

it("one client's property token never reaches another's requests, where Adobe's poisons the next client", async () => {
  await world.hosted({ propertyToken: 'secret-of-A' }).getAttributes(['flag'])
  await world.hosted().getAttributes(['flag'])
  expect(world.server.requests.map(({ body }) => body.property?.token)).toEqual(['secret-of-A', undefined])
  world.server.reset()

  const { create } = world.adobeSdk()
  const base = {
    client: 'acme',
    organizationId: 'A@AdobeOrg',
    fetchApi: world.server.fetchApi,
    telemetryEnabled: false,
  }
  const artifactPayload = { version: '1.0.0', rules: { mboxes: {}, views: {} } }
  create({ ...base, propertyToken: 'secret-of-A', decisioningMethod: 'on-device', artifactPayload, pollingInterval: 0 })
  await create({ ...base, organizationId: 'B@AdobeOrg' }).getAttributes(['flag'])
  const ofB = world.server.requests.find(({ query }) => query.imsOrgId === 'B@AdobeOrg')
  expect(ofB?.body.property?.token).toBe('secret-of-A')
})

const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) frozen(item)
  return Object.freeze(value)
}
/** A call that uses everything a client might be tempted to complete in place. */
const call = (): RequestOptions => ({
  targetCookie: `session#S#${LATER}|PC#device.35_0#${LATER}`,
  customerIds: { crm: { id: '1', authState: 1 } },
  request: {
    id: { customerIds: [{ id: '2', integrationCode: 'x', authenticatedState: 'unknown' }] },
    context: { address: { url: `https://acme.test/${'x'.repeat(5000)}` }, geo: { city: '' } },
    experienceCloud: { analytics: { trackingServer: 'https://metrics.acme.test' } },
    execute: { mboxes: [{ name: 'home', parameters: { a: 1, b: true, c: null } }] },
    prefetch: { views: [{}], pageLoad: {} },
    notifications: [{ ...notification, order: { time: new Date(0) } }],
    telemetry: { entries: [] },
  },
})

it('a frozen call works, where Adobe wants to write a property token into it', async () => {
  await world.client({ propertyToken: 'token', telemetryEnabled: true }).getOffers(frozen(call()))
  expect(world.server.last().body.property).toEqual({ token: 'token' })
  expect(() => world.adobe({ propertyToken: 'token' }).getOffers(frozen(call()))).toThrow('not extensible')
})

it("the caller's objects are as they were, where Adobe leaves a property token in them", async () => {
  const mine = call()
  const options = { sessionId: 'S' }
  const client = world.client({ propertyToken: 'token', environmentId: 1, telemetryEnabled: true })
  await client.getOffers(mine)
  await client.sendNotifications(mine)
  await client.getAttributes(['flag'], options)
  client.notify(mine.request.notifications?.[0] ?? notification, options)
  await client.flush()
  expect(mine).toEqual(call())
  expect(options).toEqual({ sessionId: 'S' })
  await world.adobe({ propertyToken: 'token' }).getOffers(mine)
  expect(mine.request.property).toEqual({ token: 'token' })
})

it('what a result hands out is not what the next call is made of', async () => {
  const client = world.client({ telemetryEnabled: true })
  const result = await client.getOffers({ request })
  result.request.context.channel = 'mobile'
  result.request.execute?.mboxes?.push({ name: 'injected', index: 9 })
  await client.getOffers({ request })
  expect(world.server.last().text).not.toContain('injected')
  expect(world.server.last().body.context.channel).toBe('web')
})

it.each(['a b', 'a/b', 'a?b', '', 'x'.repeat(129), 'a\nb', '{a}'])(
  'the session id %j is refused, because Target would refuse it or read another',
  async (sessionId) => {
    const error = await failureOf(world.client().getOffers({ request, sessionId }))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', path: 'sessionId' })
    expect(world.server.requests).toEqual([])
  },
)

it.each(['a b', 'a/b', 'x'.repeat(129), '%0A'])(
  'the session id %j of a cookie makes room for a new one',
  async (id) => {
    await world
      .client()
      .getOffers({ request, targetCookie: `session#${encodeURIComponent(id)}#${LATER}`.replace('%25', '%') })
    expect(world.server.only().query.sessionId).toMatch(FRESH)
  },
)
