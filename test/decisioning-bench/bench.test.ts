import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'

interface Check {
  engines: { rules: number; asked: number; visitors: number; engines: string[] }[]
  counts: { name: string; decisions: number; notifications: number; posts: number }[]
  shares: { name: string; control: number; treatment: number }[]
}

const root = join(import.meta.dirname, '../..')

let check: Check
beforeAll(async () => {
  const command = ['scripts/bench-decisioning.mjs', '--check']
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root })
  check = JSON.parse(stdout)
}, 120_000)

it('measures engines that give 40 visitors the same answers', () => {
  const compared = check.engines.map(({ rules, asked, visitors, engines }) => [rules, asked, visitors, engines.length])
  expect(compared).toEqual([
    [30, 1, 40, 3],
    [30, 20, 40, 3],
    [300, 1, 40, 3],
    [300, 20, 40, 3],
  ])
})

it('reports each of 200 decisions for 20 visitors, in 20 calls; the published SDK makes a call for each', () => {
  expect(check.counts).toEqual([
    { name: 'isotarget', decisions: 200, notifications: 200, posts: 20 },
    { name: '@adobe/target-nodejs-sdk', decisions: 200, notifications: 200, posts: 200 },
  ])
})

it('gives half of the visitors each arm of 50 experiments, whether displays are queued or not', () => {
  const sums = check.shares.map(({ name, control, treatment }) => [name, control + treatment])
  expect(sums).toEqual([
    ['isotarget variation', 50 * 997],
    ['isotarget, displays told before', 50 * 97],
    ['isotarget variation', 50 * 997],
  ])
  for (const { control, treatment } of check.shares) expect(control / treatment).toBeCloseTo(1, 0)
})
