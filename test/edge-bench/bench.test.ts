import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { createCount } from '../../scripts/bench-edge/count.mjs'

interface Result {
  activities: number
  visitors: number
  calls: number
  counted: Record<string, number>
  differences: unknown[]
}

let result: Result
beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/bench-edge.mjs', '--quick'], {
    cwd: join(import.meta.dirname, '../..'),
  })
  result = JSON.parse(stdout)
}, 240_000)

it('the ledger of an edge agrees with a count from the answers', () => {
  expect(result).toMatchObject({ activities: 100, visitors: 200, calls: 2000, differences: [] })
})

it('and something of each kind was counted', () => {
  // Of ten calls two execute two mboxes, one displays by a call and one by a beacon, one clicks, one buys and one reaches a goal.
  expect(result.counted).toMatchObject({ impressions: 200 * 6, clicks: 200 })
  expect(result.counted.conversions).toBeGreaterThan(200)
  expect(result.counted.revenue).toBeGreaterThan(1000)
  expect(result.counted.visits).toBeLessThanOrEqual(1200)
  expect(result.counted.visitors).toBeLessThan(result.counted.visits as number)
})

it('a ledger that counts otherwise is found out', () => {
  const count = createCount()
  const visitor = { seen: new Map(), experiences: new Map() }
  const decision = { activity: 1, experience: 'One' }
  count.impression(visitor, 's', decision)
  const row = { name: 'One', visitors: 1, visits: 1, impressions: 2, clicks: 0, conversions: 0, revenue: 0 }
  expect(count.differences([{ id: 1, experiences: [row] }])).toEqual([
    { activity: 1, experience: 'One', what: 'impressions', counted: 1, ledger: 2 },
  ])
})
