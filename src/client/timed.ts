import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { TelemetryEntry } from '../delivery/telemetry.ts'

/** Entries that wait for the next request; older ones make room. */
const CAPACITY = 50

const round = (ms: number): number => Math.round(ms * 100) / 100

/** What one call took, as Target wants to hear of it. `since` in epoch ms, `execution` in ms. */
export const entryOf = (
  request: DeliveryRequest,
  { edgeHost, telemetryServerToken }: DeliveryResponse,
  { since, execution }: { since: number; execution: number },
): TelemetryEntry => {
  const { requestId, execute, prefetch } = request
  const executeMboxCount = execute?.mboxes?.length
  const prefetchMboxCount = prefetch?.mboxes?.length
  const prefetchViewCount = prefetch?.views?.length
  return {
    requestId,
    timestamp: since,
    mode: edgeHost ? 'edge' : 'local',
    execution: round(execution),
    features: {
      decisioningMethod: 'server-side',
      ...(executeMboxCount && { executeMboxCount }),
      ...(execute?.pageLoad && { executePageLoad: true }),
      ...(prefetchMboxCount && { prefetchMboxCount }),
      ...(prefetch?.pageLoad && { prefetchPageLoad: true }),
      ...(prefetchViewCount && { prefetchViewCount }),
    },
    ...(telemetryServerToken && { telemetryServerToken }),
  }
}

/** Measurements that wait for a ride. Those of a request that failed wait again. */
export const createTelemetry = (enabled = true) => {
  let entries: TelemetryEntry[] = []
  return {
    add(...more: TelemetryEntry[]): void {
      if (enabled) entries = [...entries, ...more].slice(-CAPACITY)
    },
    take: (): TelemetryEntry[] => entries.splice(0),
  }
}
