import { expect, test } from 'vitest'
import { mboxes, view } from '../../src/server.ts'
import { by, openShop } from './world.ts'

// What each decision took rides on calls that are made anyway.

const visitor = { ...by('vera.35_0'), impressionId: 'pv' }
const execute = { execute: { pageLoad: {}, mboxes: mboxes('hero', 'flags') } }

test('one entry a decision, with what was asked for, leaves with the displays', async () => {
  const { ready, posts } = await openShop()
  const target = await ready()
  const { request } = await target.getOffers({ request: { ...visitor, ...execute }, sessionId: 's-1' })
  await target.getOffers({
    request: { ...visitor, prefetch: { views: [view()], mboxes: mboxes('hero') } },
    sessionId: 's-1',
  })
  await target.flush()
  const [call, ...more] = posts()
  expect(more).toEqual([])
  expect(call?.body.telemetry?.entries).toEqual([
    { requestId: 'ArtifactDownload', timestamp: expect.any(Number), execution: expect.any(Number) },
    {
      requestId: request.requestId,
      timestamp: expect.any(Number),
      mode: 'local',
      execution: expect.any(Number),
      features: { decisioningMethod: 'on-device', executePageLoad: true, executeMboxCount: 2 },
    },
    expect.objectContaining({
      mode: 'local',
      features: { decisioningMethod: 'on-device', prefetchViewCount: 1, prefetchMboxCount: 1 },
    }),
  ])
})

test('prefetches make no call, however many', async () => {
  const { ready, posts } = await openShop()
  const target = await ready()
  for (let at = 0; at < 100; at++) await target.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
  await target.close()
  expect(posts()).toEqual([])
})

test('they ride on the next call to the edge, each once, the last 50 of them', async () => {
  const { ready, posts } = await openShop()
  const target = await ready()
  for (let at = 0; at < 70; at++)
    await target.getOffers({ request: { ...visitor, prefetch: { mboxes: mboxes('hero') } } })
  const far = {
    request: { ...visitor, prefetch: { mboxes: mboxes('hero') } },
    decisioningMethod: 'server-side' as const,
  }
  await target.getOffers(far)
  await target.getOffers(far)
  expect(posts().map(({ body }) => body.telemetry?.entries.length)).toEqual([50, 1])
})

test('a call that fails gives them back, unless Target refused it', async () => {
  const { edge, ready, posts } = await openShop()
  const target = await ready({ notificationDelay: 60_000 })
  await target.getOffers({ request: { ...visitor, ...execute }, sessionId: 's-1' })
  edge.fail({ status: 503 })
  await target.flush()
  await target.flush()
  const counts = () => posts().map(({ body }) => body.telemetry?.entries.length)
  expect(counts()).toEqual([2, 2])
  await target.getOffers({ request: { ...visitor, ...execute }, sessionId: 's-1' })
  edge.fail({ status: 400, body: { status: 400, message: 'no' } })
  await target.flush()
  await target.getOffers({ request: { ...visitor, ...execute }, sessionId: 's-1' })
  await target.flush()
  expect(counts().slice(2)[0]).toBe(1)
  expect(counts().at(-1)).toBe(1)
})

test('hybrid calls say so, and edge calls that they were made at the edge', async () => {
  const { ready, posts } = await openShop()
  const target = await ready({ decisioningMethod: 'hybrid' })
  await target.getOffers({ request: { ...visitor, prefetch: { mboxes: mboxes('hero') } } })
  await target.getOffers({ request: { ...visitor, prefetch: { mboxes: mboxes('member') } } })
  await target.getOffers({ request: { ...visitor, prefetch: { mboxes: mboxes('member') } } })
  const entries = posts().flatMap(({ body }) => body.telemetry?.entries.slice(-1) ?? [])
  expect(entries).toMatchObject([
    { mode: 'local', features: { decisioningMethod: 'hybrid' } },
    { mode: 'edge', features: { decisioningMethod: 'server-side' } },
  ])
})

test('with telemetryEnabled false nothing is measured', async () => {
  const { ready, edge } = await openShop()
  const target = await ready({ telemetryEnabled: false })
  await target.getOffers({ request: { ...visitor, ...execute } })
  await target.getOffers({ request: { ...visitor, ...execute }, decisioningMethod: 'server-side' })
  await target.flush()
  expect(edge.requests.map(({ text }) => text).join()).not.toContain('telemetry')
})
