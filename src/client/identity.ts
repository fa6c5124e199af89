import { clusterOf, clusterOfHint, clusterOfHost } from '../delivery/endpoint.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import {
  type Cookie,
  checkedSessionId,
  formatTargetCookie,
  isSessionId,
  LOCATION_HINT_COOKIE,
  parseTargetCookie,
  SESSION_SECONDS,
  TARGET_COOKIE,
} from '../delivery/session.ts'
import type { CustomerId, VisitorId } from '../delivery/visitor.ts'
import { createId, type Platform } from '../platform/platform.ts'
import type { CallOptions, ClientOptions, CustomerIdMap } from './options.ts'
import { parseVisitorCookie } from './supplemental-data.ts'

/** Who asks, settled before the request is built. */
export interface Identity {
  sessionId: string
  /** The visitor's edge cluster, digits. */
  cluster?: string | undefined
  /** Absent when nothing is known of the visitor. */
  id?: VisitorId
  /** What is known of audiences: Audience Manager's region and metadata. */
  audienceManager?: { locationHint?: number; blob?: string }
}

/** Name of the cookie of the Experience Cloud ID service. */
export const visitorCookieName = (organizationId: string): string =>
  `AMCV_${organizationId.includes('@') ? organizationId : `${organizationId}@AdobeOrg`}`

const STATES = ['unknown', 'authenticated', 'logged_out'] as const

const customerIdsOf = (given: CustomerId[] | CustomerIdMap | undefined): CustomerId[] => {
  if (!given) return []
  if (Array.isArray(given)) return given
  return Object.entries(given).flatMap(([integrationCode, value]) => {
    const { id, authState } = typeof value === 'string' ? { id: value, authState: 0 } : (value ?? {})
    return id ? [{ id, integrationCode, authenticatedState: STATES[authState as 0 | 1 | 2] ?? 'unknown' }] : []
  })
}

const short = (value: unknown, max: number): string | undefined =>
  typeof value === 'string' && value && value.length <= max ? value : undefined

/** A visitor's `mbox` cookie, wherever it is kept. */
const cookieOf = (call: CallOptions, { cookies, now }: Platform): { sessionId?: string; tntId?: string } => {
  const found = parseTargetCookie(call.targetCookie ?? cookies?.get(TARGET_COOKIE), now())
  const tntId = /^[^.]*(\.[^.]*)?$/.test(found.PC ?? '') ? short(found.PC, 128) : undefined
  return { ...(isSessionId(found.session) && { sessionId: found.session }), ...(tntId && { tntId }) }
}

/** The ECID in the identity cookie of the Web SDK: 38 digits in a message that is written in base 64. */
const webSdkId = (cookie: string | undefined): string | undefined => {
  try {
    const text = atob(
      decodeURIComponent(cookie ?? '')
        .replaceAll('-', '+')
        .replaceAll('_', '/'),
    )
    return /(?:^|\D)(\d{38})(?!\d)/.exec(text)?.[1]
  } catch {
    return undefined
  }
}

/** What the Experience Cloud ID service knows. */
const cloudOf = (call: CallOptions, options: ClientOptions, { cookies }: Platform): Record<string, unknown> => {
  const known = call.visitor?.getVisitorValues?.()
  if (known) return known
  if (call.visitorCookie !== undefined || !cookies) return parseVisitorCookie(call.visitorCookie)
  const { organizationId } = options
  const name = visitorCookieName(organizationId)
  const found = parseVisitorCookie(cookies.get(name) ?? cookies.get(encodeURIComponent(name)))
  const MCMID = found.MCMID ?? webSdkId(cookies.get(`kndctr_${organizationId.replace('@', '_')}_identity`))
  return MCMID ? { ...found, MCMID } : found
}

const audienceManagerOf = (values: Record<string, unknown>): Pick<Identity, 'audienceManager'> => {
  const locationHint = Number.parseInt(`${values.MCAAMLH}`, 10)
  const blob = short(values.MCAAMB, 1024)
  if (!(locationHint > 0) && !blob) return {}
  return { audienceManager: { ...(locationHint > 0 && { locationHint }), ...(blob && { blob }) } }
}

/** What a call says of its visitor. */
export type IdentityCall = CallOptions & { request?: { id?: VisitorId | undefined } | undefined }

/** The ids of a call: the caller's before those that are known, customer ids of all sources. */
const idOf = (
  call: IdentityCall,
  known: { [Key in keyof VisitorId]?: VisitorId[Key] | undefined },
): VisitorId | undefined => {
  const given = call.request?.id
  const state = Object.values(call.visitor?.getState?.() ?? {})[0]?.customerIDs as CustomerIdMap | undefined
  const customerIds = [...customerIdsOf(state), ...customerIdsOf(call.customerIds), ...(given?.customerIds ?? [])]
  const id: VisitorId = { ...given }
  if (customerIds.length) id.customerIds = customerIds
  else delete id.customerIds
  for (const key of ['tntId', 'marketingCloudVisitorId', 'thirdPartyId'] as const) {
    const value = given?.[key] || known[key]
    if (value) id[key] = value
    else delete id[key]
  }
  return Object.keys(id).length ? id : undefined
}

/**
 * Settles who asks: the caller's word before the cookie's, the cookie's before a new one. A session made here is kept at once, so
 * that a second call does not make another.
 */
export const identify = (call: IdentityCall, options: ClientOptions, platform: Platform): Identity => {
  const { cookies, now } = platform
  const cookie = cookieOf(call, platform)
  const sessionId = call.sessionId === undefined ? (cookie.sessionId ?? createId()) : checkedSessionId(call.sessionId)
  const { deviceIdLifetime } = options
  if (cookies && sessionId !== cookie.sessionId)
    cookies.set(formatTargetCookie({ ...cookie, sessionId }, now(), deviceIdLifetime))

  const values = cloudOf(call, options, platform)
  const { thirdPartyId } = options
  const id = idOf(call, { tntId: cookie.tntId, marketingCloudVisitorId: short(values.MCMID, 128), thirdPartyId })
  const hint = call.targetLocationHint ?? cookies?.get(LOCATION_HINT_COOKIE)
  return {
    sessionId,
    cluster: clusterOf(id?.tntId) ?? clusterOfHint(hint) ?? clusterOfHint(options.targetLocationHint),
    ...(id && { id }),
    ...audienceManagerOf(values),
  }
}

/** The cookies to keep after an answer. An answer without a `tntId` leaves the one that is known. */
export const remember = (
  { sessionId, cluster, id }: Identity,
  response: DeliveryResponse,
  { options, platform }: { options: ClientOptions; platform: Platform },
): { targetCookie: Cookie; targetLocationHintCookie?: Cookie } => {
  const { cookies, now } = platform
  // Another call may have learned more since this one was asked.
  const known = parseTargetCookie(cookies?.get(TARGET_COOKIE), now()).PC
  const tntId = response.id?.tntId || known || id?.tntId
  const targetCookie = formatTargetCookie({ sessionId, ...(tntId && { tntId }) }, now(), options.deviceIdLifetime)
  const hint = cluster ?? clusterOfHost(response.edgeHost)
  const targetLocationHintCookie = hint && { name: LOCATION_HINT_COOKIE, value: hint, maxAge: SESSION_SECONDS }
  cookies?.set(targetCookie)
  if (targetLocationHintCookie) cookies?.set(targetLocationHintCookie)
  return { targetCookie, ...(targetLocationHintCookie && { targetLocationHintCookie }) }
}
