import { AsyncLocalStorageTransactionContextPropagator, OpenFeature } from '@openfeature/server-sdk'
import { expect, test, vi } from 'vitest'
import { openShop } from './server.ts'
import type { Arrived } from './world.ts'

// Thousands of calls go over real connections.
vi.setConfig({ testTimeout: 120_000 })
const patient = { client: { timeout: 100_000 }, edge: { maxRequests: 5000 } }

const visitors = Array.from({ length: 1000 }, (_, at) => `visitor-${at}`)
/** Whose call it is, by what only this visitor's context says. */
const namesIn = ({ id, execute, context }: Arrived) => [
  id?.thirdPartyId,
  ...(execute?.mboxes ?? []).map(({ parameters }) => parameters?.cart),
  context?.address?.url,
  context?.userAgent,
]
const contextOf = (name: string) => ({
  targetingKey: name,
  cart: name,
  url: name,
  userAgent: name,
})

test('a thousand visitors at once: each call is about one of them, in a session of its own', async () => {
  const { flags, calls } = await openShop('server-side', patient)
  const read = async (name: string) => [
    name,
    ...(await Promise.all([
      flags.getNumberDetails('shop.columns', 0, contextOf(name)),
      flags.getNumberDetails('limits.maxItems', 0, contextOf(name)),
    ])),
  ]
  await Promise.all(visitors.map(read))
  const all = calls()
  expect(all.map((call) => new Set(namesIn(call)).size)).toEqual(visitors.map(() => 1))
  expect(new Set(all.map(({ id }) => id?.thirdPartyId))).toEqual(new Set(visitors))
  expect(new Set(all.map(({ session }) => session)).size).toBe(visitors.length)
  expect(all.map(({ execute }) => execute?.mboxes?.map(({ name }) => name))).toEqual(
    visitors.map(() => ['shop', 'limits']),
  )
})

test('each of a thousand visitors is given what is theirs, again and again, on the device as by the edge', async () => {
  const [near, far] = await Promise.all([openShop('on-device'), openShop('server-side', patient)])
  const named = (name: string) => ({ marketingCloudVisitorId: name })
  const read = ({ flags }: typeof near) =>
    Promise.all(visitors.map((name) => flags.getNumberValue('shop.columns', 0, named(name))))
  const [first, second, edge] = await Promise.all([read(near), read(near), read(far)])
  expect(first.filter((columns) => columns === 3).length).toBeGreaterThan(400)
  expect(first.filter((columns) => columns === 4).length).toBeGreaterThan(400)
  expect(second).toEqual(first)
  expect(edge).toEqual(first)
})

test('a visitor stays in one session and with one edge, and counts once on the device', async () => {
  const { flags, calls } = await openShop('server-side')
  const vera = { targetingKey: 'vera' }
  for (let at = 0; at < 3; at++) await flags.getNumberValue('shop.columns', 0, vera)
  expect(new Set(calls().map(({ session }) => session)).size).toBe(1)

  const near = await openShop('on-device')
  for (let at = 0; at < 3; at++) await near.flags.getNumberValue('shop.columns', 0, vera)
  await near.flags.getNumberValue('shop.columns', 0, { targetingKey: 'otto' })
  await near.target.flush()
  const shown = near.calls().flatMap(({ notifications = [], id }) => notifications.map(() => id?.thirdPartyId))
  expect(shown.sort()).toEqual(['otto', 'vera'])
  expect(near.edge.ledger.total('impression')).toBe(2)
})

test('flags of one visitor that are read at the same time are asked for in one call, those of another page in another', async () => {
  const { flags, calls } = await openShop('server-side')
  const page = (url: string) => ({ targetingKey: 'vera', url })
  await Promise.all([
    flags.getNumberValue('shop.columns', 0, page('https://a.example/')),
    flags.getStringValue('shop.theme', '', page('https://a.example/')),
    flags.getNumberValue('limits.maxItems', 0, page('https://a.example/')),
    flags.getNumberValue('limits.maxItems', 0, page('https://b.example/')),
  ])
  expect(
    calls().map(({ context, execute }) => [context?.address?.url, execute?.mboxes?.map(({ name }) => name)]),
  ).toEqual([
    ['https://a.example/', ['shop', 'limits']],
    ['https://b.example/', ['limits']],
  ])
})

test('more mboxes than a call may have are asked for in several', async () => {
  const { flags, calls } = await openShop('server-side')
  const keys = Array.from({ length: 120 }, (_, at) => `mbox${at}.key`)
  await Promise.all(keys.map((key) => flags.getBooleanValue(key, false, { targetingKey: 'vera' })))
  expect(calls().map(({ execute }) => execute?.mboxes?.length)).toEqual([50, 50, 20])
})

test('the visitor of a web page goes on with the cookies that it brings', async () => {
  const { flags, target, calls } = await openShop('server-side')
  const visitor = target.visitor(new Request('https://shop.example/'))
  await visitor.getOffers({ request: { execute: { mboxes: [{ name: 'hero' }] } } })
  const mbox = /^mbox=([^;]+)/.exec(visitor.setCookies().find((cookie) => cookie.startsWith('mbox=')) ?? '')?.[1] ?? ''
  OpenFeature.setTransactionContextPropagator(new AsyncLocalStorageTransactionContextPropagator())
  const columns = await new Promise<number>((resolve) =>
    OpenFeature.setTransactionContext({ targetCookie: decodeURIComponent(mbox) }, () =>
      resolve(flags.getNumberValue('shop.columns', 0)),
    ),
  )
  expect([3, 4]).toContain(columns)
  const [first, second] = calls()
  expect(second?.session).toBe(first?.session)
  expect(second?.id?.tntId).toMatch(/\.35_0$/)
})

test('a cookie outlives its session: what is asked then belongs to one new session of the same visitor', async () => {
  const { flags, calls } = await openShop('server-side')
  const past = Math.floor(Date.now() / 1000) - 60
  const targetCookie = `session#old#${past}|PC#abc.35_0#${past + 999_999}`
  await flags.getNumberValue('shop.columns', 0, { targetCookie })
  await flags.getNumberValue('limits.maxItems', 0, { targetCookie })
  const [first, second] = calls()
  expect(first?.session).toMatch(/^[\da-f]{32}$/)
  expect(second?.session).toBe(first?.session)
  expect([first?.id?.tntId, second?.id?.tntId]).toEqual(['abc.35_0', 'abc.35_0'])
})

test('attributes are parameters, those of the profile are its own, and what names page and place goes there', async () => {
  const { flags, calls } = await openShop('server-side')
  await flags.getBooleanValue('shop.isNew', false, {
    targetingKey: 'vera',
    tier: 'gold',
    age: 29,
    member: true,
    since: new Date('2026-01-02T03:04:05Z'),
    tags: ['a', 1],
    nothing: null,
    cart: { total: 9.5, items: { count: 2 } },
    profile: { plan: 'pro', team: { size: 3 } },
    url: 'https://shop.example/shoes',
    referringUrl: 'https://search.example/',
    userAgent: 'Mozilla/5.0',
    language: 'de',
    ipAddress: '192.0.2.7',
    geo: { city: 'Bern' },
  })
  const [call] = calls()
  expect(call?.execute?.mboxes).toEqual([
    {
      index: 0,
      name: 'shop',
      parameters: {
        tier: 'gold',
        age: '29',
        member: 'true',
        since: '2026-01-02T03:04:05.000Z',
        tags: 'a,1',
        'cart.total': '9.5',
        'cart.items.count': '2',
      },
      profileParameters: { plan: 'pro', 'team.size': '3' },
    },
  ])
  expect(call?.id).toEqual({ thirdPartyId: 'vera' })
  expect(call?.context).toMatchObject({
    address: { url: 'https://shop.example/shoes', referringUrl: 'https://search.example/' },
    userAgent: 'Mozilla/5.0',
    browser: { language: 'de' },
    geo: { ipAddress: '192.0.2.7', city: 'Bern' },
  })
})

test('attributes that are not listed stay at home', async () => {
  const { flags, calls } = await openShop('server-side', { provider: { attributes: ['tier'] } })
  await flags.getBooleanValue('shop.isNew', false, { targetingKey: 'vera', email: 'v@example.com', tier: 'gold' })
  expect(JSON.stringify(calls())).not.toContain('example.com')
  expect(calls()[0]?.execute?.mboxes?.[0]?.parameters).toEqual({ tier: 'gold' })
})

test('attributes that Target does not take are left out, told once, and cost nobody the flag', async () => {
  const { flags, calls } = await openShop('server-side')
  const told: string[] = []
  const nothing = () => {}
  flags.setLogger({ debug: nothing, info: nothing, error: nothing, warn: (text) => void told.push(`${text}`) })
  const loop: Record<string, unknown> = {}
  loop.loop = loop
  const bad = {
    targetingKey: 'vera',
    orderId: 'o-1',
    long: 'x'.repeat(5001),
    ['n'.repeat(129)]: 1,
    never: new Date(Number.NaN),
    nan: Number.NaN,
    call: nothing as never,
    list: [{ a: 1 }],
    deep: loop as never,
    userAgent: 7,
    good: 'yes',
  }
  for (let at = 0; at < 2; at++) expect([3, 4]).toContain(await flags.getNumberValue('shop.columns', 0, bad))
  expect(calls()[0]?.execute?.mboxes?.[0]?.parameters).toEqual({ good: 'yes' })
  expect(told.length).toBe(9)
  expect(told.every((text) => /^The attribute .+ is not sent: it .+/.test(text))).toBe(true)
})

test('of too many attributes the first hundred are sent', async () => {
  const { flags, calls } = await openShop('server-side')
  const many = Object.fromEntries(Array.from({ length: 130 }, (_, at) => [`a${at}`, at]))
  expect([3, 4]).toContain(await flags.getNumberValue('shop.columns', 0, { targetingKey: 'vera', ...many }))
  expect(Object.keys(calls()[0]?.execute?.mboxes?.[0]?.parameters ?? {})).toHaveLength(100)
})

test('a hostile context reaches no prototype and throws nothing', async () => {
  const { flags, calls } = await openShop('server-side')
  const hostile = JSON.parse(
    '{"targetingKey":"vera","__proto__":{"polluted":"1"},"constructor":{"prototype":{"x":"1"}}}',
  )
  expect([3, 4]).toContain(await flags.getNumberValue('shop.columns', 0, hostile))
  expect(({} as { polluted?: string; x?: string }).polluted ?? ({} as { x?: string }).x).toBeUndefined()
  expect(calls()[0]?.execute?.mboxes?.[0]?.parameters).toHaveProperty(['constructor.prototype.x'], '1')
})
