import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { isTargetError } from '../../src/server.ts'
import { createWorld, failureOf, request } from './world.ts'

const world = createWorld()
const failed = async (options = {}, call = {}) => failureOf(world.client(options).getOffers({ request, ...call }))

it('108. a broken connection is tried again', async () => {
  world.server.answer({ destroy: true }, { destroy: true }, { body: { requestId: 'r' } })
  expect((await world.client().getOffers({ request })).response.requestId).toBe('r')
  expect(world.server.requests).toHaveLength(3)
})

it('108. all attempts of a call carry the same body', async () => {
  world.server.answer({ status: 503 }, {})
  await world.client().getOffers({ request })
  const [one, two] = world.server.requests
  expect(two?.text).toBe(one?.text)
})

it('109. differs: when all attempts fail, the error says status, message, attempts and request, where Adobe knows a text', async () => {
  world.server.answer({ status: 503, body: 'upstream is gone' })
  const error = await failed({}, { request: { ...request, requestId: 'mine' } })
  expect(isTargetError(error)).toBe(true)
  expect(error).toMatchObject({
    code: 'HTTP_ERROR',
    status: 503,
    serverMessage: 'upstream is gone',
    attempts: 3,
    requestId: 'mine',
  })
})

it('109. differs: when Target cannot be reached, the error holds its cause', async () => {
  world.server.answer({ destroy: true })
  const error = await failed()
  expect(error).toMatchObject({ code: 'NETWORK_ERROR', attempts: 3, cause: expect.any(TypeError) })
  expect(error.message).toMatch(/^Target could not be reached: fetch failed/)
})

it.each([400, 401, 403, 404, 413])(
  '110. differs: status %i is tried once, where Adobe tries eleven times',
  async (status) => {
    world.server.answer({ status, body: { status, message: 'no' } })
    expect(await failed()).toMatchObject({ code: 'HTTP_ERROR', status, serverMessage: 'no', attempts: 1 })
    expect(world.server.requests).toHaveLength(1)
  },
)

it('110. Adobe tries a refused call eleven times', async () => {
  world.server.answer({ status: 400 })
  await failureOf(world.adobe().getOffers({ request }))
  expect(world.server.requests).toHaveLength(11)
})

it('110. the statuses 408, 420, 425, 429 and 5xx are tried again after a wait', async () => {
  const statuses = [408, 420, 425, 429, 500, 502, 503, 504, 599]
  const seen = new Map<string, number[]>()
  world.server.answer(({ query: { sessionId = '' }, at }) => {
    const times = [...(seen.get(sessionId) ?? []), at]
    seen.set(sessionId, times)
    return { status: times.length > 1 ? 200 : Number(sessionId) }
  })
  const client = world.client()
  await Promise.all(statuses.map((status) => client.getOffers({ request, sessionId: `${status}` })))
  for (const status of statuses) {
    const [one, two] = seen.get(`${status}`) as [number, number]
    expect(two - one, `the wait after ${status}`).toBeGreaterThanOrEqual(45)
  }
})

it('110. waits grow, and no two clients wait alike', async () => {
  const waits = await Promise.all(
    Array.from({ length: 6 }, async (_, index) => {
      const times: number[] = []
      const fetchApi = async () => {
        times.push(performance.now())
        return new Response('', { status: 503 })
      }
      await failureOf(world.client({ fetchApi }).getOffers({ request, sessionId: `S${index}` }))
      const [first, second, third] = times as [number, number, number]
      return [second - first, third - second] as [number, number]
    }),
  )
  expect(new Set(waits.map(([first]) => Math.round(first))).size).toBeGreaterThan(1)
  const mean = (pick: 0 | 1) => waits.reduce((sum, wait) => sum + wait[pick], 0) / waits.length
  expect(mean(1)).toBeGreaterThan(mean(0))
})

it('110. Retry-After is honoured', async () => {
  world.server.answer({ status: 429, headers: { 'retry-after': '1' } }, {})
  await world.client().getOffers({ request })
  const [one, two] = world.server.requests.map(({ at }) => at) as [number, number]
  expect(two - one).toBeGreaterThanOrEqual(990)
  expect(two - one).toBeLessThan(1600)
})

it('110. an option says how often is tried', async () => {
  world.server.answer({ status: 500 })
  expect((await failed({ retries: 0 })).attempts).toBe(1)
  expect((await failed({ retries: 1 })).attempts).toBe(2)
})

it('111. differs: a call that takes too long is aborted and not tried again, where Adobe goes on in the background', async () => {
  world.server.answer({ delay: 400 })
  const error = await failed({ timeout: 100 })
  expect(error).toMatchObject({ code: 'TIMEOUT' })
  expect(error.message).toMatch(/^Request timed out/)
  await sleep(500)
  expect(world.server.requests.map(({ aborted }) => aborted)).toEqual([true])
})

it('111. the time is for the whole call with its repeated attempts', async () => {
  world.server.answer({ status: 503 })
  expect(await failed({ timeout: 250, retries: 50 })).toMatchObject({ code: 'TIMEOUT' })
  const count = world.server.requests.length
  await sleep(600)
  expect(world.server.requests).toHaveLength(count)
})

it('111. a call may have a time of its own, and may be aborted by its signal', async () => {
  world.server.answer({ delay: 300 })
  expect(await failed({}, { timeout: 50 })).toMatchObject({ code: 'TIMEOUT' })
  expect(await failed({}, { signal: AbortSignal.timeout(50) })).toMatchObject({ code: 'ABORTED' })
  expect(await failed({}, { signal: AbortSignal.abort() })).toMatchObject({ code: 'ABORTED' })
  await sleep(350)
  expect(world.server.requests.every(({ aborted }) => aborted)).toBe(true)
})

it('112. a custom fetch is used for calls and for queued notifications alike', async () => {
  const fetchApi = vi.fn(world.server.fetchApi)
  const client = world.hosted({ fetchApi })
  await client.getOffers({ request })
  client.track('order', {}, { sessionId: 'S' })
  await client.flush()
  expect(fetchApi).toHaveBeenCalledTimes(2)
  expect(world.server.requests).toHaveLength(2)
})

it('113. differs: a fetch that gives no more than { ok, status, json } will do, where Adobe needs clone', async () => {
  const minimal = { ok: true, status: 200, json: async () => ({ requestId: 'r' }) }
  const fetchApi = (async () => minimal) as unknown as typeof fetch
  expect((await world.client({ fetchApi }).getOffers({ request })).response.requestId).toBe('r')
  expect((await failureOf(world.adobe({ fetchApi }).getOffers({ request }))).message).toContain('clone')
})

it('114. the port of the server domain is honoured', async () => {
  await world.client().getOffers({ request })
  expect(world.server.only().host).toBe(world.server.domain)
  await world.hosted({ serverDomain: 'proxy.acme.test:8443' }).getOffers({ request })
  expect(world.server.last().host).toBe('proxy.acme.test:8443')
})

it.each(['<html>gateway</html>', '', 'null', '[]', '"text"'])(
  '115. differs: the body %j is a parse error with its status, where Adobe throws what the parser throws',
  async (body) => {
    world.server.answer({ body })
    const error = await failed()
    expect(error).toMatchObject({ code: 'PARSE_ERROR', status: 200, attempts: 1 })
    expect(error.serverMessage).toBe(body)
  },
)

it('an error body is an error whatever the status says', async () => {
  world.server.answer({ body: { status: 400, message: 'Invalid request: Invalid imsOrg - x' } })
  expect(await failed()).toMatchObject({
    code: 'HTTP_ERROR',
    status: 400,
    serverMessage: 'Invalid request: Invalid imsOrg - x',
  })
})

it('an edge that cannot be reached makes room for the host of the client', async () => {
  const hosts: string[] = []
  const fetchApi: typeof fetch = async (url, init) => {
    hosts.push(new URL(`${url}`).host)
    if (hosts.length === 1) throw new TypeError('getaddrinfo ENOTFOUND')
    return world.server.fetchApi(url as string, init)
  }
  await world.hosted({ fetchApi }).getOffers({ request, targetLocationHint: '99' })
  expect(hosts).toEqual(['mboxedge99.tt.omtrdc.net', 'acme.tt.omtrdc.net'])
})
