import { createDevice, type Decided, type Device } from '../decisioning/device.ts'
import type { Decide } from '../delivery/decide.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { DecisioningMethod } from '../delivery/telemetry.ts'
import type { Platform } from '../platform/platform.ts'
import type { withDeadline } from '../transport/timeout.ts'
import type { Asked, Delivered } from './asked.ts'
import type { ClientEvents, Events } from './events.ts'
import type { ClientOptions } from './options.ts'
import type { createTelemetry, entryOf } from './timed.ts'

/** What the client lends, so that it is not loaded twice. */
export interface Lent {
  core: { options: ClientOptions; timeout: number; telemetry: ReturnType<typeof createTelemetry>; events: Events }
  /** Asks the edge. */
  ask(asked: Asked, signal?: AbortSignal): Promise<DeliveryResponse>
  entryOf: typeof entryOf
  withDeadline: typeof withDeadline
}

/** What a device is made of. */
export interface NearParts {
  options: ClientOptions
  platform: Platform
  events: Events
  telemetry: ReturnType<typeof createTelemetry>
}

/** The device of a client. */
export const createNear = ({ options, platform, events, telemetry }: NearParts): Device => {
  // Where a page can go away, the visitor's own device decides.
  const isVisitors = Boolean(platform.beacon)
  return createDevice({
    options,
    emit(name, event) {
      // A client that asks the edge was ready from the first.
      if (name === 'clientReady' && (options.decisioningMethod ?? 'server-side') === 'server-side') return
      events.emit(name, event as ClientEvents[typeof name])
    },
    now: platform.now,
    domainOf: platform.domainOf,
    isVisitors,
    isConditional: !isVisitors,
    fetchApi: options.fetchApi,
    onMeasured: (entry) => telemetry.add('', entry),
    ...(platform.storage && { storage: platform.storage }),
  })
}

/** Has a call decided by the device, or by the device and the edge. */
const decide = (
  { core, ask, withDeadline }: Lent,
  asked: Asked,
  { device, method }: { device: Device; method: DecisioningMethod },
): Promise<Decided> => {
  const { call, identity, request } = asked
  const { sessionId, cluster } = identity
  const { signal } = call
  if (method === 'on-device') {
    const work = () => device.onDevice(request, { sessionId, cluster })
    // What waits for nothing needs no deadline.
    const isAtOnce = device.rules()?.artifact.geoTargetingEnabled === false && !signal
    return isAtOnce ? work() : withDeadline(call.timeout || core.timeout, signal, work)
  }
  const edge: Decide = async (part, signal) => {
    const far = { ...asked, request: part }
    const response = await ask(far, signal)
    if (part === request) asked.request = far.request
    return response
  }
  const isSplit = core.options.splitRequests
  const work = () => device.hybrid(request, { sessionId, cluster, isSplit, signal, edge })
  // The edge keeps to the time by itself.
  return signal ? withDeadline(Infinity, signal, work) : work()
}

/** Has a call decided near, and measures it. */
export const decideNear = async (
  lent: Lent,
  asked: Asked,
  near: { device: Device; method: DecisioningMethod },
): Promise<Delivered> => {
  const since = Date.now()
  const start = performance.now()
  const { response, notifications, remoteMboxes, remoteViews, method } = await decide(lent, asked, near)
  if (method !== 'server-side') {
    const execution = performance.now() - start
    const measured = { since, execution, method: near.method }
    lent.core.events.emit('decided', { request: asked.request, response, method: near.method, execution })
    const entry = lent.entryOf(asked.request, { ...response, edgeHost: '' }, measured)
    lent.core.telemetry.add(asked.identity.sessionId, entry)
  }
  // What rode on a request that never left goes its own way.
  const riding = method === 'on-device' ? (asked.request.notifications ?? []) : []
  return { response, method, remote: { remoteMboxes, remoteViews }, shown: [...riding, ...notifications] }
}
