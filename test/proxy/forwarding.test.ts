import { expect, test } from 'vitest'
import { createProxy } from '../../src/server.ts'
import { ACCOUNT, HERO, openRoute, QUERY } from './world.ts'

// A call of a page comes to the site's own server, and what Target answers goes back.

const notification = (id: string) => ({ id, type: 'display', timestamp: Date.now(), mbox: { name: 'hero' } })

test('an offer is handed on as it is', async () => {
  const { send, edge } = await openRoute()
  const { status, headers, json } = await send()
  expect(status).toBe(200)
  expect(json).toMatchObject({ execute: { mboxes: [{ name: 'hero', options: [{ content: '<b>Hello</b>' }] }] } })
  expect(headers).toMatchObject({ 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store' })
  expect(edge.requests).toHaveLength(1)
  expect(edge.ledger.total('impression')).toBe(1)
})

test.each([
  '/offers',
  '/',
  '/a/b/rest/v1/delivery',
  '/rest/v1/delivery/',
  '/offers/../../rest/v1/../secret',
  '/%2e%2e/x',
])('whatever the path is, %s, Target is asked at its own', async (path) => {
  const { send, edge } = await openRoute()
  expect((await send({ path })).status).toBe(200)
  expect(edge.requests.map(({ url }) => new URL(url).pathname)).toEqual(['/rest/v1/delivery'])
})

test('a beacon is handed on, and so is its empty answer', async () => {
  const { send, edge } = await openRoute()
  const body = { context: { channel: 'web', beacon: true }, notifications: [notification('n-1')] }
  const { status, text, headers } = await send({ body })
  expect([status, text]).toEqual([204, ''])
  expect(headers['set-cookie']).toHaveLength(1)
  expect(edge.ledger.entries.map(({ notification }) => notification)).toEqual(['n-1'])
})

test('notifications are acknowledged by their ids', async () => {
  const { send } = await openRoute()
  const body = { context: { channel: 'web' }, notifications: [notification('n-1'), notification('n-2')] }
  expect((await send({ body })).json.notifications?.map(({ id }) => id)).toEqual(['n-1', 'n-2'])
})

test('of the query only account, session and version are handed on', async () => {
  const { send, edge } = await openRoute()
  await send({ query: { ...QUERY, version: '2.11.4', extra: 'x', sessionId: 'a#b&imsOrgId=evil' } })
  expect(edge.requests[0]?.url.split('?')[1]).toBe(
    'imsOrgId=ABC%40AdobeOrg&sessionId=a%23b%26imsOrgId%3Devil&version=2.11.4',
  )
  await send({ query: { client: 'acme', sessionId: 's', version: 'a b' } })
  expect(edge.requests[1]?.url.split('?')[1]).toBe('client=acme&sessionId=s')
})

test('of the headers only those that Target reads', async () => {
  const { send, edge } = await openRoute()
  await send({
    headers: {
      'user-agent': 'Browser/1',
      'sec-ch-ua': '"Browser";v="1"',
      'sec-ch-ua-mobile': '?1',
      'sec-ch-ua-platform': '"Android"',
      cookie: 'secret=1; mbox=session%23x',
      authorization: 'Bearer secret',
      'proxy-authorization': 'Basic secret',
      te: 'trailers',
      'x-forwarded-for': '6.6.6.6',
      'x-secret': 'secret',
      referer: 'https://www.shop.example/secret',
      'x-visitor': '203.0.113.7',
    },
  })
  const { host, connection, 'content-length': _, 'accept-encoding': __, ...headers } = edge.requests[0]?.headers ?? {}
  expect(headers).toEqual({
    accept: '*/*',
    'accept-language': '*',
    'content-type': 'application/json',
    'sec-ch-ua': '"Browser";v="1"',
    'sec-ch-ua-mobile': '?1',
    'sec-ch-ua-platform': '"Android"',
    'sec-fetch-mode': 'cors',
    'user-agent': 'Browser/1',
    'x-exc-sdk': 'isotarget',
    'x-exc-sdk-version': expect.any(String),
    'x-forwarded-for': '203.0.113.7',
    'x-request-id': expect.any(String),
  })
  expect([host, connection]).toEqual([expect.any(String), 'keep-alive'])
  expect(edge.requests[0]?.text).not.toContain('secret')
})

test('Target hears where the visitor is, and on what, unless the page has said so', async () => {
  const { send, edge } = await openRoute()
  const headers = { 'user-agent': 'Browser/1', 'sec-ch-ua': '"Browser";v="1"', 'x-visitor': '203.0.113.7' }
  await send({ headers })
  await send({
    headers,
    body: { context: { channel: 'web', userAgent: 'Page/2', geo: { city: 'Oslo' } }, execute: HERO.execute },
  })
  expect(edge.requests.map(({ body }) => (body as typeof HERO).context)).toEqual([
    {
      channel: 'web',
      userAgent: 'Browser/1',
      clientHints: { browserUAWithMajorVersion: '"Browser";v="1"' },
      geo: { ipAddress: '203.0.113.7' },
    },
    expect.objectContaining({ userAgent: 'Page/2', geo: { city: 'Oslo' } }),
  ])
})

test.each([
  '10.0.0.1',
  '192.168.1.2',
  '172.20.0.1',
  '127.0.0.1',
  '169.254.1.1',
  '100.64.0.1',
  '::1',
  'fd00::1',
  'fe80::1%eth0',
  '::ffff:10.1.1.1',
  'nonsense',
  '1.2.3.4.5',
])('an address that cannot be the visitor’s, %s, is nobody’s', async (address) => {
  const { send, edge } = await openRoute()
  await send({ headers: { 'x-visitor': address } })
  expect(edge.requests[0]?.text).not.toContain('geo')
  expect(edge.requests[0]?.headers).not.toHaveProperty('x-forwarded-for')
})

test('an execute without an impression is given one, so that a second attempt counts once', async () => {
  const { send, edge } = await openRoute()
  await send()
  await send({ body: { ...HERO, impressionId: 'mine' } })
  await send({ body: { context: HERO.context, prefetch: HERO.execute } })
  expect(edge.requests.map(({ body }) => (body as { impressionId?: string }).impressionId)).toEqual([
    expect.stringMatching(/^[\da-f]{32}$/),
    'mine',
    undefined,
  ])
})

test('what the page says beyond what is known here is handed on untouched', async () => {
  const { send, edge } = await openRoute()
  const extra = { later: [1, { deep: null }], context: { ...HERO.context, crossDomain: 'disabled' } }
  await send({ body: { ...HERO, ...extra } })
  expect(edge.requests[0]?.body).toMatchObject(extra)
})

test('an account is required, and numbers are numbers', () => {
  const make = (options: object) => () => createProxy({ ...ACCOUNT, ...options })
  expect(make({ client: '' })).toThrow('client is required')
  expect(make({ organizationId: undefined })).toThrow('organizationId is required')
  expect(make({ timeout: -1 })).toThrow('timeout must be a number above 0')
  expect(make({ maxBodyBytes: Number.NaN })).toThrow('maxBodyBytes must be')
  expect(make({ rate: { limit: 0 } })).toThrow('rate.limit must be')
  expect(make({ origins: ['m.shop.example'] })).toThrow('write origins as browsers do')
  expect(make({ origins: ['https://m.shop.example/'] })).toThrow('write origins as browsers do')
})
