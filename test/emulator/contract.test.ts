import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { ask, named, newSession, post } from './call.ts'

const edge = createEmulator({ client: 'acme', organizationId: 'ABC@AdobeOrg', offers: { hero: '<b>hi</b>' } })
const url = 'https://acme.tt.omtrdc.net/rest/v1/delivery'
const body = JSON.stringify({ context: { channel: 'web' } })

describe('a request that is well formed', () => {
  it('is answered with the identity and the edge', async () => {
    const response = await post(edge, {})
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.json()).toEqual({
      status: 200,
      requestId: expect.stringMatching(/^[\da-f]{32}$/),
      client: 'acme',
      id: { tntId: expect.stringMatching(/^[\da-f]{32}\.35_0$/) },
      edgeHost: 'mboxedge35.tt.omtrdc.net',
    })
  })

  it('may end its path with a slash, name its tenant by the organization, and say text/plain', async () => {
    const headers = { 'content-type': 'text/plain;charset=UTF-8' }
    const init = { method: 'POST', body, headers }
    const { status } = await edge(`${url}/?imsOrgId=ABC%40AdobeOrg&sessionId=${newSession()}&version=2.9.0`, init)
    expect(status).toBe(200)
  })

  it('may have members that nobody knows', async () => {
    expect(await ask(edge, { novelty: { a: 1 } })).toMatchObject({ status: 200 })
  })

  it('may come as a Request', async () => {
    const request = new Request(`${url}?client=acme&sessionId=${newSession()}`, { method: 'POST', body })
    expect((await edge(request)).status).toBe(200)
  })

  it('is echoed its requestId and its ids', async () => {
    const id = { tntId: 'abc.21_27', thirdPartyId: 'me', marketingCloudVisitorId: '12' }
    const answered = await ask(edge, { requestId: 'r-1', id })
    expect(answered).toMatchObject({ requestId: 'r-1', id: { ...id, tntId: 'abc.35_0' } })
  })

  it('is answered by the cluster that its host names', async () => {
    const answered = await ask(edge, { id: { tntId: 'abc.35_0' } }, { host: 'mboxedge28.tt.omtrdc.net' })
    expect(answered).toMatchObject({ edgeHost: 'mboxedge28.tt.omtrdc.net', id: { tntId: 'abc.28_0' } })
  })

  it('is given a telemetry token when it brings telemetry', async () => {
    expect((await ask(edge, { telemetry: { entries: [] } })).telemetryServerToken).toMatch(/./)
    expect(await ask(edge, {})).not.toHaveProperty('telemetryServerToken')
  })

  it('is answered 204 without a body when it is a beacon', async () => {
    const response = await post(edge, { context: { channel: 'web', beacon: true } })
    expect([response.status, await response.text()]).toEqual([204, ''])
  })
})

describe('a request that is refused', () => {
  it.each([
    ['no tenant', '', /exactly one of imsOrgId and client/],
    ['two tenants', 'client=acme&imsOrgId=ABC%40AdobeOrg', /exactly one of imsOrgId and client/],
    ['another organization', 'imsOrgId=X%40AdobeOrg', /^Invalid request: Invalid imsOrg - X@AdobeOrg$/],
    ['another client', 'client=other', /^Invalid request: Invalid client - other$/],
  ])('has %s', async (_, tenant, message) => {
    expect(await ask(edge, {}, { tenant })).toEqual({ status: 400, message: expect.stringMatching(message) })
  })

  it.each(['', 'a%20b', 'a%3Fb', 'a%2Fb', 'a%7Bb', 'x'.repeat(129)])('has the session id "%s"', async (session) => {
    const answered = await ask(edge, {}, { session })
    expect(answered).toEqual({ status: 400, message: expect.stringContaining('sessionId') })
  })

  it('is not a POST, or is for another path', async () => {
    const query = `?client=acme&sessionId=${newSession()}`
    expect((await edge(url + query)).status).toBe(405)
    expect((await edge(url + query)).headers.get('allow')).toContain('POST')
    expect((await edge('https://acme.tt.omtrdc.net/m2/acme/mbox', { method: 'POST', body })).status).toBe(404)
  })

  it('has a body that is not a JSON object', async () => {
    const target = `${url}?client=acme&sessionId=${newSession()}`
    for (const text of ['', '{', '[]', '"a"'])
      expect((await edge(target, { method: 'POST', body: text })).status).toBe(400)
  })

  it('has a body that is too long', async () => {
    const small = createEmulator({ maxBodyBytes: 100 })
    expect((await post(small, { requestId: 'é'.repeat(50) })).status).toBe(413)
    expect(small.requests).toMatchObject([{ status: 413, text: '' }])
  })

  it('is one too many in its session', async () => {
    const busy = createEmulator({ sessionConcurrency: 2, latency: 5 })
    const session = newSession()
    const inSession = () => post(busy, {}, { session })
    const statuses = (await Promise.all([inSession(), inSession(), inSession(), post(busy, {})])).map(
      ({ status }) => status,
    )
    expect(statuses).toEqual([200, 200, 420, 200])
    expect((await inSession()).status).toBe(200)
    expect(busy.requests.find(({ status }) => status === 420)?.message).toBe('Too many requests with same session ID')
  })
})

/** [what is wrong, the body, what the message says] */
const wrong: [string, object, RegExp][] = [
  ['no context', { context: undefined }, /context is required|context: is required/],
  ['no channel', { context: {} }, /context\.channel/],
  ['an unknown channel', { context: { channel: 'tv' } }, /context\.channel/],
  ['null', { requestId: null }, /requestId: must not be null/],
  ['null in a list', { execute: { mboxes: [null] } }, /execute\.mboxes\.0: must not be null/],
  ['an mbox without index', { execute: { mboxes: [{ name: 'a' }] } }, /execute\.mboxes\.0\.index: is required/],
  ['an mbox without name', { execute: { mboxes: [{ index: 0 }] } }, /execute\.mboxes\.0\.name/],
  [
    'an index twice',
    {
      prefetch: {
        mboxes: [
          { index: 0, name: 'a' },
          { index: 0, name: 'b' },
        ],
      },
    },
    /prefetch\.mboxes\.1/,
  ],
  ['a list for an object', { execute: { pageLoad: [] } }, /execute\.pageLoad: must be an object, but received \[\]/],
  ['nothing to execute', { execute: {} }, /execute/],
  [
    'a number as parameter',
    { execute: { pageLoad: { parameters: { a: 1 } } } },
    /pageLoad\.parameters\.a: must be "1", but received 1/,
  ],
  [
    'a boolean as parameter',
    { prefetch: { views: [{ parameters: { a: true } }] } },
    /prefetch\.views\.0\.parameters\.a/,
  ],
  ['a number as profile parameter', { execute: { pageLoad: { profileParameters: { a: 1 } } } }, /profileParameters\.a/],
  ['a reserved parameter', { execute: { pageLoad: { parameters: { orderId: '1' } } } }, /parameters\.orderId/],
  ['an empty city', { context: { channel: 'web', geo: { city: '' } } }, /context\.geo/],
  ['an address that is none', { context: { channel: 'web', geo: { ipAddress: '1.2.3' } } }, /context\.geo/],
  [
    'an Analytics host with a scheme',
    { experienceCloud: { analytics: { trackingServer: 'https://x' } } },
    /trackingServer/,
  ],
  ['a long url', { context: { channel: 'web', address: { url: 'x'.repeat(4097) } } }, /context\.address\.url/],
  ['an id that names nobody', { id: {} }, /id: needs/],
  ['a device id with two dots', { id: { tntId: 'a.b.35_0' } }, /id\.tntId/],
  ['a long third-party id', { id: { thirdPartyId: 'x'.repeat(257) } }, /id\.thirdPartyId.*256/],
  [
    'a customer id without alias',
    { id: { tntId: 'a', customerIds: [{ id: '1', authenticatedState: 'unknown' }] } },
    /customerIds\.0\.integrationCode/,
  ],
  ['no preview at all', { qaMode: { token: 't', previewIndexes: [] } }, /qaMode\.previewIndexes/],
  ['a property without token', { property: {} }, /property\.token/],
]

describe('a body that breaks the contract', () => {
  it.each(wrong)('has %s', async (_, more, message) => {
    expect(await ask(edge, more)).toEqual({ status: 400, message: expect.stringMatching(message) })
  })

  it('has more than 50 mboxes in a list', async () => {
    const names = Array.from({ length: 51 }, (_, at) => `m${at}`)
    expect((await ask(edge, { prefetch: named(...names) })).message).toMatch(
      /prefetch\.mboxes: size must be between 0 and 50$/,
    )
    expect(await ask(edge, { prefetch: named(...names.slice(1)) })).toMatchObject({ status: 200 })
  })

  it('has more than 100 mbox parameters', async () => {
    const parameters = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`p${at}`, 'x']))
    const { message } = await ask(edge, { execute: { pageLoad: { parameters } } })
    expect(message).toContain('The number of mboxParameters cannot exceed 100.')
  })
})

it('remembers what arrived, as it came', async () => {
  const emulator = createEmulator({ now: () => 1_735_689_600_000, maxRequests: 2 })
  await post(emulator, { requestId: 'r-1' })
  await post(emulator, { requestId: 'r-2' })
  await post(emulator, { id: {} })
  expect(emulator.requests).toHaveLength(2)
  expect(emulator.requests[0]).toMatchObject({
    method: 'POST',
    host: 'acme.tt.omtrdc.net',
    url: expect.stringContaining('/rest/v1/delivery?client=acme&sessionId='),
    headers: { 'content-type': 'text/plain;charset=UTF-8' },
    body: { requestId: 'r-2' },
    text: expect.stringContaining('"r-2"'),
    at: 1_735_689_600_000,
    status: 200,
  })
  expect(emulator.requests[1]).toMatchObject({ status: 400, message: expect.stringContaining('id: needs') })
})
