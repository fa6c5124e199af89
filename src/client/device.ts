import type { Device } from '../decisioning/device.ts'
import { TargetError } from '../delivery/error.ts'
import type { DecisioningMethod } from '../delivery/telemetry.ts'
import type { Platform } from '../platform/platform.ts'
import type { ClientEvents, Events } from './events.ts'
import type { createFlags, FlagsParts, Variations } from './flags.ts'
import type { ClientOptions } from './options.ts'
import type { createTelemetry } from './timed.ts'

/** What the loader works with. */
export interface LoaderParts {
  options: ClientOptions
  platform: Platform
  events: Events
  telemetry: ReturnType<typeof createTelemetry>
}

/** The device as a place of decisions: its code is loaded when it is asked for, so that others do not pay for it. */
export const createDeviceLoader = ({ options, platform, events, telemetry }: LoaderParts) => {
  let loading: Promise<Device> | undefined
  let device: Device | undefined
  let flagsOf: typeof createFlags | undefined
  let isClosed = false
  // Where a page can go away, the visitor's own device decides.
  const isVisitors = Boolean(platform.beacon)
  const method: DecisioningMethod = options.decisioningMethod ?? 'server-side'

  let round = 0

  const load = async (): Promise<Device> => {
    const mine = round
    const { createDevice, createFlags } = await import('./on-device.ts')
    flagsOf = createFlags
    const made = createDevice({
      options,
      emit(name, event) {
        // A client that asks the edge was ready from the first.
        if (name !== 'clientReady' || method !== 'server-side') events.emit(name, event as ClientEvents[typeof name])
      },
      now: platform.now,
      domainOf: platform.domainOf,
      isVisitors,
      isConditional: !isVisitors,
      fetchApi: options.fetchApi,
      onMeasured: (entry) => telemetry.add('', entry),
      ...(platform.storage && { storage: platform.storage }),
    })
    if (isClosed || mine !== round) made.close(mine !== round)
    if (mine === round) device = made
    return made
  }
  /** Loads the code unless that has been done. Rejects with a {@link TargetError} `NOT_READY` when its code cannot be had. */
  const start = (): Promise<Device> => {
    loading ??= load().catch((cause) => {
      loading = undefined
      const text = 'Unable to fulfill request; decisioning engine not ready. Its code could not be loaded'
      throw new TargetError('NOT_READY', `${text}: ${(cause as Error)?.message ?? cause}`, { cause })
    })
    return loading
  }

  return {
    start,
    /** The device, when it has been loaded. */
    now: (): Device | undefined => device,
    /** What decides on values at once, when it has been loaded. */
    flags: (parts: Omit<FlagsParts, 'device'>): Variations | undefined => flagsOf?.({ ...parts, device: () => device }),
    /** How a call is decided that does not say. */
    method,
    /** Loads the code before it is needed; what goes wrong is told. */
    warm(): void {
      start().catch(({ message }: TargetError) => events.emit('warning', { message }))
    },
    /** The visitor of the page does not agree: nothing is downloaded any more, and no copy is kept. */
    forget(): void {
      round++
      device?.close(true)
      device = loading = undefined
    },
    close(): void {
      isClosed = true
      device?.close()
    },
  }
}
