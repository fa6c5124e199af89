import type { TargetError } from '../delivery/error.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { DecisioningMethod, TelemetryEntry } from '../delivery/telemetry.ts'

/** Entries that wait for the next request; older ones make room. */
const CAPACITY = 50

const round = (ms: number): number => Math.round(ms * 100) / 100

/** What one call took, as Target wants to hear of it. `since` in epoch ms, `execution` in ms. */
export const entryOf = (
  request: DeliveryRequest,
  { edgeHost, telemetryServerToken }: DeliveryResponse,
  { since, execution, method }: { since: number; execution: number; method: DecisioningMethod },
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
      decisioningMethod: method,
      ...(executeMboxCount && { executeMboxCount }),
      ...(execute?.pageLoad && { executePageLoad: true }),
      ...(prefetchMboxCount && { prefetchMboxCount }),
      ...(prefetch?.pageLoad && { prefetchPageLoad: true }),
      ...(prefetchViewCount && { prefetchViewCount }),
    },
    ...(telemetryServerToken && { telemetryServerToken }),
  }
}

/** A measurement, and in whose session it was made. */
interface Waiting {
  entry: TelemetryEntry
  sessionId: string
}

/**
 * Measurements that wait for a ride. Those of a request that failed wait again. In another visitor's request they ride without
 * the server's token: nobody but Target knows what of the visitor is in it.
 */
export const createTelemetry = (enabled = true) => {
  const waiting: Waiting[] = []
  const add = (sessionId: string, ...entries: TelemetryEntry[]): void => {
    for (const entry of enabled ? entries : []) {
      waiting.push({ entry, sessionId })
      if (waiting.length > CAPACITY) waiting.shift()
    }
  }
  const take = (sessionId: string): TelemetryEntry[] =>
    waiting.splice(0).map((item) => {
      if (item.sessionId === sessionId) return item.entry
      const { telemetryServerToken, ...anonymous } = item.entry
      return anonymous
    })
  return {
    add,
    /** Gives a call what waits, to be taken along. */
    async ride<Answer>(sessionId: string, call: (entries: TelemetryEntry[]) => Promise<Answer>): Promise<Answer> {
      const waited = take(sessionId)
      try {
        return await call(waited)
      } catch (error) {
        // Measurements that Target refuses would spoil the next call as well.
        const { status } = error as TargetError
        if (status !== 400 && status !== 413) add(sessionId, ...waited)
        throw error
      }
    },
  }
}
