import { isTargetError, TargetError } from '../delivery/error.ts'
import type { Batch, Item } from './batch.ts'

/** Answers that may leave a notification out before it is given up. */
const ATTEMPTS = 5

/** Statuses that speak of what was sent, and not of the way or the moment: the same body will be refused again. */
const REFUSALS: readonly (number | undefined)[] = [400, 413, 422]

/** What a call came to: the ids that were acknowledged, or why there are none. */
export interface Outcome {
  acknowledged?: ReadonlySet<string>
  error?: unknown
}

/** What becomes of the items of a call. */
export interface Verdict {
  sent: Item[]
  rejected: { item: Item; error: unknown }[]
  /** To be sent again. */
  kept: Item[]
  /** The kept ones need not wait: half of them at a time may be all it takes. */
  isHalved?: boolean
  /** Why nothing came through. */
  error?: unknown
}

const leftOut = (item: Item): boolean => {
  item.attempts++
  return item.attempts >= ATTEMPTS
}

const answered = (items: readonly Item[], acknowledged: ReadonlySet<string>): Verdict => {
  const verdict: Verdict = { sent: [], rejected: [], kept: [] }
  for (const item of items) {
    if (acknowledged.has(item.notification.id)) verdict.sent.push(item)
    else if (!leftOut(item)) verdict.kept.push(item)
    else {
      const text = `Target answered ${ATTEMPTS} times without acknowledging the notification: check its tokens and its moment`
      const error = new TargetError('HTTP_ERROR', text, { attempts: ATTEMPTS, status: 200 })
      verdict.rejected.push({ item, error })
    }
  }
  return verdict
}

/**
 * A refused call is cut in half until the bad notification is alone: then it is rejected, and the others are through. After
 * anything else all of them wait for better times.
 */
const failed = (items: Item[], error: unknown): Verdict => {
  const isRefused = isTargetError(error) && REFUSALS.includes(error.status)
  if (!isRefused) return { sent: [], rejected: [], kept: items, error }
  const [item] = items
  if (items.length === 1 && item) return { sent: [], rejected: [{ item, error }], kept: [] }
  const cap = Math.ceil(items.length / 2)
  for (const item of items) {
    item.cap = cap
    item.round = -Math.abs(item.round)
  }
  return { sent: [], rejected: [], kept: items, isHalved: true }
}

/** What the outcome of a call means for each of its items. */
export const verdictOf = ({ items }: Batch, { acknowledged, error }: Outcome): Verdict =>
  acknowledged ? answered(items, acknowledged) : failed(items, error)
