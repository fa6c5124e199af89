import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const SAMPLE = 25
const TRIES = 36
/** How long the chosen process must have computed since the first look, in ns, and how many times the next one's. */
const BUSY = 20_000_000
const LEAD = 2

/**
 * Runs in the page: computes for a while, but not before the command that started it was answered. A browser that
 * still waits for the answer of a page that dies may wait for ever. A timer would be late in a hidden page.
 */
export const compute = (): void => {
  const { port1, port2 } = new MessageChannel()
  const start = performance.now()
  port1.onmessage = () => {
    const now = performance.now()
    if (now - start < 15) port2.postMessage(0)
    else while (performance.now() - now < 1_000);
  }
  port2.postMessage(0)
}

const parentOf = async (pid: string): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name of the program stands in brackets and may hold anything.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

const childrenOf = async (root: number): Promise<number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const parents = await Promise.all(pids.map(async (pid) => [Number(pid), await parentOf(pid).catch(() => 0)] as const))
  const family = [root]
  for (const member of family) family.push(...parents.flatMap(([pid, parent]) => (parent === member ? pid : [])))
  return family.slice(1)
}

/** What the main thread of each has computed, in ns. */
const workOf = async (pids: readonly number[]): Promise<Map<number, number>> => {
  const read = async (pid: number) =>
    [pid, Number((await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '0')).split(' ')[0])] as const
  return new Map(await Promise.all(pids.map(read)))
}

/**
 * The one process below `root` that computes: engines do not tell which process renders a page, and change their mind
 * about it when a page goes elsewhere.
 */
export const busyProcess = async (root: number): Promise<number> => {
  if (process.platform !== 'linux') throw new Error('which process renders a page is only known on Linux, from /proc')
  const pids = await childrenOf(root)
  const before = await workOf(pids)
  for (let round = 0; round < TRIES; round++) {
    await sleep(SAMPLE)
    const grown = [...(await workOf(pids))]
      .map(([pid, work]) => ({ pid, grown: work - (before.get(pid) ?? 0) }))
      .sort((one, other) => other.grown - one.grown)
    const [first, second] = grown
    if (first && first.grown > BUSY && first.grown > LEAD * (second?.grown ?? 0)) return first.pid
  }
  throw new Error('none of the browser processes computes more than the others: which one renders the page is unknown')
}
