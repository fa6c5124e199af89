import { describe, expect, test } from 'vitest'
import { mboxes, view } from '../../src/server.ts'
import { by, cookieOf, openShop } from './world.ts'

// One client for all visitors of a server.

const prefetch = { mboxes: mboxes('hero', 'flags', 'footer'), views: [view()], pageLoad: {} }

test('2,000 visitors see the same on the device and at the edge', async () => {
  const { ready } = await openShop()
  const target = await ready()
  const seen = new Map<string, number>()
  for (let at = 0; at < 2000; at++) {
    const call = { request: { ...by(`visitor${at}.35_0`), prefetch }, sessionId: `s${at}` }
    const near = await target.getOffers(call)
    const far = await target.getOffers({ ...call, decisioningMethod: 'server-side' })
    const shown = ({ response }: typeof near) =>
      [...(response.prefetch?.mboxes ?? []), ...(response.prefetch?.views ?? []), response.prefetch?.pageLoad].map(
        (place) => [
          (place as { name?: string })?.name,
          place?.options?.map(({ type, content, responseTokens }) => [
            type,
            content,
            responseTokens?.['experience.name'],
          ]),
        ],
      )
    expect(shown(near)).toEqual(shown(far))
    const hero = `${near.response.prefetch?.mboxes?.[0]?.options?.[0]?.content}`
    seen.set(hero, (seen.get(hero) ?? 0) + 1)
  }
  expect([...seen.keys()].sort()).toEqual(['<h1>Hello</h1>', '<h1>Sun</h1>'])
  for (const count of seen.values()) expect(count).toBeGreaterThan(850)
}, 60_000)

test('who comes back with the cookies that were set is the same visitor', async () => {
  const { ready, posts, edge } = await openShop()
  const target = await ready({ notificationDelay: 60_000 })
  const request = { execute: { mboxes: mboxes('hero') } }
  const first = target.visitor({ headers: { host: 'shop.example' } })
  const one = await first.getOffers({ request })
  const [cookie, ...more] = first.setCookies()
  expect(cookie).toMatch(/^mbox=session#[\da-f]{32}#\d+\|PC#[\da-f]{32}#\d+; Max-Age=\d+/)
  expect(more).toEqual([])
  const second = target.visitor({ headers: { host: 'shop.example', cookie: `${cookie}`.split(';')[0] } })
  const two = await second.getOffers({ request })
  expect(two.response).toMatchObject({ id: one.response.id })
  expect(two.response.execute).toEqual(one.response.execute)
  await target.flush()
  expect(posts()).toHaveLength(1)
  expect(
    edge.ledger
      .activities()[0]
      ?.experiences.map(({ visitors, visits }) => [visitors, visits])
      .sort(),
  ).toEqual([
    [0, 0],
    [1, 1],
  ])
})

test('visitors who ask together share nothing', async () => {
  const { ready, posts, edge } = await openShop()
  const target = await ready({ notificationDelay: 60_000 })
  const people = Array.from({ length: 50 }, (_, at) => ({ session: `s${at}`, id: `p${at}` }))
  const results = await Promise.all(
    people.flatMap(({ session, id }) => {
      const visitor = target.visitor(`mbox=${cookieOf(session, id)}`)
      const request = { execute: { mboxes: [{ name: 'hero', parameters: { who: id } }] } }
      return [visitor.getOffers({ request }), visitor.getOffers({ request })]
    }),
  )
  for (const [at, { response, targetCookie }] of results.entries()) {
    const { session, id } = people[Math.floor(at / 2)] ?? {}
    expect(response.id).toEqual({ tntId: id })
    expect(targetCookie.value).toMatch(new RegExp(`^session#${session}#\\d+\\|PC#${id}#`))
  }
  await target.flush()
  const calls = posts()
  expect(calls).toHaveLength(50)
  for (const { session, body } of calls) {
    expect(body.id?.tntId).toBe(`p${session?.slice(1)}`)
    expect(body.notifications).toHaveLength(2)
  }
  const sdids = calls.map(({ body }) => body.experienceCloud?.analytics?.supplementalDataId)
  expect(new Set(sdids).size).toBe(50)
  expect(edge.requests.flatMap(({ warnings }) => warnings)).toEqual([])
  expect(edge.ledger.total('impression')).toBe(100)
})

test('an answer is the caller’s own: what is done to it harms nobody else', async () => {
  const { ready } = await openShop()
  const target = await ready()
  const call = { request: { ...by('vera'), prefetch: { mboxes: mboxes('flags') } } }
  const contentOf = async () => (await target.getOffers(call)).response.prefetch?.mboxes?.[0]?.options?.[0]
  const option = await contentOf()
  Object.assign(option?.content ?? {}, { columns: 99 })
  Object.assign(option ?? {}, { eventToken: 'spoiled' })
  expect(await contentOf()).toMatchObject({
    content: { columns: 4 },
    eventToken: expect.not.stringContaining('spoiled'),
  })
})

const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null)
    for (const member of Object.values(Object.freeze(value))) frozen(member)
  return value
}

test.each(['on-device', 'hybrid'] as const)(
  'what the caller hands over is never changed (%s)',
  async (decisioningMethod) => {
    const { ready } = await openShop()
    const target = await ready({ decisioningMethod, splitRequests: true, propertyToken: 'p-1' })
    const call = frozen({
      request: {
        id: {
          tntId: 'vera',
          customerIds: [{ id: '1', integrationCode: 'crm', authenticatedState: 'authenticated' as const }],
        },
        context: { channel: 'web' as const, geo: { ipAddress: '12.21.1.40' } },
        execute: {
          pageLoad: {},
          mboxes: [{ name: 'hero', parameters: { '__proto__.x': '1', 'a.b': 'c' } }, { name: 'member' }],
        },
        prefetch: { mboxes: [{ name: 'flags' }], views: [{}] },
        notifications: [{ id: 'n-1', type: 'display' as const, timestamp: Date.now(), mbox: { name: 'thanks' } }],
      },
      sessionId: 's-1',
    })
    const before = JSON.stringify(call)
    await target.getOffers(call)
    await target.getAttributes(['flags'], call)
    await target.flush()
    expect(JSON.stringify(call)).toBe(before)
    expect(({} as { x?: string }).x).toBeUndefined()
  },
)

describe('a visitor who is known', () => {
  test.each([
    ['by an ECID', { marketingCloudVisitorId: '123' }],
    ['by an id of the shop', { thirdPartyId: 'me' }],
  ])('%s is given no other id', async (_, id) => {
    const { ready, posts } = await openShop()
    const target = await ready()
    const { response } = await target.getOffers({
      request: { id, execute: { mboxes: mboxes('hero') } },
      sessionId: 's-1',
    })
    expect(response.id).toEqual(id)
    expect(await target.flush()).toEqual({ sent: 1, rejected: 0, pending: 0 })
    expect(posts()[0]?.body.id).toEqual(id)
  })

  test('by a customer id alone is the same in every session, and what was shown is reported', async () => {
    const { ready, edge } = await openShop()
    const target = await ready()
    const customerIds = [{ id: 'c-1', integrationCode: 'crm', authenticatedState: 'authenticated' as const }]
    const contents = new Set<unknown>()
    for (const sessionId of ['s-1', 's-2', 's-3']) {
      const { response } = await target.getOffers({
        request: { execute: { mboxes: mboxes('hero') } },
        customerIds,
        sessionId,
      })
      contents.add(response.execute?.mboxes?.[0]?.options?.[0]?.content)
    }
    expect(contents.size).toBe(1)
    expect(await target.flush()).toEqual({ sent: 3, rejected: 0, pending: 0 })
    expect(edge.ledger.total('impression')).toBe(3)
  })

  test('by the cookie of the ID service falls by its ECID', async () => {
    const { ready, posts } = await openShop()
    const target = await ready()
    const call = {
      request: { prefetch: { mboxes: mboxes('hero') } },
      visitorCookie: '-1|MCMID|456|vVersion|5.0',
      sessionId: 's-1',
    }
    const near = await target.getOffers(call)
    const far = await target.getOffers({ ...call, decisioningMethod: 'server-side' })
    expect(near.response.prefetch?.mboxes?.[0]?.options?.[0]?.content).toBe(
      far.response.prefetch?.mboxes?.[0]?.options?.[0]?.content,
    )
    expect(posts()[0]?.body.id?.marketingCloudVisitorId).toBe('456')
  })
})
