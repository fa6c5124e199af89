import { type Endpoint, hostOf, urlOf } from '../delivery/endpoint.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import { createId, type Platform } from '../platform/platform.ts'
import { type createEdge, unreachable } from '../transport/edge.ts'
import { parseReply } from '../transport/reply.ts'
import type { Batch } from './batch.ts'

/** Bytes of notifications that may outlive a page: browsers grant 64 KiB to whole bodies. */
const KEEPALIVE = 62 * 1024

/** What the two exits need. */
export interface Exits {
  endpoint: Endpoint
  platform: Platform
  edge: ReturnType<typeof createEdge>
  /** ms */
  timeout: number
  retries: number
  onBatch(batch: Batch, way: 'fetch' | 'beacon'): void
}

const requestOf = ({ envelope, items }: Batch, context = envelope.request.context): DeliveryRequest => ({
  requestId: createId(),
  ...envelope.request,
  context,
  notifications: items.map(({ notification }) => notification) as NonNullable<DeliveryRequest['notifications']>,
})

/** The normal exit: a call that is answered. Gives the ids that Target acknowledged. */
export const sendBatch =
  ({ edge, platform, timeout, retries, onBatch }: Exits) =>
  async (batch: Batch): Promise<ReadonlySet<string>> => {
    const { signal } = batch.stop
    if (signal.aborted) throw signal.reason
    onBatch(batch, 'fetch')
    const { sessionId, cluster } = batch.envelope
    // More than browsers grant to all that outlives a page would always be refused.
    const keepalive = Boolean(platform.beacon) && batch.items.reduce((sum, { bytes }) => sum + bytes, 0) < KEEPALIVE
    const onFlight = (isFlying: boolean) => {
      batch.isFlying = isFlying
    }
    const decide = edge({ sessionId, cluster, timeout, retries, keepalive, onFlight })
    const { notifications } = await decide(requestOf(batch), signal)
    return new Set(Array.isArray(notifications) ? notifications.flatMap((item) => item?.id || []) : [])
  }

/**
 * The closing exit: a beacon, which Target answers with 204 and nothing to read; where the browser refuses it, a `fetch` that
 * outlives the page. Everything is written synchronously, as nothing that waits survives the page.
 */
export const leaveBatch =
  ({ endpoint, platform, onBatch }: Exits) =>
  (batch: Batch): Promise<unknown> | undefined => {
    const { sessionId, cluster, request } = batch.envelope
    const url = urlOf(endpoint, hostOf(endpoint, cluster), sessionId)
    const body = JSON.stringify(requestOf(batch, { ...request.context, beacon: true }))
    const isTaken = platform.beacon?.(url, body)
    onBatch(batch, isTaken ? 'beacon' : 'fetch')
    if (isTaken) return undefined
    return platform.fetch(url, { body, headers: platform.headers(), keepalive: true }).then(
      (reply) => parseReply(reply, {}),
      (error) => Promise.reject(unreachable(error)),
    )
  }
