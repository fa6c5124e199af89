// The ways in which a page ends right after it has reported.
import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { busyProcess } from '../../../test/browsers/engines/busy-process.ts'

/** ms */
const PATIENCE = 15_000
const POLL = 15
/** Until nothing but a page computes in a browser that has just opened it. */
const CALM = 500

export const within = async (work, what, ms = PATIENCE) => {
  const over = new AbortController()
  const late = sleep(ms, undefined, { signal: over.signal }).then(() => {
    throw new Error(`${what}: not within ${ms} ms`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    over.abort()
    late.catch(() => {})
  }
}

// These run in the page.
const reportAndGo = (round, events, { to, wait, isInOneTask }) => {
  setTimeout(() => {
    globalThis.soak.report(round, events)
    if (isInOneTask && to) location.assign(to)
    else if (to) setTimeout(() => location.assign(to), wait)
  })
}
const reportLater = (round, events, { handler, to }) => {
  const target = handler === 'pagehide' ? globalThis : document
  const isOver = () => handler === 'pagehide' || document.visibilityState === 'hidden'
  target.addEventListener(handler, () => isOver() && globalThis.soak.reportLate(round, events), { once: true })
  if (to) setTimeout(() => location.assign(to))
}
/** The task that reports ends; the next one tells of it, and does not survive that. */
const reportAndDie = (round, events) => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }) => globalThis.soak.record(round, data)
  setTimeout(() => port2.postMessage(globalThis.soak.queue(events)))
}
const reportNow = (round, events) => globalThis.soak.report(round, events)
const compute = () => {
  const turn = () => {
    const start = performance.now()
    while (performance.now() - start < 50);
    if (globalThis.isComputing) setTimeout(turn)
  }
  globalThis.isComputing = true
  setTimeout(turn)
}
const stopComputing = () => {
  globalThis.isComputing = false
}

/** The answer of what runs in the page may get lost with it. */
const start = (page, ...what) => void page.evaluate(...what).catch(() => {})

/** Runs `work` at the moment at which the page has reported. Resolves when that has ended. */
const atRecord = ({ journal, id }, work, isAnswered) =>
  within(
    new Promise((resolve, reject) => {
      journal.hook(id, () => {
        work().then(resolve, reject)
        return isAnswered
      })
    }),
    'the page did not report',
  )

const close = async (stage, { mode, wait, handler, events }) => {
  const { page, id } = stage
  if (mode === 'same-task') {
    const closed = atRecord(stage, () => page.close(), true)
    start(page, reportAndGo, id, events, {})
    await closed
    return
  }
  if (mode === 'handler') await page.evaluate(reportLater, id, events, { handler })
  else {
    await page.evaluate(reportNow, id, events)
    await sleep(wait)
  }
  await page.close()
}

const arrived = async (page, to) => {
  const isThere = (to) => location.href === to && document.readyState === 'complete'
  while (!(await page.evaluate(isThere, to).catch(() => false))) await sleep(POLL)
}

const navigate = async ({ page, id, url }, { mode, wait, handler, events }) => {
  const to = url
  if (mode === 'handler') start(page, reportLater, id, events, { handler, to })
  else start(page, reportAndGo, id, events, { to, wait, isInOneTask: mode === 'same-task' })
  await within(arrived(page, to), 'the next page was not reached')
  await page.close()
}

/** The engine's first process: a child of this one, named after it. */
const rootOf = (engine) => {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,comm=', '--ppid', `${process.pid}`], { encoding: 'utf8' })
  const line = stdout.split('\n').find((line) => line.includes(` ${engine}`))
  if (!line) throw new Error(`no process of ours is called ${engine}`)
  return Number.parseInt(line, 10)
}

/** Finds the process of a page beforehand, so that it can die at any moment. */
const prepareDeath = async (page, engine) => {
  const root = rootOf(engine)
  await page.evaluate(compute)
  const find = async (tries) => {
    try {
      return await busyProcess(root)
    } catch (error) {
      // On a busy machine the page may not get enough of it to stand out.
      if (tries) return find(tries - 1)
      throw error
    }
  }
  const pid = await find(5)
  await page.evaluate(stopComputing)
  return async () => {
    process.kill(pid, 'SIGKILL')
    await page.close()
  }
}

/** WebKit would end the session with a page that is killed before its window is gone: such a page dies some 50 ms later. */
const killSlowly = async ({ page, id }, { mode, wait, events }) => {
  await sleep(CALM)
  await page.evaluate(reportNow, id, events)
  if (mode === 'before') await sleep(wait)
  await page.kill()
}

const kill = async (stage, round) => {
  const { page, id, engine } = stage
  const { mode, wait, events } = round
  if (engine === 'webkit') return killSlowly(stage, round)
  const die = await prepareDeath(page, engine)
  if (mode === 'same-task') {
    const dead = atRecord(stage, die, false)
    start(page, reportAndDie, id, events)
    return dead
  }
  await page.evaluate(reportNow, id, events)
  await sleep(wait)
  return die()
}

export const acts = { close, navigate, kill }
