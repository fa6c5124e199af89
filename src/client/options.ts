import { invalid } from '../delivery/error.ts'
import { isObject } from '../delivery/json-value.ts'
import type { DeliveryRequestInput } from '../delivery/request.ts'
import type { ServerState } from '../delivery/server-state.ts'
import type { DecisioningMethod } from '../delivery/telemetry.ts'
import type { CustomerId } from '../delivery/visitor.ts'
import type { Consent, GeoSource, Logger, NotificationStorage } from '../platform/platform.ts'
import type { EventName, Listener } from './events.ts'
import type { Visitor } from './supplemental-data.ts'

/** Options of `TargetClient.create`, by the names of the Node.js SDK. */
export interface ClientOptions {
  /** Client code of the Target account. */
  client: string
  /** Experience Cloud organization, such as `ABC@AdobeOrg`. */
  organizationId: string
  /** For a whole call with its retries, in ms; the request is aborted. @default 3000 */
  timeout?: number
  /**
   * Attempts after the first, for network errors, 408, 420, 425, 429 and 5xx. A `flush()` makes as many; by themselves
   * notifications are sent again until they are acknowledged. @default 2
   */
  retries?: number
  /**
   * A route of your own that hands calls on to Target, such as `createProxy` makes: a path of the page's origin, or a whole
   * address; on servers always a whole one. It takes the place of scheme, host and path in every call. Calls of a page
   * then carry cookies, and the route may set them. @default Target's own address
   */
  endpoint?: string
  /** The customer's own host (CNAME), a proxy or a local edge. It is used for every call. */
  serverDomain?: string
  /** Lets a visitor's edge cluster take the place of `serverDomain`. @default false */
  overrideMboxEdgeServer?: boolean
  /** False talks http. @default true */
  secure?: boolean
  /** Edge cluster of visitors who have none yet, in digits. */
  targetLocationHint?: string
  /** Property token of calls that bring none. */
  propertyToken?: string
  /** Environment of calls that bring none. */
  environmentId?: number
  /** The customer's own id of the visitor, on every call. For one visitor per process or page only. */
  thirdPartyId?: string
  /**
   * Where decisions are made: by the edge, on the device by the rules of an artifact, or `hybrid`: on the device what the rules hold,
   * and by the edge else. @default 'server-side'
   */
  decisioningMethod?: DecisioningMethod
  /** Which query parameter names the account. @default 'imsOrgId' */
  tenant?: 'imsOrgId' | 'client'
  /** The `version` query parameter, meant for library versions. */
  version?: string
  /** Measures calls and sends the measurements with the next one. @default true */
  telemetryEnabled?: boolean
  /** How long notifications are collected before they are sent, in ms. @default 250 */
  notificationDelay?: number
  /** Notifications a call, 1 to 50. @default 50 */
  notificationBatchSize?: number
  /** When a notification that nobody acknowledged is too old to be sent, in ms: it is dropped, and reported. @default 3 days */
  notificationMaxAge?: number
  /**
   * Where notifications are kept until they are acknowledged; false keeps them in memory only. @default `localStorage` in
   * browsers, memory on servers
   */
  notificationStorage?: NotificationStorage | false
  /**
   * Sends again, with the same id and impression, what a closing page handed over and nobody acknowledged. False takes it as
   * delivered, which saves calls and loses what the browser loses. @default true
   */
  confirmBeacons?: boolean
  /**
   * Whether the visitor agreed: `pending` stores and sends nothing until `optIn()` or `optOut()`, `out` never does. @default 'in'
   */
  defaultConsent?: Consent
  /** Any `fetch`: for proxies, tests, a local edge. @default the runtime's own */
  fetchApi?: typeof fetch
  /** Domain of the cookies. @default the registrable domain of the page */
  cookieDomain?: string
  /**
   * Cookies of a page are `Secure; SameSite=None`, so that it has them in a frame of another site too. No browser keeps such a
   * cookie for an http page. @default false: `SameSite=Lax`, and `Secure` on https
   */
  secureOnly?: boolean
  /** How long a visitor who does not come back is known, in ms; browsers keep no cookie for more than 400 days. @default 732 days */
  deviceIdLifetime?: number
  /**
   * What the server of this page has asked for, as `visitor.dehydrate()` gave it, as text or as the object that it says: calls are
   * answered from it as far as it goes, at once and without being counted again. One that cannot be used is a `warning`. Pages only.
   */
  serverState?: ServerState | string | null
  /**
   * The host before the server, whose headers say where a visitor is: its client then cannot have written them. Servers only.
   * @default none: no such header is read
   */
  geoFrom?: GeoSource
  /**
   * False reports no displays, clicks and conversions of visitors whose user agent says that they are crawlers. Servers only.
   * @default true: Target leaves them out by itself
   */
  reportBots?: boolean
  /** Listeners by event. */
  events?: { [Name in EventName]?: Listener<Name> }
  /** Gets lines, such as `console`, a pino or a winston logger. @default silent */
  logger?: Logger
  /**
   * False shows the logger everything: ids, tokens, parameters, whole requests and answers. @default true
   */
  logRedaction?: boolean
  /** Of a hybrid request of which the rules hold a part: true asks the edge only for the rest. @default false */
  splitRequests?: boolean
  /** Environment whose artifact is downloaded; any name, in the address in lower case. @default 'production' */
  environment?: string
  /** Address of the artifact, in place of that of client, environment and property. */
  artifactLocation?: string
  /** The artifact itself: used at once, and polled for newer ones. */
  artifactPayload?: unknown
  /** `json`, or `bin` for the obfuscated form. @default 'json' */
  artifactFormat?: string
  /** How often the artifact is downloaded again, in ms; at least 300000, 0 never. @default 300000 */
  pollingInterval?: number
  /** How long on-device calls wait for the first artifact, in ms. @default until its download has succeeded or failed */
  maximumWaitReady?: number
  /** Without effect, as in the Node.js SDK: `artifactLocation` names another address. */
  cdnEnvironment?: string
  /** Without effect, as in the Node.js SDK: `artifactLocation` names another address. */
  cdnBasePath?: string
}

/** Customer ids by integration code, as the Experience Cloud ID service takes them; `authState` is 0, 1 or 2. */
export type CustomerIdMap = Record<string, string | { id?: string; authState?: number } | null | undefined>

/** Options of a single call, by the names of the Node.js SDK. */
export interface CallOptions {
  /** Value of the visitor's `mbox` cookie. */
  targetCookie?: string | undefined
  /** Value of the visitor's `mboxEdgeCluster` cookie. */
  targetLocationHint?: string | undefined
  /** Value of the visitor's `AMCV_…` cookie. */
  visitorCookie?: string | undefined
  /** A visitor of the Experience Cloud ID service, shared by several calls. */
  visitor?: Visitor | undefined
  /** Names this call among those that share a supplemental data id. @default 'target-global-mbox' */
  consumerId?: string | undefined
  /** The customer's own ids: a list as the Delivery API takes it, or a map as the ID service does. */
  customerIds?: CustomerId[] | CustomerIdMap | undefined
  /** 1 to 128 printable characters. @default the cookie's, else a new one */
  sessionId?: string | undefined
  /** Where this call is decided. @default the client's */
  decisioningMethod?: DecisioningMethod | undefined
  /** False asks the edge again for what the server of the page has asked for. @default true */
  serverState?: boolean | undefined
  /** Aborts the call. */
  signal?: AbortSignal | undefined
  /** For this call, in ms. @default the client's */
  timeout?: number | undefined
}

/** Options of `getOffers` and `sendNotifications`. */
export interface RequestOptions extends CallOptions {
  request: DeliveryRequestInput
}

/** Options of `getAttributes`. */
export interface AttributesOptions extends CallOptions {
  request?: DeliveryRequestInput
}

const isFilled = (value: unknown): boolean => isObject(value) && Object.values(value).some((item) => item !== undefined)

const METHODS: readonly unknown[] = [undefined, 'on-device', 'server-side', 'hybrid']

/** Throws unless it is a way to decide. */
const checkMethod = (method: unknown): void => {
  if (METHODS.includes(method)) return
  throw invalid('Invalid Decisioning Method.  Must be set to one of: on-device,server-side,hybrid', {
    path: 'decisioningMethod',
    received: method,
  })
}

/** The options as given, or a {@link TargetError} that says what is missing. */
export const checkedOptions = (options: ClientOptions): ClientOptions => {
  if (!isFilled(options)) throw invalid('Options map is required: pass at least { client, organizationId }')
  const { client, organizationId, decisioningMethod } = options
  if (!client || typeof client !== 'string') {
    throw invalid('Client is required: pass the client code of your Target account', {
      path: 'client',
      received: client,
    })
  }
  if (!organizationId || typeof organizationId !== 'string') {
    throw invalid('Organization Id is required: pass your Experience Cloud organization, such as ABC@AdobeOrg', {
      path: 'organizationId',
      received: organizationId,
    })
  }
  checkMethod(decisioningMethod)
  return options
}

/** The options of a call as given, or a {@link TargetError} that says what is missing. */
export const checkedCall = (call: RequestOptions): RequestOptions => {
  if (!isFilled(call)) throw invalid('Options map is required: pass { request }')
  if (!isFilled(call.request))
    throw invalid('Request object is required: pass a Delivery API request', { path: 'request' })
  checkMethod(call.decisioningMethod)
  return call
}
