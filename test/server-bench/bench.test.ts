import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'

interface Row {
  framework: string
  sdk: string
  method?: string
  visitors: number
  /** Answers that were their visitor's own, with a cookie for that visitor. */
  right: number
  /** What arrived, at a server of Target's. */
  edge: { calls: number; asked: number; notifications: number; sessions: number; rules: number; refused: number }
}

const root = join(import.meta.dirname, '../..')

let rows: Row[]
beforeAll(async () => {
  const command = ['scripts/bench-server.mjs', '--quick']
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root })
  rows = JSON.parse(stdout)
}, 120_000)

const rowOf = (framework: string, sdk: string, method?: string) =>
  rows.find((row) => row.framework === framework && row.sdk === sdk && row.method === method)

const nothing = { calls: 0, asked: 0, notifications: 0, sessions: 0, rules: 0, refused: 0 }

it('measures ten servers, whose 40 visitors each got their own', () => {
  expect(rows.map(({ visitors, right }) => [visitors, right])).toEqual(Array.from({ length: 10 }, () => [40, 40]))
})

it.each(['express', 'hono'])('calls the edge once for each visitor of %s', (framework) => {
  expect(rowOf(framework, 'none')?.edge).toEqual(nothing)
  const asked = { ...nothing, calls: 40, asked: 40, sessions: 40 }
  expect(rowOf(framework, 'isotarget', 'server-side')?.edge).toEqual(asked)
  expect(rowOf(framework, 'adobe', 'server-side')?.edge).toEqual(asked)
})

it.each(['express', 'hono'])(
  'decides on the device of %s by rules that came once, and reports each visitor',
  (framework) => {
    const reported = { ...nothing, calls: 40, notifications: 40, sessions: 40, rules: 1 }
    expect(rowOf(framework, 'isotarget', 'on-device')?.edge).toEqual(reported)
    // It asks for a cluster first, in a session of its own.
    expect(rowOf(framework, 'adobe', 'on-device')?.edge).toEqual({ ...reported, calls: 41, sessions: 41 })
  },
)
