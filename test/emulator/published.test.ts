import { http } from 'msw'
import { setupServer } from 'msw/node'
import { afterEach, describe, expect, it } from 'vitest'
import { readArtifact } from '../../src/decisioning/container.ts'
import { decide } from '../../src/decisioning/decide.ts'
import { createEmulator, type EmulatorOptions, type Listening } from '../../src/emulator.ts'
import { artifactOf, rule } from '../decisioning/rules.ts'
import { ask, named } from './call.ts'
import { context, page, publish } from './published.ts'

const open: Listening[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

const ORGANIZATION = 'ABC@AdobeOrg'

/** An edge that listens, and the address of a file on it. */
const serve = async (options: EmulatorOptions = {}) => {
  const edge = createEmulator({ offers: page, ...options })
  const server = await edge.listen()
  open.push(server)
  return { edge, at: (path: string) => `${server.url}${path}` }
}

const JSON_FILE = '/acme/production/v1/rules.json'
const BIN_FILE = '/acme/production/v1/rules.bin'

describe('a file', () => {
  it('is where Target has it: by client, environment and property', async () => {
    const { at } = await serve()
    for (const [path, environment] of [
      [JSON_FILE, 'production'],
      ['/acme/my-env/v1/rules.json', 'my-env'],
      ['/acme/staging/v1/p%2F1/rules.json', 'staging'],
    ]) {
      const response = await fetch(at(`${path}`))
      expect(response.headers.get('content-type')).toBe('application/json')
      expect((await response.json()).meta).toMatchObject({ clientCode: 'acme', environment })
    }
  })

  it('is the same as long as the edge runs, also after a reset, and has its tag', async () => {
    const { edge, at } = await serve()
    const first = await fetch(at(JSON_FILE))
    const etag = `${first.headers.get('etag')}`
    expect(etag).toMatch(/^"[^"]+"$/)
    edge.reset()
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await fetch(at(JSON_FILE), { headers: { 'if-none-match': tag } })
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, ''])
    }
    const other = await fetch(at(JSON_FILE), { headers: { 'if-none-match': '"other"' } })
    expect([other.status, await other.text()]).toEqual([200, await first.text()])
    expect((await fetch(at('/other/production/v1/rules.json'))).headers.get('etag')).not.toBe(etag)
  })

  it('may be kept for a while, and read by every page', async () => {
    const { edge, at } = await serve()
    const { headers } = await fetch(at(JSON_FILE), { headers: { origin: 'https://shop.example' } })
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'max-age=300',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': expect.stringContaining('x-geo-city'),
    })
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    const leave = await fetch(at(JSON_FILE), { method: 'OPTIONS', headers: { origin: 'https://shop.example' } })
    expect(leave.headers.get('access-control-allow-methods')).toBe('GET, HEAD')
    expect(edge.preflights).toBe(1)
  })

  it('can be asked for by HEAD, and cannot be posted to', async () => {
    const { at } = await serve()
    const head = await fetch(at(JSON_FILE), { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const post = await fetch(at(JSON_FILE), { method: 'POST', body: '{}' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })

  it('is only of this client, and of a property of the account', async () => {
    const { at } = await serve({ client: 'acme', propertyTokens: ['p-1'] })
    const statuses = await Promise.all(
      [
        JSON_FILE,
        '/other/production/v1/rules.json',
        '/acme/production/v1/p-1/rules.json',
        '/acme/production/v1/p-2/rules.json',
      ].map(async (path) => (await fetch(at(path))).status),
    )
    expect(statuses).toEqual([200, 404, 200, 404])
  })

  it('is asked for, goes wrong and comes late as any request does', async () => {
    const { edge, at } = await serve()
    edge.fail({ status: 503, headers: { 'retry-after': '2' } })
    const failed = await fetch(at(JSON_FILE))
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '2'])
    edge.fail({ headers: { 'x-extra': 'yes' } })
    const { headers } = await fetch(at(JSON_FILE))
    expect([headers.get('x-extra'), headers.get('cache-control')]).toEqual(['yes', 'max-age=300'])
    edge.fail({ reset: true })
    await expect(fetch(at(JSON_FILE))).rejects.toThrow(TypeError)
    expect(edge.requests.map(({ method, status }) => [method, status])).toEqual([
      ['GET', 503],
      ['GET', 200],
      ['GET', undefined],
    ])
  })
})

describe('the obfuscated form', () => {
  it('is written for the organization', async () => {
    const { at } = await serve({ organizationId: ORGANIZATION })
    const response = await fetch(at(BIN_FILE))
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    const { json } = readArtifact(new Uint8Array(await response.arrayBuffer()), ORGANIZATION)
    expect(json).toEqual(await (await fetch(at(JSON_FILE))).json())
  })

  it('needs to know which one', async () => {
    const { at } = await serve()
    const response = await fetch(at(BIN_FILE))
    expect([response.status, (await response.json()).message]).toEqual([404, expect.stringContaining('organizationId')])
  })
})

describe('an artifact that is given', () => {
  const artifact = artifactOf({
    mboxes: {
      hero: [rule({ name: 'hero', activity: 7, eventToken: 'T+1/=', metrics: [{ type: 'click', eventToken: 'C' }] })],
      'target-global-mbox': [rule({ name: 'target-global-mbox', activity: 7, experience: 1, eventToken: 'T2' })],
    },
    views: { cart: [rule({ name: 'cart', activity: 8, eventToken: 'T3' })] },
  })

  it('is served as it is, an object or bytes, in either form', async () => {
    const object = await serve({ artifact, organizationId: ORGANIZATION })
    expect(await (await fetch(object.at(JSON_FILE))).json()).toEqual(artifact)
    const bytes = new Uint8Array(await (await fetch(object.at(BIN_FILE))).arrayBuffer())
    expect(readArtifact(bytes, ORGANIZATION).json).toEqual(artifact)
    for (const given of [bytes, bytes.buffer, Buffer.from(bytes)]) {
      const { at } = await serve({ artifact: given })
      expect(new Uint8Array(await (await fetch(at(BIN_FILE))).arrayBuffer())).toEqual(bytes)
    }
  })

  it('may be bad', async () => {
    const half = new TextEncoder().encode('{"version":"1.0.0","rules"')
    expect(await (await fetch((await serve({ artifact: half })).at(JSON_FILE))).text()).toBe(
      '{"version":"1.0.0","rules"',
    )
    for (const bad of [
      {},
      { rules: null },
      { rules: { mboxes: { hero: 5, a: [null, 5, {}], b: [{ consequence: { options: 5 } }] } } },
    ])
      expect(await (await fetch((await serve({ artifact: bad })).at(JSON_FILE))).json()).toEqual(bad)
  })

  it("is the caller's own: what becomes of it later is not served", async () => {
    const mine = { ...artifact, version: '1.0.0' }
    const { at } = await serve({ artifact: mine })
    mine.version = '9.0.0'
    expect((await (await fetch(at(JSON_FILE))).json()).version).toBe('1.0.0')
  })

  it.each(['object', 'bytes'])('has its activities in the ledger, and its tokens count (%s)', async (form) => {
    const closed = createEmulator({ artifact, organizationId: ORGANIZATION })
    const given =
      form === 'object' ? artifact : new Uint8Array(await (await closed(`https://x${BIN_FILE}`)).arrayBuffer())
    const edge = createEmulator({ artifact: given, organizationId: ORGANIZATION })
    const id = { tntId: 'abc' }
    const execute = { ...named('hero'), pageLoad: {} }
    const { notifications } = decide(artifact, { context, id, execute }, Date.now())
    const answered = await ask(edge, {
      id,
      notifications: [
        ...notifications,
        { id: 'v', type: 'display', timestamp: Date.now(), view: { name: 'cart' }, tokens: ['T3'] },
        { id: 'c', type: 'click', timestamp: Date.now(), mbox: { name: 'hero' }, tokens: ['C'] },
      ],
    })
    expect(answered.notifications).toHaveLength(4)
    expect(`${edge.ledger}`.split('\n').map((line) => line.trim().split(/ {2,}/))).toMatchObject([
      ['activity 7 (7)', 'visitors', 'visits', 'impressions', 'clicks', 'conversions', 'revenue'],
      ['experience 0', '1', '1', '1', '1', '0', '0'],
      ['experience 1', '1', '1', '1', '0', '0', '0'],
      ['activity 8 (8)', 'visitors', 'visits', 'impressions', 'clicks', 'conversions', 'revenue'],
      ['experience 0', '1', '1', '1', '0', '0', '0'],
    ])
    expect(await ask(edge, { id, notifications: [{ ...notifications[0], id: 'x', tokens: ['T9'] }] })).toMatchObject({
      status: 400,
    })
  })

  it('leaves the offers to the edge', async () => {
    const edge = createEmulator({
      artifact,
      offers: { activities: [{ id: 7, name: 'Own', experiences: [{ name: 'E', offers: { hero: 'far' } }] }] },
    })
    const { execute } = await ask(edge, { execute: named('hero') })
    expect(execute?.mboxes?.[0]?.options?.[0]?.content).toBe('far')
    expect(edge.ledger.activities().map(({ name }) => name)).toEqual(['Own', 'activity 8'])
  })
})

describe('places of callers', () => {
  const geo = { city: 'PUNE', countryCode: 'IN', stateCode: 'MH', latitude: 18.5, longitude: 0 }
  const fields = {
    'x-geo-city': 'PUNE',
    'x-geo-country-code': 'IN',
    'x-geo-region-code': 'MH',
    'x-geo-latitude': '18.5',
    'x-geo-longitude': '0',
  }

  it('are in the headers of the rules, and can be looked up', async () => {
    const { edge, at } = await serve({ geo })
    expect(Object.fromEntries((await fetch(at(JSON_FILE))).headers)).toMatchObject(fields)
    expect(await (await fetch(at('/v1/geo'))).json()).toEqual(fields)
    expect(edge.requests).toHaveLength(2)
  })

  it('may depend on the address', async () => {
    const { at } = await serve({ geo: (ipAddress) => (ipAddress === '12.21.1.40' ? { ipAddress, ...geo } : undefined) })
    const look = async (ip: string) => (await fetch(at('/v1/geo'), { headers: { 'x-forwarded-for': ip } })).json()
    expect(await look('12.21.1.40')).toEqual({ 'x-forwarded-for': '12.21.1.40', ...fields })
    expect(await look('10.0.0.1')).toEqual({})
  })

  it('are not known unless somebody says so, and then rules do not ask', async () => {
    const { at } = await serve()
    expect([...(await fetch(at(JSON_FILE))).headers.keys()].filter((name) => name.startsWith('x-geo'))).toEqual([])
    expect((await publish({ offers: page })).artifact.geoTargetingEnabled).toBe(false)
    expect((await publish({ offers: page, geo })).artifact.geoTargetingEnabled).toBe(true)
  })
})

it('msw hands over files too', async () => {
  const edge = createEmulator({ offers: page })
  const server = setupServer(...edge.handlers(http))
  server.listen({ onUnhandledFrame: 'error' })
  const { version } = await (await fetch(`https://assets.adobetarget.com${JSON_FILE}`)).json()
  server.close()
  expect([version, edge.requests.length]).toEqual(['1.0.0', 1])
})
