import fc from 'fast-check'
import { ANSWERS, type Answer } from './model-edge.ts'
import { type Health, STORAGES } from './model-storage.ts'

/** What happens next. `tab` counts those that live. */
export type Step =
  | { do: 'add'; tab: number; visitor: number; place: number; count: number; size: number; isPoison: boolean }
  | { do: 'flush'; tab: number; timeout: number | undefined; isAwaited: boolean }
  | { do: 'ask'; tab: number; visitor: number; place: number }
  | { do: 'hide' | 'linger' | 'end' | 'return' | 'crash' | 'close' | 'optOut'; tab: number }
  | { do: 'open' | 'offline' | 'online' | 'clear' }
  | { do: 'wait'; ms: number }
  | { do: 'storage'; health: Health }
  | { do: 'clock'; by: number }

const tab = fc.nat(2)
const visitor = fc.nat(1)
const place = fc.constantFrom(0, 0, 0, 1, 2)
const waits = fc.oneof(fc.nat(400), fc.integer({ min: 400, max: 5_000 }), fc.integer({ min: 5_000, max: 90_000 }))

const add: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('add' as const),
  tab,
  visitor,
  place,
  count: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }) },
    { weight: 1, arbitrary: fc.integer({ min: 40, max: 60 }) },
  ),
  size: fc.oneof({ weight: 4, arbitrary: fc.constant(3) }, { weight: 1, arbitrary: fc.constant(4_000) }),
  isPoison: fc.constantFrom(false, false, false, true),
})
const wait: fc.Arbitrary<Step> = fc.record({ do: fc.constant('wait' as const), ms: waits })
const flush: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('flush' as const),
  tab,
  timeout: fc.constantFrom(undefined, 100, 1_000),
  isAwaited: fc.boolean(),
})
const ask: fc.Arbitrary<Step> = fc.record({ do: fc.constant('ask' as const), tab, visitor, place })
/** What happens to one of them. */
const simple = <Name extends 'hide' | 'linger' | 'end' | 'return' | 'crash' | 'close' | 'optOut'>(
  name: Name,
): fc.Arbitrary<Step> => fc.record({ do: fc.constant(name), tab })
const bare = <Name extends 'open' | 'offline' | 'online' | 'clear'>(name: Name): fc.Arbitrary<Step> =>
  fc.constant({ do: name })
const sick: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('storage' as const),
  health: fc.constantFrom<Health>('full', 'flaky', 'broken', 'well', 'well'),
})
const jump: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('clock' as const),
  by: fc.constantFrom(-86_400_000, 86_400_000),
})

/** Steps of a world in which the storage works and clocks go right, or of one in which they may not. */
export const scripts = (isRough: boolean): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 8, arbitrary: add },
      { weight: 8, arbitrary: wait },
      { weight: 2, arbitrary: flush },
      { weight: 1, arbitrary: ask },
      { weight: 3, arbitrary: simple('hide') },
      { weight: 1, arbitrary: simple('linger') },
      { weight: 2, arbitrary: simple('end') },
      { weight: 2, arbitrary: simple('return') },
      { weight: 2, arbitrary: simple('crash') },
      { weight: 1, arbitrary: simple('close') },
      { weight: 2, arbitrary: bare('open') },
      { weight: 1, arbitrary: bare('offline') },
      { weight: 1, arbitrary: bare('online') },
      ...(isRough
        ? [
            { weight: 2, arbitrary: sick },
            { weight: 1, arbitrary: bare('clear') },
            { weight: 1, arbitrary: simple('optOut') },
            { weight: 1, arbitrary: jump },
          ]
        : []),
    ),
    { maxLength: 25 },
  )

const answer: fc.Arbitrary<Answer> = fc
  .record({
    kind: fc.oneof(
      { weight: 1, arbitrary: fc.constant('all' as const) },
      { weight: 2, arbitrary: fc.constantFrom(...ANSWERS) },
    ),
    isCounted: fc.boolean(),
    after: fc.constantFrom(0, 10, 300, 2_500),
    wait: fc.constantFrom(0, 0, 2, 40),
  })
  .map((one) => (['503', '429', '420'].includes(one.kind) ? one : { ...one, wait: 0 }))

const answers = fc.array(answer, { minLength: 1, maxLength: 12 })

/** Whole worlds. */
export const worlds = fc.record({
  storage: fc.constantFrom(...STORAGES),
  answers,
  beacons: fc.array(fc.constantFrom('counted' as const, 'lost' as const, 'refused' as const), {
    minLength: 1,
    maxLength: 5,
  }),
  options: fc.record({
    retries: fc.nat(2),
    count: fc.constantFrom(50, 50, 7),
    isConfirmed: fc.constantFrom(true, true, false),
  }),
  seed: fc.nat(1_000_000),
})
