import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { byChance, FAULTS, type Fault, inTurn } from './fault-plan.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'

const edge = createEmulator({ offers: { hero: '<b>Hello</b>' } })
let edgeServer: Listening
let proxy: FaultProxy

beforeAll(async () => {
  edgeServer = await edge.listen(0)
  proxy = await startFaultProxy({ edge: edgeServer.url, plan: inTurn(), retryAfter: 7, drip: 300 })
})
afterAll(async () => {
  await proxy.close()
  await edgeServer.close()
})
beforeEach(() => edge.reset())

const ids = ['n-1', 'n-2', 'n-3', 'n-4']
const bodyOf = (context: object = {}) =>
  JSON.stringify({
    context: { channel: 'web', ...context },
    notifications: ids.map((id) => ({ id, type: 'display', timestamp: Date.now(), mbox: { name: `thanks-${id}` } })),
  })
const post = (body: string, init: RequestInit = {}) =>
  fetch(`${proxy.url}/rest/v1/delivery?client=acme&sessionId=s1`, { method: 'POST', body, ...init })

/** What somebody sees who posts four notifications and waits for half a second. */
const call = async (fault: Fault | 'pass', init: RequestInit = {}) => {
  proxy.use(inTurn(fault))
  const outcome: { status?: number; retryAfter?: string | null; text?: string; error?: string } = {}
  try {
    const response = await post(bodyOf(), { signal: AbortSignal.timeout(500), ...init })
    Object.assign(outcome, { status: response.status, retryAfter: response.headers.get('retry-after') })
    outcome.text = await response.text()
  } catch (error) {
    const { name, cause } = error as { name: string; cause?: { code?: string } }
    outcome.error = cause?.code ?? name
  }
  const accepted = edge.ledger.entries.flatMap(({ notification }) => notification ?? [])
  return { ...outcome, accepted: accepted.length, repeats: edge.ledger.repeats, record: proxy.calls.at(-1) }
}
const acknowledged = (text = '') =>
  (JSON.parse(text) as { notifications: { id: string }[] }).notifications.map(({ id }) => id)

it('passes a call on as it is', async () => {
  const { status, text, accepted, record } = await call('pass')
  expect({ status, accepted, acknowledged: acknowledged(text) }).toEqual({
    status: 200,
    accepted: 4,
    acknowledged: ids,
  })
  expect(record).toEqual({
    fault: undefined,
    sessionId: 's1',
    at: expect.any(Number),
    reached: 1,
    notifications: ids,
    bytes: expect.any(Number),
  })
  expect(edge.requests[0]?.host).toBe('127.0.0.1')
})

it.for([
  ['reset-before', 0],
  ['reset-during', 0],
  ['reset-during-counted', 4],
] as const)('%s: there is no answer, and %s are counted', async ([fault, counted]) => {
  const { status, error, accepted, record } = await call(fault)
  expect({ status, accepted }).toEqual({ status: undefined, accepted: counted })
  expect(error).toMatch(/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/)
  expect(record).toMatchObject({ fault, reached: counted ? 1 : 0 })
})

it.for(['reset-after', 'truncated'] as const)('%s: the answer begins, and does not end', async (fault) => {
  const { status, error, text, accepted } = await call(fault)
  expect({ status, text, accepted }).toEqual({ status: 200, text: undefined, accepted: 4 })
  expect(error).toMatch(/^(ECONNRESET|UND_ERR_SOCKET)$/)
})

it.for([
  ['hang', 0],
  ['hang-counted', 4],
] as const)('%s: nothing comes, and %s are counted', async ([fault, counted]) => {
  const { status, error, accepted } = await call(fault)
  expect({ status, error, accepted }).toEqual({ status: undefined, error: 'TimeoutError', accepted: counted })
})

it.for([
  ['413', null, 'html'],
  ['420', null, 'message'],
  ['429', '7', 'message'],
  ['500', null, 'message'],
  ['502', null, 'html'],
  ['503', '7', 'html'],
] as const)('%s: the edge is not reached, Retry-After is %s', async ([fault, retryAfter, said]) => {
  const outcome = await call(fault)
  expect(outcome).toMatchObject({ status: Number(fault), retryAfter, accepted: 0, record: { reached: 0 } })
  expect(outcome.text).toContain(said)
})

it('malformed: counted, and answered with what is no JSON', async () => {
  const { status, text, accepted } = await call('malformed')
  expect({ status, accepted }).toEqual({ status: 200, accepted: 4 })
  expect(() => JSON.parse(text ?? '')).toThrow(SyntaxError)
})

it('html: a page with status 200, from somebody who is no edge', async () => {
  expect(await call('html')).toMatchObject({
    status: 200,
    accepted: 0,
    text: expect.stringMatching(/^<!doctype html>/),
  })
})

it.for([
  ['partial', ids.slice(0, 2)],
  ['other-order', [...ids].reverse()],
  ['duplicated', [...ids, ...ids]],
] as const)('%s: all are counted, and %s acknowledged', async ([fault, expected]) => {
  const { status, text, accepted } = await call(fault)
  expect({ status, accepted, acknowledged: acknowledged(text) }).toEqual({
    status: 200,
    accepted: 4,
    acknowledged: expected,
  })
})

it('slow: the answer comes in drops', async () => {
  proxy.use(inTurn('slow'))
  const response = await post(bodyOf())
  const sizes: number[] = []
  for await (const chunk of response.body ?? []) sizes.push(chunk.length)
  expect(sizes.length).toBeGreaterThan(5)
  expect(edge.ledger.entries).toHaveLength(4)
})

it('redelivered: the edge gets it twice, and says so', async () => {
  const { text, repeats, record } = await call('redelivered')
  expect({ acknowledged: acknowledged(text), repeats, record }).toMatchObject({
    acknowledged: ids,
    repeats: 4,
    record: { reached: 2 },
  })
})

it('a beacon is answered without a body, or not at all', async () => {
  for (const fault of ['partial', 'slow', 'redelivered'] as const) {
    proxy.use(inTurn(fault))
    const response = await post(bodyOf({ beacon: true }))
    expect([fault, response.status, response.headers.get('content-length')]).toEqual([fault, 204, null])
  }
  for (const fault of ['truncated', 'reset-after'] as const) {
    proxy.use(inTurn(fault))
    await expect(post(bodyOf({ beacon: true }))).rejects.toThrow(TypeError)
  }
  expect(edge.ledger.repeats).toBe(4 * 5)
})

it('browsers may read what it says, and ask before', async () => {
  const origin = 'https://shop.example'
  for (const fault of ['503', 'html', 'malformed', 'partial'] as const) {
    proxy.use(inTurn(fault))
    const { headers } = await post(bodyOf(), { headers: { origin } })
    expect([fault, headers.get('access-control-allow-origin')]).toEqual([fault, origin])
  }
  proxy.use(inTurn('503'))
  const asked = await fetch(`${proxy.url}/rest/v1/delivery`, { method: 'OPTIONS', headers: { origin } })
  expect(asked.status).toBe(204)
  const { status, headers } = await post(bodyOf(), { headers: { origin } })
  expect([status, headers.get('access-control-expose-headers')]).toEqual([503, 'retry-after'])
})

it('nothing is too long that is shorter than the smallest', async () => {
  const generous = await startFaultProxy({ edge: edgeServer.url, plan: inTurn('413', '413'), smallest: 1000 })
  const statuses = [bodyOf(), bodyOf({ userAgent: 'x'.repeat(1000) })].map(async (body) => {
    return (await fetch(`${generous.url}/rest/v1/delivery?client=acme&sessionId=s2`, { method: 'POST', body })).status
  })
  expect((await Promise.all(statuses)).sort()).toEqual([200, 413])
  expect(generous.calls.map(({ fault }) => fault).sort()).toEqual(['413', undefined])
  await generous.close()
})

it('chance is the same for the same seed, and every fault has one', () => {
  const draw = (seed: number) => {
    const plan = byChance({ seed, rate: 0.3 })
    return Array.from({ length: 2000 }, () => plan(''))
  }
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
  const hits = draw(1).filter((fault) => fault !== undefined)
  expect(hits.length).toBeGreaterThan(500)
  expect(hits.length).toBeLessThan(700)
  expect(new Set(hits)).toEqual(new Set(FAULTS))
})

it('what hangs breaks after a while, if it shall', async () => {
  const patient = await startFaultProxy({ edge: edgeServer.url, plan: inTurn('hang', 'hang-counted'), hang: 50 })
  const codes: unknown[] = []
  for (let count = 0; count < 2; count++) {
    const url = `${patient.url}/rest/v1/delivery?client=acme&sessionId=s3`
    const error = await fetch(url, { method: 'POST', body: bodyOf() }).catch((error: Error) => error)
    codes.push((error as { cause?: { code?: string } }).cause?.code)
  }
  for (const code of codes) expect(code).toMatch(/^(ECONNRESET|UND_ERR_SOCKET)$/)
  expect(edge.ledger.entries).toHaveLength(4)
  await patient.close()
})
