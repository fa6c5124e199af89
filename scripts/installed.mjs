// SDKs to compare with: installed into a folder of their own when they are first needed, so that nobody else carries them.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const FLAGS = ['--no-audit', '--no-fund', '--ignore-scripts', '--save-exact']

/** Makes sure that a folder has these packages in these versions. Rejects when they cannot be had. */
export const installInto = async (home, packages) => {
  const isThere = packages.every(({ package: name, version }) => {
    const file = join(home, 'node_modules', name, 'package.json')
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version
  })
  if (isThere) return
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), '{"private":true}\n')
  const wanted = packages.map(({ package: name, version }) => `${name}@${version}`)
  await promisify(execFile)('npm', ['install', ...FLAGS, ...wanted], { cwd: home })
}
