import { afterAll, expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { mboxes, TargetClient } from '../../src/server.ts'

// Decisions without a network: the rules are downloaded once, and what was shown is reported later.

const edge = createEmulator({
  offers: {
    activities: [
      {
        id: 1,
        name: 'Summer',
        experiences: [
          { name: 'Control', offers: { hero: '<h1>Hello</h1>', flags: { json: { columns: 3 } } } },
          { name: 'Sun', offers: { hero: '<h1>Sun</h1>', flags: { json: { columns: 4 } } } },
        ],
        clicks: { hero: true },
      },
    ],
  },
})

const target = TargetClient.create({
  client: 'acme',
  organizationId: 'ABC@AdobeOrg',
  decisioningMethod: 'on-device',
  fetchApi: edge,
})
await target.ready()
afterAll(() => target.close())

const posts = () => edge.requests.filter(({ method }) => method === 'POST')

test('an answer takes no call; its display is reported with others', async () => {
  edge.reset()
  const visitor = target.visitor('')
  for (let view = 0; view < 10; view++) {
    const { response, meta } = await visitor.getOffers({ request: { execute: { mboxes: mboxes('hero') } } })
    expect(response.execute?.mboxes?.[0]?.options?.[0]?.content).toMatch(/<h1>/)
    expect(meta.decisioningMethod).toBe('on-device')
  }
  expect(posts()).toHaveLength(0)

  expect(await target.flush()).toEqual({ sent: 10, rejected: 0, pending: 0 })
  expect(posts()).toHaveLength(1)
  expect(edge.ledger.total('impression')).toBe(10)
})

test('what is prefetched counts when it is shown', async () => {
  edge.reset()
  const visitor = target.visitor('')
  const { response } = await visitor.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
  const [hero] = response.prefetch?.mboxes ?? []
  if (!hero) throw new Error('hero was not answered')
  expect(await target.flush()).toMatchObject({ sent: 0 })

  visitor.display(hero)
  await target.flush()
  expect(edge.ledger.total('impression')).toBe(1)
})

test('what was executed can be clicked', async () => {
  edge.reset()
  const visitor = target.visitor('')
  const { response } = await visitor.getOffers({ request: { execute: { mboxes: mboxes('hero') } } })
  const [hero] = response.execute?.mboxes ?? []
  expect(hero && visitor.click(hero)).toMatchObject({ type: 'click', mbox: { name: 'hero' } })
  await target.flush()
  expect([edge.ledger.total('impression'), edge.ledger.total('click')]).toEqual([1, 1])
})

test('a visitor gets the same from the device and from the edge', async () => {
  for (let at = 0; at < 100; at++) {
    const call = { request: { id: { tntId: `visitor-${at}` }, prefetch: { mboxes: mboxes('hero') } } }
    const near = await target.getOffers(call)
    const far = await target.getOffers({ ...call, decisioningMethod: 'server-side' })
    const contents = [near, far].map(({ response }) => response.prefetch?.mboxes?.[0]?.options?.[0]?.content)
    expect(contents[0]).toBe(contents[1])
  }
})

test('a new visitor is kept in the cookie, and sees the same again', async () => {
  const first = target.visitor('')
  const flags = await first.getAttributes(['flags'])
  const [cookie = ''] = first.setCookies()
  const second = target.visitor(cookie.split(';')[0])
  const again = await second.getAttributes(['flags'])
  expect(again.getValue('flags', 'columns', 0)).toBe(flags.getValue('flags', 'columns', 1))
  expect(again.getResponse().response.id).toEqual(flags.getResponse().response.id)
})
