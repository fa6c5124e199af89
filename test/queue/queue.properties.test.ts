import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { startTime, stopTime } from './life.ts'
import { play } from './play.ts'
import { PATIENCE, runs } from './runs.ts'
import { scripts, worlds } from './script.ts'

afterEach(stopTime)

const check = (isRough: boolean, numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(worlds, scripts(isRough), async (parts, script) => {
      startTime(parts.seed)
      const { ledger } = await play(parts, script)
      expect(ledger.faults).toEqual([])
    }),
    runs(numRuns),
  )

describe('the queue', () => {
  it(
    'check 75: whatever fails, hides, ends, returns or crashes, each notification is acknowledged once or reported',
    PATIENCE,
    () => check(false, 800),
  )

  it('check 75: also where the storage fails or is emptied, and where the clock jumps', PATIENCE, () =>
    check(true, 800),
  )
})
