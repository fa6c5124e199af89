import type { AnalyticsResponse } from '../delivery/analytics.ts'
import { listed } from '../delivery/json-value.ts'
import type { ResponseTokens } from '../delivery/offer.ts'
import type { PageLoadResponse } from '../delivery/page-load.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { Cookie } from '../delivery/session.ts'
import type { DecisioningMethod } from '../delivery/telemetry.ts'
import type { TraceResponse } from '../delivery/trace.ts'
import type { VisitorState } from './supplemental-data.ts'

/** What a call resolves with. Members that have nothing to say are absent. */
export interface Result {
  /** The request as it was sent, with all defaults. */
  request: DeliveryRequest
  response: DeliveryResponse
  /** How the decision went. */
  status: { status: number; message: string; remoteMboxes: string[]; remoteViews: string[] }
  /** Store it and pass its value to the visitor's next call; a client with cookies of its own has done so. */
  targetCookie: Cookie
  /** Likewise; absent while no edge cluster is known. */
  targetLocationHintCookie?: Cookie
  /** For `Visitor.getInstance(org, { serverState })` on the page. */
  visitorState?: VisitorState
  /** Payloads for the Analytics hit, with client-side logging. */
  analyticsDetails?: AnalyticsResponse[]
  /** Traces of all places. */
  trace?: TraceResponse[]
  /** Response tokens of all options. */
  responseTokens?: ResponseTokens[]
  meta: { decisioningMethod: DecisioningMethod; remoteMboxes: string[]; remoteViews: string[] }
}

/** Places of an answer that were executed, in the order in which results list them. */
export const executedOf = ({ execute }: DeliveryResponse): PageLoadResponse[] =>
  execute ? listed([execute.pageLoad as PageLoadResponse, ...listed(execute.mboxes)]) : []

/** Places of an answer that were prefetched. */
export const prefetchedOf = ({ prefetch }: DeliveryResponse): PageLoadResponse[] =>
  prefetch ? listed([prefetch.pageLoad as PageLoadResponse, ...listed(prefetch.views), ...listed(prefetch.mboxes)]) : []

/** Collects what the places of an answer say. */
export const summaryOf = (
  places: readonly PageLoadResponse[],
): Pick<Result, 'analyticsDetails' | 'trace' | 'responseTokens'> => {
  const analyticsDetails: AnalyticsResponse[] = []
  const trace: TraceResponse[] = []
  const responseTokens: ResponseTokens[] = []
  for (const place of places) {
    if (place.analytics?.payload) analyticsDetails.push(place.analytics)
    if (place.trace) trace.push(place.trace)
    for (const { responseTokens: tokens } of listed(place.options)) {
      if (Object.keys(tokens ?? {}).length) responseTokens.push(tokens as ResponseTokens)
    }
  }
  return {
    ...(analyticsDetails.length && { analyticsDetails }),
    ...(trace.length && { trace }),
    ...(responseTokens.length && { responseTokens }),
  }
}
