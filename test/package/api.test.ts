import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it, vi } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { reportApi } from './api-report.ts'
import { build } from './project.ts'

// A change of what users see is seen in review, in the files of the folder beside this one. `npm run api` writes them anew.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

const root = join(import.meta.dirname, '../..')
const here = join(import.meta.dirname, 'api')

const doors = Object.keys(pkg.exports)
  .filter((subpath) => subpath !== '.' && !subpath.endsWith('.json'))
  .map((subpath) => subpath.slice('./'.length))

let reports: Map<string, string>
beforeAll(async () => {
  await build()
  reports = reportApi(doors)
})

it.each(doors)('the surface of isotarget/%s is the one that was reviewed', async (door) => {
  await expect(reports.get(door)).toMatchFileSnapshot(join(here, `${door}.md`))
})

interface Help {
  version: string
  commands: {
    name: string
    takes?: string
    flags: { name: string; short?: string; value?: string; isMany?: boolean }[]
  }[]
  exitCodes: Record<string, string>
}

/** Names alone: words may change. */
const linesOf = ({ commands, exitCodes }: Help): string[] => [
  ...commands.flatMap(({ name, takes, flags }) => [
    [name, takes].filter(Boolean).join(' '),
    ...flags.map(({ name, short, value, isMany }) =>
      ['  ', short && `-${short} `, `--${name}`, value && ` <${value}>`, isMany && ' …'].filter(Boolean).join(''),
    ),
    '',
  ]),
  `exit codes ${Object.keys(exitCodes).join(' ')}`,
  '',
]

it('the command line is the one that was reviewed', async () => {
  const said = execFileSync(process.execPath, [join(root, 'dist/cli.js'), '--help', '--json'], { encoding: 'utf8' })
  const help = JSON.parse(said) as Help
  expect(help.version).toBe(pkg.version)
  await expect(linesOf(help).join('\n')).toMatchFileSnapshot(join(here, 'cli.txt'))
})

it('no report is left of a door that is gone', () => {
  const known = [...doors.map((door) => `${door}.md`), 'cli.txt']
  expect(readdirSync(here).filter((file) => !known.includes(file))).toEqual([])
})

it('the reports name what is exported, and what that leads to', () => {
  expect(reports.get('server')).toMatch(/^export interface CallOptions/m)
  expect(reports.get('testing')).toContain('export interface Counts {')
  expect(reports.get('browser')).toMatch(/as in server\n\n[^#]*`TargetClient`/)
})
