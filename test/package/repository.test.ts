import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** What is tracked, and what would be. */
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root })
  .toString()
  .split('\0')
  .filter((path) => path && existsSync(join(root, path)))

it('locks versions, not the registry they came from', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { resolved?: string; link?: boolean }>
  }
  // A link leads to a folder of this repository.
  const named = Object.entries(packages).filter(([, { resolved, link }]) => resolved && !link)
  expect(named.map(([name]) => name)).toEqual([])
})

it('names no path of the machine it was written on', () => {
  const machinePath = /(?<![\w.:/])\/(?:work|root)\//
  expect(tracked.filter((path) => machinePath.test(readFileSync(join(root, path), 'utf8')))).toEqual([])
})
