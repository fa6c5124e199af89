import { describe, expect, it } from 'vitest'
import type { DeliveryRequestInput, Notification, PrefetchMboxResponse, Shown } from '../../src/server.ts'
import prefetched from './prefetched.json' with { type: 'json' }
import { answering } from './recorder.ts'
import { cookieOf, failureOf, HERO, loosely, useEdge } from './setup.ts'

const edge = useEdge()
const UUID = /^[\da-f]{32}$|^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const EVERYTHING: DeliveryRequestInput = {
  prefetch: { pageLoad: {}, mboxes: [{ name: 'hero' }, { name: 'hero' }, { name: 'empty' }], views: [{}] },
  execute: { pageLoad: {}, mboxes: [{ name: 'now' }] },
}

/** Asks for everything, and gives the places that were answered, by name. */
const asking = async (request: DeliveryRequestInput = EVERYTHING, target = edge.client()) => {
  edge.recorder.answer(answering(prefetched))
  const result = await target.getOffers({ request, sessionId: 's1' })
  const { prefetch, execute } = result.response
  const [hero, second, empty, byDefault] = (prefetch?.mboxes ?? []) as Shown[]
  const [now, quiet] = (execute?.mboxes ?? []) as Shown[]
  const [cart] = (prefetch?.views ?? []) as Shown[]
  const places = { hero, second, empty, byDefault, now, quiet, cart, page: prefetch?.pageLoad, top: execute?.pageLoad }
  return { target, result, ...(places as Record<keyof typeof places, Shown>) }
}

/** The notifications that arrived in the last call. */
const arrived = (): Notification[] => (edge.recorder.last.body.notifications ?? []) as Notification[]
const arrivedOnly = (): Notification => {
  expect(arrived()).toHaveLength(1)
  return arrived()[0] as Notification
}

describe('displays', () => {
  it('check 65: a prefetched mbox that was shown is one display with its name, its state and all tokens', async () => {
    const { target, hero, second } = await asking()
    const before = Date.now()
    const returned = target.display(hero)
    target.display(second)
    const after = Date.now()
    expect(await target.flush()).toEqual({ sent: 2, rejected: 0, pending: 0 })

    const [first, other] = arrived()
    expect(first).toEqual(returned)
    expect(first).toMatchObject({ type: 'display', mbox: { name: 'hero', state: 'hero0+state/==' } })
    expect(first?.tokens).toEqual(['hero0-a+/==', 'hero0-default'])
    expect(first).not.toHaveProperty('view')
    expect(first?.id).toMatch(UUID)
    expect(other?.id).toMatch(UUID)
    expect(other?.id).not.toBe(first?.id)
    expect(Number.isInteger(first?.timestamp)).toBe(true)
    expect(first?.timestamp).toBeGreaterThanOrEqual(before)
    expect(first?.timestamp).toBeLessThanOrEqual(after)
  })

  it('check 65: a display repeats what the request said of the mbox', async () => {
    const details = {
      parameters: { sku: 'a1' },
      profileParameters: { tier: 'gold' },
      order: { id: 'o-1', total: 2 },
      product: { id: 'a1' },
    }
    const { target, hero } = await asking({ prefetch: { mboxes: [{ name: 'hero', ...details }] } })
    target.display(hero)
    await target.flush()
    expect(arrivedOnly()).toMatchObject(details)
  })

  it('check 65: only the options that were shown give their tokens', async () => {
    const { target, hero } = await asking()
    target.display(hero, { options: (hero as PrefetchMboxResponse).options?.slice(1, 2) ?? [] })
    await target.flush()
    expect(arrivedOnly().tokens).toEqual(['hero0-default'])
  })

  it('check 66: an option without content still gives its token', async () => {
    const { target, byDefault } = await asking()
    target.display(byDefault)
    await target.flush()
    expect(arrivedOnly()).toMatchObject({ mbox: { name: 'default', state: 'default' }, tokens: ['default-token'] })
  })

  it('check 67: what was executed has counted itself and is not reported', async () => {
    const { target, now, top } = await asking()
    expect(target.display(now)).toBeUndefined()
    expect(target.display(top)).toBeUndefined()
    expect(await target.flush()).toEqual({ sent: 0, rejected: 0, pending: 0 })
    expect(edge.recorder.arrivals).toHaveLength(1)
    expect(target.told.rejected).toEqual([])
  })

  it('check 69: a view that was shown is reported as a view, with its state and never with an mbox', async () => {
    const { target, cart } = await asking()
    target.display(cart)
    await target.flush()
    expect(arrivedOnly()).toMatchObject({
      type: 'display',
      view: { name: 'cart', key: 'cart-key', state: 'cart==' },
      tokens: ['cart-a'],
    })
    expect(arrivedOnly()).not.toHaveProperty('mbox')
    expect(arrivedOnly().view).not.toHaveProperty('id')
  })

  it('check 70: a view without offers is reported by its name alone', async () => {
    const visitor = edge.client().visitor('')
    visitor.display({ name: 'checkout' })
    await visitor.flush()
    expect(arrivedOnly()).toMatchObject({ type: 'display', view: { name: 'checkout' } })
    expect(Object.keys(arrivedOnly().view ?? {})).toEqual(['name'])
    expect(arrivedOnly()).not.toHaveProperty('tokens')
  })

  it('check 71: a prefetched page load that was shown gives its state', async () => {
    const { target, page } = await asking()
    target.display(page)
    await target.flush()
    expect(arrivedOnly()).toMatchObject({
      type: 'display',
      pageLoad: { state: 'page+state/==' },
      tokens: ['page-token+/=='],
    })
    expect(arrivedOnly()).not.toHaveProperty('mbox')
    expect(arrivedOnly()).not.toHaveProperty('view')
  })

  it('check 79: one impression id goes with every display of a page view', async () => {
    const { target, hero, second, cart } = await asking({ ...EVERYTHING, impressionId: 'pv-1' })
    target.display(hero)
    target.display(second)
    target.display(cart, { impressionId: 'pv-2' })
    await target.flush()
    expect(arrived().map(({ impressionId }) => impressionId)).toEqual(['pv-1', 'pv-1', 'pv-2'])
  })

  it('check 79: without one, content that is shown again counts again', async () => {
    const { target, hero } = await asking({ prefetch: { mboxes: [{ name: 'hero' }] } })
    target.display(hero)
    target.display(hero)
    await target.flush()
    const [first, second] = arrived()
    expect(arrived()).toHaveLength(2)
    expect(first?.impressionId).not.toBe(second?.impressionId)
    expect(first?.id).not.toBe(second?.id)
  })
})

describe('clicks and conversions', () => {
  it('check 68: a click gives the tokens of click metrics and no others', async () => {
    const { target, hero, now, cart, page, top } = await asking()
    for (const place of [hero, now, cart, page, top]) target.click(place)
    await target.flush()
    const [onHero, onNow, onCart, onPage, onTop] = arrived()
    expect(onHero).toMatchObject({ type: 'click', mbox: { name: 'hero' }, tokens: ['hero0-click+/=='] })
    expect(onNow).toMatchObject({ type: 'click', mbox: { name: 'now' }, tokens: ['now-click'] })
    expect(onCart).toMatchObject({ type: 'click', view: { name: 'cart' }, tokens: ['cart-click'] })
    expect(onPage).toMatchObject({ type: 'click', tokens: ['page-click=='] })
    expect(onTop).toMatchObject({ type: 'click', tokens: ['top-click'] })
    for (const notification of [onPage, onTop]) {
      expect(notification).not.toHaveProperty('mbox')
      expect(notification).not.toHaveProperty('view')
    }
  })

  it('check 68: without a click metric there is nothing to report', async () => {
    const { target, second, quiet, empty } = await asking()
    for (const place of [second, quiet, empty]) expect(target.click(place)).toBeUndefined()
    expect(await target.flush()).toEqual({ sent: 0, rejected: 0, pending: 0 })
    expect(edge.recorder.arrivals).toHaveLength(1)
  })

  it('check 72: a conversion is a display of its mbox with the order, and without tokens', async () => {
    const visitor = edge.client().visitor('')
    const order = { id: 'o-1', total: 19.5, purchasedProductIds: ['sku1'] }
    visitor.track('orderConfirmPage', { order, parameters: { coupon: 'x' } })
    await visitor.flush()
    expect(arrivedOnly()).toMatchObject({
      type: 'display',
      mbox: { name: 'orderConfirmPage' },
      order,
      parameters: { coupon: 'x' },
    })
    expect(arrivedOnly().id).toMatch(UUID)
    expect(arrivedOnly()).not.toHaveProperty('tokens')
  })

  it('check 73: tokens and states arrive as they came, sign for sign', async () => {
    const strange = 'aZ0+/==+//=%2B ü'
    const mbox = { index: 0, name: 'hero', state: strange, options: [{ type: 'html', eventToken: strange }] }
    edge.recorder.answer(answering({ prefetch: { mboxes: [mbox] } }))
    const target = edge.client()
    const { response } = await target.getOffers({ request: { prefetch: { mboxes: [{ name: 'hero' }] } } })
    target.display(response.prefetch?.mboxes?.[0] as Shown)
    await target.flush()
    expect(arrivedOnly()).toMatchObject({ mbox: { state: strange }, tokens: [strange] })
    expect(edge.recorder.last.text).toContain(`"tokens":["${strange}"]`)
  })
})

describe('whose notification it is', () => {
  it('check 77: it carries the session, id, property, environment, QA mode and edge of its fetch', async () => {
    const { target, urls } = edge.hosted({ propertyToken: 'configured' })
    const request = {
      ...EVERYTHING,
      id: { thirdPartyId: 'crm-7', marketingCloudVisitorId: '42' },
      property: { token: 'mine' },
      environmentId: 12,
      qaMode: { token: 'qa', listedActivitiesOnly: true },
    }
    const { hero, cart } = await asking(request, target)
    await target.getOffers({ request: HERO, sessionId: 'another' })
    target.display(hero)
    target.click(cart)
    await target.flush()
    const { body, query } = edge.recorder.last
    expect(arrived()).toHaveLength(2)
    expect(query.get('sessionId')).toBe('s1')
    expect(body).toMatchObject({
      id: { thirdPartyId: 'crm-7', marketingCloudVisitorId: '42', tntId: 'f00dcafe.28_120' },
      property: { token: 'mine' },
      environmentId: 12,
      qaMode: { token: 'qa', listedActivitiesOnly: true },
    })
    expect(body).not.toHaveProperty('execute')
    expect(body).not.toHaveProperty('prefetch')
    expect(urls.at(-1)?.host).toBe('mboxedge28.tt.omtrdc.net')
  })

  it('check 77: notifications of two visitors never share a call', async () => {
    const target = edge.client()
    target.track('a', {}, { sessionId: 's1', targetCookie: cookieOf('s1', 'one.35_0') })
    target.track('b', {}, { sessionId: 's2', targetCookie: cookieOf('s2', 'two.35_0') })
    target.track('c', {}, { sessionId: 's1', targetCookie: cookieOf('s1', 'one.35_0') })
    await target.flush()
    const bodies = new Map(edge.recorder.arrivals.map(({ query, body }) => [query.get('sessionId'), body]))
    const named = (session: string) => bodies.get(session)?.notifications?.map(({ mbox }) => mbox?.name)
    expect(edge.recorder.arrivals).toHaveLength(2)
    expect([named('s1'), named('s2')]).toEqual([['a', 'c'], ['b']])
    expect([bodies.get('s1')?.id?.tntId, bodies.get('s2')?.id?.tntId]).toEqual(['one.35_0', 'two.35_0'])
  })

  it('check 77: on a server a conversion of nobody is told as rejected and never sent', async () => {
    const target = edge.client()
    expect(target.track('buy')).toBeUndefined()
    expect(target.told.rejected).toMatchObject([{ error: { name: 'TargetError', code: 'INVALID_ARGUMENT' } }])
    await target.flush()
    expect(edge.recorder.arrivals).toEqual([])
  })

  it.each([
    ['timestamp', 1735689600],
    ['timestamp', 1735689600000.5],
    ['timestamp', '1735689600000'],
    ['timestamp', undefined],
    ['id', ''],
    ['id', 'n'.repeat(201)],
    ['type', 'scroll'],
    ['tokens', [5]],
  ])('check 78: a notification whose %s is %j is rejected', async (member, value) => {
    const good = { id: 'n-1', type: 'display', timestamp: 1735689600000, mbox: { name: 'buy' } } as const
    const notification = loosely<Notification>({ ...good, [member]: value })
    const target = edge.client()
    const error = await failureOf(target.sendNotifications({ request: { notifications: [good, notification] } }))
    expect(error).toMatchObject({ name: 'TargetError', code: 'INVALID_ARGUMENT' })
    expect(error.path).toMatch(new RegExp(`^notifications\\.1\\.${member}`))
    expect(target.notify(notification, { sessionId: 's1' })).toBeUndefined()
    expect(target.told.rejected).toMatchObject([{ error: { code: 'INVALID_ARGUMENT' } }])
    await target.flush()
    expect(edge.recorder.arrivals).toEqual([])
  })
})
