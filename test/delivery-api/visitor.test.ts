import { describe, expect, it } from 'vitest'
import { cookieOf, failureOf, HERO, loosely, useEdge } from './setup.ts'

const edge = useEdge()
const LINKED = { id: 'c-1', integrationCode: 'crm', authenticatedState: 'authenticated' } as const

describe('who asks', () => {
  it('check 30: when no id is known there is no id member', async () => {
    const target = edge.client()
    await target.getOffers({ request: HERO })
    await target.getOffers({ request: { ...HERO, id: {} } })
    await target.getOffers({ request: { ...HERO, id: { tntId: '' } }, customerIds: [] })
    for (const body of edge.recorder.bodies) expect('id' in body).toBe(false)
  })

  it('check 30: what the caller says goes before what the cookies say, member by member', async () => {
    const targetCookie = cookieOf('s1', 'cookie.35_0')
    const visitorCookie = '-330454231|MCIDTS|18145|MCMID|0123456789|MCAAMLH-1|9|MCAAMB-1|blob'
    const target = edge.client()
    await target.getOffers({ request: HERO, targetCookie, visitorCookie })
    await target.getOffers({ request: { ...HERO, id: { tntId: 'mine' } }, targetCookie, visitorCookie })
    expect(edge.recorder.bodies[0]).toMatchObject({
      id: { tntId: 'cookie.35_0', marketingCloudVisitorId: '0123456789' },
      experienceCloud: { audienceManager: { locationHint: 9, blob: 'blob' } },
    })
    expect(edge.recorder.bodies[1]?.id).toEqual({ tntId: 'mine', marketingCloudVisitorId: '0123456789' })
  })

  it('check 31: customer ids without an ECID are sent, with a warning', async () => {
    const target = edge.client()
    await target.getOffers({ request: HERO, customerIds: [LINKED] })
    expect(edge.recorder.only.body.id).toEqual({ customerIds: [LINKED] })
    expect(target.told.warnings).toEqual([expect.stringContaining('marketingCloudVisitorId')])
  })

  it('check 31: with an ECID there is nothing to warn of', async () => {
    const target = edge.client()
    await target.getOffers({ request: { ...HERO, id: { marketingCloudVisitorId: '1' } }, customerIds: [LINKED] })
    expect(target.told.warnings).toEqual([])
  })

  it('check 31: a list loses its nulls, and may be a part of the request or of the call', async () => {
    const customerIds = loosely<(typeof LINKED)[]>([null, LINKED, undefined])
    const target = edge.client()
    await target.getOffers({ request: HERO, customerIds })
    await target.getOffers({ request: { ...HERO, id: { customerIds } } })
    for (const { id } of edge.recorder.bodies) expect(id?.customerIds).toEqual([LINKED])
  })

  it('check 31: 50 customer ids are the most', async () => {
    const target = edge.client()
    const customerIds = Array.from({ length: 51 }, (_, index) => ({ ...LINKED, id: `c-${index}` }))
    await target.getOffers({ request: HERO, customerIds: customerIds.slice(0, 50) })
    const error = await failureOf(target.getOffers({ request: HERO, customerIds }))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', path: 'id.customerIds', limit: 50 })
    expect(edge.recorder.only.body.id?.customerIds).toHaveLength(50)
  })

  it('check 32: the numbers of the ID service become the words of the Delivery API', async () => {
    const customerIds = {
      a: { id: '1', authState: 0 },
      b: { id: '2', authState: 1 },
      c: { id: '3', authState: 2 },
      d: { id: '4', authState: 7 },
      e: { id: '5' },
      f: '6',
      g: null,
      h: {},
    }
    await edge.client().getOffers({ request: HERO, customerIds })
    expect(edge.recorder.only.body.id?.customerIds).toEqual([
      { id: '1', integrationCode: 'a', authenticatedState: 'unknown' },
      { id: '2', integrationCode: 'b', authenticatedState: 'authenticated' },
      { id: '3', integrationCode: 'c', authenticatedState: 'logged_out' },
      { id: '4', integrationCode: 'd', authenticatedState: 'unknown' },
      { id: '5', integrationCode: 'e', authenticatedState: 'unknown' },
      { id: '6', integrationCode: 'f', authenticatedState: 'unknown' },
    ])
  })

  it.each([
    ['thirdPartyId', 256],
    ['tntId', 128],
    ['marketingCloudVisitorId', 128],
  ] as const)('check 33: %s has at most %i characters', async (member, most) => {
    const target = edge.client()
    const ask = (length: number) => target.getOffers({ request: { ...HERO, id: { [member]: 'x'.repeat(length) } } })
    await ask(most)
    const error = await failureOf(ask(most + 1))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', path: `id.${member}`, limit: most })
    expect(edge.recorder.only.body.id?.[member]).toHaveLength(most)
  })

  it('check 33: a tntId of a cookie that is too long is passed over', async () => {
    await edge.client().getOffers({ request: HERO, targetCookie: cookieOf('s1', 'x'.repeat(129)) })
    expect(edge.recorder.only.body.id).toBeUndefined()
  })

  it('check 34: a configured thirdPartyId is on execute, on prefetch and on notifications', async () => {
    const target = edge.client({ thirdPartyId: 'crm-7' })
    const visitor = target.visitor('')
    await target.getOffers({ request: HERO })
    await target.getOffers({ request: { prefetch: { views: [{}] } } })
    await target.sendNotifications({
      request: { notifications: [{ id: 'n', type: 'display', timestamp: 1735689600000, mbox: { name: 'buy' } }] },
    })
    visitor.track('order')
    target.track('order', {}, { sessionId: 's1' })
    await target.flush()
    expect(edge.recorder.bodies.map(({ id }) => id?.thirdPartyId)).toEqual(Array(5).fill('crm-7'))
  })

  it('check 34: the thirdPartyId of a call goes before the configured one', async () => {
    await edge.client({ thirdPartyId: 'crm-7' }).getOffers({ request: { ...HERO, id: { thirdPartyId: 'crm-8' } } })
    expect(edge.recorder.only.body.id?.thirdPartyId).toBe('crm-8')
  })
})
