/** A project of somebody who has installed the package. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pkg from '../../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '../..')
const cache = join(root, 'node_modules/.cache/isotarget')
const lock = join(cache, 'building')

/** Builds when the sources are newer. Test files run side by side: only one of them does. */
export const build = async (): Promise<void> => {
  mkdirSync(cache, { recursive: true })
  const isOld = () => Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > 90_000
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch {
      // Whoever held it was killed.
      if (isOld()) rmSync(lock, { recursive: true, force: true })
      await wait(100)
    }
  }
  try {
    const code = "import { freshDist } from './scripts/fresh-dist.mjs'; freshDist()"
    execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: root })
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

export interface Project {
  folder: string
  remove(): void
}

/** A folder with what the tarball of this package holds, as npm installs it. Its dependencies are those of this repository. */
export const createProject = async (): Promise<Project> => {
  await build()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'isotarget-project-')))
  const modules = join(folder, 'node_modules')
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root })
  mkdirSync(join(modules, '.bin'), { recursive: true })
  execFileSync('tar', ['-xzf', `isotarget-${pkg.version}.tgz`], { cwd: folder })
  execFileSync('mv', ['package', join(modules, 'isotarget')], { cwd: folder })
  for (const name of Object.keys(pkg.dependencies)) symlinkSync(join(root, 'node_modules', name), join(modules, name))
  symlinkSync(`../isotarget/${pkg.bin.isotarget}`, join(modules, '.bin/isotarget'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { isotarget: pkg.version } }))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
