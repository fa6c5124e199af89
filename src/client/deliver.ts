import type { Asking, Decided, Device } from '../decisioning/device.ts'
import type { Decide } from '../delivery/decide.ts'
import { isTargetError, type TargetError } from '../delivery/error.ts'
import type { Notification } from '../delivery/notification.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { DecisioningMethod } from '../delivery/telemetry.ts'
import type { Reply } from '../platform/platform.ts'
import { withDeadline } from '../transport/timeout.ts'
import type { Core } from './core.ts'
import type { Identity } from './identity.ts'
import type { RequestOptions } from './options.ts'
import { entryOf } from './timed.ts'

/** A call, filled. */
export interface Asked {
  call: RequestOptions
  identity: Identity
  /** As it was sent in the end. */
  request: DeliveryRequest
}

/** What was decided, and where. */
export interface Delivered {
  response: DeliveryResponse
  method: DecisioningMethod
  /** What only the edge could decide. */
  remote: { remoteMboxes: string[]; remoteViews: string[] }
  /** Displays that nobody has counted yet. */
  shown: Notification[]
}

/** Sends a request to the edge and measures it; an answer in time or a {@link TargetError}. */
const askEdge = async (
  core: Core,
  { call, identity, request }: Asked,
  signal?: AbortSignal,
): Promise<DeliveryResponse> => {
  const { events, edge, timeout, retries, telemetry } = core
  let reply = { text: '', status: 0 } as Reply
  const since = Date.now()
  const start = performance.now()
  const decide = edge({
    sessionId: identity.sessionId,
    cluster: identity.cluster,
    timeout: call.timeout || timeout,
    retries,
    onSend: (url, body) => events.emit('request', { url, body, request }),
    onReply: (received) => {
      reply = received
    },
  })
  try {
    const response = await decide(request, signal)
    const entry = entryOf(request, response, { since, execution: performance.now() - start, method: 'server-side' })
    telemetry.add(identity.sessionId, entry)
    events.emit('response', { request, response, text: reply.text, status: reply.status })
    return response
  } catch (error) {
    events.emit('requestFailed', { request, error: error as TargetError })
    throw error
  }
}

/** True when Target refused a call because of the notifications that rode on it. */
const isPoisoned = (error: unknown, { notifications, execute, prefetch }: DeliveryRequest): boolean =>
  isTargetError(error) &&
  error.status === 400 &&
  Boolean(error.serverMessage?.includes('Notification') && notifications && (execute || prefetch))

/** Asks the edge, and once more without notifications that it refuses. */
const askTwice = async (core: Core, asked: Asked, signal?: AbortSignal): Promise<DeliveryResponse> => {
  try {
    return await askEdge(core, asked, signal)
  } catch (error) {
    const { request } = asked
    if (!isPoisoned(error, request)) throw error
    const { notifications = [], ...content } = request
    for (const notification of notifications) core.events.emit('notificationRejected', { notification, error })
    asked.request = content
    return askEdge(core, asked, signal)
  }
}

/** Asks the edge, with the measurements that wait for a ride. */
const askMeasured = (core: Core, asked: Asked, signal?: AbortSignal): Promise<DeliveryResponse> =>
  core.telemetry.ride(asked.identity.sessionId, (waited) => {
    const entries = [...(asked.request.telemetry?.entries ?? []), ...waited]
    if (entries.length) asked.request = { ...asked.request, telemetry: { entries } }
    return askTwice(core, asked, signal)
  })

/** A preview is decided where it is set up, and what is no decision needs none. */
const isForEdge = ({ execute, prefetch, qaMode, preview }: DeliveryRequest): boolean =>
  Boolean(!(execute || prefetch) || qaMode || preview)

/** Has requests decided: by the edge, by the device, or by both. */
export const createDelivery = (core: Core) => {
  const { device, telemetry, options } = core

  const byDevice = async (decider: Device, method: DecisioningMethod, asked: Asked): Promise<Decided> => {
    const { call, identity, request } = asked
    const { sessionId, cluster } = identity
    const asking: Asking = { sessionId, cluster }
    if (method === 'on-device') {
      const work = () => decider.onDevice(request, asking)
      // What waits for nothing needs no deadline.
      const isAtOnce = decider.rules()?.artifact.geoTargetingEnabled === false && !call.signal
      return isAtOnce ? work() : withDeadline(call.timeout || core.timeout, call.signal, work)
    }
    const edge: Decide = async (part, signal) => {
      const far = { ...asked, request: part }
      const response = await askMeasured(core, far, signal)
      if (part === request) asked.request = far.request
      return response
    }
    const { signal } = call
    const work = () => decider.hybrid(request, { ...asking, isSplit: options.splitRequests, signal, edge })
    // The edge keeps to the time by itself.
    return signal ? withDeadline(Infinity, signal, work) : work()
  }

  const remote = async (asked: Asked): Promise<Delivered> => ({
    response: await askMeasured(core, asked, asked.call.signal),
    method: 'server-side',
    remote: { remoteMboxes: [], remoteViews: [] },
    shown: [],
  })

  /** The device, when a call is for it; a hybrid one does not wait for it. */
  const deviceFor = async ({ call, request }: Asked, method: DecisioningMethod): Promise<Device | undefined> => {
    if (method === 'server-side' || isForEdge(request)) return undefined
    const known = device.now()
    if (known) return known
    if (method === 'on-device') return withDeadline(call.timeout || core.timeout, call.signal, device.start)
    device.warm()
    return undefined
  }

  return async (asked: Asked): Promise<Delivered> => {
    const method = asked.call.decisioningMethod ?? device.method
    const decider = await deviceFor(asked, method)
    if (!decider) return remote(asked)
    const since = Date.now()
    const start = performance.now()
    const decided = await byDevice(decider, method, asked)
    const { response, notifications: shown, remoteMboxes, remoteViews } = decided
    if (decided.method !== 'server-side') {
      const measured = { since, execution: performance.now() - start, method }
      telemetry.add(asked.identity.sessionId, entryOf(asked.request, { ...response, edgeHost: '' }, measured))
    }
    // What rode on a request that never left goes its own way.
    const riding = decided.method === 'on-device' ? (asked.request.notifications ?? []) : []
    const remoteOnes = { remoteMboxes, remoteViews }
    return { response, method: decided.method, remote: remoteOnes, shown: [...riding, ...shown] }
  }
}
