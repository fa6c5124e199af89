import { describe, expect, it } from 'vitest'
import type { DeliveryRequestInput, Notification } from '../../src/server.ts'
import { failureOf, HERO, loosely, useEdge } from './setup.ts'

const edge = useEdge()

interface Details {
  parameters?: unknown
  profileParameters?: unknown
  order?: unknown
  product?: unknown
}

/** The same details on every kind of item, and the path at which a mistake in them is told. */
const places: { where: string; request: (details: Details) => DeliveryRequestInput }[] = [
  {
    where: 'execute.mboxes.0',
    request: (details) => ({ execute: { mboxes: [loosely({ name: 'hero', ...details })] } }),
  },
  { where: 'execute.pageLoad', request: (details) => ({ execute: { pageLoad: loosely(details) } }) },
  {
    where: 'prefetch.mboxes.0',
    request: (details) => ({ prefetch: { mboxes: [loosely({ name: 'a', ...details })] } }),
  },
  { where: 'prefetch.pageLoad', request: (details) => ({ prefetch: { pageLoad: loosely(details) } }) },
  { where: 'prefetch.views.0', request: (details) => ({ prefetch: { views: [loosely(details)] } }) },
  {
    where: 'notifications.0',
    request: (details) => ({
      notifications: [loosely<Notification>({ id: 'n', type: 'display', timestamp: 1735689600000, ...details })],
    }),
  },
]

/** The details that arrive for those that were given, on the only mbox, and what was warned of. */
const arriving = async (details: Details): Promise<Details & { warnings: string[] }> => {
  const target = edge.client()
  await target.getOffers({ request: { execute: { mboxes: [loosely({ name: 'hero', ...details })] } } })
  return { ...edge.recorder.last.body.execute?.mboxes?.[0], warnings: target.told.warnings }
}

const refusalsOf = async (details: Details) => {
  const paths: (string | undefined)[] = []
  for (const { where, request } of places) {
    const error = await failureOf(edge.client().getOffers({ request: request(details) }))
    expect(error).toMatchObject({ name: 'TargetError', code: 'INVALID_ARGUMENT' })
    paths.push(error.path?.replace(`${where}.`, ''))
  }
  expect(edge.recorder.arrivals).toEqual([])
  return new Set(paths)
}

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, 'x']))

describe('parameters', () => {
  it.each(places)(
    'check 45: values arrive as text in $where, null and undefined not at all',
    async ({ request, where }) => {
      const map = { a: 1, b: true, c: 'x', d: null, e: undefined, f: 0, g: false, h: '', i: 1.5 }
      await edge.client().getOffers({ request: request({ parameters: map, profileParameters: map }) })
      const [kind, list, index] = where.split('.') as [string, string, string?]
      const body = loosely<Record<string, Record<string, Record<string, Details>>>>(edge.recorder.only.body)
      const item = index ? body[kind]?.[list]?.[index] : body[kind]?.[list]
      const text = { a: '1', b: 'true', c: 'x', f: '0', g: 'false', h: '', i: '1.5' }
      expect(item).toMatchObject({ parameters: text, profileParameters: text })
      expect(Object.keys((item as Details).parameters as object)).toEqual(Object.keys(text))
    },
  )

  it.each([
    ['a list', ['x']],
    ['an object', { x: 1 }],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['5001 characters', 'x'.repeat(5001)],
  ])('check 45: a value of %s is rejected', async (_what, value) => {
    expect(await refusalsOf({ parameters: { ok: 1, bad: value } })).toEqual(new Set(['parameters.bad']))
    expect(await refusalsOf({ profileParameters: { bad: value } })).toEqual(new Set(['profileParameters.bad']))
  })

  it('check 45: parameters that are a list are rejected', async () => {
    expect(await refusalsOf({ parameters: ['x'] })).toEqual(new Set(['parameters']))
  })

  it.each([
    'profile.x',
    '',
    '  ',
    'x'.repeat(129),
    'orderId',
    'orderTotal',
    'productPurchasedIds',
    'productPurchasedId',
  ])('check 46: a parameter cannot be named %j', async (name) => {
    expect(await refusalsOf({ parameters: { [name]: 'x' } })).toEqual(new Set([`parameters.${name}`]))
  })

  it('check 46: names of 128 characters, and those that other tools give, arrive as they are', async () => {
    const parameters = JSON.parse(
      `{"${'x'.repeat(128)}":"1","entity.id":"2","__proto__":"3","constructor":"4","a b":"5"}`,
    )
    const arrived = (await arriving({ parameters })).parameters
    expect(Object.entries(arrived ?? {})).toEqual(Object.entries(parameters))
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  })

  it('check 47: profile parameters go without the prefix, and with it they do not go', async () => {
    const { profileParameters } = await arriving({ profileParameters: { tier: 'gold', orderId: 'fine here' } })
    expect(profileParameters).toEqual({ tier: 'gold', orderId: 'fine here' })
    edge.recorder.clear()
    const refused = await refusalsOf({ profileParameters: { 'profile.tier': 'gold' } })
    expect(refused).toEqual(new Set(['profileParameters.profile.tier']))
  })

  it('check 48: 101 mbox parameters are rejected, 51 to 100 go with a warning', async () => {
    expect(await refusalsOf({ parameters: many(101) })).toEqual(new Set(['parameters']))
    expect((await arriving({ parameters: many(100) })).warnings).toEqual([expect.stringContaining('50')])
    expect((await arriving({ parameters: many(51) })).warnings).toHaveLength(1)
    expect((await arriving({ parameters: many(50) })).warnings).toEqual([])
    expect(edge.recorder.arrivals).toHaveLength(3)
  })

  it('check 48: a profile value of more than 256 characters goes with a warning', async () => {
    expect((await arriving({ profileParameters: { bio: 'x'.repeat(257) } })).warnings).toHaveLength(1)
    expect((await arriving({ profileParameters: { bio: 'x'.repeat(256) } })).warnings).toEqual([])
    expect(edge.recorder.arrivals).toHaveLength(2)
  })

  it('check 48: 51 profile parameters are rejected', async () => {
    expect(await refusalsOf({ profileParameters: many(51) })).toEqual(new Set(['profileParameters']))
  })
})

describe('orders and products', () => {
  it.each([
    ['joined to more than 250 characters', Array.from({ length: 6 }, () => 'x'.repeat(42))],
    ['of which one is blank', ['a', ' ']],
    ['of which one is empty', ['']],
    ['that are no texts', [5]],
  ])('check 49: purchased products %s are rejected', async (_what, purchasedProductIds) => {
    for (const path of await refusalsOf({ order: { id: 'o', total: 1, purchasedProductIds } }))
      expect(path).toMatch(/^order\.purchasedProductIds/)
  })

  it('check 49: 250 characters joined by commas go', async () => {
    const purchasedProductIds = [...Array.from({ length: 4 }, () => 'x'.repeat(49)), 'x'.repeat(50)]
    expect(purchasedProductIds.join()).toHaveLength(250)
    expect((await arriving({ order: { id: 'o', purchasedProductIds } })).order).toEqual({
      id: 'o',
      purchasedProductIds,
    })
  })

  it('check 50: the time of an order is ISO 8601, its total a number', async () => {
    const time = new Date('2025-01-01T00:00:00Z')
    const { order } = await arriving({ order: { id: 'o', total: 0, time } })
    expect(order).toEqual({ id: 'o', total: 0, time: '2025-01-01T00:00:00.000Z' })
    expect((await arriving({ order: { time: '2025-01-01T00:00:00Z' } })).order).toEqual({
      time: '2025-01-01T00:00:00Z',
    })
  })

  it.each([
    ['total', -1],
    ['total', '19.5'],
    ['total', Number.NaN],
    ['time', 'soon'],
    ['time', new Date(Number.NaN)],
    ['time', 5],
    ['time', {}],
    ['id', 'x'.repeat(251)],
  ])('check 50: an order whose %s is %j is rejected', async (member, value) => {
    expect(await refusalsOf({ order: { [member]: value } })).toEqual(new Set([`order.${member}`]))
  })

  it.each([
    ['id', 'x'.repeat(129)],
    ['id', ' '],
    ['categoryId', 'x'.repeat(257)],
  ])('check 50: a product whose %s is %j is rejected', async (member, value) => {
    expect(await refusalsOf({ product: { [member]: value } })).toEqual(new Set([`product.${member}`]))
  })
})

describe('nothing that the wire does not know', () => {
  it('check 62: no discriminator of a generated model is ever sent', async () => {
    const marked = { $_type: 'mboxRequest', $type: 'x', name: 'hero', index: 0 }
    await edge.client().getOffers({
      request: loosely({
        $_type: 'x',
        execute: { pageLoad: { $_type: 'requestDetails' }, mboxes: [marked] },
        prefetch: { views: [{ $_type: 'viewRequest' }], mboxes: [marked] },
        notifications: [{ id: 'n', type: 'display', timestamp: 1735689600000, $type: 'notification' }],
      }),
    })
    expect(edge.recorder.only.text).not.toMatch(/"\$_?type"/)
    expect(edge.recorder.only.body.execute).toEqual({ pageLoad: {}, mboxes: [{ name: 'hero', index: 0 }] })
  })

  it('check 62: what was answered can be reported without its discriminator', async () => {
    const visitor = edge.client().visitor('')
    visitor.display(loosely({ $_type: 'view', name: 'cart', state: 's', options: [] }))
    await visitor.flush()
    expect(edge.recorder.only.text).not.toMatch(/"\$_?type"/)
  })

  it('check 63: members that are not set are absent, and null is never sent', async () => {
    const request = loosely<DeliveryRequestInput>({
      id: null,
      environmentId: null,
      property: null,
      trace: undefined,
      context: { channel: 'web', address: null, geo: { city: null }, userAgent: undefined, screen: { width: null } },
      experienceCloud: { analytics: { trackingServer: null } },
      execute: {
        pageLoad: null,
        mboxes: [null, { name: 'hero', index: null, order: null, parameters: null }, undefined],
      },
      prefetch: null,
      qaMode: undefined,
    })
    await edge.client().getOffers({ request })
    const { text, body } = edge.recorder.only
    expect(text).not.toContain('null')
    expect(body.execute).toEqual({ mboxes: [{ index: 0, name: 'hero' }] })
    const members = ['context', 'execute', 'experienceCloud', 'impressionId', 'requestId']
    expect(Object.keys(body).sort()).toEqual(members)
  })

  it('check 63: the least of calls says no more than it knows', async () => {
    await edge.client({ telemetryEnabled: false }).getOffers({ request: HERO })
    const { requestId, impressionId, context, experienceCloud, ...rest } = edge.recorder.only.body
    expect(rest).toEqual({ execute: { mboxes: [{ index: 0, name: 'hero' }] } })
    expect(Object.keys(context).sort()).toEqual(['channel', 'timeOffsetInMinutes'])
  })
})
