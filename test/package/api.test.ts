import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it, vi } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { reportApi } from './api-report.ts'
import { build } from './project.ts'

// A change of what users see is seen in review, in the files beside this one. `npm run api` writes them anew.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

const doors = Object.keys(pkg.exports)
  .filter((subpath) => subpath !== '.' && !subpath.endsWith('.json'))
  .map((subpath) => subpath.slice('./'.length))

let reports: Map<string, string>
beforeAll(async () => {
  await build()
  reports = reportApi(doors)
})

it.each(doors)('the surface of isotarget/%s is the one that was reviewed', async (door) => {
  await expect(reports.get(door)).toMatchFileSnapshot(join(import.meta.dirname, 'api', `${door}.md`))
})

it('no report is left of a door that is gone', () => {
  expect(readdirSync(join(import.meta.dirname, 'api')).sort()).toEqual(doors.map((door) => `${door}.md`).sort())
})

it('the reports name what is exported, and what that leads to', () => {
  expect(reports.get('server')).toMatch(/^export interface CallOptions/m)
  expect(reports.get('testing')).toContain('export interface Counts {')
  expect(reports.get('browser')).toMatch(/as in server\n\n[^#]*`TargetClient`/)
})
