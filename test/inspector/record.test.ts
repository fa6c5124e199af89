import { expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { offersOf, reportedOf, stateOf, titleOf } from '../../src/inspector/offer.ts'
import { createRecord } from '../../src/inspector/record.ts'
import { tallyOf } from '../../src/inspector/show-queue.ts'
import { mboxes, TargetClient } from '../../src/server.ts'

const ACCOUNT = { client: 'acme', organizationId: 'ABC@AdobeOrg', notificationDelay: 1, retries: 0 }
const offers = {
  activities: [
    {
      id: 7,
      name: 'Summer',
      experiences: [{ name: 'Sun', offers: { hero: '<b>Sun</b>' } }],
      clicks: { hero: true as const },
    },
  ],
}

/** A client, its edge, and the journal of what it told. */
const shop = () => {
  const edge = createEmulator({ offers })
  const target = TargetClient.create({ ...ACCOUNT, fetchApi: edge })
  let changes = 0
  const record = createRecord(
    () => performance.now(),
    () => changes++,
  )
  target.on('*', (event) => record.hear(performance.now(), event))
  return { edge, target, visitor: target.visitor(''), journal: record.journal, changes: () => changes }
}

const request = { prefetch: { mboxes: mboxes('hero') } }
const states = (journal: ReturnType<typeof shop>['journal']) => [...journal.queue.values()].map(({ state }) => state)

test('a call is listed as it left, with its answer, and its offers with what was reported of them', async () => {
  const { edge, visitor, journal, changes } = shop()
  const { response } = await visitor.getOffers({ request })
  const [call] = journal.calls
  expect(call).toMatchObject({ kind: 'offers', where: 'edge', status: 200, failures: 0, response })
  expect(call?.body).toBe(edge.requests[0]?.text)
  expect(call?.end).toBeGreaterThanOrEqual(call?.at ?? 0)
  const [offer] = offersOf(response)
  expect(offer && [titleOf(offer), offer.place, offer.type, offer.isPrefetched]).toEqual([
    'Summer · Sun',
    'mbox hero',
    'html',
    true,
  ])

  const state = () => offer && stateOf(offer, reportedOf(offer, journal), 1)
  expect(state()).toBe('in the page, not reported')
  const [hero] = response.prefetch?.mboxes ?? []
  if (hero) visitor.display(hero)
  expect(state()).toBe('display waiting')
  await visitor.flush()
  expect(state()).toBe('displayed')
  if (hero) visitor.click(hero)
  await visitor.flush()
  expect(state()).toBe('displayed, clicked')
  expect(states(journal)).toEqual(['acknowledged', 'acknowledged'])
  expect(journal.calls.map(({ kind, body }) => [kind, body])).toEqual(
    edge.requests.map(({ text }, at) => [at ? 'notifications' : 'offers', text]),
  )
  expect(changes()).toBeGreaterThan(5)
})

test('what is refused, held and dropped says why', async () => {
  const { edge, target, visitor, journal } = shop()
  const { response } = await visitor.getOffers({ request })
  const [hero] = response.prefetch?.mboxes ?? []
  if (!hero) throw new Error('no hero')
  edge.fail({ status: 503, headers: { 'retry-after': '60' } })
  visitor.display(hero)
  await visitor.flush()
  expect(states(journal)).toEqual(['held'])
  expect([...journal.queue.values()][0]?.why).toMatch(/^again in [\d.]+ s: /)
  await target.optOut()
  expect(states(journal)).toEqual(['dropped'])

  const other = shop()
  other.visitor.notify({
    id: 'n-1',
    type: 'display',
    timestamp: Date.now(),
    mbox: { name: 'hero' },
    tokens: ['none of ours'],
  })
  await other.visitor.flush()
  expect(states(other.journal)).toEqual(['refused'])
  expect(tallyOf(other.journal.queue.values())).toMatchObject({ refused: 1, waiting: 0 })
})

test('a call that fails has its error, and how often it was tried', async () => {
  const { edge, journal, visitor } = shop()
  edge.fail({ status: 503 })
  await expect(visitor.getOffers({ request })).rejects.toMatchObject({ status: 503 })
  expect(journal.calls).toMatchObject([{ failures: 1, status: 503, error: { code: 'HTTP_ERROR' } }])
})

test('a decision of the device is a call of its own kind', async () => {
  const edge = createEmulator({ client: 'acme', offers })
  const target = TargetClient.create({ ...ACCOUNT, fetchApi: edge, decisioningMethod: 'on-device' })
  const record = createRecord(
    () => performance.now(),
    () => {},
  )
  target.on('*', (event) => record.hear(performance.now(), event))
  const { response } = await target.getOffers({ request })
  expect(record.journal.calls).toMatchObject([{ where: 'device', status: 200, response }])
  expect(record.journal.artifact).toMatchObject({ version: expect.any(String) })
  await target.close()
})
