import type { RequestDetails } from '../delivery/details.ts'
import { clusterOfHost } from '../delivery/endpoint.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import { clusterOf } from '../delivery/visitor.ts'
import type { Envelope } from '../notification/batch.ts'
import type { Identity } from './identity.ts'

/** Where a place of an answer came from, so that what is reported of it goes back to the same visitor, session and edge. */
export interface Origin {
  request: DeliveryRequest
  /** Made on first use: most answers lead to no report. */
  envelope(): Envelope
  /** Executed content has counted itself. */
  executed: boolean
  /** The page view, when the caller named one. */
  impressionId?: string | undefined
}

/** The call that reports what a request showed: its visitor, context, property, environment, QA mode, edge. */
export const envelopeOf = (request: DeliveryRequest, identity: Identity, response: DeliveryResponse = {}): Envelope => {
  const { requestId, impressionId, execute, prefetch, notifications, telemetry, id, ...kept } = request
  const tntId = response.id?.tntId || id?.tntId
  // Target refuses customer ids alone, by which a device can decide; without them it makes a visitor of the session.
  const isKnown = tntId || id?.marketingCloudVisitorId || id?.thirdPartyId
  return {
    sessionId: identity.sessionId,
    cluster: clusterOf(tntId) ?? identity.cluster ?? clusterOfHost(response.edgeHost),
    // At the same place whether it was known before or not: what reads the same shares a call.
    request: { ...(isKnown && { id: { ...id, ...(tntId && { tntId }) } }), ...kept },
  }
}

/** The places of an answer, apart because only some have to be reported. */
export interface Places {
  executed: readonly object[]
  prefetched: readonly object[]
}

/** Remembers the origin of every place of an answer. */
export const rememberOrigin = (origins: WeakMap<object, Origin>, origin: Origin, places: Places): void => {
  const executed = { ...origin, executed: true }
  for (const place of places.executed) origins.set(place, executed)
  for (const place of places.prefetched) origins.set(place, origin)
}

/** What the request said of a prefetched place; its display repeats it. */
export const detailsOf = (shown: object, { request: { prefetch } }: Origin): RequestDetails => {
  const { name, index } = shown as { name?: string; index?: number }
  const item =
    index !== undefined
      ? prefetch?.mboxes?.find((mbox) => mbox.index === index)
      : name !== undefined
        ? (prefetch?.views?.find((view) => view.name === name) ?? prefetch?.views?.find((view) => !view.name))
        : prefetch?.pageLoad
  const { parameters, profileParameters, order, product } = item ?? {}
  return {
    ...(parameters && { parameters }),
    ...(profileParameters && { profileParameters }),
    ...(order && { order }),
    ...(product && { product }),
  }
}
