import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { findBrowsers } from '../../scripts/ensure-browsers.mjs'

// `npm run lab` in short: isotarget alone, all faults side by side. Counts only, because a busy machine has no times.

interface Visit {
  contender: string
  fault: string
  /** What is hidden still when every hide should be over; none of a page that was left. */
  hidden?: string[]
  told: number
  shown: number
  untrue: number
  lost: number
}

const root = join(import.meta.dirname, '../..')
const canRun = Boolean(findBrowsers().chromium) || Boolean(process.env.CI)

const reason = canRun ? '' : ' (skipped: chromium is not installed, run "node scripts/ensure-browsers.mjs")'

describe.skipIf(!canRun)(`the lab${reason}`, () => {
  let visits: Visit[]
  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/lab.mjs', '--check'], { cwd: root })
    visits = JSON.parse(stdout)
  }, 120_000)

  const inBoth = (fault: string) => visits.filter((visit) => visit.fault === fault)

  test('hides nothing for good: not with elements hidden, not with the whole body, whatever goes wrong', () => {
    const hidden = visits.flatMap(({ hidden }) => (hidden ? [hidden] : []))
    expect(hidden).toHaveLength(18)
    expect(hidden.flat()).toEqual([])
  })

  test.for([
    ['none', 4],
    ['selector', 4],
    ['missing', 4],
    ['missing-page', 4],
    ['hang', 0],
    ['500', 0],
    ['blocked', 0],
    ['pending', 0],
    ['out', 0],
  ] as const)('shows what can be shown, %s: %i offers', ([fault, offers]) => {
    expect(inBoth(fault).map(({ shown }) => shown)).toEqual([offers, offers])
  })

  test('loses no display of what was seen, and tells none of what was not', () => {
    expect(visits).toHaveLength(22)
    expect(visits.filter(({ lost }) => lost)).toEqual([])
    // Page load is executed: Target counts it when it decides, whatever becomes of it.
    const untrue = visits.filter((visit) => visit.untrue)
    expect(untrue.map(({ fault, untrue }) => [fault, untrue])).toEqual([
      ['missing-page', 1],
      ['missing-page', 1],
    ])
  })

  test('tells what was seen when the visitor leaves at once, also when an element is waited for', () => {
    for (const { told, shown } of ['leaves', 'leaves-missing'].flatMap(inBoth)) expect([told, shown]).toEqual([4, 4])
  })
})
