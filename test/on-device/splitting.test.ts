import { describe, expect, test } from 'vitest'
import { mboxes, view } from '../../src/server.ts'
import { by, openShop } from './world.ts'

// A request of which the device decides one part and the edge the other.

const start = async (options = {}) => {
  const world = await openShop()
  const target = await world.ready({
    decisioningMethod: 'hybrid',
    splitRequests: true,
    notificationDelay: 60_000,
    ...options,
  })
  return { ...world, target }
}

type Named = { name?: string; index?: number; options?: { content?: unknown }[] }
const contents = (places: Named[] = []) => places.map(({ name, options }) => [name, options?.[0]?.content])

test('the edge is asked only for what the rules do not hold', async () => {
  const { target, posts } = await start()
  const { response, meta, status } = await target.getOffers({
    request: {
      id: { tntId: 'vera' },
      execute: { pageLoad: {}, mboxes: mboxes('member', 'hero', 'mixed') },
      prefetch: { mboxes: mboxes('footer', 'misspelt', 'flags'), views: [view('account'), view('home')] },
    },
    sessionId: 's-1',
  })
  expect(posts()).toMatchObject([{ session: 's-1', body: { id: { tntId: 'vera' } } }])
  expect(posts()[0]?.body).toMatchObject({
    execute: {
      mboxes: [
        { index: 0, name: 'member' },
        { index: 2, name: 'mixed' },
      ],
    },
    prefetch: { mboxes: [{ index: 1, name: 'misspelt' }], views: [{ name: 'account' }] },
  })
  expect(posts()[0]?.body.execute).not.toHaveProperty('pageLoad')
  expect(contents(response.execute?.mboxes as Named[])).toEqual([
    ['member', undefined],
    ['hero', '<h1>Sun</h1>'],
    ['mixed', 'for all'],
  ])
  expect(response.execute?.pageLoad?.options).toHaveLength(1)
  expect(contents(response.prefetch?.mboxes as Named[])).toEqual([
    ['footer', '<p>Bye</p>'],
    ['misspelt', undefined],
    ['flags', { columns: 4, isNew: true }],
  ])
  expect(response.prefetch?.views?.map(({ name }) => name)).toEqual(['home'])
  const remote = { remoteMboxes: ['misspelt', 'member', 'mixed'], remoteViews: ['account'] }
  expect(meta).toEqual({ decisioningMethod: 'hybrid', ...remote })
  expect(status).toEqual({ status: 200, message: 'OK', ...remote })
})

test('every part counts once, where it was decided', async () => {
  const { target, edge } = await start()
  const execute = { mboxes: mboxes('hero', 'mixed') }
  await target.getOffers({ request: { ...by('vera'), execute }, sessionId: 's-1' })
  expect(edge.ledger.entries).toMatchObject([{ activity: 103, counted: true }])
  await target.flush()
  expect(edge.ledger.entries).toMatchObject([{ activity: 103 }, { activity: 101, mbox: 'hero', counted: true }])
})

test('what either of them prefetched is displayed for the same visitor, in one call', async () => {
  const { target, edge, posts } = await start()
  const visitor = target.visitor('')
  const { response } = await visitor.getOffers({ request: { prefetch: { mboxes: mboxes('mixed', 'hero') } } })
  for (const mbox of response.prefetch?.mboxes ?? []) visitor.display(mbox)
  expect(await target.flush()).toEqual({ sent: 2, rejected: 0, pending: 0 })
  const [far, report, ...more] = posts()
  expect(more).toEqual([])
  expect(report?.session).toBe(far?.session)
  expect(report?.body.id?.tntId?.split('.')[0]).toBe(far?.body.id?.tntId)
  expect(edge.ledger.entries.map(({ visitor: one }) => one)).toEqual(Array(2).fill(far?.body.id?.tntId))
  expect(edge.requests.flatMap(({ warnings }) => warnings)).toEqual([])
})

test('a new visitor is the same on the device and at the edge', async () => {
  const { target, posts } = await start()
  const { response, targetCookie } = await target.getOffers({
    request: { prefetch: { mboxes: mboxes('hero', 'member') } },
  })
  const made = posts()[0]?.body.id?.tntId
  expect(made).toMatch(/^[\da-f]{32}$/)
  expect(response.id?.tntId).toBe(`${made}.35_0`)
  expect(targetCookie.value).toContain(`PC#${made}.35_0#`)
})

test('a request that is all near or all far is not split', async () => {
  const { target, posts } = await start()
  const ask = async (...names: string[]) =>
    (await target.getOffers({ request: { ...by('vera'), prefetch: { mboxes: mboxes(...names) } } })).meta
      .decisioningMethod
  expect([await ask('hero', 'flags'), await ask('member', 'misspelt')]).toEqual(['on-device', 'server-side'])
  expect(posts()).toHaveLength(1)
})

test.each([
  ['all views', [{}]],
  ['all views beside one by name', [{ name: 'home' }, {}, { name: 'account' }]],
])('%s come from one place, so that none comes twice', async (_, views) => {
  const { target } = await start()
  const { response } = await target.getOffers({
    request: { ...by('vera'), prefetch: { mboxes: mboxes('hero'), views } },
  })
  const names = response.prefetch?.views?.map(({ name }) => name)
  expect(names?.sort()).toEqual(['cart', 'home'])
})

test('mboxes of one name come in the order of the request, whatever their indexes', async () => {
  const { target } = await start()
  const asked = [
    { name: 'member', index: 7 },
    { name: 'hero', index: 3 },
    { name: 'misspelt', index: 5 },
    { name: 'hero', index: 0 },
  ]
  const { response } = await target.getOffers({ request: { ...by('vera'), prefetch: { mboxes: asked } } })
  expect(response.prefetch?.mboxes?.map(({ name, index }) => ({ name, index }))).toEqual(asked)
})

describe('when the edge does not answer', () => {
  test('what the device decided is still there, and the rest is listed', async () => {
    const { target, edge, told } = await start()
    edge.fail({ status: 503, times: Infinity })
    const { response, meta, status } = await target.getOffers({
      request: { ...by('vera'), execute: { mboxes: mboxes('member', 'hero') } },
      sessionId: 's-1',
    })
    const remote = { remoteMboxes: ['member'], remoteViews: [] }
    expect(status).toEqual({ status: 206, message: 'OK', ...remote })
    expect(meta).toEqual({ decisioningMethod: 'on-device', ...remote })
    expect(contents(response.execute?.mboxes as Named[])).toEqual([['hero', '<h1>Sun</h1>']])
    expect(target.pending()).toBe(1)
    expect(told.filter(({ type }) => type === 'notificationRejected')).toEqual([])
  })

  test('in time, neither', async () => {
    const { target, edge } = await start({ timeout: 50 })
    edge.fail({ delay: 2_000 })
    const { status } = await target.getOffers({
      request: { ...by('vera'), prefetch: { mboxes: mboxes('member', 'hero') } },
    })
    expect(status).toMatchObject({ status: 206, remoteMboxes: ['member'] })
  })

  test('what rode on the request is reported later', async () => {
    const { target, edge, posts } = await start()
    edge.fail({ status: 503 })
    const notifications = [
      { id: 'n-1', type: 'display' as const, timestamp: Date.now(), mbox: { name: 'orderConfirmPage' } },
    ]
    const request = { ...by('vera'), prefetch: { mboxes: mboxes('member', 'hero') }, notifications }
    await target.getOffers({ request, sessionId: 's-1' })
    expect(await target.flush()).toEqual({ sent: 1, rejected: 0, pending: 0 })
    expect(posts().at(-1)).toMatchObject({ session: 's-1', body: { notifications: [{ id: 'n-1' }] } })
  })

  test('because the caller gave up, the call is aborted', async () => {
    const { target, edge, posts } = await start()
    edge.fail({ delay: 2_000 })
    const controller = new AbortController()
    const request = { ...by('vera'), execute: { mboxes: mboxes('member', 'hero') } }
    const call = target.getOffers({ request, sessionId: 's-1', signal: controller.signal })
    const failed = expect(call).rejects.toMatchObject({ name: 'TargetError', code: 'ABORTED' })
    await expect.poll(() => posts().length).toBe(1)
    controller.abort()
    await failed
    expect(target.pending()).toBe(0)
  })
})

test('a bad notification spoils neither part', async () => {
  const { target, posts, told } = await start()
  const notifications = [
    { id: 'bad', type: 'display' as const, timestamp: Date.now(), mbox: { name: 'hero' }, tokens: ['never issued'] },
  ]
  const request = { ...by('vera'), prefetch: { mboxes: mboxes('mixed', 'hero') }, notifications }
  const { response } = await target.getOffers({ request, sessionId: 's-1' })
  expect(contents(response.prefetch?.mboxes as Named[])).toEqual([
    ['mixed', 'for all'],
    ['hero', '<h1>Sun</h1>'],
  ])
  expect(posts()).toHaveLength(2)
  expect(told.filter(({ type }) => type === 'notificationRejected')).toMatchObject([{ notification: { id: 'bad' } }])
  expect(target.pending()).toBe(0)
})
