import type { Accounts } from './accounts.ts'
import { type Batch, cut, GRACE, type Item, type Limits } from './batch.ts'
import { depart, join, type Line, opening, ready } from './line.ts'
import { type Outcome, type Verdict, verdictOf } from './outcome.ts'
import { isUnreachable, waitOf } from './patience.ts'
import type { createPauses } from './pauses.ts'

/** What a dispatch works with. */
export interface DispatchParts {
  accounts: Accounts
  limits: Limits
  /** How long to collect, in ms; waits after failures grow from it. */
  delay: number
  /** ms that only grow. */
  clock(): number
  isOnline(): boolean
  /** Sends a call; gives the ids that were acknowledged. Rejects when the call failed. */
  send(batch: Batch, isAstray: boolean): Promise<ReadonlySet<string>>
  pauses: ReturnType<typeof createPauses>
  /** A line has to be looked at then. */
  wake(at: number): void
  /** Items are on their way. */
  onOut(items: readonly Item[]): void
  /** An item waits again; nobody knows whether it has arrived, or it has not. */
  onBack(item: Item, isUnknown: boolean): void
  /** The page is being torn down, and its calls fail whether they arrive or not. */
  isEnding(): boolean
}

/** Sends what waits in a line, one call after the other, and settles it. */
export const createDispatch = (parts: DispatchParts) => {
  const { accounts, limits, delay, clock, wake, pauses } = parts
  const again = (line: Line, batch: Batch, { kept, isHalved, error }: Verdict): void => {
    const isUnknown = parts.isEnding() && isUnreachable(error)
    for (const item of kept) {
      if (isUnknown) item.after = clock() + GRACE
      else item.after = isHalved || error !== undefined ? 0 : clock() + waitOf(delay, item.attempts)
      parts.onBack(item, isUnknown)
    }
    join(line, kept)
    line.due = 0
    if (error !== undefined) pauses.postpone(line, batch, error)
  }

  /** Tells what became of each notification of a call. */
  const settle = (line: Line, batch: Batch, outcome: Outcome): void => {
    const verdict = verdictOf(batch, outcome)
    if (verdict.error === undefined) line.failures = 0
    for (const item of verdict.sent) accounts.sent(item)
    for (const { item, error } of verdict.rejected) accounts.rejected(item, error)
    // What was dropped meanwhile does not come back.
    const kept = verdict.kept.filter((item) => accounts.held.has(item))
    if (kept.length) again(line, batch, { ...verdict, kept })
  }

  const launch = (line: Line, items: readonly Item[], round?: number): void => {
    const batch = cut(items, limits)
    if (!batch) return
    depart(line, batch)
    for (const item of batch.items) item.round = round ?? item.round
    line.batch = batch
    parts.onOut(batch.items)
    const sending = parts.send(batch, line.isAstray)
    line.flight = sending.then(
      (acknowledged) => land(line, batch, { acknowledged }),
      (error) => land(line, batch, { error }),
    )
  }
  const land = (line: Line, batch: Batch, outcome: Outcome): void => {
    // The page may have hidden meanwhile, and the batch have left by the other exit.
    if (line.batch !== batch) return
    Object.assign(line, { batch: undefined, flight: undefined })
    settle(line, batch, outcome)
    pump(line)
  }

  /** Sends what is due, or comes back when it will be. */
  const pump = (line: Line): void => {
    if (line.flight || !line.waiting.length) return
    const now = clock()
    const items = parts.isOnline() && pauses.until(line) <= now ? ready(line, now) : []
    if (items.length) launch(line, items)
    else if (parts.isOnline()) wake(Math.max(opening(line), pauses.until(line)))
  }

  return {
    pump,
    settle,
    /** Sends everything that a flush is about, each of it once. Target's own pauses are kept. */
    async drain(line: Line, round: number): Promise<void> {
      for (;;) {
        if (line.flight) {
          await line.flight
          continue
        }
        const items = pauses.until(line) <= clock() ? ready(line, clock(), round) : []
        if (!items.length) return
        launch(line, items, round)
      }
    },
  }
}

export type Dispatch = ReturnType<typeof createDispatch>
