import type { Device } from '../decisioning/device.ts'
import { TargetError } from '../delivery/error.ts'
import type { DecisioningMethod } from '../delivery/telemetry.ts'
import type { NearParts } from './near.ts'

/** The device as a place of decisions: its code is loaded when it is asked for, so that others do not pay for it. */
export const createDeviceLoader = (parts: NearParts) => {
  let loading: Promise<Device> | undefined
  let device: Device | undefined
  let code: typeof import('./on-device.ts') | undefined
  let isClosed = false
  let round = 0

  const load = async (): Promise<Device> => {
    const mine = round
    code = await import('./on-device.ts')
    const made = code.createNear(parts)
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
    /** What only a device needs, when it has been loaded. */
    code: () => code,
    /** How a call is decided that does not say. */
    method: (parts.options.decisioningMethod ?? 'server-side') as DecisioningMethod,
    /** Loads the code before it is needed; what goes wrong is told. */
    warm(): void {
      start().catch(({ message }: TargetError) => parts.events.emit('warning', { message }))
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
