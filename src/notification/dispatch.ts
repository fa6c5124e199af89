import type { Accounts } from './accounts.ts'
import { type Batch, cut, GRACE, type Item, type Limits } from './batch.ts'
import { depart, join, type Line, opening, ready, recall } from './line.ts'
import { type Outcome, type Verdict, verdictOf } from './outcome.ts'
import { isUnreachable, waitOf } from './patience.ts'
import type { createPauses } from './pauses.ts'

/** What is known of the page's life. */
export interface Life {
  /** It is being torn down, and its calls fail whether they arrive or not. */
  isEnding: boolean
  /** It has gone, and what it holds may be somebody else's by now. */
  isOver: boolean
  /** What waits is sent by the last flush, and by nobody else. */
  isClosing: boolean
}

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
  onOut(batch: Batch): void
  /** An item waits again; nobody knows whether it has arrived, or it has not. */
  onBack(item: Item, isUnknown: boolean): void
  life: Life
}

/** Puts back what did not come through. */
const createAgain =
  ({ clock, delay, pauses, life, onBack }: DispatchParts) =>
  (line: Line, batch: Batch, { kept, isHalved, error }: Verdict): void => {
    const isUnknown = life.isEnding && isUnreachable(error)
    // Those that were left out together come back together, in their order.
    const [now, chance] = [clock(), Math.random()]
    for (const item of kept) {
      if (isUnknown) item.after = now + GRACE
      else item.after = isHalved || error !== undefined ? 0 : now + waitOf(delay, item.attempts, chance)
      onBack(item, isUnknown)
    }
    join(line, kept)
    if (error === undefined) return
    pauses.postpone(line, { ...batch, items: kept }, error)
    // What left by the other exit may have been refused while the line's own call waits to take off.
    recall(line)
  }

/** Sends what waits in a line, one call after the other, and settles it. */
export const createDispatch = (parts: DispatchParts) => {
  const { accounts, limits, clock, wake, pauses } = parts
  const again = createAgain(parts)

  /** Tells what became of each notification of a call. */
  const settle = (line: Line, batch: Batch, outcome: Outcome): void => {
    const verdict = verdictOf(batch, outcome)
    if (verdict.error === undefined) line.failures = 0
    for (const item of verdict.sent) accounts.sent(item)
    for (const { item, error } of verdict.rejected) accounts.rejected(item, error)
    // What was dropped meanwhile does not come back.
    const kept = verdict.kept.filter((item) => accounts.held.has(item))
    if (kept.length || verdict.error !== undefined) again(line, batch, { ...verdict, kept })
  }

  const launch = (line: Line, items: readonly Item[], round?: number): void => {
    const batch = cut(items, limits)
    if (!batch) return
    depart(line, batch)
    for (const item of batch.items) item.round = round ?? item.round
    line.batch = batch
    parts.onOut(batch)
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

  /** Who goes now, but for those that have made room for others. */
  const going = (line: Line, round?: number): Item[] =>
    ready(line, clock(), round).filter((item) => accounts.held.has(item))

  /** Sends what is due, or comes back when it will be. */
  const pump = (line: Line): void => {
    if (line.flight || !line.waiting.length || parts.life.isOver || parts.life.isClosing) return
    const items = parts.isOnline() ? going(line) : []
    const until = pauses.until(line, items)
    if (items.length && until <= clock()) launch(line, items)
    else if (parts.isOnline()) wake(Math.max(opening(line), until))
  }

  return {
    pump,
    settle,
    /** Sends everything that a flush is about, up to a call that fails. Target's own pauses are kept. */
    async drain(line: Line, round: number): Promise<void> {
      for (;;) {
        const { failures } = line
        if (line.flight) {
          await line.flight
          // What came later does not overtake what has to come back.
          if (line.failures > failures && !line.flight) return
          continue
        }
        const items = going(line, round)
        if (!items.length || pauses.until(line, items) > clock()) return
        launch(line, items, round)
      }
    },
  }
}

export type Dispatch = ReturnType<typeof createDispatch>
