import { type Endpoint, hostOf, urlOf } from '../delivery/endpoint.ts'
import { isTargetError } from '../delivery/error.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { TelemetryEntry } from '../delivery/telemetry.ts'
import { createId, type Platform } from '../platform/platform.ts'
import { type createEdge, unreachable } from '../transport/edge.ts'
import { parseReply } from '../transport/reply.ts'
import { withDeadline } from '../transport/timeout.ts'
import { type Batch, bodyOf, GRACE, sizeOf } from './batch.ts'
import { unref } from './timer.ts'

/** Bytes that browsers let all that outlives a page have in flight together. */
const QUOTA = 64 * 1024
/** How many calls may do so at once. */
const CALLS = 9
/** Firefox has its own back a moment after the answer, in ms: measured 1 to 100. */
const LAG = 100

/** What the two exits need. */
export interface Exits {
  endpoint: Endpoint
  platform: Platform
  edge: ReturnType<typeof createEdge>
  /** ms */
  timeout: number
  onBatch(batch: Batch, way: 'fetch' | 'beacon'): void
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
  const addressOf = ({ envelope: { cluster, sessionId } }: Batch) =>
    urlOf(endpoint, hostOf(endpoint, cluster), sessionId)

  /** A `fetch` that outlives the page, whose answer is heard if the page lives on. */
  const keptAlive = (batch: Batch): Promise<ReadonlySet<string>> | undefined => {
    const body = bodyOf(batch, createId())
    const size = sizeOf(body)
    if (!quota.fits(size)) return undefined
    const giveBack = quota.take(size)
    onBatch(batch, 'fetch')
    const post = (signal: AbortSignal) =>
      platform.fetch(addressOf(batch), { body, headers: platform.headers(), keepalive: true, signal })
    return withDeadline(timeout, batch.stop.signal, post)
      .then(
        (reply) => acknowledgedIn(parseReply(reply, {})),
        (error) => Promise.reject(isTargetError(error) ? error : unreachable(error)),
      )
      .finally(giveBack)
  }

  const beaconed = (batch: Batch): boolean => {
    const body = bodyOf(batch, createId(), { context: { beacon: true } })
    if (!platform.beacon?.(addressOf(batch), body)) return false
    unref(setTimeout(quota.take(sizeOf(body)), GRACE))
    onBatch(batch, 'beacon')
    return true
  }

  const answered = async (batch: Batch, isAstray: boolean, body: string): Promise<ReadonlySet<string>> => {
    const { sessionId, cluster, request } = batch.envelope
    const size = sizeOf(body)
    // Where a page can go away, the call had better survive it; a browser refuses what is beyond the quota.
    const keepalive = Boolean(platform.beacon) && quota.fits(size)
    const giveBack = keepalive ? quota.take(size) : undefined
    const onFlight = (isFlying: boolean) => {
      batch.isFlying = isFlying
      if (isFlying) batch.onFlight?.()
    }
    onBatch(batch, 'fetch')
    try {
      const where = { sessionId, cluster: isAstray ? undefined : cluster }
      const decide = edge({ ...where, timeout, retries: 0, keepalive, body, onFlight })
      return acknowledgedIn(await decide(request, batch.stop.signal))
    } finally {
      giveBack?.()
    }
  }

  return {
    /** The normal exit: a call that is answered. Gives the ids that Target acknowledged. */
    async send(batch: Batch, isAstray: boolean): Promise<ReadonlySet<string>> {
      const { signal } = batch.stop
      if (signal.aborted) throw signal.reason
      return ride(batch.envelope.sessionId, (entries) =>
        answered(batch, isAstray, bodyOf(batch, createId(), entries.length ? { telemetry: { entries } } : {})),
      )
    },
    /**
     * The closing exit. A page that may live on hears the answer of a `fetch`; one that ends hears nothing, and hands a beacon to
     * the browser. Where the one is refused, the other may be taken.
     */
    leave(batch: Batch, isLast: boolean): { answer?: Promise<ReadonlySet<string>> } | undefined {
      if (isLast && beaconed(batch)) return {}
      const answer = keptAlive(batch)
      if (answer) return { answer }
      return !isLast && beaconed(batch) ? {} : undefined
    },
  }
}
