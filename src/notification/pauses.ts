import type { TargetError } from '../delivery/error.ts'
import type { Notification } from '../delivery/notification.ts'
import type { Batch } from './batch.ts'
import type { Line } from './line.ts'
import { askedFor, isTooMuch, isUnreachable, LONGEST_ASKED, waitOf } from './patience.ts'

/** What pauses work with. */
export interface PausesParts {
  /** Waits grow from it, in ms. */
  delay: number
  /** ms that only grow. */
  clock(): number
  /** Nothing came through; the next attempt comes after `wait` ms. */
  onRetry(notifications: Notification[], error: unknown, wait: number): void
  /** Target asked to be left alone for `wait` ms. */
  onPause(wait: number): void
}

/** Knows who has to wait after a failure, and until when. */
export const createPauses = ({ delay, clock, onRetry, onPause }: PausesParts) => {
  let everybody = 0
  /** Until when Target wants no call at all, by edge cluster. */
  const clusters = new Map<string | undefined, number>()
  return {
    /** Until when Target asked to be left alone by the first of some items of a line. */
    until({ barredUntil, waiting }: Line, [first] = waiting): number {
      return first ? Math.max(everybody, barredUntil, clusters.get(first.envelope.cluster) ?? 0) : 0
    },
    /** Keeps a pause of `wait` ms that an earlier page was asked for. */
    keep(wait: number): void {
      everybody = Math.max(everybody, clock() + Math.min(wait, LONGEST_ASKED))
    },
    /** Lets a line wait after a call that failed. */
    postpone(line: Line, { items, envelope }: Batch, error: unknown): void {
      line.failures++
      line.isAstray = isUnreachable(error) && !line.isAstray
      const asked = askedFor(error)
      const wait = asked ?? waitOf(delay * (isTooMuch(error) ? 4 : 1), line.failures)
      line.notBefore = clock() + wait
      // 420 is about one session; the others speak for the whole edge.
      // Answers to calls that left together may come in any order: the longest wait counts.
      if (asked !== undefined && (error as TargetError).status === 420) {
        line.barredUntil = Math.max(line.barredUntil, line.notBefore)
      } else if (asked !== undefined) {
        const until = Math.max(line.notBefore, clusters.get(envelope.cluster) ?? 0)
        clusters.set(envelope.cluster, until)
        onPause(until - clock())
      }
      const notifications = items.map(({ notification }) => notification)
      if (notifications.length) onRetry(notifications, error, Math.round(wait))
    },
  }
}
