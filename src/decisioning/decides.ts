import type { Decide } from '../delivery/decide.ts'
import type { Notification } from '../delivery/notification.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import { createDevice, type Decided, type Device, type DeviceParts } from './device.ts'
import type { SourceEvents, SourceOptions } from './source.ts'

/** How decisions on the device are made without a client. */
export interface OnDeviceOptions extends SourceOptions, Pick<DeviceParts, 'fetchApi' | 'domainOf'> {
  /** Told of what happens to the artifact. */
  onEvent?<Name extends keyof SourceEvents>(name: Name, event: SourceEvents[Name]): void
  /** Told of the displays that count when they are reported: what `execute` showed. */
  onShown?(notifications: Notification[], request: DeliveryRequest): void
}

/** How hybrid decisions are made without a client. */
export interface HybridOptions extends OnDeviceOptions {
  /** Asked for what the rules do not hold. */
  edge: Decide
  /** True asks the edge only for what the rules do not hold; false for all of a request of which they do not hold a part. @default false */
  splitRequests?: boolean
}

/** A `Decide` with rules of its own. */
export interface DeviceDecide extends Decide {
  /** Resolves when there are rules. Rejects with a `TargetError` `NOT_READY`. */
  ready(): Promise<void>
  /** Ends the download and the polling. */
  close(): void
}

const deviceOf = ({ onEvent, fetchApi, domainOf, ...options }: OnDeviceOptions): Device =>
  createDevice({ options, fetchApi, domainOf, now: Date.now, emit: onEvent ?? (() => {}) })

const decideBy = (
  device: Device,
  { onShown }: OnDeviceOptions,
  work: (request: DeliveryRequest, signal?: AbortSignal) => Promise<Decided>,
): DeviceDecide => {
  const decide: Decide = async (request, signal) => {
    const { response, notifications } = await work(request, signal)
    if (notifications.length) onShown?.(notifications, request)
    return response
  }
  const ready = async (): Promise<void> => void (await device.ready())
  return Object.assign(decide, { ready, close: device.close })
}

/** Makes a `Decide` that decides on the device, and begins to download its rules. It rejects `NOT_READY` before they are there. */
export const onDevice = (options: OnDeviceOptions): DeviceDecide => {
  const device = deviceOf(options)
  return decideBy(device, options, (request) => device.onDevice(request))
}

/** Makes a `Decide` that decides on the device what it can, and asks the edge else: also for everything before the rules are there. */
export const hybrid = ({ edge, splitRequests, ...options }: HybridOptions): DeviceDecide => {
  const device = deviceOf(options)
  return decideBy(device, options, (request, signal) =>
    device.hybrid(request, { edge, signal, isSplit: splitRequests }),
  )
}
