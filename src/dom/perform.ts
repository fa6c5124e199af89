import type { Memory } from './memory.ts'
import { type Reason, Refusal } from './outcome.ts'
import { hide } from './prehide.ts'
import { createScripts } from './script.ts'
import { attempt, fail, load, type Surroundings } from './stage.ts'
import type { Run, Task } from './task.ts'
import { type Watch, watchPage } from './wait.ts'

/** How tasks are done. */
export interface How {
  memory: Memory
  nonce: string | undefined
  /** Where elements belong to a framework. */
  owned?: string | undefined
  /** How long to wait for elements, in ms. */
  timeout: number
  /** Goes on after all is done, until the signal. */
  keep: boolean
  signal: AbortSignal
  /** Called when all of a run is done, and when the page may not come back. */
  report(run: Run): void
}

/** Calls when the page hides or ends; before other listeners, so that they send what is reported now. */
const onHide = (listener: () => void, signal: AbortSignal): void => {
  const options = { capture: true, signal }
  addEventListener('pagehide', listener, options)
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && listener(), options)
}

/** Hides what a task is going to change, for a while. */
const hideFor = (task: Task, nonce: string | undefined): void => {
  const { cssSelector } = task.outcome.action
  if (!task.isSettled && typeof cssSelector === 'string') task.show = hide([cssSelector], { nonce })
}

/** Starts what tasks have to fetch. */
const startLoading = (task: Task, loading: Promise<void> | undefined, look: () => void): void => {
  if (!loading) return
  task.isLoading = true
  const go = (error?: unknown): void => {
    task.isLoading = false
    if (error && !task.isSettled) fail(task, error)
    look()
  }
  loading.then(() => go(), go)
}

/** Elements of a page that still comes in are matched one by one. */
const isParsing = (): boolean => document.readyState === 'loading'

/** Scripts of the content may hang. */
const within = (timeout: number, work: Promise<unknown> | undefined): Promise<unknown> | undefined =>
  work && Promise.race([work, new Promise((late) => setTimeout(late, timeout))])

/** Does what it can before it returns, and the rest when its elements come. Resolves when nothing waits any more. */
export const perform = async (runs: readonly Run[], how: How): Promise<void> => {
  const { memory, nonce, timeout, keep, signal, report } = how
  const tasks = runs.flatMap((run) => run.tasks)
  const scripts = createScripts(nonce)
  const waiting = new AbortController()
  let watch: Watch | undefined
  const around: Surroundings = { ...how, scripts, onRoot: (root) => watch?.include(root) }

  const tell = (isLast: boolean): void => {
    for (const run of runs) if (isLast || run.tasks.every(({ isSettled }) => isSettled)) report(run)
  }
  const end = (reason: Reason): void => {
    if (waiting.signal.aborted) return
    for (const task of tasks) {
      if (!task.isSettled) fail(task, new Refusal(task.isLoading && reason === 'missing' ? 'load' : reason))
      task.show?.()
    }
    tell(true)
    if (!keep && !isParsing()) watch?.stop()
    waiting.abort()
  }
  const look = (isAgain = false): void => {
    for (const task of tasks) {
      if (task.isLoading || (task.isSettled && !isAgain)) continue
      attempt(task, around)
      if (task.isSettled) task.show?.()
    }
    if (tasks.every(({ isSettled }) => isSettled)) end('error')
    else if (!waiting.signal.aborted) tell(false)
  }
  const wait = async (): Promise<void> => {
    const ended = new Promise((resolve) => waiting.signal.addEventListener('abort', resolve))
    watch = watchPage(() => look(keep || isParsing()))
    // Shadow roots that were met already are watched from now on.
    look()
    signal.addEventListener('abort', () => {
      end('aborted')
      watch?.stop()
    })
    if (isParsing())
      document.addEventListener('DOMContentLoaded', () => {
        if (signal.aborted) return
        look(true)
        if (!keep && waiting.signal.aborted) watch?.stop()
      })
    if (waiting.signal.aborted) return
    for (const task of tasks) hideFor(task, nonce)
    const timer = setTimeout(() => {
      look()
      end('missing')
    }, timeout)
    onHide(() => tell(true), waiting.signal)
    await ended
    clearTimeout(timer)
  }

  for (const task of tasks) startLoading(task, load(task, memory, waiting.signal), look)
  look()
  if (keep || isParsing() || !waiting.signal.aborted) await wait()
  await within(timeout, scripts.done())
}
