import { afterAll, expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { TargetClient } from '../../src/server.ts'

// The page that the project began with: prefetch two mboxes, show one, say so.

const edge = createEmulator({
  client: 'acme',
  cluster: '21',
  offers: { home: '<h1>Welcome</h1>', product1: '<p>15 % off</p>' },
})
const server = await edge.listen(0)
afterAll(server.close)

const target = TargetClient.create({
  client: 'acme',
  organizationId: 'ABC@AdobeOrg',
  serverDomain: new URL(server.url).host,
  secure: false,
})

const prefetch = () =>
  target.getOffers({
    request: {
      prefetch: {
        mboxes: [
          { name: 'home', index: 0 },
          { name: 'product1', index: 1 },
        ],
      },
    },
  })

test('prefetched mboxes come with state, content and event tokens, and count nothing', async () => {
  const { response } = await prefetch()
  expect(response).toMatchObject({
    status: 200,
    requestId: expect.any(String),
    client: 'acme',
    edgeHost: 'mboxedge21.tt.omtrdc.net',
    id: { tntId: expect.stringMatching(/^[^.]+\.21_\d+$/) },
  })
  for (const [index, name] of ['home', 'product1'].entries()) {
    expect(response.prefetch?.mboxes?.[index]).toMatchObject({
      index,
      name,
      state: expect.any(String),
      options: [
        {
          type: 'html',
          content: expect.any(String),
          eventToken: expect.any(String),
          responseTokens: { 'activity.id': expect.anything(), 'experience.name': expect.anything() },
        },
      ],
    })
  }
  expect(edge.ledger.total('impression')).toBe(0)
})

test('the long form: a notification written by hand is acknowledged by its id and counts one impression', async () => {
  edge.reset()
  const { response, targetCookie } = await prefetch()
  const product1 = response.prefetch?.mboxes?.[1]
  const notification = {
    id: 'n-1',
    type: 'display' as const,
    timestamp: Date.now(),
    mbox: { name: 'product1', state: product1?.state },
    tokens: product1?.options?.flatMap(({ eventToken = [] }) => eventToken) ?? [],
  }
  const result = await target.sendNotifications({
    targetCookie: targetCookie.value,
    request: { notifications: [notification] },
  })
  expect(result.response.notifications).toEqual([{ id: 'n-1' }])
  expect(result.targetCookie).toMatchObject({ name: 'mbox', maxAge: 63244800 })
  expect(result.targetLocationHintCookie).toEqual({ name: 'mboxEdgeCluster', value: '21', maxAge: 1860 })
  expect(result.meta).toEqual({ decisioningMethod: 'server-side', remoteMboxes: [], remoteViews: [] })
  expect(edge.ledger.total('impression')).toBe(1)
})

test('the short form says the same: display() sends exactly the state and the token of the prefetch', async () => {
  edge.reset()
  const { response, request } = await prefetch()
  const product1 = response.prefetch?.mboxes?.[1]
  if (!product1) throw new Error('product1 was not answered')
  target.display(product1)
  expect(await target.flush()).toEqual({ sent: 1, rejected: 0, pending: 0 })

  const [asked, told] = edge.requests
  expect(told?.body).toMatchObject({
    id: response.id,
    context: request.context,
    notifications: [
      {
        id: expect.stringMatching(/^[\da-f]{32}$/),
        type: 'display',
        timestamp: expect.any(Number),
        mbox: { name: 'product1', state: product1.state },
        tokens: [product1.options?.[0]?.eventToken],
      },
    ],
  })
  const sessionOf = (url = '') => new URL(url, server.url).searchParams.get('sessionId')
  expect(sessionOf(told?.url)).toBe(sessionOf(asked?.url))
  expect(edge.ledger.total('impression')).toBe(1)
})

test('executed content has counted itself: showing it sends nothing', async () => {
  edge.reset()
  const { response } = await target.getOffers({ request: { execute: { mboxes: [{ name: 'home' }] } } })
  const home = response.execute?.mboxes?.[0]
  expect(home && target.display(home)).toBeUndefined()
  await target.flush()
  expect(edge.requests).toHaveLength(1)
  expect(edge.ledger.total('impression')).toBe(1)
})
