import type { Decide } from '../delivery/decide.ts'
import { type Endpoint, hostOf, urlOf } from '../delivery/endpoint.ts'
import { isTargetError, TargetError } from '../delivery/error.ts'
import type { Platform, Reply } from '../platform/platform.ts'
import { createLanes } from './lanes.ts'
import { parseReply } from './reply.ts'
import { RETRYABLE, retry } from './retry.ts'
import { abortOf, withDeadline } from './timeout.ts'

/** How one request travels. */
export interface Route {
  sessionId: string
  /** The visitor's edge cluster, digits. */
  cluster?: string | undefined
  /** For the whole call, in ms. */
  timeout: number
  /** Attempts after the first. */
  retries: number
  /** The page may go away before the answer comes. */
  keepalive?: boolean | undefined
  /** It waits behind no other call of its session. */
  isUrgent?: boolean
  /** The request as text, when it was written before. */
  body?: string
  /** Told of the address before the first attempt. */
  onSend?: ((url: string, body: string) => void) | undefined
  /** Told of the answer as it came, for exact numbers and for measuring. */
  onReply?: ((reply: Reply) => void) | undefined
  /** Told whenever an attempt takes off and fails: between attempts, and in its lane, a call is not on its way. */
  onFlight?: ((isFlying: boolean) => unknown) | undefined
}

/** The error of a connection that was not made or broke; `cause` is the runtime's own. */
export const unreachable = (cause: unknown): TargetError =>
  new TargetError('NETWORK_ERROR', `Target could not be reached: ${(cause as Error)?.message ?? cause}`, { cause })

/** Makes the `Decide` that asks the Delivery API. Calls of one session share a lane of four. */
export const createEdge = (endpoint: Endpoint, platform: Platform) => {
  const lane = createLanes(4)

  return (route: Route): Decide =>
    (request, caller) => {
      const { sessionId, cluster, timeout, retries, keepalive } = route
      const home = hostOf(endpoint)
      let url = urlOf(endpoint, hostOf(endpoint, cluster), sessionId)
      const { body = JSON.stringify(request) } = route
      const { requestId } = request
      const headers = platform.headers()
      let attempts = 0
      route.onSend?.(url, body)

      const send = (signal: AbortSignal) => async () => {
        attempts++
        route.onFlight?.(true)
        try {
          const reply = await platform.fetch(url, { body, headers, signal, ...(keepalive && { keepalive }) })
          if (RETRYABLE.includes(reply.status)) route.onFlight?.(false)
          return reply
        } catch (error) {
          route.onFlight?.(false)
          // An edge cluster that cannot be reached may be gone: the client's own host knows where the visitor lives now.
          url = urlOf(endpoint, home, sessionId)
          throw error
        }
      }

      const work = (signal: AbortSignal) => {
        const go = async () => {
          if (signal.aborted) throw signal.reason
          const patience = { retries, signal, statuses: RETRYABLE }
          // A `fetch` that does not listen to the signal must not keep its place in the lane.
          return Promise.race([abortOf(signal), (platform.retry ?? retry)(send(signal), patience)])
        }
        return route.isUrgent ? go() : lane(sessionId, go)
      }

      return withDeadline(timeout, caller, work).then(
        (reply) => {
          route.onReply?.(reply)
          return parseReply(reply, { attempts, ...(requestId && { requestId }) })
        },
        (error) => {
          const details = { attempts, ...(requestId && { requestId }) }
          throw Object.assign(isTargetError(error) ? error : unreachable(error), details)
        },
      )
    }
}
