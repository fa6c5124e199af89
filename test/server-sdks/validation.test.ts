import { expect, it } from 'vitest'
import {
  type AttributesOptions,
  type ClientOptions,
  type DecisioningMethod,
  isTargetError,
  type RequestOptions,
  TargetClient,
} from '../../src/server.ts'
import { createWorld, failureOf, notification, ORG, request } from './world.ts'

const world = createWorld()
const REQUEST = 'Request object is required'
const EXECUTE = 'Either pageLoad or mboxes is required in execute'
const PREFETCH = 'Either views, pageLoad or mboxes is required in prefetch'
const NOTIFICATIONS = 'Notifications array is required in request'
const METHOD = 'Invalid Decisioning Method.  Must be set to one of: on-device,server-side,hybrid'

/** Options as JavaScript may give them. */
const careless = <Options>(options: unknown) => options as Options
const calls = (options: unknown) => failureOf(world.client().getOffers(careless<RequestOptions>(options)))
const notifies = (options: unknown) => failureOf(world.client().sendNotifications(careless<RequestOptions>(options)))

it.each([
  [{}, 'Options map is required'],
  [undefined, 'Options map is required'],
  [null, 'Options map is required'],
  [['acme'], 'Options map is required'],
  ['acme', 'Options map is required'],
  [{ client: undefined }, 'Options map is required'],
  [{ client: 'acme' }, 'Organization Id is required'],
  [{ client: 'acme', organizationId: '' }, 'Organization Id is required'],
  [{ organizationId: ORG }, 'Client is required'],
  [{ client: 1, organizationId: ORG }, 'Client is required'],
  [{ client: 'acme', organizationId: ORG, decisioningMethod: 'bogus' }, METHOD],
  [{ client: 'acme', organizationId: ORG, decisioningMethod: null }, METHOD],
])('70. a client cannot be made of %j', (options, text) => {
  const create = () => TargetClient.create(careless<ClientOptions>(options))
  expect(create).toThrow(expect.toSatisfy(isTargetError))
  expect(create).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  expect(create).toThrow(expect.objectContaining({ message: expect.stringMatching(new RegExp(`^${text}`)) }))
})

it('70. a client is made by create and not by new', () => {
  const Constructor = TargetClient as unknown as new () => unknown
  expect(() => new Constructor()).toThrow('Please use TargetClient.create static method instead')
})

it.each([{}, undefined, null, [], 'text'])('71. getOffers rejects the options %j', async (options) => {
  expect((await calls(options)).message).toMatch(/^Options map is required/)
})

it.each([undefined, null, {}, [], 'text'])('71. getOffers rejects the request %j', async (given) => {
  const error = await calls({ consumerId: 'a', request: given })
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', path: 'request' })
  expect(error.message.startsWith(REQUEST)).toBe(true)
})

it.each([
  ['72', { execute: { badField: 1 } }, EXECUTE],
  ['72', { prefetch: { badField: 1 } }, PREFETCH],
  ['73', { execute: { mboxes: [] } }, EXECUTE],
  ['73', { prefetch: { views: [] } }, PREFETCH],
  ['73', { prefetch: { mboxes: [] } }, PREFETCH],
])('%s. a request that asks for nothing is rejected: %j', async (_, given, text) => {
  const error = await calls({ request: given })
  expect(error.code).toBe('INVALID_ARGUMENT')
  expect(error.message.startsWith(text), error.message).toBe(true)
  expect(world.server.requests).toEqual([])
})

it('73. an empty page load asks for something', async () => {
  await world.client().getOffers({ request: { execute: { pageLoad: {} } } })
  await world.client().getOffers({ request: { prefetch: { pageLoad: {} } } })
  expect(world.server.requests.map(({ body: { execute, prefetch } }) => [execute, prefetch])).toEqual([
    [{ pageLoad: {} }, undefined],
    [undefined, { pageLoad: {} }],
  ])
})

it('74. sendNotifications needs options, a request and notifications', async () => {
  expect((await notifies({})).message).toMatch(/^Options map is required/)
  expect((await notifies({ consumerId: 'a' })).message.startsWith(REQUEST)).toBe(true)
  for (const notifications of [undefined, null, []]) {
    const error = await notifies({ request: { trace: { authorizationToken: 'a' }, notifications } })
    expect(error.message.startsWith(NOTIFICATIONS)).toBe(true)
  }
  expect((await notifies({ request: { trace: {} } })).message.startsWith(NOTIFICATIONS)).toBe(true)
})

it('75. differs: measurements that wait are no notification, where Adobe then accepts the call', async () => {
  const call = { request: { context: { channel: 'web' as const } } }
  const ours = world.client({ telemetryEnabled: true })
  await ours.getOffers({ request })
  expect((await failureOf(ours.sendNotifications(call))).message.startsWith(NOTIFICATIONS)).toBe(true)
  const adobe = world.adobe({ telemetryEnabled: true })
  await adobe.getOffers({ request })
  await expect(adobe.sendNotifications(call)).resolves.toBeTruthy()
})

const client = () => world.client()
const malformed = { targetCookie: 'session#%E0%A4%A#9596233214', visitorCookie: 'MCMID|%E0%A4%A', request }
it.each<[string, () => Promise<unknown>]>([
  ['a property of null', () => client().getOffers(careless({ request: { ...request, property: null } }))],
  ['no names', () => client().getAttributes(careless<string[]>(undefined))],
  ['names that are no list', () => client().getAttributes(careless<string[]>('flag'))],
  ['options of null', () => client().getAttributes(['flag'], careless<AttributesOptions>(null))],
  ['no options', () => client().getOffers(careless(undefined))],
  ['notifications of a text', () => client().sendNotifications(careless({ request: { notifications: 'text' } }))],
  ['a notification of null', () => client().sendNotifications(careless({ request: { notifications: [null] } }))],
  ['a malformed cookie', () => client().getOffers(malformed)],
  ['a cookie that is a number', () => client().getOffers(careless({ request, targetCookie: 1, visitorCookie: 2 }))],
  ['a session id that cannot be', () => client().getOffers({ request, sessionId: 'a b' })],
  ['mboxes that are no list', () => client().getOffers(careless({ request: { execute: { mboxes: {} } } }))],
  ['a visitor of nothing', () => client().getOffers({ request, visitor: {} })],
])('76. differs: %s never throws synchronously', async (_, attempt) => {
  let promise: Promise<unknown> | undefined
  expect(() => {
    promise = attempt()
  }).not.toThrow()
  const outcome = await promise?.then(
    () => 'resolved',
    (error) => (isTargetError(error) ? 'rejected' : error),
  )
  expect(outcome).toMatch(/^(resolved|rejected)$/)
})

it('76. a malformed cookie does not keep the visitor from an offer, where Adobe throws', async () => {
  await expect(world.client().getOffers(malformed)).resolves.toBeTruthy()
  expect(() => world.adobe().getOffers(malformed)).toThrow(URIError)
})

it.each(['bogus', null, 1])(
  '77. differs: the decisioning method %j is rejected, which Adobe ignores',
  async (method) => {
    const decisioningMethod = careless<DecisioningMethod>(method)
    expect((await calls({ request, decisioningMethod })).message.startsWith(METHOD)).toBe(true)
    expect((await notifies({ request: { notifications: [notification] }, decisioningMethod })).code).toBe(
      'INVALID_ARGUMENT',
    )
    await expect(world.adobe().getOffers({ request, decisioningMethod })).resolves.toBeTruthy()
  },
)
