import { expect, it } from 'vitest'
import { TargetClient } from '../../src/server.ts'
import { createWorld, LATER, ORG, request } from './world.ts'

const world = createWorld()
const visitorCookie = '-1712354808|MCIDTS|17864|MCMID|mid|vVersion|4.4.0'
const targetCookie = `PC#device#${LATER}`

const idOf = async (call: object) => {
  await world.client().getOffers({ request, ...call })
  return world.server.last().body.id
}

it('32. the cookies have the names of the Node.js SDK', () => {
  expect(TargetClient.getVisitorCookieName('foo@AdobeOrg')).toBe('AMCV_foo@AdobeOrg')
  expect(TargetClient.TargetCookieName).toBe('mbox')
  expect(TargetClient.TargetLocationHintCookieName).toBe('mboxEdgeCluster')
})

it('32. differs: an organization without its suffix names the same cookie, as the ID service itself has it', () => {
  expect(TargetClient.getVisitorCookieName('foo')).toBe('AMCV_foo@AdobeOrg')
})

it('33. the states of a customer id have the numbers of the ID service', () => {
  expect(TargetClient.AuthState).toEqual({ UNKNOWN: 0, AUTHENTICATED: 1, LOGGED_OUT: 2 })
})

it('34. the device id and the Experience Cloud ID come from their cookies', async () => {
  expect(await idOf({ targetCookie, visitorCookie })).toEqual({ tntId: 'device', marketingCloudVisitorId: 'mid' })
})

it('35. ids of the request win over those of the cookies, field by field', async () => {
  const call = { targetCookie, visitorCookie }
  const id = { tntId: 'mine', marketingCloudVisitorId: 'my-mid', thirdPartyId: 'third' }
  expect(await idOf({ ...call, request: { ...request, id } })).toEqual(id)
  expect(await idOf({ ...call, request: { ...request, id: { thirdPartyId: 'third' } } })).toEqual({
    tntId: 'device',
    marketingCloudVisitorId: 'mid',
    thirdPartyId: 'third',
  })
})

it.each([undefined, {}, { tntId: '', thirdPartyId: '' }])('36. with the ids %j there is no id', async (id) => {
  await idOf({ request: { ...request, id } })
  expect(world.server.only().body).not.toHaveProperty('id')
})

const given = { id: '1234', integrationCode: 'foo', authenticatedState: 'unknown' as const }

it('37. customer ids of the request pass through unchanged', async () => {
  expect(await idOf({ request: { ...request, id: { customerIds: [given] } } })).toEqual({ customerIds: [given] })
})

it('38. customer ids of the ID service come before those of the request', async () => {
  const customerIds = { userid: { id: '67312378756723456', authState: 1 }, puuid: '550e8400-e29b-41d4' }
  expect(await idOf({ customerIds, request: { ...request, id: { customerIds: [given] } } })).toEqual({
    customerIds: [
      { id: '67312378756723456', integrationCode: 'userid', authenticatedState: 'authenticated' },
      { id: '550e8400-e29b-41d4', integrationCode: 'puuid', authenticatedState: 'unknown' },
      given,
    ],
  })
})

it('39. state 2 is logged_out, and an empty customer id is passed over', async () => {
  const customerIds = { out: { id: '1', authState: 2 }, empty: '', none: null, void: undefined }
  expect(await idOf({ customerIds })).toEqual({
    customerIds: [{ id: '1', integrationCode: 'out', authenticatedState: 'logged_out' }],
  })
})

it('40. differs: customer ids may be a list, as the documentation has it, which Adobe drops', async () => {
  const call = { request, customerIds: [given] }
  expect(await idOf(call)).toEqual({ customerIds: [given] })
  await world.adobe().getOffers(call)
  expect(world.server.last().body).not.toHaveProperty('id')
})

it('46. customer ids are in the visitor state, by the organization and as they were given', async () => {
  const customerIds = { userid: { id: '67312378756723456', authState: 1 }, puuid: '550e8400-e29b-41d4' }
  const { visitorState } = await world.client().getOffers({ request, customerIds })
  expect(visitorState?.[ORG]?.customerIDs).toEqual(customerIds)
})
