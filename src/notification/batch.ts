import type { Notification } from '../delivery/notification.ts'
import type { DeliveryRequest } from '../delivery/request.ts'

/** Everything of a call but its notifications: who, where, for which property and environment. */
export interface Envelope {
  sessionId: string
  cluster?: string | undefined
  request: Omit<DeliveryRequest, 'requestId' | 'notifications'>
  /** Envelopes of one key share a call; made on first use. */
  key?: string
}

/** A notification that waits. */
export interface Item {
  notification: Notification
  envelope: Envelope
  /** How often it was sent without being acknowledged. */
  attempts: number
  /** Bytes as they travel. */
  bytes: number
  /** Which it was of all that were queued. */
  order: number
}

/** Notifications that go in one call, in the order in which they happened. */
export interface Batch {
  envelope: Envelope
  items: Item[]
  /** An attempt is on the wire. */
  isFlying?: boolean
  /** Stops it for good, because it left by the other exit. */
  stop: AbortController
}

/** What fits in one call. */
export interface Limits {
  count: number
  bytes: number
}

/** Bytes as they travel, which is more than characters outside ASCII. */
const sizeOf = (text: string): number => new TextEncoder().encode(text).length

const keyOf = (envelope: Envelope): string => {
  envelope.key ||= JSON.stringify([envelope.sessionId, envelope.cluster, envelope.request])
  return envelope.key
}

/** An item for the queue. Throws for what JSON cannot carry, while whoever reported it can still be told. */
export const itemOf = (notification: Notification, envelope: Envelope, order = 0): Item => {
  keyOf(envelope)
  return { notification, envelope, order, attempts: 0, bytes: sizeOf(JSON.stringify(notification)) + 1 }
}

/** Splits what waits into calls: one envelope a call, order kept, no more than the limits allow. */
export const batches = (items: readonly Item[], limits: Limits): Batch[] => {
  const done: Batch[] = []
  const open = new Map<string, { batch: Batch; bytes: number }>()
  for (const item of items) {
    const key = keyOf(item.envelope)
    const { bytes } = item
    const last = open.get(key)
    if (last && last.batch.items.length < limits.count && last.bytes + bytes <= limits.bytes) {
      last.batch.items.push(item)
      last.bytes += bytes
    } else {
      const batch = { envelope: item.envelope, items: [item], stop: new AbortController() }
      done.push(batch)
      open.set(key, { batch, bytes: sizeOf(key) + 100 + bytes })
    }
  }
  return done
}
