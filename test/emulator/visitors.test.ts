import { describe, expect, it } from 'vitest'
import { createEmulator, type Offers } from '../../src/emulator.ts'
import { ask, named, newSession, said } from './call.ts'

const offers: Offers = {
  activities: [
    {
      id: 1,
      name: 'Halves',
      experiences: [
        { name: 'A', offers: { hero: 'a' } },
        { name: 'B', offers: { hero: 'b' } },
      ],
    },
  ],
}
const prefetch = named('hero')
const bare = (tntId: string | undefined) => tntId?.split('.')[0]
type Edge = ReturnType<typeof createEmulator>
const tntOf = async (edge: Edge, id: object, session?: string) =>
  bare((await ask(edge, { id }, session ? { session } : {})).id?.tntId)

describe('a visitor', () => {
  it('is new with every session when nothing is known', async () => {
    const edge = createEmulator()
    const one = await ask(edge, {})
    const other = await ask(edge, {})
    expect(one.id?.tntId).not.toBe(other.id?.tntId)
  })

  it('is the same in a session, so that a first call may be sent again', async () => {
    let now = 1e12
    const edge = createEmulator({ offers, now: () => now })
    const session = newSession()
    const body = { impressionId: 'pv-1', execute: prefetch }
    const first = await ask(edge, body, { session })
    now += 29 * 60_000
    const again = await ask(edge, body, { session })
    expect(again.id).toEqual(first.id)
    expect(edge.ledger.total('impression')).toBe(1)
    now += 31 * 60_000
    expect((await ask(edge, body, { session })).id).not.toEqual(first.id)
  })

  it('is known by each of the ids that came together', async () => {
    const edge = createEmulator()
    const tntId = await tntOf(edge, { thirdPartyId: 'me', marketingCloudVisitorId: '12' })
    expect(await tntOf(edge, { thirdPartyId: 'me' })).toBe(tntId)
    expect(await tntOf(edge, { marketingCloudVisitorId: '12' })).toBe(tntId)
    expect(await tntOf(edge, { thirdPartyId: 'you' })).not.toBe(tntId)
  })

  it('keeps profile, experience and tokens when two turn out to be one', async () => {
    const edge = createEmulator({ offers })
    const mboxes = [{ index: 0, name: 'hero', profileParameters: { member: 'yes' } }]
    const device = await ask(edge, { id: { tntId: 'device' }, prefetch: { mboxes } })
    await ask(edge, { id: { thirdPartyId: 'me' } })
    const id = { tntId: 'device', thirdPartyId: 'me' }
    const [hero] = device.prefetch?.mboxes ?? []
    const tokens = hero?.options?.map(({ eventToken }) => eventToken)
    const notified = await ask(edge, {
      id,
      notifications: [said('n-1', { mbox: { name: 'hero', state: hero?.state }, tokens })],
    })
    expect(notified.notifications).toEqual([{ id: 'n-1' }])
    const elsewhere = await ask(edge, { id: { thirdPartyId: 'me' }, prefetch })
    const [option] = elsewhere.prefetch?.mboxes?.[0]?.options ?? []
    expect(option?.content).toBe(hero?.options?.[0]?.content)
    expect(option?.responseTokens).toMatchObject({ 'profile.member': 'yes' })
  })

  it('is not the one who used the same device before', async () => {
    const edge = createEmulator({ offers })
    const mboxes = [{ index: 0, name: 'hero', profileParameters: { member: 'yes' } }]
    await ask(edge, { id: { tntId: 'device', thirdPartyId: 'me' }, prefetch: { mboxes } })
    const { prefetch: answered } = await ask(edge, { id: { tntId: 'device', thirdPartyId: 'you' }, prefetch })
    expect(answered?.mboxes?.[0]?.options?.[0]?.responseTokens).not.toHaveProperty('profile.member')
  })

  it('counts once as a visitor and once in each session as a visit', async () => {
    const edge = createEmulator({ offers: { hero: 'x' } })
    const id = { tntId: 'abc' }
    const session = newSession()
    await ask(edge, { id, execute: prefetch }, { session })
    await ask(edge, { id, execute: prefetch }, { session })
    await ask(edge, { id, execute: prefetch })
    await ask(edge, { id: { tntId: 'def' }, execute: prefetch })
    expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ visitors: 2, visits: 3, impressions: 4 })
  })
})

it('a session that two visitors share is noticed', async () => {
  const edge = createEmulator()
  const session = newSession()
  for (const id of [{ tntId: 'a' }, { tntId: 'a', thirdPartyId: 'me' }, { tntId: 'b' }])
    await ask(edge, { id }, { session })
  expect(edge.requests.map(({ warnings }) => warnings.length)).toEqual([0, 0, 1])
})

it('reset forgets everybody', async () => {
  const edge = createEmulator({ offers: { hero: 'x' } })
  const session = newSession()
  const first = await ask(edge, { execute: prefetch }, { session })
  edge.fail({ status: 500 })
  edge.reset()
  expect([edge.requests.length, edge.ledger.entries.length, edge.ledger.total('impression')]).toEqual([0, 0, 0])
  const second = await ask(edge, { execute: prefetch }, { session })
  expect(second.status).toBe(200)
  expect(second.id).not.toEqual(first.id)
})
