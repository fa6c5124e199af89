import { afterAll, expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { mboxes, TargetClient } from '../../src/server.ts'

// A hybrid request in two parts: the device decides what the rules hold, and the edge is asked only for the rest.

const edge = createEmulator({
  offers: {
    activities: [
      { id: 1, name: 'Shop', experiences: [{ name: 'A', offers: { hero: '<h1>Hello</h1>', footer: '<p>Bye</p>' } }] },
      {
        id: 2,
        name: 'Members',
        audience: { profile: { member: 'yes' } },
        experiences: [{ name: 'A', offers: { member: '<p>Welcome back</p>' } }],
      },
    ],
  },
})

const target = TargetClient.create({
  client: 'acme',
  organizationId: 'ABC@AdobeOrg',
  decisioningMethod: 'hybrid',
  splitRequests: true,
  retries: 0,
  fetchApi: edge,
})
await target.ready()
afterAll(() => target.close())

const posts = () => edge.requests.filter(({ method }) => method === 'POST').map(({ body }) => body)
const member = { name: 'member', profileParameters: { member: 'yes' } }

test('the parts come back as one answer, in the order of the request', async () => {
  edge.reset()
  const { response, meta } = await target.getOffers({
    request: { prefetch: { mboxes: [{ name: 'hero' }, member, { name: 'footer' }] } },
  })
  expect(response.prefetch?.mboxes?.map(({ name, options }) => [name, options?.[0]?.content])).toEqual([
    ['hero', '<h1>Hello</h1>'],
    ['member', '<p>Welcome back</p>'],
    ['footer', '<p>Bye</p>'],
  ])
  expect(meta).toEqual({ decisioningMethod: 'hybrid', remoteMboxes: ['member'], remoteViews: [] })
  expect(posts()).toMatchObject([{ prefetch: { mboxes: [{ index: 1, name: 'member' }] } }])
})

test('both are of one visitor, and each display counts once', async () => {
  edge.reset()
  const visitor = target.visitor('')
  await visitor.getOffers({ request: { execute: { mboxes: [{ name: 'hero' }, member] } } })
  await target.flush()
  expect(edge.ledger.activities().map(({ experiences }) => experiences[0])).toMatchObject([
    { visitors: 1, visits: 1, impressions: 1 },
    { visitors: 1, visits: 1, impressions: 1 },
  ])
  expect(new Set(edge.ledger.entries.map((entry) => entry.visitor)).size).toBe(1)
})

test('an edge that does not answer leaves what the device decided', async () => {
  edge.reset()
  edge.fail({ status: 503 })
  const { response, status } = await target.getOffers({ request: { prefetch: { mboxes: mboxes('hero', 'member') } } })
  expect(status).toMatchObject({ status: 206, remoteMboxes: ['member'] })
  expect(response.prefetch?.mboxes?.map(({ name }) => name)).toEqual(['hero'])
})
