import { afterEach, expect, test, vi } from 'vitest'
import { TargetClient } from '../../src/browser.ts'
import { createEmulator, type EdgeRequest } from '../../src/emulator.ts'
import { openPage } from '../delivery-api/page.ts'

// A page that says less of itself than the browser would, and one whose edge refuses the last call.

const create = (edge: typeof fetch) =>
  TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', fetchApi: edge, notificationDelay: 60_000 })

let edge = createEmulator({ offers: { hero: 'x' } })
afterEach(() => {
  vi.unstubAllGlobals()
  edge = createEmulator({ offers: { hero: 'x' } })
})

test('what a call said of its address holds for what is reported after it', async () => {
  openPage({ url: 'https://shop.example/account/ada?token=secret' })
  const target = create(edge)
  const address = { url: 'https://shop.example/account/' }
  await target.getOffers({ request: { context: { address }, prefetch: { mboxes: [{ name: 'hero' }] } } })
  target.track('orderConfirmPage')
  await target.flush()
  expect(edge.requests).toHaveLength(2)
  for (const { body, text } of edge.requests) {
    expect(body).toMatchObject({ context: { address } })
    expect(text).not.toContain('secret')
  }
})

test('metrics that belong to no view can be clicked when nothing else was answered', async () => {
  openPage({ url: 'https://shop.example/' })
  const answer = { status: 200, prefetch: { metrics: [{ type: 'click', eventToken: 'loose' }] } }
  const target = create(async () => Response.json(answer))
  const { response } = await target.getOffers({ request: { prefetch: { views: [{}] } } })
  expect(response.prefetch && target.click(response.prefetch)).toMatchObject({ type: 'click', tokens: ['loose'] })
})

test('a last call that is refused for good is told as rejected, and one that fails waits for the page to come back', async () => {
  const page = openPage({ url: 'https://shop.example/', takesBeacons: false })
  const target = create(edge)
  const rejected: unknown[] = []
  target.on('notificationRejected', ({ error }) => rejected.push(error))
  edge.fail({ status: 400, body: { status: 400, message: 'no' }, times: 1 })
  target.track('one')
  page.leave()
  await expect.poll(() => rejected).toHaveLength(1)
  expect(rejected[0]).toMatchObject({ code: 'HTTP_ERROR', status: 400, serverMessage: 'no' })

  edge.fail({ status: 503, times: 1 })
  target.track('two')
  page.leave()
  await expect.poll(() => edge.requests.at(-1)?.status).toBe(503)
  expect(await target.flush()).toMatchObject({ sent: 1, rejected: 0 })
})

test('what is reported after an answer keeps to the contract too: a long address is cut, nothing is null', async () => {
  openPage({ url: `https://shop.example/?q=${'x'.repeat(5000)}` })
  const target = create(edge)
  await target.getOffers({ request: { execute: { mboxes: [{ name: 'hero' }] }, context: { geo: null as never } } })
  target.track('orderConfirmPage', { order: { id: 'o-1' } })
  expect(await target.flush()).toEqual({ sent: 1, rejected: 0, pending: 0 })
  const { context } = (edge.requests.at(-1) as EdgeRequest).body as { context: { address: { url: string } } }
  expect(context.address.url).toHaveLength(4096)
  expect(edge.requests.at(-1)?.text).not.toContain('null')
})
