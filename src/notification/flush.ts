import type { Dispatch } from './dispatch.ts'
import { isAway, type Line, opening } from './line.ts'
import type { createPauses } from './pauses.ts'
import type { Store } from './store.ts'

/** What a flush works with. */
export interface FlushParts {
  lines: ReadonlyMap<string, Line>
  dispatch: Dispatch
  pauses: ReturnType<typeof createPauses>
  store: Store
  /** Drops what has become too old. */
  dropOld(line: Line): void
  /** ms that only grow. */
  clock(): number
  /** Attempts after the first. */
  retries: number
  /** How long it waits for better times, in ms. */
  patience: number
  isOnline(): boolean
}

const pauseOf = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, Math.max(0, ms)))

/** Waits for work, but not for longer than `ms`, if given. */
export const within = async (ms: number | undefined, work: Promise<unknown>): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise((go) => {
    if (ms !== undefined && ms < Infinity) timer = setTimeout(go, Math.max(0, ms))
  })
  await Promise.race([work, over])
  clearTimeout(timer)
}

/** True when the call of a line failed, or when Target asked to be left alone before a flush came to it. */
const isUnfinished = ({ failures, waiting }: Line): boolean =>
  failures ? waiting.length > 0 : waiting.some(({ round }) => round < 0)

/** When the first line that is unfinished may try again; Infinity when none is. */
const betterTimes = ({ lines, pauses }: FlushParts): number => {
  const unfinished = [...lines.values()].filter(isUnfinished)
  return Math.min(...unfinished.map((line) => Math.max(opening({ ...line, due: 0 }), pauses.until(line))), Infinity)
}

/** Sends what waits, and again what did not come through, as often as patience allows. */
export const createFlush = (parts: FlushParts) => {
  const { lines, dispatch, dropOld, clock, retries, patience, isOnline } = parts
  let rounds = 0
  const once = async (isRepeat: boolean): Promise<void> => {
    const round = ++rounds
    for (const line of lines.values()) {
      if (isRepeat && !isUnfinished(line)) continue
      dropOld(line)
      for (const item of line.waiting) if (!isAway(item, clock())) item.round = -round
    }
    await Promise.all(Array.from(lines.values(), (line) => dispatch.drain(line, round)))
    const leaving = Array.from(lines.values(), (line) => [...line.leaving]).flat()
    await Promise.all(leaving.map(({ landed }) => landed))
  }
  return async (): Promise<void> => {
    const until = clock() + patience
    for (let left = retries; ; left--) {
      await once(left < retries)
      const next = betterTimes(parts)
      if (left <= 0 || next > until || !isOnline()) break
      await pauseOf(next - clock())
    }
    await parts.store.done()
  }
}
