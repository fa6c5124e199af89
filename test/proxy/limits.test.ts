import { expect, test } from 'vitest'
import { type Answer, HERO, openRoute, QUERY, sendTo } from './world.ts'

// What a route does not hand on, counted at the edge behind it.

const refused = ({ status, json }: Answer) => [status, json.status, json.message]

test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s is no method of it', async (method) => {
  const { send, edge } = await openRoute()
  const answer = await send({ method })
  expect(refused(answer)).toEqual([405, 405, 'Use POST'])
  expect(answer.headers.allow).toBe('POST, OPTIONS')
  expect(edge.requests).toEqual([])
})

test('a body is counted before it is read, when it says its length', async () => {
  const { send, edge } = await openRoute({ maxBodyBytes: 1000 })
  expect((await send({ body: JSON.stringify(HERO).padEnd(1000) })).status).toBe(200)
  expect(refused(await send({ body: JSON.stringify(HERO).padEnd(1001) }))).toEqual([
    413,
    413,
    'Request Entity Too Large: at most 1000 bytes',
  ])
  expect(edge.requests).toHaveLength(1)
})

test('bytes are counted, not characters', async () => {
  const { send } = await openRoute({ maxBodyBytes: 200 })
  const body = `${JSON.stringify(HERO).slice(0, -1)},"x":"${'é'.repeat(60)}"}`
  expect(body.length).toBeLessThan(200)
  expect((await send({ body })).status).toBe(413)
})

test('a body without an end is read up to the limit, and not beyond', async () => {
  const { send, edge } = await openRoute({ maxBodyBytes: 100_000 })
  let sent = 0
  const endless = async function* () {
    for (; ; sent += 16_384) yield ' '.repeat(16_384)
  }
  const answer = await send({ body: endless(), headers: { 'transfer-encoding': 'chunked' } })
  expect(refused(answer)).toEqual([413, 413, 'Request Entity Too Large: at most 100000 bytes'])
  expect(answer.headers.connection).toBe('close')
  expect(sent).toBeGreaterThan(80_000)
  expect(edge.requests).toEqual([])
})

test('a body that comes too slowly is given up', async () => {
  const { send, edge } = await openRoute({ bodyTimeout: 100 })
  const slow = async function* () {
    yield '{"context":'
    await new Promise(() => {})
  }
  const answer = await send({ body: slow(), headers: { 'transfer-encoding': 'chunked' } })
  expect(refused(answer)).toEqual([408, 408, 'The body did not come within 100 ms'])
  expect(edge.requests).toEqual([])
})

test.each([
  ['application/x-www-form-urlencoded', {}],
  ['multipart/form-data; boundary=x', {}],
  ['text/plainer', {}],
  ['text/plain', { 'content-encoding': 'gzip' }],
])('%s %j is no body of it', async (type, headers) => {
  const { send, edge } = await openRoute()
  expect((await send({ headers: { 'content-type': type, ...headers } })).status).toBe(415)
  expect(edge.requests).toEqual([])
})

test.each([
  'text/plain',
  'text/plain;charset=UTF-8',
  'TEXT/PLAIN',
  'application/json',
  'application/json; charset=utf-8',
  '',
])('content type "%s" is one', async (type) => {
  const { send } = await openRoute()
  expect((await send({ headers: { 'content-type': type } })).status).toBe(200)
})

test.each([
  ['no JSON', 'hello'],
  ['nothing', ''],
  ['half of it', '{"context":'],
  ['a list', '[]'],
  ['null', 'null'],
  ['a context that is none', '{"context":[]}'],
  ['an id that is none', '{"context":{},"id":"x"}'],
  ['more depth than can be written', `{"context":{},"x":${'['.repeat(60_000)}${']'.repeat(60_000)}}`],
])('a body of %s is answered as Target does', async (_, body) => {
  const { send, edge } = await openRoute()
  expect(refused(await send({ body }))).toEqual([400, 400, expect.stringMatching(/^Invalid request: /)])
  expect(edge.requests).toEqual([])
})

test('text that is no UTF-8 is refused', async () => {
  const { port, edge } = await openRoute()
  const answer = await fetch(`http://localhost:${port}/?${new URLSearchParams(QUERY)}`, {
    method: 'POST',
    headers: { origin: `http://localhost:${port}`, 'content-type': 'text/plain' },
    body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]),
  })
  expect(answer.status).toBe(400)
  expect(edge.requests).toEqual([])
})

test.each([
  ['another organization', { imsOrgId: 'EVIL@AdobeOrg', sessionId: 's' }],
  ['another client', { client: 'evil', sessionId: 's' }],
  ['one of each', { imsOrgId: 'ABC@AdobeOrg', client: 'evil', sessionId: 's' }],
  ['no account', { sessionId: 's' }],
  ['no session', { imsOrgId: 'ABC@AdobeOrg' }],
  ['a session that is none', { imsOrgId: 'ABC@AdobeOrg', sessionId: 'a b' }],
  ['a session that is too long', { imsOrgId: 'ABC@AdobeOrg', sessionId: 'x'.repeat(129) }],
])('a call for %s is refused', async (_, query) => {
  const { send, edge } = await openRoute()
  const answer = await send({ query })
  expect(answer.status).toBe(400)
  expect(answer.text).not.toContain('EVIL')
  expect(edge.requests).toEqual([])
})

test('the first of two parameters of one name is looked at, and it alone is handed on', async () => {
  const { send, edge } = await openRoute()
  await send({ query: 'imsOrgId=ABC%40AdobeOrg&sessionId=s&imsOrgId=EVIL%40AdobeOrg&sessionId=t' })
  expect(edge.requests[0]?.url.split('?')[1]).toBe('imsOrgId=ABC%40AdobeOrg&sessionId=s')
})

test('a visitor may make so many calls at once, and then as many a minute', async () => {
  const { send, edge } = await openRoute({ rate: { limit: 3, interval: 60_000 } })
  const statuses = async (visitor: string, count: number) => {
    const answers: Answer[] = []
    for (let call = 0; call < count; call++) answers.push(await send({ headers: { 'x-visitor': visitor } }))
    return answers
  }
  const one = await statuses('203.0.113.7', 5)
  expect(one.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429])
  expect(refused(one[3] as Answer)).toEqual([429, 429, 'Too many requests'])
  expect(Number(one[3]?.headers['retry-after'])).toBeGreaterThan(0)
  expect(Number(one[3]?.headers['retry-after'])).toBeLessThanOrEqual(20)
  expect((await statuses('203.0.113.8', 1)).map(({ status }) => status)).toEqual([200])
  expect(edge.requests).toHaveLength(4)
})

test('a bucket fills up again', async () => {
  const { send } = await openRoute({ rate: { limit: 1, interval: 100 } })
  expect((await send()).status).toBe(200)
  await expect.poll(async () => (await send()).status, { interval: 50 }).toBe(200)
})

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:3::1'],
  ['2001:0db8::1', '2001:db8:0:0:5::', '2001:db8:0:1::'],
])('all addresses of one IPv6 network are one visitor: %s and %s, not %s', async (one, same, other) => {
  const { send } = await openRoute({ rate: { limit: 1, interval: 60_000 } })
  const status = async (visitor: string) => (await send({ headers: { 'x-visitor': visitor } })).status
  expect([await status(one), await status(same), await status(other)]).toEqual([200, 429, 200])
})

test('where no address is known, each session is a visitor', async () => {
  const { send } = await openRoute({ rate: { limit: 1, interval: 60_000 } })
  const status = async (sessionId: string) => (await send({ query: { ...QUERY, sessionId } })).status
  expect([await status('a'), await status('a'), await status('b')]).toEqual([200, 429, 200])
})

test('a function says whose call it is; false counts none', async () => {
  const own = await openRoute({
    rate: { limit: 1, interval: 60_000, key: ({ headers }) => headers.get('x-user') ?? undefined },
  })
  const status = async (user?: string) => (await own.send({ headers: user ? { 'x-user': user } : {} })).status
  expect([await status('a'), await status('a'), await status('b'), await status(), await status()]).toEqual([
    200, 429, 200, 200, 200,
  ])
  const { send } = await openRoute({ rate: false })
  const many = await Promise.all(Array.from({ length: 30 }, () => send()))
  expect(many.every(({ status }) => status === 200)).toBe(true)
})

test('a function that throws is told, and answered with 500', async () => {
  const boom = new Error('boom')
  const { send, errors } = await openRoute({
    rate: {
      key() {
        throw boom
      },
    },
  })
  expect(refused(await send())).toEqual([500, 500, 'The route failed'])
  expect(errors).toEqual([boom])
})

test('with many thousand visitors the ones that were silent longest are forgotten', async () => {
  const { proxy } = await openRoute({ rate: { limit: 1, interval: 3_600_000 } })
  const status = async (ipAddress: string) => {
    const request = new Request(`http://localhost/?${new URLSearchParams(QUERY)}`, {
      method: 'POST',
      headers: { origin: 'http://localhost' },
      body: '-',
    })
    return (await proxy(request, { ipAddress })).status
  }
  expect([await status('9.9.9.9'), await status('9.9.9.9')]).toEqual([400, 429])
  for (let at = 0; at < 10_000; at++) await status(`8.${at >> 16}.${(at >> 8) & 255}.${at & 255}`)
  expect(await status('9.9.9.9')).toBe(400)
})

test('a refused call costs the edge nothing, and one after it goes through', async () => {
  const { port, edge } = await openRoute({ maxBodyBytes: 500 })
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => sendTo(port, { body: at % 2 ? HERO : 'x'.repeat(100_000) })),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, (_, at) => (at % 2 ? 200 : 413)))
  expect(edge.requests).toHaveLength(10)
})
