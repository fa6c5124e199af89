import { isTargetError, type TargetError } from '../delivery/error.ts'
import type { Notification } from '../delivery/notification.ts'
import { type Batch, batches, type Envelope, type Item } from './batch.ts'

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
  /** The closing exit: hands the call over at once, for when the page goes away. */
  leave(batch: Batch): void
  /** How long to collect before sending, in ms. */
  delay: number
  onSent(notification: Notification): void
  onRejected(notification: Notification, error: unknown): void
}

const mayComeBack = (error: unknown): boolean =>
  isTargetError(error) &&
  (error.code !== 'HTTP_ERROR' || (error.status ?? 0) >= 500 || error.status === 420 || error.status === 429)

/** Holds notifications, sends them in batches and settles them by the ids that come back. It never throws. */
export const createQueue = (parts: QueueParts) => {
  const limits = { count: COUNT, bytes: BYTES }
  const waiting: Item[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let flying: Promise<unknown> = Promise.resolve()

  const arm = (delay: number) => {
    timer ??= setTimeout(() => flush(), delay)
  }

  const settle = (item: Item, error: unknown, result: FlushResult) => {
    if (++item.attempts < ATTEMPTS && (error === undefined || mayComeBack(error))) {
      waiting.push(item)
    } else {
      result.rejected++
      parts.onRejected(item.notification, error)
    }
  }

  const deliver = async (batch: Batch, result: FlushResult) => {
    let error: TargetError | undefined
    const acknowledged = await parts.send(batch).catch((reason) => {
      error = reason
      return new Set<string>()
    })
    for (const item of batch.items) {
      if (acknowledged.has(item.notification.id)) {
        result.sent++
        parts.onSent(item.notification)
      } else settle(item, error, result)
    }
  }

  const drain = async (): Promise<FlushResult> => {
    const result = { sent: 0, rejected: 0, pending: 0 }
    const lines = new Map<string, Batch[]>()
    for (const batch of batches(waiting.splice(0), limits)) {
      const { sessionId } = batch.envelope
      lines.set(sessionId, [...(lines.get(sessionId) ?? []), batch])
    }
    // One visitor's calls go one after the other, so that Target hears of events in the order in which they happened.
    await Promise.all(
      [...lines.values()].map(async (line) => {
        for (const batch of line) await deliver(batch, result)
      }),
    )
    const tired = Math.max(0, ...waiting.map(({ attempts }) => attempts))
    if (tired) arm(parts.delay * 2 ** tired)
    return { ...result, pending: waiting.length }
  }

  const flush = (): Promise<FlushResult> => {
    clearTimeout(timer)
    timer = undefined
    const drained = flying.then(drain)
    flying = drained
    return drained
  }

  return {
    add(notification: Notification, envelope: Envelope): void {
      waiting.push({ notification, envelope, attempts: 0 })
      if (waiting.length >= COUNT) flush()
      else arm(parts.delay)
    },
    /** Sends what waits now; resolves when each was acknowledged, rejected or put back. */
    flush,
    /** Hands over what waits by the closing exit, without waiting for anything. */
    leave(): void {
      for (const batch of batches(waiting.splice(0), limits)) parts.leave(batch)
    },
  }
}
