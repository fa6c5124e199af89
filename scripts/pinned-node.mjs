// Usage: node scripts/pinned-node.mjs scripts/some.mjs [args…]
// Runs a script under one fixed Node, so that tools which ask for a recent one work whatever is installed.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname } from 'node:path'
import { installProgram, nodeProgram, pathOf, PINNED_NODE as VERSION } from './npm-binary.mjs'

const OLDEST_FALLBACK = [22, 12]

const say = (line) => console.error(`pinned-node: ${line}`)

const isRecentEnough = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > OLDEST_FALLBACK[0] || (major === OLDEST_FALLBACK[0] && minor >= OLDEST_FALLBACK[1])
}

const chooseNode = async () => {
  if (process.version === `v${VERSION}`) return process.execPath
  const program = nodeProgram(VERSION)
  if (existsSync(pathOf(program))) return pathOf(program)
  say(
    `installing Node ${VERSION} (npm package ${program.package}) into node_modules/.cache, once; this is ${process.version}`,
  )
  const failure = await installProgram(program)
  if (!failure) return pathOf(program)
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
const node = await chooseNode()
putFirst(node)
run(node, args)
