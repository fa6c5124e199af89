import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

interface Row {
  name: string
  queued: number
  counted: number
  lost: number
  twice: number
  wrong: number
  copies: number
}

const root = join(import.meta.dirname, '../..')

/** The rows of the Node.js suite, in a small form of what `npm run soak` runs. */
const soak = async (...args: string[]): Promise<Row[]> => {
  const command = ['scripts/soak.mjs', '--only', 'node', '--total', '1000', '--seed', '7', '--json', ...args]
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root, maxBuffer: 1e8 })
  const { results }: { results: { node: Row[] } } = JSON.parse(stdout)
  return results.node
}

it('counts each of 1,000 notifications once through 30 % faults, of which bare calls lose some', {
  timeout: 120_000,
}, async () => {
  const [ours, bare] = await soak('--way', 'isotarget', '--way', 'bare fetch')
  expect(ours).toMatchObject({ name: 'isotarget', queued: 1000, counted: 1000, lost: 0, twice: 0, wrong: 0 })
  // It was sent again what had come before, and did not count twice.
  expect(ours?.copies).toBeGreaterThan(0)
  expect(bare).toMatchObject({ name: 'bare fetch', queued: 1000, copies: 0 })
  expect(bare?.lost).toBeGreaterThan(50)
})
