import type { RequestDetails } from '../delivery/details.ts'
import { clusterOf, clusterOfHost } from '../delivery/endpoint.ts'
import type { PageLoadResponse } from '../delivery/page-load.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { Envelope } from '../notification/batch.ts'
import type { Identity } from './identity.ts'
import { executedOf, prefetchedOf } from './result.ts'

/** Where a place of an answer came from, so that what is reported of it goes back to the same visitor, session and edge. */
export interface Origin {
  request: DeliveryRequest
  /** Made on first use: most answers lead to no report. */
  envelope(): Envelope
  /** Executed content has counted itself. */
  executed: boolean
  /** Whose answer it was. */
  owner?: object
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

class Given {
  constructor(given: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the private field of the heir goes where this points
    return given as Given
  }
}

/**
 * A place with its origin in a private field: nobody sees it, a copy does not have it, and it goes with the place. A WeakMap does
 * the same, at a price to the garbage collector of more than all the rest of a call.
 */
class Place extends Given {
  #origin: Origin
  private constructor(place: object, origin: Origin) {
    super(place)
    this.#origin = origin
  }
  static get(place: object): Origin | undefined {
    return #origin in place ? (place as Place).#origin : undefined
  }
  static set(place: object, origin: Origin): void {
    if (#origin in place) (place as Place).#origin = origin
    else new Place(place, origin)
  }
}

/** Where places came from. */
export interface Origins {
  get(place: object): Origin | undefined
  set(place: object, origin: Origin): void
}

/**
 * Makes the places of one client: what another client was answered is none of its business. For servers: pages take the few bytes of a
 * WeakMap.
 */
export const createOrigins = (): Origins => {
  const owner = {}
  return {
    get(place) {
      const origin = Place.get(place)
      return origin?.owner === owner ? origin : undefined
    },
    set(place, origin) {
      origin.owner = owner
      Place.set(place, origin)
    },
  }
}

/** Remembers the origin of every place of an answer, and gives the places in the order in which results list them. */
export const rememberOrigin = (origins: Origins, origin: Origin, response: DeliveryResponse): PageLoadResponse[] => {
  const executed = executedOf(response)
  const prefetched = prefetchedOf(response)
  const done = { ...origin, executed: true }
  for (const place of executed) origins.set(place, done)
  for (const place of prefetched) origins.set(place, origin)
  const { prefetch } = response
  // It holds the click metrics that belong to no one view.
  if (typeof prefetch === 'object' && prefetch) origins.set(prefetch, origin)
  return [...executed, ...prefetched]
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
