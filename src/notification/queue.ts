import { isTargetError } from '../delivery/error.ts'
import type { Notification } from '../delivery/notification.ts'
import { createLanes } from '../transport/lanes.ts'
import { RETRYABLE } from '../transport/retry.ts'
import { type Batch, batches, type Envelope, type Item, itemOf } from './batch.ts'

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

interface Outcome {
  acknowledged: ReadonlySet<string>
  error?: unknown
}

/** Sends a call; gives the ids that were acknowledged, or why there are none. */
const attempt = async ({ send }: QueueParts, batch: Batch): Promise<Outcome> => {
  try {
    return { acknowledged: await send(batch) }
  } catch (error) {
    return { acknowledged: new Set(), error }
  }
}

/** Tells what became of each notification of a call; gives those that have to be sent again. */
const settled = (parts: QueueParts, { items }: Batch, { acknowledged, error }: Outcome): Item[] =>
  items.filter((item) => {
    if (!acknowledged.has(item.notification.id)) return isLeft(parts, item, error)
    parts.onSent(item.notification)
    return false
  })

/**
 * What a closing exit left behind. What nobody could take is not counted as an attempt: a page may hide and come back often
 * while it is offline.
 */
const stranded = (parts: QueueParts, { items }: Batch, error: unknown): Item[] =>
  mayComeBack(error) ? items : items.filter((item) => isLeft(parts, item, error))

/** Target hears of events in the order in which they happened. */
const inTurn = (items: Item[]): Item[] => items.sort((one, other) => one.order - other.order)

/** Wakes the queue; after a failure not before its wait is over. */
const createAlarm = (ring: () => unknown) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isBackingOff = false
  return {
    isBackingOff: () => isBackingOff,
    set(delay: number, isBackOff = false): void {
      if (isBackOff) clearTimeout(timer)
      if (isBackOff || timer === undefined) timer = setTimeout(ring, delay)
      isBackingOff ||= isBackOff
    },
    clear(): void {
      clearTimeout(timer)
      timer = undefined
      isBackingOff = false
    },
  }
}

/** The parts, and how often each way out was taken. */
const counted = (parts: QueueParts) => {
  const total = { sent: 0, rejected: 0 }
  const onSent: QueueParts['onSent'] = (notification) => {
    total.sent++
    parts.onSent(notification)
  }
  const onRejected: QueueParts['onRejected'] = (notification, error) => {
    total.rejected++
    parts.onRejected(notification, error)
  }
  return { total, parts: { ...parts, onSent, onRejected } }
}

/**
 * Holds notifications, sends them in batches and settles them by the ids that come back. It does not throw for
 * anything but a notification that no JSON can carry.
 */
export const createQueue = (given: QueueParts) => {
  const limits = { count: COUNT, bytes: BYTES }
  const { total, parts } = counted(given)
  let waiting: Item[] = []
  let added = 0
  /** Taken out of what waits, and not settled yet. */
  const held = new Set<Batch>()
  /** One visitor's calls go one after the other, and nobody waits for anybody else's. */
  const inOrder = createLanes(1)
  const flights = new Set<Promise<unknown>>()
  const alarm = createAlarm(() => flush())

  /** A flush waits for what is under way. */
  const follow = (flight: Promise<unknown> | undefined) => {
    if (!flight) return
    flights.add(flight)
    flight.finally(() => flights.delete(flight))
  }

  /** What comes back goes where it was. */
  const putBack = (items: readonly Item[]) => {
    if (!items.length) return
    waiting = inTurn([...items, ...waiting])
    alarm.set(parts.delay * 2 ** waiting.reduce((most, { attempts }) => Math.max(most, attempts), 0), true)
  }

  const deliver = async (batch: Batch): Promise<void> => {
    if (!held.has(batch)) return
    const outcome = await attempt(parts, batch)
    // The page may have hidden meanwhile, and the batch have left by the other exit.
    if (held.delete(batch)) putBack(settled(parts, batch, outcome))
  }

  const drain = (): void => {
    for (const batch of batches(waiting.splice(0), limits)) {
      held.add(batch)
      follow(inOrder(batch.envelope.sessionId, () => deliver(batch)))
    }
  }

  const flush = async (): Promise<FlushResult> => {
    alarm.clear()
    const { sent, rejected } = total
    drain()
    await Promise.all(flights)
    return { sent: total.sent - sent, rejected: total.rejected - rejected, pending: waiting.length }
  }

  const leave = (): void => {
    const idle = [...held].filter(({ isFlying }) => !isFlying)
    for (const batch of idle) {
      held.delete(batch)
      batch.stop.abort()
    }
    const items = inTurn([...idle.flatMap((batch) => batch.items), ...waiting.splice(0)])
    for (const batch of batches(items, limits)) {
      follow(parts.leave(batch)?.catch((error) => putBack(stranded(parts, batch, error))))
    }
  }

  return {
    add(notification: Notification, envelope: Envelope): void {
      waiting.push(itemOf(notification, envelope, added++))
      if (waiting.length >= COUNT && !alarm.isBackingOff()) flush()
      else alarm.set(parts.delay)
    },
    /** Sends what waits now; resolves when each was acknowledged, rejected or put back. */
    flush,
    /** Hands over what is not on its way yet by the closing exit, without waiting for anything. */
    leave,
  }
}
