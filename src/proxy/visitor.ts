import { clusterOf, clusterOfHint, clusterOfHost } from '../delivery/endpoint.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import {
  formatTargetCookie,
  LOCATION_HINT_COOKIE,
  parseTargetCookie,
  SESSION_SECONDS,
  TARGET_COOKIE,
} from '../delivery/session.ts'
import { createId, type Platform } from '../platform/platform.ts'
import type { Body } from './body.ts'
import { refusal } from './refusal.ts'

/** Who calls. */
export interface Visitor {
  sessionId: string
  /** The device id that the visitor's cookie or the call names. */
  tntId: string | undefined
  /** The edge cluster, digits. */
  cluster: string | undefined
}

const deviceId = (text: unknown): string | undefined =>
  typeof text === 'string' && /^[^.]{1,128}(\.[^.]*)?$/.test(text) && text.length <= 128 ? text : undefined

/** Finds out who calls: the call's word before the cookie's, as a page's own client does it. */
export const visitorOf = ({ cookies, now }: Platform, sessionId: string, { id }: Body): Visitor => {
  const known = deviceId(parseTargetCookie(cookies?.get(TARGET_COOKIE), now()).PC)
  const tntId = deviceId(id?.tntId) ?? known
  return { sessionId, tntId, cluster: clusterOf(tntId) ?? clusterOfHint(cookies?.get(LOCATION_HINT_COOKIE)) }
}

/** The `Set-Cookie` headers after an answer. One without a device id leaves that which is known. */
export const cookiesAfter = ({ cookies, now }: Platform, visitor: Visitor, response: DeliveryResponse): string[] => {
  const { sessionId } = visitor
  const tntId = deviceId(response.id?.tntId) ?? visitor.tntId
  cookies?.set(formatTargetCookie({ sessionId, ...(tntId && { tntId }) }, now()))
  const value = visitor.cluster ?? clusterOfHost(response.edgeHost)
  if (value) cookies?.set({ name: LOCATION_HINT_COOKIE, value, maxAge: SESSION_SECONDS })
  return cookies?.headers?.() ?? []
}

/**
 * The body as it goes to Target, with what the page cannot know or did not say: where its visitor is, and on what. Throws a refusal
 * 400 for one that can be read and not written.
 */
export const filled = (body: Body, { context: known }: Platform): string => {
  const { geo, userAgent, clientHints } = known?.() ?? {}
  const context = body.context && { geo, userAgent, clientHints, ...body.context }
  // A call may reach an edge that is not heard any more, and then another: it counts once.
  const impressionId = body.execute && { impressionId: createId() }
  try {
    return JSON.stringify({ ...impressionId, ...body, ...(context && { context }) })
  } catch {
    throw refusal(400, 'Invalid request: the body is nested too deeply')
  }
}
