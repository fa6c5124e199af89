import { expect, it } from 'vitest'
import { createWorld, ORG, request, SDID } from './world.ts'

const world = createWorld()
const AMCV = '-1712354808|MCIDTS|17864|MCMID|M|MCAAMLH-1577836800s|9|MCAAMB-1577836800s|B|vVersion|4.4.0'

const bodyOf = async (call: object) => {
  await world.client().getOffers({ request, ...call })
  return world.server.last().body
}
const sdidOf = ({ experienceCloud }: Awaited<ReturnType<typeof bodyOf>>) =>
  experienceCloud?.analytics?.supplementalDataId

it.each([
  ['plain', AMCV],
  ['encoded', encodeURIComponent(AMCV)],
  ['without the suffix s', AMCV.replaceAll('800s', '800')],
])('41. the cookie of the ID service gives ECID, region and metadata: %s', async (_, visitorCookie) => {
  const { id, experienceCloud } = await bodyOf({ visitorCookie })
  expect(id).toEqual({ marketingCloudVisitorId: 'M' })
  expect(experienceCloud?.audienceManager).toEqual({ locationHint: 9, blob: 'B' })
})

it('42. differs: an Experience Cloud ID of NONE is none, which Adobe sends as an id', async () => {
  const visitorCookie = '-1712354808|MCMID|NONE|vVersion|4.4.0'
  expect(await bodyOf({ visitorCookie })).not.toHaveProperty('id')
  await world.adobe().getOffers({ request, visitorCookie })
  expect(world.server.last().body.id).toEqual({ marketingCloudVisitorId: 'NONE' })
})

it("43. the caller's region and metadata win over the cookie's, field by field", async () => {
  const experienceCloud = { audienceManager: { blob: 'mine' } }
  const body = await bodyOf({ visitorCookie: AMCV, request: { ...request, experienceCloud } })
  expect(body.experienceCloud?.audienceManager).toEqual({ locationHint: 9, blob: 'mine' })
})

it('44. without a cookie of the ID service there is a supplemental data id all the same', async () => {
  expect(sdidOf(await bodyOf({}))).toMatch(SDID)
})

it('45. the visitor state after a call says which consumer has had which id', async () => {
  const { visitorState } = await world.client().getOffers({ request })
  expect(visitorState).toEqual({
    [ORG]: {
      sdid: {
        supplementalDataIDCurrent: sdidOf(world.server.only().body),
        supplementalDataIDCurrentConsumed: { 'payload:target-global-mbox': true },
        supplementalDataIDLastConsumed: {},
      },
    },
  })
})

it('47. consumers share an id, one that comes back starts another, and the last waits for those who have not had it', async () => {
  const one = world.client().visitor('')
  const states: Record<string, unknown>[] = []
  for (const consumerId of ['a', 'b', 'a', 'c', 'b', 'a']) {
    const { visitorState } = await one.getOffers({ request, consumerId })
    states.push(visitorState?.[ORG]?.sdid ?? {})
  }
  const [first, second, third, fourth, fifth, sixth] = world.server.requests.map(({ body }) => sdidOf(body))
  expect(second).toBe(first)
  expect(third).not.toBe(first)
  expect(fourth, 'c has not had the first').toBe(first)
  expect(fifth, 'b has not had the second').toBe(third)
  expect(new Set([first, third, sixth]).size, 'a comes back for the third time').toBe(3)
  expect(states[2]).toEqual({
    supplementalDataIDCurrent: third,
    supplementalDataIDCurrentConsumed: { 'payload:a': true },
    supplementalDataIDLast: first,
    supplementalDataIDLastConsumed: { 'payload:a': true, 'payload:b': true },
  })
})

it('47. a visitor of the ID service itself can be shared by calls', async () => {
  const asked: string[] = []
  const visitor = {
    getVisitorValues: () => ({ MCMID: 'M', MCAAMLH: '9', MCAAMB: 'B' }),
    getState: () => ({ [ORG]: { customerIDs: { crm: { id: '1', authState: 1 } }, sdid: {} } }),
    getSupplementalDataID: (consumer: string) => {
      asked.push(consumer)
      return '0000000000000000-0000000000000000'
    },
  }
  const body = await bodyOf({ visitor, consumerId: 'a' })
  await bodyOf({ visitor, consumerId: 'b' })
  expect(asked).toEqual(['a', 'b'])
  expect(sdidOf(body)).toBe('0000000000000000-0000000000000000')
  expect(body.experienceCloud?.audienceManager).toEqual({ locationHint: 9, blob: 'B' })
  expect(body.id).toEqual({
    marketingCloudVisitorId: 'M',
    customerIds: [{ id: '1', integrationCode: 'crm', authenticatedState: 'authenticated' }],
  })
})

it("48. differs: the caller's supplemental data id goes out as it is, which Adobe replaces", async () => {
  const supplementalDataId = '0123456789ABCDEF-0123456789ABCDEF'
  const call = { request: { ...request, experienceCloud: { analytics: { supplementalDataId } } } }
  expect(sdidOf(await bodyOf(call))).toBe(supplementalDataId)
  await world.adobe().getOffers(call)
  expect(sdidOf(world.server.last().body)).not.toBe(supplementalDataId)
})

it("49. the visitor's current id, given by the caller, is kept and not consumed again", async () => {
  const one = world.client().visitor('')
  await one.getOffers({ request, consumerId: 'a' })
  const supplementalDataId = sdidOf(world.server.last().body)
  const { visitorState } = await one.getOffers({
    request: { ...request, experienceCloud: { analytics: { supplementalDataId } } },
    consumerId: 'b',
  })
  expect(sdidOf(world.server.last().body)).toBe(supplementalDataId)
  expect(visitorState?.[ORG]?.sdid?.supplementalDataIDCurrentConsumed).toEqual({ 'payload:a': true })
})
