import { expect, test } from 'vitest'
import { openRoute } from './world.ts'

// Only pages of the site itself may call, unless the route says more.

test.each<[string, Record<string, string | undefined>]>([
  ['of a page of another site', { origin: 'https://evil.example' }],
  ['of a page of another port', { origin: 'http://localhost:1' }],
  ['of a sandboxed frame', { origin: 'null' }],
  ['that says of no page that it comes from there', { origin: undefined }],
  ['of another site, as its browser says', { 'sec-fetch-site': 'cross-site' }],
  ['of a sibling, as its browser says', { 'sec-fetch-site': 'same-site' }],
  ['that a person typed', { origin: undefined, 'sec-fetch-site': 'none' }],
])('a call %s is refused', async (_, headers) => {
  const { send, edge } = await openRoute()
  const answer = await send({ headers })
  expect([answer.status, answer.json.status, answer.json.message]).toEqual([
    403,
    403,
    expect.stringContaining('list it in origins'),
  ])
  expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  expect(answer.headers).not.toHaveProperty('set-cookie')
  expect(edge.requests).toEqual([])
})

test.each<[string, Record<string, string | undefined>]>([
  ['as its browser says', { origin: undefined, 'sec-fetch-site': 'same-origin' }],
  ['and hides itself from others', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  [
    'behind a proxy that tells the host',
    { origin: 'https://www.shop.example', 'x-forwarded-host': 'www.shop.example' },
  ],
])('a page of the site %s may call', async (_, headers) => {
  const { send } = await openRoute()
  const answer = await send({ headers })
  expect(answer.status).toBe(200)
  expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
})

test('a page of an origin that is listed may call, and read the answer, also a refusal', async () => {
  const { send } = await openRoute({ origins: ['https://m.shop.example'] })
  const headers = { origin: 'https://m.shop.example', 'sec-fetch-site': 'same-site' }
  const cors = {
    'access-control-allow-origin': 'https://m.shop.example',
    'access-control-allow-credentials': 'true',
    vary: 'Origin',
  }
  const answer = await send({ headers })
  expect([answer.status, answer.headers]).toEqual([200, expect.objectContaining(cors)])
  const refused = await send({ headers, body: 'no' })
  expect([refused.status, refused.headers]).toEqual([400, expect.objectContaining(cors)])
  expect((await send({ headers: { ...headers, origin: 'https://x.shop.example' } })).status).toBe(403)
})

test('a browser that asks before it posts is answered, without a call', async () => {
  const { send, edge } = await openRoute({ origins: ['https://m.shop.example'] })
  const ask = (origin: string) =>
    send({ method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })
  const { status, headers } = await ask('https://m.shop.example')
  expect([status, headers]).toEqual([
    204,
    expect.objectContaining({
      'access-control-allow-origin': 'https://m.shop.example',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type',
    }),
  ])
  expect((await ask('https://evil.example')).status).toBe(403)
  expect(edge.requests).toEqual([])
})

test('a star lets anybody call', async () => {
  const { send } = await openRoute({ origins: ['*'] })
  expect((await send({ headers: { origin: undefined } })).status).toBe(200)
  const { headers } = await send({ headers: { origin: 'https://any.example' } })
  expect(headers['access-control-allow-origin']).toBe('https://any.example')
})
