import { describe, expect, it } from 'vitest'
import { joinDetails, placeParameters, readParameters } from '../../src/atjs/parameters.ts'

describe('92. parameters are read', () => {
  it.each([
    ['a query string', 'a=1&b=x%26y&c=with+space&none&=nameless', { a: '1', b: 'x&y', c: 'with space' }],
    ['a list', ['a=1', 'b=x%26y', 'none', 'c=a=b'], { a: '1', b: 'x&y', c: 'a=b' }],
    ['an escape that is none', 'a=100%', { a: '100%' }],
    [
      'an object',
      { a: 1, user: { age: 26, tags: ['x', 'y'] }, empty: null, no: undefined, fn: () => 1 },
      { a: 1, 'user.age': 26, 'user.tags.0': 'x', 'user.tags.1': 'y', empty: '' },
    ],
    ['a number', 5, {}],
    ['nothing', undefined, {}],
    ['null', null, {}],
  ])('from %s', (_, given, read) => expect(readParameters(given)).toEqual(read))
})

describe('75. parameters are placed', () => {
  it('by their names', () => {
    const flat = {
      a: 'b',
      empty: '',
      'profile.plan': 'gold',
      'entity.id': 'e1',
      mbox3rdPartyId: 7,
      at_property: 'token',
      orderId: 12,
      orderTotal: '12.5',
      productPurchasedId: 'p1, p2,',
      productId: 'p3',
      categoryId: 'shoes',
    }
    expect(placeParameters(flat)).toEqual({
      id: { thirdPartyId: '7' },
      property: { token: 'token' },
      details: {
        parameters: { a: 'b', empty: '', 'entity.id': 'e1' },
        profileParameters: { plan: 'gold' },
        order: { id: '12', total: 12.5, purchasedProductIds: ['p1', 'p2'] },
        product: { id: 'p3', categoryId: 'shoes' },
      },
    })
  })

  it('where there are any', () => {
    expect(placeParameters({})).toEqual({ details: {} })
    expect(placeParameters({ orderTotal: 'free', productId: '' }).details).toEqual({})
    expect(placeParameters({ orderTotal: 0 }).details).toEqual({ order: { total: 0 } })
  })

  it('and joined, the caller first', () => {
    const known = { parameters: { a: 1, b: 1 }, product: { id: 'page' }, order: { id: 'o' } }
    const given = { name: 'hero', parameters: { b: 2 }, product: { id: 'own' } }
    expect(joinDetails(known, given)).toEqual({
      name: 'hero',
      parameters: { a: 1, b: 2 },
      product: { id: 'own' },
      order: { id: 'o' },
    })
  })
})
