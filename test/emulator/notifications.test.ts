import { describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator.ts'
import { type Answered, ask, named, newSession, post, said } from './call.ts'
import { summer } from './summer.ts'

const id = { tntId: 'abc.35_0' }

/** An edge whose visitor `abc` has prefetched the hero, the view and the page load. */
const prefetched = async (options: EmulatorOptions = {}) => {
  const edge = createEmulator({ offers: summer('Sun'), ...options })
  const session = newSession()
  const { prefetch } = await ask(edge, { id, prefetch: { pageLoad: {}, ...named('hero'), views: [{}] } }, { session })
  const [hero] = prefetch?.mboxes ?? []
  const [view] = prefetch?.views ?? []
  const tokens = (hero?.options ?? []).map(({ eventToken }) => `${eventToken}`)
  const clicks = (hero?.metrics ?? []).map(({ eventToken }) => `${eventToken}`)
  const notify = (...notifications: object[]): Promise<Answered> => ask(edge, { id, notifications }, { session })
  return { edge, session, notify, hero, view, page: prefetch?.pageLoad, tokens, clicks }
}

const sunOf = ({ ledger }: Emulator) => ledger.activities()[0]?.experiences[1]

describe('a display', () => {
  it('of an mbox counts, and is acknowledged by its id', async () => {
    const { edge, notify, hero, tokens } = await prefetched()
    const display = said('n-1', { mbox: { name: 'hero', state: hero?.state }, tokens })
    expect((await notify(display)).notifications).toEqual([{ id: 'n-1' }])
    expect(sunOf(edge)).toMatchObject({ visitors: 1, visits: 1, impressions: 1, clicks: 0 })
    expect(edge.ledger.entries).toEqual([
      {
        what: 'impression',
        at: expect.any(Number),
        timestamp: display.timestamp,
        visitor: 'abc',
        request: expect.any(String),
        activity: 101,
        experience: 'Sun',
        mbox: 'hero',
        notification: 'n-1',
        counted: true,
      },
    ])
  })

  it('of a view and of the page load counts too', async () => {
    const { edge, notify, view, page } = await prefetched()
    const tokensOf = (shown: typeof page) => shown?.options?.map(({ eventToken }) => eventToken)
    await notify(
      said('n-1', { view: { name: 'checkout', state: view?.state }, tokens: tokensOf(view) }),
      said('n-2', { pageLoad: { state: page?.state }, tokens: tokensOf(page) }),
    )
    expect(sunOf(edge)).toMatchObject({ visitors: 1, impressions: 2 })
    expect(edge.ledger.entries[0]).toMatchObject({ view: 'checkout', what: 'impression' })
  })

  it('of a view that was offered nothing counts as a view', async () => {
    const { edge, notify } = await prefetched()
    await notify(said('n-1', { view: { name: 'cart' } }))
    expect(edge.ledger.total('view')).toBe(1)
    expect(edge.ledger.total('impression')).toBe(0)
  })

  it('of nothing in particular is accepted, and counts nothing', async () => {
    const { edge, notify } = await prefetched()
    expect((await notify(said('n-1'))).notifications).toEqual([{ id: 'n-1' }])
    expect(edge.ledger.entries).toMatchObject([{ notification: 'n-1', counted: false, why: 'no tokens' }])
  })

  it('counts once for an impression id, also with one on the request', async () => {
    const { edge, session, notify, tokens } = await prefetched()
    const display = (n: string, impressionId: string) => said(n, { mbox: { name: 'hero' }, tokens, impressionId })
    await notify(display('n-1', 'pv-1'), display('n-2', 'pv-1'), display('n-3', 'pv-2'))
    await ask(edge, { id, impressionId: 'pv-2', execute: named('hero') }, { session })
    await ask(edge, { id, impressionId: 'pv-3', execute: named('hero') }, { session })
    await ask(edge, { id, impressionId: 'pv-3', execute: named('hero') }, { session })
    expect(sunOf(edge)).toMatchObject({ visitors: 1, visits: 1, impressions: 3 })
    expect(edge.ledger.entries.map(({ counted }) => counted)).toEqual([true, false, true, false, true, false])
    expect(edge.ledger.entries[1]).toMatchObject({ impressionId: 'pv-1', why: 'this impressionId has counted before' })
  })
})

describe('a click', () => {
  it('counts with the token of its metric', async () => {
    const { edge, notify, clicks, view } = await prefetched()
    await notify(
      said('n-1', { type: 'click', mbox: { name: 'hero' }, tokens: clicks }),
      said('n-2', { type: 'click', tokens: view?.metrics?.map(({ eventToken }) => eventToken) }),
    )
    expect(sunOf(edge)).toMatchObject({ clicks: 2, impressions: 0 })
  })

  it('counts on executed content too', async () => {
    const edge = createEmulator({ offers: { hero: 'x' } })
    const { execute } = await ask(edge, { id, execute: named('hero') })
    const tokens = execute?.mboxes?.[0]?.metrics?.map(({ eventToken }) => eventToken)
    await ask(edge, { id, notifications: [said('n-1', { type: 'click', mbox: { name: 'hero' }, tokens })] })
    expect(edge.ledger.total('click')).toBe(1)
  })
})

describe('a conversion', () => {
  const order = { id: 'o-1', total: 19.5 }
  const bought = (n: string, more: object = { order }) => said(n, { mbox: { name: 'orderConfirmPage' }, ...more })

  it('counts with its order for the activities that the visitor is in', async () => {
    const { edge, notify, tokens } = await prefetched()
    await notify(said('n-1', { mbox: { name: 'hero' }, tokens }), bought('n-2'))
    expect(sunOf(edge)).toMatchObject({ conversions: 1, revenue: 19.5 })
    expect(edge.ledger.entries[1]).toMatchObject({ what: 'conversion', mbox: 'orderConfirmPage', order, counted: true })
  })

  it('does not count for a visitor who was shown nothing', async () => {
    const { edge, notify } = await prefetched()
    expect((await notify(bought('n-1'))).notifications).toEqual([{ id: 'n-1' }])
    const why = expect.stringContaining('no activity')
    expect(edge.ledger.entries).toMatchObject([{ what: 'conversion', notification: 'n-1', counted: false, why }])
    expect(edge.ledger.total('conversion')).toBe(0)
  })

  it('counts an order once', async () => {
    const { edge, notify, tokens } = await prefetched()
    const other = { order: { id: 'o-2', total: 0.1 } }
    await notify(
      said('n-1', { mbox: { name: 'hero' }, tokens }),
      bought('n-2'),
      bought('n-3'),
      bought('n-4', other),
      bought('n-5', {}),
    )
    expect(sunOf(edge)).toMatchObject({ conversions: 3, revenue: 19.6 })
    expect(edge.ledger.entries[2]).toMatchObject({ notification: 'n-3', why: 'this order has counted before' })
  })

  it('counts when its mbox is executed, and once when the request comes again', async () => {
    const { edge, session, notify, tokens } = await prefetched()
    await notify(said('n-1', { mbox: { name: 'hero' }, tokens }))
    const execute = { mboxes: [{ index: 0, name: 'orderConfirmPage', order: { total: 5 } }] }
    await ask(edge, { id, impressionId: 'pv-9', execute }, { session })
    await ask(edge, { id, impressionId: 'pv-9', execute }, { session })
    expect(sunOf(edge)).toMatchObject({ conversions: 1, revenue: 5 })
  })

  it('counts for any other mbox with the smallest offers', async () => {
    const edge = createEmulator({ offers: { hero: 'x' } })
    await ask(edge, { id, execute: named('hero') })
    await ask(edge, { id, notifications: [bought('n-1')] })
    expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ conversions: 1, revenue: 19.5 })
  })
})

describe('a notification that comes again', () => {
  it('is acknowledged and not counted', async () => {
    const { edge, notify, tokens } = await prefetched()
    const display = said('n-1', { mbox: { name: 'hero' }, tokens })
    await notify(display)
    expect((await notify(display, display)).notifications).toEqual([{ id: 'n-1' }, { id: 'n-1' }])
    expect(edge.ledger.repeats).toBe(2)
    expect(sunOf(edge)).toMatchObject({ impressions: 1 })
    expect(edge.ledger.entries[1]).toMatchObject({
      notification: 'n-1',
      counted: false,
      why: 'this notification has counted before',
    })
  })
})

describe('a bad notification', () => {
  const soon = Date.now() + 3_600_000
  type Prefetched = Awaited<ReturnType<typeof prefetched>>
  const wrong: [string, (edge: Prefetched) => object][] = [
    ['an unknown token', () => ({ mbox: { name: 'hero' }, tokens: ['bm90IG91cnM='] })],
    ['a token that lost its padding', ({ tokens }) => ({ tokens: tokens.map((token) => token.replace(/=+$/, '')) })],
    [
      'a token whose plus became a space',
      ({ tokens }) => ({ tokens: tokens.map((token) => token.replaceAll('+', ' ')) }),
    ],
    ['a token for another mbox', ({ tokens }) => ({ mbox: { name: 'flags' }, tokens })],
    ['a state as token', ({ hero }) => ({ mbox: { name: 'hero' }, tokens: [hero?.state] })],
    ['another state', ({ view, tokens }) => ({ mbox: { name: 'hero', state: view?.state }, tokens })],
    ['a token as state', ({ tokens }) => ({ mbox: { name: 'hero', state: tokens[0] }, tokens })],
    [
      'tokens of displays and clicks',
      ({ tokens, clicks }) => ({ mbox: { name: 'hero' }, tokens: [...tokens, ...clicks] }),
    ],
    ['a click token for a display', ({ clicks }) => ({ tokens: clicks })],
    ['a display token for a click', ({ tokens }) => ({ type: 'click', tokens })],
    ['an mbox and a view', ({ tokens }) => ({ mbox: { name: 'hero' }, view: { name: 'checkout' }, tokens })],
    ['a moment in the future', ({ tokens }) => ({ timestamp: soon, tokens })],
    ['a moment in seconds', ({ tokens }) => ({ timestamp: 1_735_689_600, tokens })],
    ['a moment that is no integer', ({ tokens }) => ({ timestamp: 1_735_689_600_000.5, tokens })],
    ['an unknown type', ({ tokens }) => ({ type: 'scroll', tokens })],
    ['no id', ({ tokens }) => ({ id: undefined, tokens })],
  ]

  it.each(wrong)('makes the whole request invalid: %s', async (_, make) => {
    const state = await prefetched()
    const { edge, session, tokens } = state
    const good = said('n-1', { mbox: { name: 'hero' }, tokens })
    const body = { id, execute: named('flags'), notifications: [good, said('n-2', make(state))] }
    const answered = await ask(edge, body, { session })
    expect(answered).toEqual({ status: 400, message: expect.stringContaining('Notification') })
    expect(edge.ledger.entries).toEqual([])
  })

  it.each(wrong)('is missing from the reply of a lenient edge: %s', async (_, make) => {
    const state = await prefetched({ lenientNotifications: true })
    const good = said('n-1', { mbox: { name: 'hero' }, tokens: state.tokens })
    const answered = await state.notify(said('n-2', make(state)), good)
    expect(answered).toMatchObject({ status: 200, notifications: [{ id: 'n-1' }] })
    expect(answered.notifications).toHaveLength(1)
    expect(state.edge.ledger.total('impression')).toBe(1)
  })

  it('is one of another visitor, or of another edge', async () => {
    const { edge, tokens } = await prefetched()
    const notifications = [said('n-1', { mbox: { name: 'hero' }, tokens })]
    expect(await ask(edge, { id: { tntId: 'other' }, notifications })).toMatchObject({ status: 400 })
    const another = createEmulator({ offers: summer('Sun') })
    expect(await ask(another, { id, notifications })).toMatchObject({ status: 400 })
    edge.reset()
    expect(await ask(edge, { id, notifications })).toMatchObject({ status: 400 })
  })
})

it('a beacon is counted and answered with nothing', async () => {
  const { edge, session, tokens } = await prefetched()
  const notifications = [said('n-1', { mbox: { name: 'hero' }, tokens })]
  const context = { channel: 'web', beacon: true }
  expect((await post(edge, { id, context, notifications }, { session })).status).toBe(204)
  expect(sunOf(edge)).toMatchObject({ impressions: 1 })
  expect(edge.requests.at(-1)?.warnings).toEqual([])

  expect((await post(edge, { id, context, execute: named('hero') }, { session })).status).toBe(204)
  expect(sunOf(edge)).toMatchObject({ impressions: 2 })
  expect(edge.requests.at(-1)?.warnings).toEqual([expect.stringContaining('content of this request is lost')])
})

it('a notification without the property of its activity does not count', async () => {
  const activity = { id: 1, name: 'A', property: 'p-1', experiences: [{ name: 'E', offers: { hero: 'x' } }] }
  const edge = createEmulator({ offers: { activities: [activity] } })
  const property = { token: 'p-1' }
  const { prefetch } = await ask(edge, { id, property, prefetch: named('hero') })
  const tokens = prefetch?.mboxes?.[0]?.options?.map(({ eventToken }) => eventToken)
  await ask(edge, { id, notifications: [said('n-1', { tokens })] })
  await ask(edge, { id, property, notifications: [said('n-2', { tokens })] })
  expect(edge.ledger.entries.map(({ counted, why }) => [counted, why])).toEqual([
    [false, 'the request names another property'],
    [true, undefined],
  ])
})

it('more than 50 notifications in one call are taken, with a warning', async () => {
  const { edge, notify, tokens } = await prefetched()
  const all = Array.from({ length: 51 }, (_, at) => said(`n-${at}`, { mbox: { name: 'hero' }, tokens }))
  expect((await notify(...all)).notifications).toHaveLength(51)
  expect(edge.requests.at(-1)?.warnings).toEqual([expect.stringContaining('at most 50')])
})

it('the ledger reads as a table', async () => {
  const { edge, notify, tokens, clicks } = await prefetched()
  await notify(
    said('n-1', { mbox: { name: 'hero' }, tokens }),
    said('n-2', { type: 'click', mbox: { name: 'hero' }, tokens: clicks }),
    said('n-3', { mbox: { name: 'orderConfirmPage' }, order: { id: 'o-1', total: 19.5 } }),
  )
  expect(`${edge.ledger}`).toBe(
    [
      'Summer hero (101)  visitors  visits  impressions  clicks  conversions  revenue',
      '  Control                 0       0            0       0            0        0',
      '  Sun                     1       1            1       1            1     19.5',
    ].join('\n'),
  )
})
