import { clusterOfHint } from '../delivery/endpoint.ts'
import { isObject } from '../delivery/json-value.ts'
import type { Notification } from '../delivery/notification.ts'
import { type Envelope, type Item, itemOf, keyOf } from './batch.ts'

/** The version of the text below. Records of another version are left to whoever wrote them. */
export const RECORD_VERSION = 1

/**
 * Writes a record: `[envelope, [[order, left, notification], …]]`, the envelope as `[sessionId, cluster, request]`.
 */
export const recordOf = (envelope: Envelope, items: Iterable<Item>): string => {
  const rows = Array.from(items, ({ order, left, text }) => `[${order},${left},${text}]`)
  return `[${keyOf(envelope)},[${rows.join()}]]`
}

const isMoment = (value: unknown): value is number => Number.isFinite(value)

const isNotification = (value: unknown): value is Notification =>
  isObject(value) && typeof value.id === 'string' && typeof value.type === 'string'

/** Reads a record; undefined when it is none. `known` keeps equal envelopes one, so that they share calls. */
export const parseRecord = (text: string, known: Map<string, Envelope>): Item[] | undefined => {
  try {
    const [[sessionId, cluster, request], rows] = JSON.parse(text)
    if (typeof sessionId !== 'string' || !isObject(request) || !rows.length) return undefined
    const made = { sessionId, cluster: clusterOfHint(cluster), request } as unknown as Envelope
    const envelope = known.get(keyOf(made)) ?? made
    known.set(keyOf(made), envelope)
    return rows.map(([order, left, notification]: unknown[]) => {
      if (!isNotification(notification) || !isMoment(order)) throw new TypeError('no notification')
      return Object.assign(itemOf(notification, envelope, order), { left: isMoment(left) ? left : 0 })
    })
  } catch {
    return undefined
  }
}
