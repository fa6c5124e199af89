import * as v from 'valibot'
import { Notification } from '../delivery/notification.ts'
import { DeliveryRequest } from '../delivery/request.ts'
import { isPlain } from './offer.ts'
import { refusal } from './refusal.ts'

type Path = readonly PropertyKey[]

const show = (value: unknown): string => `${JSON.stringify(value)}`.slice(0, 60)

const within = (path: Path, text: string): string => (path.length ? `${path.map(String).join('.')}: ${text}` : text)

/** Where a value holds `null`, which the wire does not know. */
const nullIn = (value: unknown, path: Path = []): Path | undefined => {
  if (value === null) return path
  if (typeof value !== 'object') return undefined
  for (const [key, item] of Object.entries(value)) {
    const found = nullIn(item, [...path, key])
    if (found) return found
  }
  return undefined
}

/**
 * Where two values part. The schemas of a request are for callers: they fill in what may be missing and write numbers as text.
 * Whatever they would have to change is not yet fit for the wire.
 */
const difference = (fit: unknown, sent: unknown, path: Path = []): string | undefined => {
  if (fit === sent) return undefined
  if (sent === undefined) return within(path, 'is required')
  // The schemas leave out what says nothing; on the wire it does no harm.
  if (fit === undefined && Array.isArray(sent) && !sent.length) return undefined
  if (fit === undefined) return within(path, `must be left out, but received ${show(sent)}`)
  // A list passes for an object with a schema that allows unknown members; what comes out of it is an object.
  const isOther = typeof sent !== 'object' || sent === null || Array.isArray(fit) !== Array.isArray(sent)
  if (isOther || typeof fit !== 'object' || fit === null)
    return within(path, `must be ${show(fit)}, but received ${show(sent)}`)
  const members = [fit, sent] as Record<string, unknown>[]
  for (const key of new Set(members.flatMap(Object.keys))) {
    if (/^\$_?type$/.test(key)) continue
    const [one, other] = members.map((member) => (Object.hasOwn(member, key) ? member[key] : undefined))
    const found = difference(one, other, [...path, key])
    if (found) return found
  }
  return undefined
}

/** The words that Target uses itself, where they are known. */
const messageOf = (path: Path, message: string, received: unknown): string => {
  const name = path.at(-1)
  if (name === 'mboxes' && Array.isArray(received) && received.length > 50) return 'size must be between 0 and 50'
  if (name === 'parameters' && message.includes('at most 100')) return 'The number of mboxParameters cannot exceed 100.'
  return message
}

const fault = (schema: v.GenericSchema, input: unknown): { path: Path; message: string } | undefined => {
  const { success, output, issues } = v.safeParse(schema, input, { abortEarly: true })
  if (success) {
    const message = difference(output, input)
    return message === undefined ? undefined : { path: [], message }
  }
  const [{ path: items = [], message, requirement, input: received }] = issues
  const path = items.map(({ key }) => key as PropertyKey)
  const limit = Number.isFinite(requirement) ? `, limit ${requirement}` : ''
  const text = messageOf(path, message, received)
  return { path, message: within(path, text === message ? `${text}${limit}, but received ${show(received)}` : text) }
}

const dots = /\..*\./

/** What the schemas leave to the server. */
const serverFault = ({ id, qaMode }: DeliveryRequest): string | undefined => {
  if (id && !id.tntId && !id.thirdPartyId && !id.marketingCloudVisitorId)
    return 'id: needs tntId, thirdPartyId or marketingCloudVisitorId'
  if (id?.tntId && dots.test(id.tntId)) return 'id.tntId: must have no dot but the one before the location hint'
  if (qaMode?.previewIndexes && !qaMode.previewIndexes.length) return 'qaMode.previewIndexes: must not be empty'
  return undefined
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refusal(400, `Invalid request: the body is not JSON (${(error as Error).message})`)
  }
}

const withoutNotifications = ({ notifications: _, ...rest }: Record<string, unknown>) => rest

/** A body that the wire contract allows. */
export interface Accepted {
  request: DeliveryRequest
  /** Notifications that were malformed; only when they may be passed over. */
  dropped: number
}

/**
 * Checks a body as Target would. Throws a refusal 400 that names the path. With `lenient`, a malformed notification is passed
 * over instead of making the whole request invalid.
 */
export const readBody = (text: string, lenient: boolean): Accepted => {
  const body = parsed(text)
  if (!isPlain(body)) throw refusal(400, 'Invalid request: the body must be an object')
  const all = Array.isArray(body.notifications) ? body.notifications : []
  const judged = lenient ? withoutNotifications(body) : body
  const nothing = nullIn(judged)
  if (nothing) throw refusal(400, `Invalid request: ${within(nothing, 'must not be null')}`)
  const found = fault(DeliveryRequest, judged)
  if (found) {
    const subject = found.message.startsWith('notifications') ? 'Notification' : 'request'
    throw refusal(400, `Invalid ${subject}: ${found.message}`)
  }
  const request = judged as unknown as DeliveryRequest
  const message = serverFault(request)
  if (message) throw refusal(400, `Invalid request: ${message}`)
  if (!lenient || !('notifications' in body)) return { request, dropped: 0 }
  const notifications = all.filter((item) => !nullIn(item) && !fault(Notification, item)) as Notification[]
  return { request: { ...request, notifications: notifications as never }, dropped: all.length - notifications.length }
}
