import { expect, it } from 'vitest'
import type { DeliveryRequest, RequestOptions } from '../../src/server.ts'
import { createWorld, failureOf, request, SDID } from './world.ts'

const world = createWorld()

const bodyOf = async (more: object, call: object = {}): Promise<DeliveryRequest> => {
  await world.client().getOffers({ ...call, request: { ...request, ...more } })
  return world.server.last().body
}
const adobeBodyOf = async (more: object): Promise<DeliveryRequest> => {
  await world.adobe().getOffers({ request: { ...request, ...more } })
  return world.server.last().body
}
const timeOffsetInMinutes = -new Date().getTimezoneOffset() || 0

it('50. without a context the channel is web, and the time zone is the own one', async () => {
  expect((await bodyOf({})).context).toEqual({ channel: 'web', timeOffsetInMinutes })
})

it('51. differs: the channel mobile stays mobile, which Adobe makes web', async () => {
  const context = { channel: 'mobile' }
  expect((await bodyOf({ context })).context.channel).toBe('mobile')
  expect((await adobeBodyOf({ context })).context.channel).toBe('web')
})

it('52. differs: a context without a time zone gets one, which Adobe forgets', async () => {
  const context = { userAgent: 'UA' }
  expect((await bodyOf({ context })).context).toEqual({ channel: 'web', userAgent: 'UA', timeOffsetInMinutes })
  expect((await adobeBodyOf({ context })).context).not.toHaveProperty('timeOffsetInMinutes')
  expect((await bodyOf({ context: { timeOffsetInMinutes: 330 } })).context.timeOffsetInMinutes).toBe(330)
})

it('53. what the caller knows of page and device passes through', async () => {
  const context = {
    channel: 'web',
    timeOffsetInMinutes: 0,
    userAgent: 'UA',
    clientHints: { mobile: false, platform: 'macOS', browserUAWithMajorVersion: '"Chromium";v="120"' },
    address: { url: 'https://acme.test/?a=1', referringUrl: 'https://search.test/' },
    geo: { ipAddress: '203.0.113.7', countryCode: 'CH', stateCode: 'ZH', city: 'Zürich', zip: '8001', latitude: 47.4 },
    browser: { host: 'acme.test', language: 'de-CH' },
    screen: { width: 1280, height: 720, colorDepth: 24, pixelRatio: 2, orientation: 'landscape' },
    window: { width: 1280, height: 600 },
    application: { id: 'app', name: 'App', version: '1' },
    mobilePlatform: { platformType: 'ios', deviceType: 'phone', deviceName: 'x', version: '17' },
  }
  expect((await bodyOf({ context })).context).toEqual(context)
})

it('54. Analytics is told by the server unless the caller says otherwise, and keeps its tracking servers', async () => {
  expect((await bodyOf({})).experienceCloud).toEqual({
    analytics: { logging: 'server_side', supplementalDataId: expect.stringMatching(SDID) },
  })
  const analytics = { trackingServer: 'metrics.acme.test', trackingServerSecure: 'smetrics.acme.test' }
  expect((await bodyOf({ experienceCloud: { analytics } })).experienceCloud?.analytics).toMatchObject({
    logging: 'server_side',
    ...analytics,
  })
})

it('55. mboxes without an index get the next one', async () => {
  const mboxes = [{ name: 'a' }, { name: 'b' }, { name: 'c', index: 7 }]
  expect((await bodyOf({ execute: { mboxes } })).execute?.mboxes?.map(({ index }) => index)).toEqual([0, 1, 7])
})

it('55. differs: an index that the caller uses is not given twice, as Adobe does', async () => {
  const mboxes = [{ name: 'a' }, { name: 'b', index: 0 }]
  expect((await bodyOf({ execute: { mboxes } })).execute?.mboxes?.map(({ index }) => index)).toEqual([1, 0])
  expect((await adobeBodyOf({ execute: { mboxes } })).execute?.mboxes?.map(({ index }) => index)).toEqual([0, 0])
})

it('56. differs: an mbox without a name rejects the call and names the path, where Adobe drops it in silence', async () => {
  const execute = { mboxes: [{ name: 'a' }, { index: 1 }] } as RequestOptions['request']['execute']
  const error = await failureOf(world.client().getOffers({ request: { execute } }))
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', path: 'execute.mboxes.1.name' })
  expect(error.message).toContain('execute.mboxes.1.name')
  expect(world.server.requests).toEqual([])
  expect((await adobeBodyOf({ execute })).execute?.mboxes).toHaveLength(1)
})

it('57. differs: with no valid mbox at all the call rejects, where Adobe sends an empty execute', async () => {
  const execute = { mboxes: [{ name: '' }] }
  const error = await failureOf(world.client().getOffers({ request: { execute } }))
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', path: 'execute.mboxes.0.name' })
  expect((await adobeBodyOf({ execute })).execute).toEqual({})
})

it('58. views keep name and key, and a view without a name asks for all', async () => {
  const views = [{ name: 'home', key: 'k' }, {}]
  expect((await bodyOf({ prefetch: { views } })).prefetch?.views).toEqual(views)
})

it('59. trace, QA mode, preview and property pass through', async () => {
  const more = {
    trace: { authorizationToken: 'token', usage: { a: 'b' } },
    qaMode: {
      token: 'qa',
      listedActivitiesOnly: true,
      evaluateAsTrueAudienceIds: [1],
      evaluateAsFalseAudienceIds: [2],
      previewIndexes: [{ activityIndex: 1, experienceIndex: 2 }],
    },
    preview: { token: 'preview' },
    property: { token: 'property' },
  }
  expect(await bodyOf(more)).toMatchObject(more)
})

it('60. empty lists beside something to ask for are left out', async () => {
  const { execute, prefetch, ...body } = await bodyOf({
    id: { customerIds: [] },
    execute: { pageLoad: {}, mboxes: [] },
    prefetch: { views: [{}], mboxes: [] },
    notifications: [],
  })
  expect([execute, prefetch]).toEqual([{ pageLoad: {} }, { views: [{}] }])
  expect(body).not.toHaveProperty('notifications')
  expect(body).not.toHaveProperty('id')
})

it('an execute has an impression id before the first attempt, so that a repeated one counts once', async () => {
  world.server.answer({ destroy: true }, { status: 503 }, {})
  await world.client().getOffers({ request })
  const ids = world.server.requests.map(({ body }) => body.impressionId)
  expect(ids).toHaveLength(3)
  expect(new Set(ids).size).toBe(1)
  expect(ids[0]).toMatch(/^[\da-f]{32}$/)
})

it("the caller's impression id is kept, and a prefetch needs none", async () => {
  expect((await bodyOf({ impressionId: 'page-view-1' })).impressionId).toBe('page-view-1')
  await world.client().getOffers({ request: { prefetch: { views: [{}] } } })
  expect(world.server.last().body).not.toHaveProperty('impressionId')
})
