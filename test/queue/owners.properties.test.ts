import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { stopTime } from './life.ts'
import { STORAGES } from './model-storage.ts'
import { playOwners, type Step } from './owners.ts'
import { PATIENCE, runs } from './runs.ts'

const owner = fc.nat(4)
const visitor = fc.nat(1)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), owner, visitor }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle' as const), owner, visitor }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('die' as const, 'suspend' as const), owner }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('linger' as const), owner }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restore' as const), owner }) },
  { weight: 2, arbitrary: fc.constant({ do: 'open' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(300), fc.integer({ min: 300, max: 3_000 }), fc.integer({ min: 3_000, max: 200_000 })),
    }),
  },
)

afterEach(stopTime)

describe('what is stored', () => {
  it('has one owner at a time, and none for ever', PATIENCE, async () => {
    const script = fc.array(step, { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...STORAGES), fc.nat(1_000_000), script, async (kind, seed, steps) => {
        expect(await playOwners(kind, seed, steps)).toEqual({ faults: [], ownerless: [], stored: [] })
      }),
      runs(1_500),
    )
  })
})
