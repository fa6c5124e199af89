import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { allocate, allocationOf } from '../../src/decisioning/allocation.ts'
import { decide } from '../../src/decisioning/decide.ts'
import { absorb, EMPTY, finish } from '../../src/decisioning/murmur.ts'
import { compileArtifact } from '../../src/decisioning/ruleset.ts'
import { artifactOf, request, rule } from './rules.ts'

const { hashUnencodedChars }: { hashUnencodedChars(text: string): number } = createRequire(import.meta.url)(
  '@adobe/target-tools',
)

const hash = (text: string) => finish(absorb(EMPTY, text))

it.each([
  ['', 0],
  ['a', 1867108634],
  ['ab', 374890698],
  ['abc', 1118836419],
  ['abcd', 1157274932],
  ['hello, world', -2077892864],
  ['用户', 62110509],
  ['😀', 1443257913],
  ['targettesting.125880.4c038b35f1b1453d80a3e7da8208c617.campaign', -683299703],
  ['someClientId.123456.ecid123.salty', -1979692906],
  ['someClientId.123456.tntId123.28_0.salty', 114133294],
])('3.2 the hash of "%s" is %i', (text, expected) => {
  expect(hash(text)).toBe(expected)
})

it.each([
  ['targettesting', 125873, '07327024324407615852294135870030620007', 28.81],
  ['targettesting', 125873, '338e3c1e51f7416a8e1ccba4f81acea0', 60.31],
  ['targettesting', 125880, '338e3c1e51f7416a8e1ccba4f81acea0', 72.23],
  ['targettesting', 334411, '12345678901234567890123456789012345678', 30.32],
  ['acmeclient', 368564, 'dd99ac0f-1c4e-4d0c-9a6f-6f6c6b1e2a11', 4.11],
  ['acmeclient', 368564, 'B234A029348', 27.74],
  ['acmeclient', 1, 'a', 86.99],
  ['acmeclient', 1, 'ab', 51.12],
  ['acmeclient', 1, '用户-42', 48.5],
  ['acmeclient', 1, '😀', 32.8],
  ['client', 9007199254740991, 'x', 97.36],
  ['client', undefined, 'x', 10.88],
] as const)('3.2 in activity %s %s the visitor %s falls on %d', (...[client, activity, visitor, expected]) => {
  expect(allocate(allocationOf(client, activity), visitor)).toBe(expected)
})

/** Ids of up to 40 code units: hex digits, letters, and whatever else UTF-16 has. Always the same ones. */
function* madeUpIds(count: number) {
  let state = 20260101
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const alphabets = [16, 26, 65536]
  for (let made = 0; made < count; made++) {
    const alphabet = alphabets[made % alphabets.length] as number
    const units = Array.from({ length: 1 + next(40) }, () => next(alphabet) + (alphabet < 65536 ? 48 : 0))
    yield String.fromCharCode(...units)
  }
}

it('3.2 100,000 visitors fall where the published engine has them', () => {
  const activities = [1, 125873, 9007199254740991, undefined].map((id) => ({ id, begun: allocationOf('acme', id) }))
  const different: string[] = []
  let count = 0
  for (const visitor of madeUpIds(100_000)) {
    const { id, begun } = activities[count++ % activities.length] as (typeof activities)[number]
    const theirs = Math.abs(hashUnencodedChars(`acme.${id ?? ''}.${visitor}.0`)) % 10_000
    if (allocate(begun, visitor) !== Math.round((theirs / 10_000) * 100 * 100) / 100) different.push(visitor)
  }
  expect(count).toBe(100_000)
  expect(different).toEqual([])
})

it('3.2 a split of 50 to 50 gives each half its share', () => {
  const begun = allocationOf('acme', 7)
  let lower = 0
  for (let visitor = 0; visitor < 100_000; visitor++) if (allocate(begun, `visitor-${visitor}`) <= 50) lower++
  expect(lower / 100_000).toBeCloseTo(0.5, 2)
})

const shareOf = (id: object) => {
  const half = { '<=': [{ var: 'allocation' }, 50] }
  const artifact = artifactOf({ mboxes: { home: [rule({ condition: half, content: 'lower' })] } })
  const { response } = decide(compileArtifact(artifact, { client: 'acmeclient' }), request({ id, mboxes: ['home'] }), 0)
  return response.prefetch?.mboxes?.[0]?.options ? 'lower' : 'upper'
}

it.each([
  ['the ECID comes first', { marketingCloudVisitorId: '用户-42', tntId: 'a', thirdPartyId: 'a' }, 'lower'],
  ['then the device id without its cluster', { tntId: 'a.28_0', thirdPartyId: '😀' }, 'upper'],
  ["then the customer's id, dots and all", { thirdPartyId: 'a' }, 'upper'],
  ['an empty device id is none', { tntId: '', thirdPartyId: '😀' }, 'lower'],
])('3.2 visitors are told apart by one id: %s', (_, id, expected) => {
  expect(shareOf(id)).toBe(expected)
})

it('differs: a visitor with nothing but an authenticated customer id stays in one experience, and gets no device id', () => {
  const customer = (id: string) => ({
    customerIds: [{ id, integrationCode: 'crm', authenticatedState: 'authenticated' }],
  })
  const shares = Array.from({ length: 20 }, () => shareOf(customer('a')))
  expect(new Set(shares)).toEqual(new Set([shareOf({ thirdPartyId: 'a' })]))
  const artifact = artifactOf({ mboxes: { home: [rule({})] } })
  const { response } = decide(artifact, request({ id: customer('a'), mboxes: ['home'] }), 0)
  expect(response.id).toEqual(customer('a'))
})
