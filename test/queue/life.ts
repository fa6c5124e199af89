import { AsyncLocalStorage } from 'node:async_hooks'
import { vi } from 'vitest'

/** A document or a process: what it began does not go on while it is frozen, and never after it died. */
export interface Life {
  name: string
  isDead: boolean
  isFrozen: boolean
}

interface Timer {
  id: number
  life: Life | undefined
  at: number
  work: () => void
  /** Of one that beats, in ms. */
  every: number | undefined
}

const whose = new AsyncLocalStorage<Life>()

/** A life that begins. */
export const born = (name: string): Life => ({ name, isDead: false, isFrozen: false })

/** Does work, and all that follows from it, as part of a life. */
export const within = <Result>(life: Life, work: () => Result): Result => whose.run(life, work)

const timers = new Map<number, Timer>()
let now = 0
let count = 0

const start = (work: () => void, ms: number, every?: number): number => {
  const id = ++count
  timers.set(id, { id, life: whose.getStore(), at: now + Math.max(0, ms || 0), work, every })
  return id
}

/** The timer that rings next; those of the frozen wait for them. */
const next = (): Timer | undefined => {
  let first: Timer | undefined
  for (const timer of timers.values()) {
    if (timer.life?.isDead) timers.delete(timer.id)
    else if (!timer.life?.isFrozen && (!first || timer.at < first.at)) first = timer
  }
  return first
}

const ring = ({ id, life, work, every }: Timer): void => {
  if (every === undefined) timers.delete(id)
  else timers.set(id, { id, life, at: now + every, work, every })
  if (life) within(life, work)
  else work()
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export const randomOf = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Puts virtual time in place of the real one, lets it begin anew, and makes chance the same for the same seed. */
export const startTime = (seed: number): void => {
  timers.clear()
  now = 0
  vi.stubGlobal('setTimeout', (work: () => void, ms: number) => start(work, ms))
  vi.stubGlobal('setInterval', (work: () => void, ms: number) => start(work, ms, ms))
  vi.stubGlobal('clearTimeout', (id: number) => timers.delete(id))
  vi.stubGlobal('clearInterval', (id: number) => timers.delete(id))
  vi.spyOn(Math, 'random').mockImplementation(randomOf(seed))
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  vi.spyOn(Date, 'now').mockImplementation(() => 1_767_225_600_000 + Math.floor(now))
}

/** Gives the real time and chance back. */
export const stopTime = (): void => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
}

/** Lets everything happen that needs no time. */
export const settled = (): Promise<void> => new Promise((go) => setImmediate(go))

/** Lets `ms` of virtual time pass, or less when `isOver` says so at some moment. */
export const pass = async (ms: number, isOver: () => boolean = () => false): Promise<void> => {
  const until = now + ms
  await settled()
  while (!isOver()) {
    const timer = next()
    if (!timer || timer.at > until) break
    now = Math.max(now, timer.at)
    ring(timer)
    await settled()
  }
  if (!isOver()) now = until
}
