import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { endWithUs } from '../../test/browsers/engines/guarded-process.ts'

const all = () =>
  spawnSync('ps', ['-eo', 'pid=,ppid=,stat=,comm:32=,args='], { encoding: 'utf8' })
    .stdout.split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.{32}) (.*)$/.exec(line))
    .filter((match) => match && !match[3].startsWith('Z'))
    .map(([, pid, parent, , name, args]) => ({ pid: Number(pid), parent: Number(parent), name: name.trim(), args }))

/** Everything that a process started, in turn. */
export const childrenOf = (root) => {
  const processes = all()
  const found = []
  const parents = [root]
  while (parents.length > 0) {
    const parent = parents.pop()
    for (const child of processes.filter((process) => process.parent === parent)) {
      found.push(child)
      parents.push(child.pid)
    }
  }
  return found
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

/** Ticks of CPU that a process has used; none where the system does not tell. */
const ticksOf = (pid) => {
  try {
    const [, after] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?=[A-Z] )/)
    return Number(after.split(' ')[11])
  } catch {
    return 0
  }
}

const spin = () => {
  const end = performance.now() + 250
  while (performance.now() < end);
}

/** Which of the processes a page lives in: the one that works when the page does. */
export const processOf = async (tab, renderers) => {
  const before = new Map(renderers().map((pid) => [pid, ticksOf(pid)]))
  await tab.evaluate(spin)
  const used = renderers().map((pid) => ({ pid, ticks: ticksOf(pid) - (before.get(pid) ?? 0) }))
  const [most] = used.toSorted((one, other) => other.ticks - one.ticks)
  return most?.ticks >= 8 ? most.pid : undefined
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
    kill(child.pid, ...childrenOf(child.pid).map(({ pid }) => pid))
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
    if (child.exitCode !== null || waited > 20_000) {
      await killAll()
      throw new Error(`${command} did not start: ${said.trim().split('\n').at(-1)}`)
    }
    await sleep(20)
  }
  return { pid: child.pid, found, ended, killAll }
}
