import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { busyProcess, compute } from '../../test/browsers/engines/busy-process.ts'
import { endWithUs } from '../../test/browsers/engines/guarded-process.ts'

const all = () =>
  spawnSync('ps', ['-eo', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .stdout.split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => state && !state.startsWith('Z'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }))

/** A process and everything that it started, in turn. */
const familyOf = (root) => {
  const processes = all()
  const family = [root]
  for (const member of family) {
    family.push(...processes.filter(({ parent }) => parent === member).map(({ pid }) => pid))
  }
  return family
}

export const kill = (...pids) => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
}

const TRIES = 5

/** The process that a page lives in: the one that works when the page does. Now and then the browser itself has work to do. */
export const processOf = async (tab, { pid }) => {
  for (let tries = 1; ; tries++) {
    await tab.evaluate(compute)
    const found = await busyProcess(pid).catch((error) => (tries < TRIES ? undefined : Promise.reject(error)))
    await tab.evaluate(() => {})
    if (found) return found
  }
}

/** Starts a program that ends with us, and waits until `ready` finds something in what it says. */
export const start = async (command, args, { env = {}, ready } = {}) => {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const release = endWithUs(child.pid)
  const ended = once(child, 'exit').then(release, release)
  const killAll = async () => {
    // One after the other would let the rest of the browser see the end coming.
    kill(...familyOf(child.pid))
    await ended
  }
  let said = ''
  let found
  const read = (chunk) => {
    if (!found) said += chunk
    found ??= ready?.exec(said) ?? undefined
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  for (let waited = 0; ready && !found; waited += 20) {
    if (child.exitCode !== null || waited > 30_000) {
      await killAll()
      throw new Error(`${command} did not start: ${said.trim().split('\n').at(-1)}`)
    }
    await sleep(20)
  }
  return { pid: child.pid, found, ended, killAll }
}
