import { afterEach, expect, it, vi } from 'vitest'
import { TargetClient } from '../../src/browser.ts'
import { openPage } from './page.ts'
import { createWorld, notification, ORG } from './world.ts'

const world = createWorld()
afterEach(() => {
  vi.unstubAllGlobals()
})

const leave = (sendBeacon?: (url: string, body: string) => boolean) => {
  const page = openPage(sendBeacon)
  const target = TargetClient.create({
    client: 'acme',
    organizationId: ORG,
    serverDomain: world.server.domain,
    secure: false,
    notificationDelay: 60_000,
  })
  target.notify(notification)
  target.notify({ ...notification, id: 'n-2' })
  page.leave()
  return target
}

it('105. differs: a page that goes away hands its notifications to one beacon, where Adobe throws', () => {
  const sendBeacon = vi.fn((_url: string, _body: string) => true)
  leave(sendBeacon)
  expect(sendBeacon).toHaveBeenCalledTimes(1)
  const [url, body] = sendBeacon.mock.calls[0] ?? []
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/rest\/v1\/delivery\?imsOrgId=ORG%40AdobeOrg&sessionId=[\da-f]{32}$/)
  expect(typeof body, 'text, so that no preflight is needed').toBe('string')
  expect(JSON.parse(body as string)).toMatchObject({
    context: { beacon: true, channel: 'web', userAgent: 'UA' },
    notifications: [notification, { ...notification, id: 'n-2' }],
  })
  expect(world.server.requests).toEqual([])
})

it.each([
  ['105. a beacon that the browser refuses becomes a fetch that outlives the page', () => false],
  ['106. without beacons notifications leave by a fetch that outlives the page', undefined],
])('%s', async (_, sendBeacon) => {
  const fetched = vi.spyOn(globalThis, 'fetch')
  leave(sendBeacon)
  await vi.waitFor(() => expect(world.server.requests).toHaveLength(1))
  expect(fetched.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', keepalive: true })
  expect(world.server.only().body).toMatchObject({
    notifications: [{ id: 'n-1' }, { id: 'n-2' }],
  })
  fetched.mockRestore()
})
