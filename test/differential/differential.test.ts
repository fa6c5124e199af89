import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RecordingServer, startRecordingServer } from '../server-sdks/recording-server.ts'
import { type Given, givenArbitrary } from './arbitraries.ts'
import { differences } from './differences.ts'
import { exchange, type Wire } from './exchange.ts'

const RUNS = 300
const SEED = 20260101

let server: RecordingServer
const seen = new Map(differences.map(({ name }) => [name, 0]))
let equal = 0

beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

/** What Adobe would have sent without the differences that we know. */
const settle = (theirs: Wire, given: Given): { settled: Wire; names: string[] } => {
  let settled = theirs
  const names: string[] = []
  for (const { name, settle } of differences) {
    const next = structuredClone(settled)
    settle(next, given)
    if (isDeepStrictEqual(next, settled)) continue
    settled = next
    names.push(name)
  }
  return { settled, names }
}

it(`${RUNS} requests go out as Adobe's SDK sends them, but for the differences that have a name`, async () => {
  const unnamed: { given: Given; ours: Wire; settled: Wire }[] = []
  for (const given of fc.sample(givenArbitrary, { numRuns: RUNS, seed: SEED })) {
    const { ours, theirs } = await exchange(given, server)
    const { settled, names } = settle(theirs, given)
    for (const name of names) seen.set(name, (seen.get(name) ?? 0) + 1)
    if (!names.length) equal++
    if (!isDeepStrictEqual(ours, settled)) unnamed.push({ given, ours, settled })
  }
  const [first] = unnamed
  expect(first?.ours, `${unnamed.length} unnamed, the first for ${JSON.stringify(first?.given)}`).toEqual(
    first?.settled,
  )
})

it.each(differences.map(({ name, reason }) => [name, reason]))('differs: %s, because %s', (name) => {
  expect(seen.get(name ?? ''), 'how often it was seen').toBeGreaterThan(0)
})

it('says how often each difference was seen', () => {
  const lines = [...seen].map(([name, count]) => `${`${count}`.padStart(5)}  ${name}`)
  console.info([`${RUNS} requests, ${equal} of them alike`, ...lines].join('\n'))
  expect(equal).toBeGreaterThan(0)
})
