import { isTargetError } from '../delivery/error.ts'
import type { Notification } from '../delivery/notification.ts'
import { RETRYABLE } from '../transport/retry.ts'
import { type Batch, batches, type Envelope, type Item, itemOf, lines } from './batch.ts'

/** Notifications a call; Target recommends no more. */
const COUNT = 50
/** Bytes a call, with room left under the 64 KiB that browsers grant to beacons. */
const BYTES = 60 * 1024
/** Sends of one notification before it is reported as rejected. */
const ATTEMPTS = 5

/** What became of the notifications of a `flush()`. */
export interface FlushResult {
  sent: number
  rejected: number
  /** Still waiting for another attempt. */
  pending: number
}

/** What a queue needs. */
export interface QueueParts {
  /** The normal exit: sends a call and gives the ids that were acknowledged. Rejects when the call failed. */
  send(batch: Batch): Promise<ReadonlySet<string>>
  /** The closing exit: hands the call over at once, for when the page goes away. Rejects when nobody takes it. */
  leave(batch: Batch): Promise<unknown> | undefined
  /** How long to collect before sending, in ms. */
  delay: number
  onSent(notification: Notification): void
  onRejected(notification: Notification, error: unknown): void
}

/** Trouble on the way passes; what Target itself refuses, it will refuse again. */
const mayComeBack = (error: unknown): boolean =>
  isTargetError(error) && (error.code !== 'HTTP_ERROR' || RETRYABLE.includes(error.status ?? 0))

/** Whether an item that did not get through is worth another attempt; if not, that is told. */
const isLeft = ({ onRejected }: QueueParts, item: Item, error: unknown): boolean => {
  if (++item.attempts < ATTEMPTS && (error === undefined || mayComeBack(error))) return true
  onRejected(item.notification, error)
  return false
}

/** Sends a call and tells what became of it; gives what has to be sent again. */
const deliver = async (parts: QueueParts, batch: Batch): Promise<Item[]> => {
  const { send, onSent } = parts
  let error: unknown
  const acknowledged = await send(batch).catch((reason) => {
    error = reason
    return new Set<string>()
  })
  return batch.items.filter((item) => {
    const { notification } = item
    if (!acknowledged.has(notification.id)) return isLeft(parts, item, error)
    onSent(notification)
    return false
  })
}

/**
 * Holds notifications, sends them in batches and settles them by the ids that come back. It does not throw for
 * anything but a notification that no JSON can carry.
 */
export const createQueue = (given: QueueParts) => {
  const limits = { count: COUNT, bytes: BYTES }
  const total = { sent: 0, rejected: 0 }
  let waiting: Item[] = []
  let added = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let flying: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined

  const parts: QueueParts = {
    ...given,
    onSent(notification) {
      total.sent++
      given.onSent(notification)
    },
    onRejected(notification, error) {
      total.rejected++
      given.onRejected(notification, error)
    },
  }

  const arm = (delay: number) => {
    timer ??= setTimeout(flush, delay)
  }

  /** What comes back goes where it was: Target hears of events in the order in which they happened. */
  const putBack = (items: readonly Item[]) => {
    if (!items.length) return
    waiting = [...items, ...waiting].sort((one, other) => one.order - other.order)
    arm(parts.delay * 2 ** Math.max(...items.map(({ attempts }) => attempts)))
  }

  const drain = async (): Promise<void> => {
    next = undefined
    // For the sake of that order, one visitor's calls go one after the other too.
    const inOrder = async (line: Batch[]) => {
      const left: Item[] = []
      for (const batch of line) left.push(...(await deliver(parts, batch)))
      return left
    }
    putBack((await Promise.all(lines(batches(waiting.splice(0), limits)).map(inOrder))).flat())
  }

  const flush = async (): Promise<FlushResult> => {
    clearTimeout(timer)
    timer = undefined
    const { sent, rejected } = total
    next ??= flying.then(drain)
    flying = next
    await next
    return { sent: total.sent - sent, rejected: total.rejected - rejected, pending: waiting.length }
  }

  return {
    add(notification: Notification, envelope: Envelope): void {
      waiting.push(itemOf(notification, envelope, added++))
      if (waiting.length >= COUNT) flush()
      else arm(parts.delay)
    },
    /** Sends what waits now; resolves when each was acknowledged, rejected or put back. */
    flush,
    /** Hands over what waits by the closing exit, without waiting for anything. */
    leave(): void {
      for (const batch of batches(waiting.splice(0), limits)) {
        parts.leave(batch)?.catch((error) => putBack(batch.items.filter((item) => isLeft(parts, item, error))))
      }
    },
  }
}
