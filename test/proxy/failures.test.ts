import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { createProxy, nodeListener } from '../../src/server.ts'
import { ACCOUNT, openRoute, sendTo, serve } from './world.ts'

// What a page hears when Target gives no decision.

test('an edge that cannot be reached is a bad gateway', async () => {
  const { send, errors, close } = await openRoute()
  await close()
  const { status, json } = await send()
  expect([status, json]).toEqual([502, { status: 502, message: 'Target could not be reached' }])
  expect(errors).toEqual([expect.objectContaining({ code: 'NETWORK_ERROR' })])
})

test('an edge that hangs is given up', async () => {
  const { send, edge, errors } = await openRoute({ timeout: 100 })
  edge.fail({ delay: 60_000 })
  const { status, json } = await send()
  expect([status, json]).toEqual([504, { status: 504, message: 'Target did not answer in time' }])
  expect(errors).toEqual([expect.objectContaining({ code: 'TIMEOUT' })])
})

test('a refusal of Target is handed on, with how long to wait', async () => {
  const { send, edge, errors } = await openRoute()
  edge.fail({ status: 503, body: { status: 503, message: 'Busy' }, headers: { 'retry-after': '7' } })
  const { status, json, headers } = await send()
  expect([status, json, headers['retry-after']]).toEqual([503, { status: 503, message: 'Busy' }, '7'])
  expect(errors).toEqual([expect.objectContaining({ code: 'HTTP_ERROR', status: 503 })])
})

test.each([
  ['a page of a gateway', { status: 502, body: '<html>' }, [502, '<html>']],
  ['no JSON', { body: 'hello' }, [502, 'Target gave no delivery response']],
  ['an error in disguise', { body: { status: 400, message: 'Bad' } }, [400, 'Bad']],
  ['a status that is none', { body: { status: 12, message: 'Odd' } }, [502, 'Target gave no delivery response']],
  ['too many requests of a session', { status: 420, body: { status: 420, message: 'Too many' } }, [420, 'Too many']],
] as const)('%s is an error of the shape that pages know', async (_, fault, [status, message]) => {
  const { send, edge } = await openRoute()
  edge.fail(fault)
  const answer = await send()
  expect([answer.status, answer.json]).toEqual([status, { status, message }])
})

test('nothing of the edge but its answer comes back', async () => {
  const { send, edge } = await openRoute()
  edge.fail({
    body: { status: 200 },
    headers: {
      'set-cookie': 'evil=1',
      'x-internal': '1',
      'access-control-allow-origin': '*',
      'content-type': 'text/html',
    },
  })
  const { headers } = await send()
  expect(headers['set-cookie']?.join()).not.toContain('evil')
  expect(headers).not.toHaveProperty('x-internal')
  expect(headers).not.toHaveProperty('access-control-allow-origin')
  expect(headers['content-type']).toBe('application/json;charset=UTF-8')
})

test('who listens to errors cannot harm a visitor', async () => {
  const { send, edge } = await openRoute({
    onError() {
      throw new Error('listener')
    },
  })
  edge.fail({ status: 500, body: { status: 500, message: 'No' } })
  expect((await send()).status).toBe(500)
})

/** Writes bytes as they are, and reads what comes until the connection ends. */
const raw = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, 'localhost', () => socket.write(text))
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })

test.each([
  [
    'an address in place of a path',
    (port: number) =>
      `POST http://evil.example/offers?imsOrgId=ABC%40AdobeOrg&sessionId=s HTTP/1.1\r\nHost: localhost:${port}`,
    200,
  ],
  [
    'a path that looks like a host',
    (port: number) => `POST //evil.example/x?imsOrgId=ABC%40AdobeOrg&sessionId=s HTTP/1.1\r\nHost: localhost:${port}`,
    200,
  ],
  [
    'a path that climbs',
    (port: number) => `POST /../../etc/passwd?imsOrgId=ABC%40AdobeOrg&sessionId=s HTTP/1.1\r\nHost: localhost:${port}`,
    200,
  ],
  ['a host that is none', () => 'POST /offers?imsOrgId=ABC%40AdobeOrg&sessionId=s HTTP/1.1\r\nHost: a b<>', 400],
  ['a star', (port: number) => `OPTIONS * HTTP/1.1\r\nHost: localhost:${port}`, 204],
])('%s in the first line leads nowhere else', async (_, head, status) => {
  const { port, edge } = await openRoute()
  const body = '{"context":{"channel":"web"},"execute":{"pageLoad":{}}}'
  const text = `${head(port)}\r\nOrigin: http://localhost:${port}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
  expect((await raw(port, text)).split(' ')[1]).toBe(`${status}`)
  expect(edge.requests.map(({ url }) => new URL(url).pathname)).toEqual(status === 200 ? ['/rest/v1/delivery'] : [])
})

test('a page that goes away does not take its notifications with it', async () => {
  const { port, edge } = await openRoute({}, { latency: 50 })
  const body = JSON.stringify({
    context: { channel: 'web', beacon: true },
    notifications: [{ id: 'n', type: 'display', timestamp: Date.now(), mbox: { name: 'hero' } }],
  })
  const socket = connect(port, 'localhost', () => {
    socket.end(
      `POST /?imsOrgId=ABC%40AdobeOrg&sessionId=s HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: http://localhost:${port}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      () => socket.destroy(),
    )
  })
  await expect.poll(() => edge.requests.map(({ status }) => status)).toEqual([204])
})

test('a body that another part of the server has read is taken from there', async () => {
  const { edgeUrl, edge } = await openRoute()
  const proxy = createProxy({ ...ACCOUNT, serverDomain: new URL(edgeUrl).host, secure: false })
  const listener = nodeListener(proxy)
  const port = await serve(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    await listener(Object.assign(incoming, { body: JSON.parse(Buffer.concat(chunks).toString()) }), outgoing)
  })
  expect((await sendTo(port)).status).toBe(200)
  expect(edge.requests).toHaveLength(1)
})

test('the rules are served with their tag, where the route says so', async () => {
  const { edge, edgeUrl } = await openRoute()
  const artifactLocation = `${edgeUrl}/acme/production/v1/rules.json`
  const { send } = await openRoute({ artifact: { artifactLocation } })
  const get = (headers = {}, path = '/offers/rules.json') => send({ method: 'GET', path, query: '', headers })
  const { status, headers, json } = await get({ origin: undefined })
  expect([status, json]).toMatchObject([200, { version: expect.any(String), rules: expect.any(Object) }])
  expect(headers).not.toHaveProperty('set-cookie')
  const again = await get({ 'if-none-match': headers.etag })
  expect([again.status, again.text, again.headers.etag]).toEqual([304, '', headers.etag])
  expect(edge.requests.map(({ status }) => status)).toEqual([200, 304])
  expect((await get({}, '/offers/rules.json.bak')).status).toBe(405)
  const none = await openRoute({ artifact: { artifactLocation: `${edgeUrl}/nothing` } })
  expect((await none.send({ method: 'GET', path: '/rules.json' })).status).toBe(502)
  const plain = await openRoute()
  expect((await plain.send({ method: 'GET', path: '/rules.json' })).status).toBe(405)
})
