import { expect, test } from 'vitest'
import { createProxy } from '../../src/server.ts'
import { ACCOUNT, HERO, openRoute, QUERY } from './world.ts'

// Who visits is kept by the server, where no browser shortens the life of a cookie.

const until = Math.round(Date.now() / 1000) + 1000
const cookie = (session: string, tntId: string) => `mbox=session#${session}#${until}|PC#${tntId}#${until}`
const tellOf = (cookies: string[] | undefined) => Object.fromEntries((cookies ?? []).map((line) => line.split(/=(.*)/)))

test('the session, the device and the cluster, readable by the page', async () => {
  const { send } = await openRoute()
  const { headers, json } = await send()
  const { mbox, mboxEdgeCluster } = tellOf(headers['set-cookie'])
  expect(mbox).toMatch(
    new RegExp(`^session#s-1#\\d+\\|PC#${json.id?.tntId}#\\d+; Max-Age=63244800; Path=/; SameSite=Lax$`),
  )
  expect(mboxEdgeCluster).toBe('35; Max-Age=1860; Path=/; SameSite=Lax')
})

test('on the registrable domain, secure on https, as the proxies before the server tell', async () => {
  const { send } = await openRoute()
  const { headers } = await send({
    headers: { origin: 'https://www.shop.co.uk', 'x-forwarded-host': 'www.shop.co.uk', 'x-forwarded-proto': 'https' },
  })
  expect(headers['set-cookie']?.[0]).toMatch(/; Domain=shop\.co\.uk; SameSite=Lax; Secure$/)
  const own = await openRoute({ cookieDomain: 'pay.shop.example' })
  expect((await own.send()).headers['set-cookie']?.[0]).toContain('; Domain=pay.shop.example;')
})

test('an answer without a device leaves that which is known', async () => {
  const { send } = await openRoute()
  const body = {
    context: { channel: 'web', beacon: true },
    notifications: [{ id: 'n', type: 'display', timestamp: Date.now(), mbox: { name: 'hero' } }],
  }
  const { status, headers } = await send({ body, headers: { cookie: cookie('old', 'vera.28_0') } })
  expect(status).toBe(204)
  expect(headers['set-cookie']?.[0]).toMatch(/^mbox=session#s-1#\d+\|PC#vera\.28_0#\d+;/)
})

test('nothing is kept of a call that failed', async () => {
  const { send, edge } = await openRoute()
  edge.fail({ status: 503 })
  expect((await send()).headers).not.toHaveProperty('set-cookie')
})

/** A route that asks Target's own hosts, and the hosts that were asked. */
const openHosts = (isReachable: (host: string) => boolean = () => true) => {
  const hosts: string[] = []
  const proxy = createProxy({
    ...ACCOUNT,
    fetchApi: async (input) => {
      const { host } = new URL(`${input}`)
      hosts.push(host)
      if (!isReachable(host)) throw new TypeError('fetch failed')
      return Response.json({ status: 200, id: { tntId: 'vera.35_1' }, edgeHost: host })
    },
  })
  const call = (headers: Record<string, string> = {}, body: object = HERO) =>
    proxy(
      new Request(`https://www.shop.example/offers?${new URLSearchParams(QUERY)}`, {
        method: 'POST',
        headers: { origin: 'https://www.shop.example', ...headers },
        body: JSON.stringify(body),
      }),
    )
  return { hosts, call }
}

test('the visitor’s edge cluster is asked: by the call’s device id, the cookie’s, or the hint', async () => {
  const { hosts, call } = openHosts()
  await call({ cookie: cookie('s', 'vera.28_0') }, { ...HERO, id: { tntId: 'otto.41_0' } })
  await call({ cookie: `${cookie('s', 'vera.28_0')}; mboxEdgeCluster=44` })
  await call({ cookie: 'mboxEdgeCluster=44' })
  await call()
  expect(hosts.map((host) => host.split('.')[0])).toEqual(['mboxedge41', 'mboxedge28', 'mboxedge44', 'acme'])
})

test.each([
  'mboxEdgeCluster=35.evil.example/',
  'mboxEdgeCluster=@evil.example',
  'mboxEdgeCluster=35%2eevil',
  'mboxEdgeCluster=٣٥',
  'mbox=PC#abc.evil-host/x_0#9999999999',
  'mbox=PC#abc.35@evil_0#9999999999',
  'mbox=PC#a.b.35_0#9999999999',
  'mbox=%E0%A4%A#1#9999999999',
  `mbox=PC#${'x'.repeat(64_000)}.35_0#9999999999`,
  `${'mbox=session#a#9999999999|PC#b; '.repeat(2_000)}`,
  `${'='.repeat(32_000)};${';'.repeat(32_000)}`,
])('a forged cookie leads nowhere else: %#', async (forged) => {
  const { hosts, call } = openHosts()
  const { status, headers } = await call({
    cookie: encodeURI(forged).replaceAll('%25', '%').replaceAll('%7C', '|').replaceAll('%23', '#'),
  })
  expect(status).toBe(200)
  expect(hosts).toEqual(['acme.tt.omtrdc.net'])
  expect(headers.getSetCookie()[0]).toMatch(
    /^mbox=session#s-1#\d+\|PC#vera\.35_1#\d+; Max-Age=\d+; Path=\/; Domain=shop\.example; SameSite=Lax; Secure$/,
  )
})

test('forged ids of a call lead nowhere else', async () => {
  const { hosts, call } = openHosts()
  for (const tntId of ['abc.35.evil.example/_0', 'x'.repeat(9_000), 7, { toString: 'x' }, 'abc.evil_0\r\nx: y'])
    expect((await call({}, { ...HERO, id: { tntId } })).status).toBe(200)
  expect(new Set(hosts)).toEqual(new Set(['acme.tt.omtrdc.net']))
})

test('a cluster that cannot be reached gives way to the account’s own host', async () => {
  const { hosts, call } = openHosts((host) => !host.startsWith('mboxedge'))
  const { status } = await call({ cookie: 'mboxEdgeCluster=99' })
  expect(status).toBe(200)
  expect(hosts).toEqual(['mboxedge99.tt.omtrdc.net', 'acme.tt.omtrdc.net'])
})

test('what an answer says of the visitor is kept only if it is an id', async () => {
  const proxy = createProxy({
    ...ACCOUNT,
    fetchApi: async () =>
      Response.json({ status: 200, id: { tntId: 'a\r\nset-cookie: x=y.1.2' }, edgeHost: 'mboxedge1.evil' }),
  })
  const { headers } = await proxy(
    new Request(`https://www.shop.example/offers?${new URLSearchParams(QUERY)}`, {
      method: 'POST',
      headers: { origin: 'https://www.shop.example' },
      body: JSON.stringify(HERO),
    }),
  )
  expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^mbox=session#s-1#\d+; Max-Age=1860; /)])
})
