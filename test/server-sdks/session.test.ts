import { expect, it } from 'vitest'
import { createWorld, FRESH, LATER, request } from './world.ts'

const world = createWorld()
const PC = '08210e2d751a44779b8313e2d2692b96.21_27'
const cookieOf = (tntId: string) => `PC#${encodeURIComponent(tntId)}#${LATER}`
const host21 = 'mboxedge21.tt.omtrdc.net'

it("16. differs: the caller's session wins over the cookie's, as the wire contract and the Java SDK have it", async () => {
  const call = { request, targetCookie: `session#111#${LATER}`, sessionId: '222' }
  await world.hosted().getOffers(call)
  await world.adobe().getOffers(call)
  expect(world.server.requests.map(({ query }) => query.sessionId)).toEqual(['222', '111'])
})

it("17. without a cookie the caller's session is used", async () => {
  await world.client().getOffers({ request, sessionId: '222' })
  expect(world.server.only().query.sessionId).toBe('222')
})

it('18. without either each call makes a new session of 32 hex digits', async () => {
  const client = world.client()
  await client.getOffers({ request })
  await client.getOffers({ request })
  const [one, two] = world.server.requests.map(({ query }) => query.sessionId)
  expect(one).toMatch(FRESH)
  expect(two).toMatch(FRESH)
  expect(one).not.toBe(two)
})

it('19. an expired session makes room for a new one, and the device id stays', async () => {
  await world.client().getOffers({ request, targetCookie: `session#old#1296233214|${cookieOf(PC)}` })
  const { query, body } = world.server.only()
  expect(query.sessionId).toMatch(FRESH)
  expect(body.id).toEqual({ tntId: PC })
})

it.each([
  ['the device id is that of the cookie', cookieOf('p'), { tntId: 'p' }],
  ['an empty one is none', `PC##${LATER}`, undefined],
  ['a cookie without one has none', `session#s#${LATER}`, undefined],
])('20. %s', async (_, targetCookie, id) => {
  await world.client().getOffers({ request, targetCookie })
  expect(world.server.only().body.id).toEqual(id)
})

const hostFor = async (call: object, options = {}) => {
  await world.hosted(options).getOffers({ request, ...call })
  const { host, scheme } = world.server.last()
  return `${scheme}://${host}`
}

it('21. the digits behind the dot of a device id name the cluster', async () => {
  expect(await hostFor({ targetCookie: cookieOf(PC) })).toBe(`https://${host21}`)
})

it.each([undefined, '08210e2d751a44779b8313e2d2692b9621_27'])('22. the device id %s names none', async (id) => {
  expect(await hostFor({ targetCookie: id && cookieOf(id) })).toBe('https://acme.tt.omtrdc.net')
})

it('23. the cluster of the device id wins over the hint, and the hint over nothing', async () => {
  const targetLocationHint = '22'
  expect(await hostFor({ targetCookie: cookieOf(PC), targetLocationHint })).toBe(`https://${host21}`)
  expect(await hostFor({ targetLocationHint })).toBe('https://mboxedge22.tt.omtrdc.net')
  expect(await hostFor({}, { targetLocationHint })).toBe('https://mboxedge22.tt.omtrdc.net')
})

it('24. the host is the given one, else that of the client, by https unless secure is false', async () => {
  expect(await hostFor({}, { serverDomain: 'test.com' })).toBe('https://test.com')
  expect(await hostFor({}, { client: 'testclient' })).toBe('https://testclient.tt.omtrdc.net')
  expect(await hostFor({}, { client: 'testclient', secure: false })).toBe('http://testclient.tt.omtrdc.net')
})

it('24. differs: a server domain keeps its calls when a cluster is known, because a CNAME or a proxy has a reason', async () => {
  const options = { serverDomain: 'test.com' }
  expect(await hostFor({ targetLocationHint: '21' }, options)).toBe('https://test.com')
  await world.adobe(options).getOffers({ request, targetLocationHint: '21' })
  expect(world.server.last().host).toBe(host21)
})

it.each(['35.evil.com/', '@h/', '35#', '-1', ' 35', '３５', '35\n'])(
  '25. differs: the hint %j is no cluster, where Adobe makes a host of it',
  async (targetLocationHint) => {
    expect(await hostFor({ targetLocationHint })).toBe('https://acme.tt.omtrdc.net')
    expect(await hostFor({}, { targetLocationHint })).toBe('https://acme.tt.omtrdc.net')
    expect(await hostFor({ targetCookie: cookieOf(`a.${targetLocationHint}_0`) })).toBe('https://acme.tt.omtrdc.net')
  },
)

it('26. differs: a learned cluster does not move a visitor off the server domain unless overrideMboxEdgeServer says so', async () => {
  world.server.answer({ body: { id: { tntId: PC }, edgeHost: host21 } })
  for (const overrideMboxEdgeServer of [undefined, true]) {
    const target = world.hosted({ serverDomain: 'test.com', ...(overrideMboxEdgeServer && { overrideMboxEdgeServer }) })
    const { targetCookie, targetLocationHintCookie } = await target.getOffers({ request })
    expect(world.server.last().host).toBe('test.com')
    await target.getOffers({
      request,
      targetCookie: targetCookie.value,
      targetLocationHint: targetLocationHintCookie?.value,
    })
    expect(world.server.last().host).toBe(overrideMboxEdgeServer ? host21 : 'test.com')
  }
})

it('27. the cluster of the device id is also the hint to keep', async () => {
  const { targetLocationHintCookie } = await world
    .hosted()
    .getOffers({ request, targetCookie: 'PC#1.5_9#9596233214|b#2#1296233214' })
  expect(world.server.only().host).toBe('mboxedge5.tt.omtrdc.net')
  expect(targetLocationHintCookie?.value).toBe('5')
})

it('28. without a cluster the edge that answered is the hint to keep', async () => {
  world.server.answer({ body: { edgeHost: 'mboxedge28.tt.omtrdc.net' } })
  const { targetLocationHintCookie } = await world.client().getOffers({ request })
  expect(targetLocationHintCookie).toEqual({ name: 'mboxEdgeCluster', value: '28', maxAge: 1860 })
})

it('29. the cluster of the request wins over the edge that answered', async () => {
  world.server.answer({ body: { edgeHost: 'mboxedge28.tt.omtrdc.net' } })
  const { targetLocationHintCookie } = await world.client().getOffers({ request, targetLocationHint: '21' })
  expect(targetLocationHintCookie?.value).toBe('21')
})

it.each([undefined, 'mboxedge1.dev.tt.omtrdc.net', 'mboxedge1.omtrdc.net', 'evil.tt.omtrdc.net', 35, null])(
  '30. the edge host %j is no hint',
  async (edgeHost) => {
    world.server.answer({ body: { edgeHost } })
    expect(await world.client().getOffers({ request })).not.toHaveProperty('targetLocationHintCookie')
  },
)

it("31. differs: one visitor's edge is not another's, where Adobe keeps the last one for all", async () => {
  world.server.answer({ body: { edgeHost: 'mboxedge28.tt.omtrdc.net' } })
  for (const client of [world.hosted(), world.adobe()]) {
    await client.getOffers({ request, sessionId: 'A' })
    await client.getOffers({ request, sessionId: 'B' })
  }
  const client = 'acme.tt.omtrdc.net'
  expect(world.server.requests.map(({ host }) => host)).toEqual([client, client, client, 'mboxedge28.tt.omtrdc.net'])
})
