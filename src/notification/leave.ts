import type { Accounts } from './accounts.ts'
import { type Batch, cut, GRACE, type Item, type Limits, retime } from './batch.ts'
import type { Dispatch } from './dispatch.ts'
import { depart, isAway, join, type Line, opening, recall } from './line.ts'
import type { Outcome } from './outcome.ts'
import type { createPauses } from './pauses.ts'
import type { Store } from './store.ts'

/** The smallest call that is tried when a larger one was refused, in bytes. */
const SMALLEST = 3_500

/** What the closing exit works with. */
export interface LeaveParts {
  accounts: Accounts
  dispatch: Dispatch
  pauses: ReturnType<typeof createPauses>
  store: Store
  limits: Limits
  /** False takes what a browser accepted as delivered. */
  isConfirmed: boolean
  /** ms that only grow. */
  clock(): number
  /** Epoch ms. */
  now(): number
  isOnline(): boolean
  /**
   * Hands a call over: `answer` when somebody may hear one, an empty object when not, undefined when nobody takes it.
   */
  leave(batch: Batch, isLast: boolean): { answer?: Promise<ReadonlySet<string>> } | undefined
  /** A line has to be looked at then. */
  wake(at: number): void
  /** What came back by the closing exit was settled. */
  onSettled(line: Line): void
}

/**
 * The closing exit: hands over, without waiting for anything, what is not on its way yet. What nobody takes stays; what nobody will
 * confirm stays too, and is sent again when it was given its time.
 */
export const createLeave = (parts: LeaveParts) => {
  const { accounts, dispatch, store, clock, now, isConfirmed } = parts

  const hearFrom = (line: Line, batch: Batch, answer: Promise<ReadonlySet<string>>): void => {
    line.leaving.add(batch)
    const land = (outcome: Outcome) => {
      if (!line.leaving.delete(batch)) return
      dispatch.settle(line, batch, outcome)
      parts.onSettled(line)
    }
    batch.landed = answer.then(
      (acknowledged) => land({ acknowledged }),
      (error) => land({ error }),
    )
  }

  const unheard = (line: Line, items: Item[]): void => {
    if (!isConfirmed) for (const item of items) accounts.sent(item)
    else {
      for (const item of items) item.after = clock() + GRACE
      join(line, items)
    }
  }

  const handOver = (line: Line, isLast: boolean): void => {
    const mayWait = (item: Item) => store.has(item) && parts.pauses.until(line, [item]) > clock()
    const goes = (item: Item) => accounts.held.has(item) && !isAway(item, clock()) && !mayWait(item)
    let rest = line.waiting.filter(goes)
    let { bytes } = parts.limits
    retime(rest, now())
    while (rest.length && bytes >= SMALLEST) {
      const batch = cut(rest, { ...parts.limits, bytes })
      const taken = batch && parts.leave(batch, isLast)
      if (!taken) {
        bytes /= 4
        continue
      }
      depart(line, batch)
      rest = rest.filter(({ isOut }) => !isOut)
      for (const item of batch.items) item.left = now()
      if (taken.answer) hearFrom(line, batch, taken.answer)
      else unheard(line, batch.items)
    }
  }

  return (lines: Iterable<Line>, isLast: boolean): void => {
    for (const line of lines) {
      for (const item of line.batch?.isFlying ? line.batch.items : []) item.left = now()
      recall(line)
      if (parts.isOnline()) handOver(line, isLast)
      // What nobody took or will confirm has its turn if the page lives on.
      parts.wake(Math.max(opening(line), parts.pauses.until(line)))
    }
    store.mark([...accounts.held].filter(({ left }) => left))
  }
}
