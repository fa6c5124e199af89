import { expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { ask, named, newSession, said } from './call.ts'

it('remembers the visitors who came last, and forgets the others with all their ids', async () => {
  const edge = createEmulator({ offers: { hero: 'x' }, maxVisitors: 2 })
  const come = (name: string) =>
    ask(edge, { id: { tntId: `${name}.35_0`, thirdPartyId: name }, execute: named('hero') })
  for (const name of ['anna', 'berta', 'anna', 'clara']) await come(name)
  expect(edge.ledger.activities()[0]?.experiences[0]?.visitors).toBe(3)
  // Anna came after Berta, who is forgotten.
  await come('anna')
  expect(edge.ledger.activities()[0]?.experiences[0]?.visitors).toBe(3)
  await come('berta')
  expect(edge.ledger.activities()[0]?.experiences[0]?.visitors).toBe(4)
})

it('takes the tokens of a visitor who was forgotten', async () => {
  const edge = createEmulator({ offers: { hero: 'x' }, maxVisitors: 1 })
  const { id, prefetch } = await ask(edge, { prefetch: named('hero') })
  await ask(edge, { execute: named('hero') })
  const { state, options } = prefetch?.mboxes?.[0] ?? {}
  const tokens = options?.map(({ eventToken }) => eventToken)
  const answer = await ask(edge, { id, notifications: [said('n-1', { mbox: { name: 'hero', state }, tokens })] })
  expect(answer.notifications).toEqual([{ id: 'n-1' }])
  expect(edge.ledger.total('impression')).toBe(2)
})

it('keeps whoever has several devices as one', async () => {
  const edge = createEmulator({ offers: { hero: 'x' }, maxVisitors: 1 })
  const come = (tntId: string) => ask(edge, { id: { tntId, thirdPartyId: 'anna' }, execute: named('hero') })
  for (const device of ['phone.35_0', 'laptop.35_0', 'phone.35_0']) await come(device)
  expect(edge.ledger.activities()[0]?.experiences[0]?.visitors).toBe(1)
})

it('forgets entries and keeps their counts', async () => {
  const edge = createEmulator({ offers: { hero: 'x' }, maxEntries: 3 })
  for (let at = 0; at < 10; at++) await ask(edge, { execute: named('hero') })
  expect(edge.ledger.entries.length).toBe(3)
  expect(edge.ledger.total('impression')).toBe(10)
})

it('a session that has ended is nobody’s, and one that is used goes on', async () => {
  let now = Date.now()
  const edge = createEmulator({ offers: { hero: 'x' }, now: () => now })
  const session = newSession()
  const come = async () => (await ask(edge, { execute: named('hero') }, { session })).id?.tntId
  const first = await come()
  for (let at = 0; at < 4; at++) {
    now += 20 * 60_000
    await ask(edge, { execute: named('hero') })
    expect(await come()).toBe(first)
  }
  now += 31 * 60_000
  expect(await come()).not.toBe(first)
})
