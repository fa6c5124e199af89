import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

interface Row {
  name: string
  decisions: number
  arms: Record<string, number>
  samples: { decisions: number; heap: number }[]
}

const root = join(import.meta.dirname, '../..')

it('decides once for each visitor, and looks at the heap 40 times', { timeout: 120_000 }, async () => {
  const command = ['scripts/soak-decisioning.mjs', '--total', '2000', '--json']
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root })
  const { rows }: { rows: Row[] } = JSON.parse(stdout)
  const decided = rows.map(({ name, decisions }) => [name, decisions])
  expect(decided).toEqual([
    ['isotarget decide', 2000],
    ['isotarget variation', 2000],
    ['isotarget getOffers', 2000],
    ['published engine', 200],
  ])
  for (const { decisions, arms, samples } of rows) {
    expect(Object.keys(arms).sort()).toEqual(['control', 'treatment'])
    expect(Object.values(arms).reduce((sum, count) => sum + count)).toBe(decisions)
    expect(samples).toHaveLength(40)
    expect(samples.at(-1)?.decisions).toBe(decisions)
  }
  // The same visitors fall into the same arms, whoever decides.
  const [engine, flags, offers] = rows
  expect([flags?.arms, offers?.arms]).toEqual([engine?.arms, engine?.arms])
})
