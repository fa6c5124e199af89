import { expect, it, vi } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { createWorld, FRESH, request } from './world.ts'

const world = createWorld()
const property = { token: 'from-request' }

it('61. the headers name the content type, the SDK, its real version and a new id for each call', async () => {
  const client = world.client()
  await client.getOffers({ request })
  await client.getOffers({ request })
  const [one, two] = world.server.requests
  expect(one?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-exc-sdk': 'isotarget',
    'x-exc-sdk-version': pkg.version,
  })
  expect(one?.headers['x-request-id']).toMatch(/^[\da-f-]{32,36}$/)
  expect(one?.headers['x-request-id']).not.toBe(two?.headers['x-request-id'])
  expect(one?.headers['x-request-id']).not.toBe(one?.body.requestId)
})

it('62. a call is a POST to the delivery path, with organization and session in the query and not in the body', async () => {
  const fetchApi = vi.fn(world.server.fetchApi)
  const client = world.hosted({ client: 'someClientId', organizationId: 'someOrgId', fetchApi })
  await client.getOffers({ request, sessionId: 'dummy_session' })
  const url = 'https://someClientId.tt.omtrdc.net/rest/v1/delivery?imsOrgId=someOrgId&sessionId=dummy_session'
  expect(fetchApi.mock.calls[0]?.[0]).toBe(url)
  expect(world.server.only().method).toBe('POST')
  expect(world.server.only().text).not.toContain('someOrgId')
})

it('62. organization and session are encoded in the query', async () => {
  await world.client({ organizationId: 'A&B@AdobeOrg' }).getOffers({ request, sessionId: 'a#b&c=d' })
  expect(world.server.only().query).toEqual({ imsOrgId: 'A&B@AdobeOrg', sessionId: 'a#b&c=d' })
})

it('63. the environment is that of the client, unless the call has its own', async () => {
  const client = world.client({ environmentId: 12345 })
  await client.getOffers({ request })
  await client.getOffers({ request: { ...request, environmentId: 7 } })
  await world.client().getOffers({ request })
  expect(world.server.requests.map(({ body }) => body.environmentId)).toEqual([12345, 7, undefined])
})

it('64. differs: environment 0 is left out, because the wire contract starts at 1', async () => {
  await world.client({ environmentId: 0 }).getOffers({ request })
  await world.client().getOffers({ request: { ...request, environmentId: 0 } })
  for (const { body } of world.server.requests) expect(body).not.toHaveProperty('environmentId')
})

it('65. the property token is that of the client, unless the call has its own', async () => {
  await world.client({ propertyToken: 'from-client' }).getOffers({ request })
  await world.client().getOffers({ request: { ...request, property } })
  await world.client({ propertyToken: 'from-client' }).getOffers({ request: { ...request, property } })
  await world.client({ propertyToken: ' ' }).getOffers({ request })
  const tokens = world.server.requests.map(({ body }) => body.property?.token)
  expect(tokens).toEqual(['from-client', 'from-request', 'from-request', undefined])
})

it('65. two different property tokens leave a debug line', async () => {
  const debug = vi.fn()
  const client = world.client({ propertyToken: 'from-client', logger: { debug } })
  await client.getOffers({ request: { ...request, property } })
  expect(JSON.stringify(debug.mock.calls)).toContain(
    JSON.stringify(
      'The property token specified in the request "from-request" does not match the one specified in the config "from-client".',
    ).slice(1, -1),
  )
})

const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) frozen(item)
  return Object.freeze(value)
}

it("66. the property token never reaches the caller's object, and a frozen request works", async () => {
  const mine = structuredClone(request)
  await world.client({ propertyToken: 'token' }).getOffers({ request: mine })
  expect(mine).toEqual(request)
  await world.client({ propertyToken: 'token' }).getOffers(frozen({ request: structuredClone(request) }))
  expect(world.server.last().body.property).toEqual({ token: 'token' })
})

it("67. one client's property token never appears in another's requests", async () => {
  await world.client({ propertyToken: 'A' }).getAttributes(['flag'])
  await world.client().getAttributes(['flag'])
  expect(world.server.requests.map(({ body }) => body.property)).toEqual([{ token: 'A' }, undefined])
})

it('68. a version becomes a query parameter', async () => {
  await world.client({ version: '2.11 β' }).getOffers({ request })
  expect(world.server.last().query).toMatchObject({ version: '2.11 β' })
  await world.client().getOffers({ request })
  expect(world.server.last().query).not.toHaveProperty('version')
})

it("69. the caller's request id is kept, and without one there is a new one", async () => {
  await world.client().getOffers({ request: { ...request, requestId: 'mine' } })
  expect(world.server.last().body.requestId).toBe('mine')
  await world.client().getOffers({ request })
  expect(world.server.last().body.requestId).toMatch(FRESH)
})
