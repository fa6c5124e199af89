import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const writtenAt = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path).flatMap((name) => writtenAt(join(path, name)))
    : [statSync(path).mtimeMs]

const isFresh = () => {
  if (!existsSync(join(root, 'dist'))) return false
  const sources = ['src', 'package.json', 'rollup.config.mjs', 'scripts/declarations.mjs'].flatMap((path) =>
    writtenAt(join(root, path)),
  )
  return Math.min(...writtenAt(join(root, 'dist'))) > Math.max(...sources)
}

/** Builds dist/ when it is missing or older than what it is made from. */
export const freshDist = () => {
  if (isFresh()) return
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  execFileSync(process.execPath, ['node_modules/rollup/dist/bin/rollup', '-c', '--silent'], {
    cwd: root,
    stdio: 'inherit',
  })
}
