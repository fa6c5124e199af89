import type { Context } from '../delivery/context.ts'
import type { Notification } from '../delivery/notification.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { Telemetry } from '../delivery/telemetry.ts'

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
  /** The notification as it travels, written once so that a closing page has nothing left to do. */
  text: string
  /** Of the text, as it travels. */
  bytes: number
  /** When it was queued, in epoch ms; those of one moment differ by fractions. */
  order: number
  /** Answers that left it out. */
  attempts: number
  /** The most that may share a call with it, after Target refused a call that it was part of. */
  cap: number
  /** Not to be sent before, on the clock of the queue. */
  after: number
  /** When it left without an answer, in epoch ms; 0 when it has not. */
  left: number
  /** The flush that tried it last; negative while that flush has yet to try it. */
  round: number
  /** Part of a call that is under way. */
  isOut: boolean
}

/** Notifications that go in one call, in the order in which they happened. */
export interface Batch {
  envelope: Envelope
  items: Item[]
  /** An attempt is on the wire. */
  isFlying?: boolean
  /** Told of each attempt that takes off. */
  onFlight?: () => void
  /** Stops it for good, because it left by the other exit. */
  stop: AbortController
  /** Resolves when a call by the closing exit is settled. */
  landed?: Promise<void>
}

/**
 * How long what left without an answer is given, in ms. A browser may keep a call that hangs for longer: the repeat has the same id and
 * impression.
 */
export const GRACE = 30_000

/** What fits in one call. */
export interface Limits {
  count: number
  bytes: number
}

/** Bytes as they travel, which is more than characters outside ASCII. */
export const sizeOf = (text: string): number =>
  /[^ -~]/.test(text) ? new TextEncoder().encode(text).length : text.length

/** The envelope as text; equal texts share a call and a record. */
export const keyOf = (envelope: Envelope): string => {
  envelope.key ||= JSON.stringify([envelope.sessionId, envelope.cluster, envelope.request])
  return envelope.key
}

/** An item for the queue. Throws for what JSON cannot carry, while whoever reported it can still be told. */
export const itemOf = (notification: Notification, envelope: Envelope, order: number): Item => {
  keyOf(envelope)
  const text = JSON.stringify(notification)
  const bytes = sizeOf(text) + 1
  const fresh = { attempts: 0, cap: Infinity, after: 0, left: 0, round: 0, isOut: false }
  return { notification, envelope, text, bytes, order, ...fresh }
}

/** Moments that lie ahead, because the clock was put back since, would be refused: they become now, and stay so. */
export const retime = (items: readonly Item[], now: number): void => {
  for (const item of items) {
    if (item.notification.timestamp <= now + 60_000) continue
    const { notification, text, bytes } = itemOf({ ...item.notification, timestamp: now }, item.envelope, item.order)
    Object.assign(item, { notification, text, bytes })
  }
}

/**
 * The first call of what waits: one envelope, order kept, no more than the limits and the caps of its items allow. One item alone
 * always fits. Undefined when nothing waits.
 */
export const cut = (items: readonly Item[], limits: Limits): Batch | undefined => {
  const [first] = items
  if (!first) return undefined
  const { envelope, cap } = first
  const key = keyOf(envelope)
  const taken: Item[] = []
  let bytes = sizeOf(key) + 100
  for (const item of items) {
    if (keyOf(item.envelope) !== key) continue
    // Whoever shares no call with the others lets nobody pass.
    if (item.cap !== cap) break
    bytes += item.bytes
    if (taken.length && (bytes > limits.bytes || taken.length >= Math.min(limits.count, cap))) break
    taken.push(item)
  }
  return { envelope, items: taken, stop: new AbortController() }
}

/** What a call says beside its envelope. */
interface Beside {
  context?: Context
  telemetry?: Telemetry
}

/** The body of a call, joined from texts that are there already. */
export const bodyOf = ({ envelope, items }: Batch, requestId: string, { context, ...beside }: Beside = {}): string => {
  const { request } = envelope
  const head = JSON.stringify({ requestId, ...request, context: { ...request.context, ...context }, ...beside })
  return `${head.slice(0, -1)},"notifications":[${items.map(({ text }) => text).join()}]}`
}

/** Target hears of events in the order in which they happened. */
export const inTurn = (items: Item[]): Item[] => items.sort((one, other) => one.order - other.order)
