import type { Geo } from '../delivery/context.ts'
import type { TargetError } from '../delivery/error.ts'
import type { Notification } from '../delivery/notification.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { DecisioningMethod } from '../delivery/telemetry.ts'
import type { DropReason } from '../notification/accounts.ts'
import type { Level, Logger } from '../platform/platform.ts'
import { redacted } from './redaction.ts'

/** What can be listened to, and what each listener gets beside `type`. */
export interface ClientEvents {
  /** The client can be used; one that decides on the device has its first artifact. */
  clientReady: object
  /** A request leaves. `body` is the JSON text as sent. */
  request: { url: string; body: string; request: DeliveryRequest }
  /** An answer came. `text` is the body as it came, for integers beyond 2^53. */
  response: { request: DeliveryRequest; response: DeliveryResponse; text: string; status: number }
  /** The device has decided, alone or with the edge, which then tells of its part by itself. `execution` in ms. */
  decided: { request: DeliveryRequest; response: DeliveryResponse; method: DecisioningMethod; execution: number }
  /** An attempt failed, by the network or a server in trouble; others follow, unless it was the last. */
  attemptFailed: { request: DeliveryRequest }
  /** A request failed, retries and all. One that was spoiled by its notifications is asked again without them. */
  requestFailed: { request: DeliveryRequest; error: TargetError }
  /** A notification waits to be sent. */
  notificationQueued: { notification: Notification }
  /**
   * Notifications leave together, by an answered `fetch` or by the beacon of a page that goes away, which has no `answer`. `answer`
   * rejects with a `TargetError`. `body` is the JSON text as sent.
   */
  notificationBatch: {
    notifications: Notification[]
    way: 'fetch' | 'beacon'
    url: string
    body: string
    answer?: Promise<DeliveryResponse>
  }
  /** Target acknowledged a notification. */
  notificationSent: { notification: Notification }
  /** Target refused a notification, or it could not be queued; it will not be sent again. `error` says why. */
  notificationRejected: { notification: Notification; error: unknown }
  /**
   * A notification was given up: it became older than `notificationMaxAge`, there was no room for it, or the visitor opted out.
   * `age` in ms since it was queued.
   */
  notificationDropped: { notification: Notification; reason: DropReason; age: number }
  /** Notifications did not come through, and are sent again after `wait` ms, unless the page leaves before. */
  notificationRetry: { notifications: Notification[]; error: unknown; wait: number }
  /** A new artifact came and is used. `since` when its download began, in epoch ms. */
  artifactDownloadSucceeded: { artifactLocation: string; artifactPayload: unknown; since: number }
  /**
   * No artifact came, retries and all, or one that cannot be used; the one before stays. `since` when the download began, in epoch
   * ms; none for an artifact that was given.
   */
  artifactDownloadFailed: { artifactLocation: string; error: TargetError; since?: number }
  /** After failures the artifact can be had again, and is the same. */
  artifactDownloadRecovered: { artifactLocation: string }
  /** The answer that brought an artifact says where it was asked for. */
  geoLocationUpdated: { geoContext: Geo }
  /** Something works, but most likely not as meant. */
  warning: { message: string }
}

/** The name of an event. */
export type EventName = keyof ClientEvents

type Told = { [Name in EventName]: ClientEvents[Name] & { type: Name } }

/** Any event, as a listener to all of them gets it. */
export type AnyEvent = Told[EventName]

/** Gets `type` and the members of its event; by the name `*` of every event. */
export type Listener<Name extends EventName | '*'> = (event: (Told & { '*': AnyEvent })[Name]) => void

/** Events that are more than a detail. */
const LEVELS: { [Name in EventName]?: Level } = {
  clientReady: 'info',
  artifactDownloadSucceeded: 'info',
  artifactDownloadFailed: 'warn',
  requestFailed: 'warn',
  notificationRetry: 'warn',
  warning: 'warn',
}

type Listeners = { [Name in EventName]?: Listener<Name> }

/** What lines show of a value. */
type Shown = (value: unknown) => unknown

/** An emitter whose listeners cannot harm each other or the client. */
export const createEvents = (given: Listeners = {}, logger: Logger = {}, shown: Shown = redacted) => {
  const listeners = new Map<string, Set<(event: never) => void>>()

  const on = <Name extends EventName | '*'>(name: Name, listener: Listener<Name>): (() => void) => {
    const set = listeners.get(name) ?? new Set()
    listeners.set(name, set.add(listener))
    return () => set.delete(listener)
  }
  for (const [name, listener] of Object.entries(given)) on(name as EventName, listener as Listener<EventName>)

  const log = (wanted: Level, ...parts: unknown[]): void => {
    try {
      const level = logger[wanted] || wanted === 'error' ? wanted : 'debug'
      if (logger[level]) logger[level]('AT:', ...parts.map((part) => shown(part)))
    } catch {
      // A logger that cannot write is no reason to lose an offer.
    }
  }

  const emit = <Name extends EventName>(name: Name, payload: ClientEvents[Name]): void => {
    log(LEVELS[name] ?? 'debug', name, payload)
    for (const listener of [...(listeners.get(name) ?? []), ...(listeners.get('*') ?? [])]) {
      try {
        const done: unknown = listener({ type: name, ...payload } as never)
        if (done instanceof Promise) done.catch((error) => log('error', `a listener of ${name} rejected`, error))
      } catch (error) {
        log('error', `a listener of ${name} threw`, error)
      }
    }
  }

  return { on, emit, log }
}

export type Events = ReturnType<typeof createEvents>
