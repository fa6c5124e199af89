import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { decideHere, decideThere, withoutSpoilers } from './both-engines.ts'
import { type Given, givenArbitrary } from './given-arbitraries.ts'

/** `PAIRS=20000 npx vitest run test/decisioning/differential.test.ts` takes a few minutes. */
const PAIRS = Number(process.env.PAIRS ?? 2_000)
const SEED = Number(process.env.SEED ?? 20260101)

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterAll(() => {
  vi.useRealTimers()
})

const seen = { alike: 0, rejected: 0, offers: 0, traces: 0 }

/** What the published engine says; where it gives up, what it says without the rules at which it does. */
const answerThere = async (given: Given) => {
  try {
    return { theirs: await decideThere(given), asked: given }
  } catch {
    const asked = await withoutSpoilers(given)
    seen.rejected++
    return { theirs: await decideThere(asked), asked }
  }
}

it(
  `${PAIRS} artifacts and requests are decided as the published engine decides, but that one rule spoils no other`,
  async () => {
    const unnamed: object[] = []
    for (const given of fc.sample(givenArbitrary, { numRuns: PAIRS, seed: SEED })) {
      const { theirs, asked } = await answerThere(given)
      // Spoilers and all, without the trace that would show them.
      const ours = decideHere({ ...given, request: asked.request })
      if (!isDeepStrictEqual(ours, theirs)) unnamed.push({ ours, theirs, given })
      else seen.alike++
      if (JSON.stringify(theirs).includes('"options":[{')) seen.offers++
      if (asked.request.trace) seen.traces++
    }
    const [first] = unnamed as { ours: object; theirs: object; given: Given }[]
    expect(first?.ours, `${unnamed.length} unnamed, the first for ${JSON.stringify(first?.given)}`).toEqual(
      first?.theirs,
    )
  },
  PAIRS * 100,
)

it('many of them had something to show, some were traced, and some were too much for the published engine', () => {
  console.info(`${PAIRS} pairs: ${JSON.stringify(seen)}`)
  expect(seen.alike).toBe(PAIRS)
  expect(seen.offers).toBeGreaterThan(PAIRS / 4)
  expect(seen.traces).toBeGreaterThan(PAIRS / 10)
  expect(seen.rejected).toBeGreaterThan(0)
})
