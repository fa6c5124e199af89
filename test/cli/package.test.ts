import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { createProject, type Project } from '../package/project.ts'
import { createShell, program } from './shell.ts'

const shell = createShell()
let project: Project
beforeAll(async () => {
  project = await createProject()
})
afterAll(() => project?.remove())

it('runs by npx in a project that has installed the package', async () => {
  const line = 'npx --no-install isotarget'
  expect(await shell.type(`${line} --version`, { cwd: project.folder })).toEqual({
    code: 0,
    out: `${pkg.version}\n`,
    err: '',
  })
  const rules = join(shell.folder, 'rules.json')
  const { code, out } = await shell.type(`${line} decide --artifact ${rules} --mbox hero --json`, {
    cwd: project.folder,
  })
  expect(code).toBe(1)
  expect(JSON.parse(out).response.status).toBe(206)
})

it('is an executable file that costs nobody else anything', () => {
  const text = readFileSync(program, 'utf8')
  expect(text).toMatch(/^#!\/usr\/bin\/env node\n/)
  expect(statSync(program).mode & 0o111).toBe(0o111)
  expect(text.length).toBeLessThan(360_000)
  const written = readdirSync(join(program, '..'))
  // No types, no CommonJS, no source map, and the doors are cut as they would be without it.
  expect(written.filter((name) => name.startsWith('cli'))).toEqual(['cli.js'])
  expect(text).not.toMatch(/from '\.\//)
})
