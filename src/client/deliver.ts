import type { Device } from '../decisioning/device.ts'
import { isTargetError, type TargetError } from '../delivery/error.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { DecisioningMethod } from '../delivery/telemetry.ts'
import type { Reply } from '../platform/platform.ts'
import { withDeadline } from '../transport/timeout.ts'
import type { Asked, Delivered } from './asked.ts'
import type { Core } from './core.ts'
import { entryOf } from './timed.ts'

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
    onFlight: (isFlying) => isFlying || events.emit('attemptFailed', { request }),
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

/** A preview is decided where it is set up, and what is no decision needs none. */
const isForEdge = ({ execute, prefetch, qaMode, preview }: DeliveryRequest): boolean =>
  Boolean(!(execute || prefetch) || qaMode || preview)

/** Has requests decided: by the edge, by the device, or by both. */
export const createDelivery = (core: Core) => {
  const { device, timeout } = core

  /** Asks the edge, with the measurements that wait for a ride. */
  const ask = (asked: Asked, signal?: AbortSignal): Promise<DeliveryResponse> =>
    core.telemetry.ride(asked.identity.sessionId, (waited) => {
      const entries = [...(asked.request.telemetry?.entries ?? []), ...waited]
      if (entries.length) asked.request = { ...asked.request, telemetry: { entries } }
      return askTwice(core, asked, signal)
    })

  /** The device, when a call is for it; a hybrid one does not wait for it. */
  const deviceFor = async ({ call, request }: Asked, method: DecisioningMethod): Promise<Device | undefined> => {
    if (method === 'server-side' || isForEdge(request)) return undefined
    const known = device.now()
    if (known || method === 'on-device') {
      return known ?? withDeadline(call.timeout || timeout, call.signal, device.start)
    }
    device.warm()
    return undefined
  }

  return async (asked: Asked): Promise<Delivered> => {
    const method = asked.call.decisioningMethod ?? device.method
    const known = await deviceFor(asked, method)
    const near = known && device.code()
    if (near) return near.decideNear({ core, ask, entryOf, withDeadline }, asked, { device: known, method })
    const response = await ask(asked, asked.call.signal)
    return { response, method: 'server-side', remote: { remoteMboxes: [], remoteViews: [] }, shown: [] }
  }
}
