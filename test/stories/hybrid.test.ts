import { afterAll, expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { mboxes, TargetClient } from '../../src/server.ts'

// The device decides when the rules hold all that is asked for, and the edge else. `member` needs a profile, which only the edge has.

const edge = createEmulator({
  offers: {
    activities: [
      { id: 1, name: 'Hero', experiences: [{ name: 'A', offers: { hero: '<h1>Hello</h1>' } }] },
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
  fetchApi: edge,
})
await target.ready()
afterAll(() => target.close())

const posts = () => edge.requests.filter(({ method }) => method === 'POST')

test('what the rules hold takes no call', async () => {
  edge.reset()
  const { meta } = await target.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
  expect(meta).toEqual({ decisioningMethod: 'on-device', remoteMboxes: [], remoteViews: [] })
  expect(posts()).toHaveLength(0)
})

test('one mbox that they do not hold sends all of the request to the edge', async () => {
  edge.reset()
  const { meta, response } = await target.getOffers({
    request: { prefetch: { mboxes: [{ name: 'hero' }, { name: 'member', profileParameters: { member: 'yes' } }] } },
  })
  expect(meta).toEqual({ decisioningMethod: 'server-side', remoteMboxes: ['member'], remoteViews: [] })
  expect(response.prefetch?.mboxes?.map(({ options }) => options?.[0]?.content)).toEqual([
    '<h1>Hello</h1>',
    '<p>Welcome back</p>',
  ])
  expect(posts()).toHaveLength(1)
})

test('before there are rules the edge decides', async () => {
  const edge = createEmulator({ offers: { hero: '<h1>Hello</h1>' } })
  const account = { client: 'acme', organizationId: 'ABC@AdobeOrg' }
  const target = TargetClient.create({ ...account, decisioningMethod: 'hybrid', fetchApi: edge })
  const request = { prefetch: { mboxes: mboxes('hero') } }
  expect((await target.getOffers({ request })).meta.decisioningMethod).toBe('server-side')
  await target.ready()
  expect((await target.getOffers({ request })).meta.decisioningMethod).toBe('on-device')
  await target.close()
})
