import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { createShell, program } from './shell.ts'

const root = join(import.meta.dirname, '../..')
const shell = createShell()
const project = mkdtempSync(join(tmpdir(), 'isotarget-project-'))
const modules = join(project, 'node_modules')

/** A project that has installed the tarball; its dependencies are those of this repository. */
beforeAll(() => {
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project], { cwd: root })
  mkdirSync(join(modules, '.bin'), { recursive: true })
  execFileSync('tar', ['-xzf', `isotarget-${pkg.version}.tgz`], { cwd: project })
  execFileSync('mv', ['package', join(modules, 'isotarget')], { cwd: project })
  for (const name of Object.keys(pkg.dependencies)) symlinkSync(join(root, 'node_modules', name), join(modules, name))
  symlinkSync(`../isotarget/${pkg.bin.isotarget}`, join(modules, '.bin/isotarget'))
  writeFileSync(join(project, 'package.json'), JSON.stringify({ dependencies: { isotarget: pkg.version } }))
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

it('runs by npx in a project that has installed the package', async () => {
  const line = 'npx --no-install isotarget'
  expect(await shell.type(`${line} --version`, { cwd: project })).toEqual({ code: 0, out: `${pkg.version}\n`, err: '' })
  const rules = join(shell.folder, 'rules.json')
  const { code, out } = await shell.type(`${line} decide --artifact ${rules} --mbox hero --json`, { cwd: project })
  expect(code).toBe(1)
  expect(JSON.parse(out).response.status).toBe(206)
})

it('is an executable file that costs nobody else anything', () => {
  const text = readFileSync(program, 'utf8')
  expect(text).toMatch(/^#!\/usr\/bin\/env node\n/)
  expect(statSync(program).mode & 0o111).toBe(0o111)
  expect(text.length).toBeLessThan(150_000)
  const written = readdirSync(join(root, 'dist'))
  // No types, no CommonJS, no source map, and the doors are cut as they would be without it.
  expect(written.filter((name) => name.startsWith('cli'))).toEqual(['cli.js'])
  expect(text).not.toMatch(/from '\.\//)
})
