import { type Endpoint, hostOf, urlOf } from '../delivery/endpoint.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { TelemetryEntry } from '../delivery/telemetry.ts'
import { createId, type Platform } from '../platform/platform.ts'
import type { createEdge, Route } from '../transport/edge.ts'
import { type Batch, bodyOf, GRACE, sizeOf } from './batch.ts'
import { unref } from './timer.ts'

/** Bytes that browsers let all that outlives a page have in flight together. */
const QUOTA = 64 * 1024
/** How many calls may do so at once. */
const CALLS = 9
/** Firefox has its own back a moment after the answer, in ms: measured 1 to 100. */
const LAG = 100

/** A call that leaves with notifications. */
export interface Departure {
  batch: Batch
  way: 'fetch' | 'beacon'
  url: string
  /** The JSON text as sent. */
  body: string
  /** Rejects with a {@link TargetError}; undefined for a beacon, which nobody answers. */
  answer?: Promise<DeliveryResponse>
}

/** What the two exits need. */
export interface Exits {
  endpoint: Endpoint
  platform: Platform
  edge: ReturnType<typeof createEdge>
  /** ms */
  timeout: number
  onBatch(departure: Departure): void
  /** Gives calls that are answered the measurements to be taken along. @default none */
  ride?: Ride | undefined
}

/** Makes a call of a session, with the measurements that wait. */
type Ride = <Answer>(sessionId: string, call: (entries: TelemetryEntry[]) => Promise<Answer>) => Promise<Answer>

/** Whatever outlives the page draws on one quota; a beacon does so for as long as nobody knows what became of it. */
const createQuota = () => {
  let bytes = 0
  let calls = 0
  return {
    fits: (size: number): boolean => bytes + size <= QUOTA && calls < CALLS,
    /** Takes a part of it; gives the way to give it back. */
    take(size: number): () => void {
      bytes += size
      calls++
      const giveBack = (): void => {
        bytes -= size
        calls--
      }
      return () => void unref(setTimeout(giveBack, LAG))
    },
  }
}

const acknowledgedIn = ({ notifications }: DeliveryResponse): ReadonlySet<string> =>
  new Set(Array.isArray(notifications) ? notifications.flatMap((item) => item?.id || []) : [])

const unladen: Ride = (_, call) => call([])

/** The ways out. */
export const createExits = ({ endpoint, platform, edge, timeout, onBatch, ride = unladen }: Exits) => {
  const quota = createQuota()
  const addressOf = ({ envelope: { cluster, sessionId } }: Batch, isAstray = false) =>
    urlOf(endpoint, hostOf(endpoint, isAstray ? undefined : cluster), sessionId)

  const beaconed = (batch: Batch): boolean => {
    const body = bodyOf(batch, createId(), { context: { beacon: true } })
    const url = addressOf(batch)
    if (!platform.beacon?.(url, body)) return false
    unref(setTimeout(quota.take(sizeOf(body)), GRACE))
    onBatch({ batch, way: 'beacon', url, body })
    return true
  }

  /** A `fetch` whose answer is heard if the page lives on; that of a page that goes waits behind nobody. */
  const answered = async (batch: Batch, body: string, how: Partial<Route>): Promise<ReadonlySet<string>> => {
    const { sessionId, cluster, request } = batch.envelope
    const giveBack = how.keepalive ? quota.take(sizeOf(body)) : undefined
    try {
      const decide = edge({ sessionId, cluster, timeout, retries: 0, body, ...how })
      const answer = decide(request, batch.stop.signal)
      onBatch({ batch, way: 'fetch', url: addressOf(batch, 'cluster' in how), body, answer })
      return acknowledgedIn(await answer)
    } finally {
      giveBack?.()
    }
  }

  return {
    /** The normal exit: a call that is answered. Gives the ids that Target acknowledged. */
    async send(batch: Batch, isAstray: boolean): Promise<ReadonlySet<string>> {
      const { signal } = batch.stop
      if (signal.aborted) throw signal.reason
      const onFlight = (isFlying: boolean) => {
        batch.isFlying = isFlying
        if (isFlying) batch.onFlight?.()
      }
      return ride(batch.envelope.sessionId, (entries) => {
        const body = bodyOf(batch, createId(), entries.length ? { telemetry: { entries } } : {})
        // Where a page can go away, the call had better survive it; a browser refuses what is beyond the quota.
        const keepalive = Boolean(platform.beacon) && quota.fits(sizeOf(body))
        return answered(batch, body, { keepalive, onFlight, ...(isAstray && { cluster: undefined }) })
      })
    },
    /**
     * The closing exit. A page that may live on hears the answer of a `fetch`; one that ends hears nothing, and hands a beacon to
     * the browser. Where the one is refused, the other may be taken.
     */
    leave(batch: Batch, isLast: boolean): { answer?: Promise<ReadonlySet<string>> } | undefined {
      if (isLast && beaconed(batch)) return {}
      const body = bodyOf(batch, createId())
      if (quota.fits(sizeOf(body))) return { answer: answered(batch, body, { keepalive: true, isUrgent: true }) }
      return !isLast && beaconed(batch) ? {} : undefined
    },
  }
}
