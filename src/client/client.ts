import { invalid } from '../delivery/error.ts'
import type { Notification } from '../delivery/notification.ts'
import type { DeliveryRequestInput } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import { LOCATION_HINT_COOKIE, parseTargetCookie, TARGET_COOKIE } from '../delivery/session.ts'
import type { NotificationDetails, Shown } from '../delivery/shown.ts'
import type { DecisioningMethod } from '../delivery/telemetry.ts'
import type { FlushOptions, FlushResult } from '../notification/queue.ts'
import type { Consent, CookieAttributes, Platform, VisitDetails } from '../platform/platform.ts'
import { createAsk, createVisit, type Visit } from './ask.ts'
import { type Attributes, askFor, attributesOf } from './attributes.ts'
import { type Core, closed, createCore } from './core.ts'
import type { EventName, Listener } from './events.ts'
import type { Variations } from './flags.ts'
import { createOffered } from './offered.ts'
import {
  type AttributesOptions,
  type CallOptions,
  type ClientOptions,
  checkedCall,
  checkedOptions,
  type RequestOptions,
} from './options.ts'
import type { Origins } from './origin.ts'
import { createReport } from './report.ts'
import type { Result } from './result.ts'
import { createVariations } from './variation.ts'

/** Asks for offers and reports what became of them. */
export interface Client extends Variations {
  /** Where decisions are made unless a call says otherwise. */
  readonly decisioningMethod: DecisioningMethod
  /** Whether it is the client of one visitor, as that of a page is, and on a server what `visitor(request)` gives. */
  readonly hasVisitor: boolean
  /**
   * Resolves when the client can decide: at once for one that asks the edge, else with the first artifact. Rejects with a `TargetError`
   * `NOT_READY` when none comes in time; it may still come later.
   */
  ready(): Promise<void>
  /** Asks Target to decide. Rejects with a `TargetError`. */
  getOffers(options: RequestOptions): Promise<Result>
  /** Asks for mboxes with JSON offers and gives their values. */
  getAttributes(mboxNames: readonly string[], options?: AttributesOptions): Promise<Attributes>
  /** Sends notifications now, up to 50 a call, and resolves with Target's acknowledgements in `response.notifications`. */
  sendNotifications(options: RequestOptions): Promise<Result>
  /**
   * Reports that prefetched content was shown: builds the notification and queues it. Gives the notification, or undefined when
   * there is nothing to report, as for executed content.
   */
  display(shown: Shown, details?: NotificationDetails): Notification | undefined
  /** Reports a click on shown content; undefined when no click metric wants to hear of it. */
  click(shown: Shown, details?: NotificationDetails): Notification | undefined
  /** Reports that a conversion mbox was reached, with an order if there is one. */
  track(mbox: string, details?: NotificationDetails, call?: CallOptions): Notification | undefined
  /** Queues a notification built by hand. */
  notify(notification: Notification, call?: CallOptions): Notification | undefined
  /**
   * Sends what is queued, on a server of all visitors; resolves when each notification was acknowledged, rejected, or put back
   * after `retries` more attempts. Never rejects.
   */
  flush(options?: FlushOptions): Promise<FlushResult>
  /** How many notifications are neither acknowledged, nor rejected, nor dropped. */
  pending(): number
  /** Flushes, and refuses further calls; the client of one visitor on a server only flushes. */
  close(options?: FlushOptions): Promise<FlushResult>
  /** Closes at the end of a block: `await using target = TargetClient.create(…)`. */
  [Symbol.asyncDispose](): Promise<void>
  /** The visitor agreed: what waited for it is stored and sent. */
  optIn(): void
  /**
   * The visitor does not agree: drops what waits, removes what is stored and the cookies, and refuses calls with `OPTED_OUT`
   * until `optIn()`. Resolves when nothing is stored any more.
   */
  optOut(): Promise<void>
  /** What the visitor has said: `pending` until they have answered. */
  consent(): Consent
  /** Listens to what happens to all visitors of the client, to all of it by the name `*`; gives the way to stop. */
  on<Name extends EventName | '*'>(event: Name, listener: Listener<Name>): () => void
  /**
   * A client for one visitor. On a server it reads the cookies of a Fetch `Request`, a Node `IncomingMessage` or a `Cookie`
   * header, and keeps what has to be set. In a browser it is the page's own visitor.
   */
  visitor(request?: unknown, details?: VisitDetails): Client
  /** Whether the visitor of a server says by the user agent to be a crawler, a preview or a monitor; false elsewhere. */
  readonly isBot: boolean
  /** Values of the `Set-Cookie` headers to send to the visitor; empty where the browser keeps the cookies itself. */
  setCookies(attributes?: CookieAttributes): string[]
  /**
   * What has been asked for already, at once and without a call: on a page by its server (`serverState`), for a visitor of a server by
   * the calls so far. With a request only if every place of it has been; without one all of it. Its places are reported like
   * those of `getOffers`. Throws a `TargetError` for a request that cannot be sent.
   */
  offered(request?: DeliveryRequestInput): DeliveryResponse | undefined
  /**
   * What the visitor of a server was answered, as text for the page's `serverState`: JSON without `<`, `>`, `&`, U+2028 and U+2029, so
   * that it may stand in a script element, as data or as an expression. `null` when there were no answers. Throws a `TargetError`
   * on the client of all visitors.
   */
  dehydrate(): string
}

/** Notifications a call. */
const COUNT = 50

/** Settles whether a visitor agrees. */
const createAgreement = (core: Core, visit: Visit) => ({
  optIn(): void {
    visit.consent.settle('in')
    if (visit.platform !== core.platform) return
    core.queue.open()
    if (core.device.method !== 'server-side') core.device.warm()
  },
  async optOut(): Promise<void> {
    const { consent, platform, envelope } = visit
    const { cookies } = platform
    const session = parseTargetCookie(cookies?.get(TARGET_COOKIE), platform.now()).session ?? envelope?.sessionId
    consent.settle('out')
    if (platform === core.platform) core.device.forget()
    visit.envelope = undefined
    for (const name of [TARGET_COOKIE, LOCATION_HINT_COOKIE]) cookies?.set({ name, value: '', maxAge: 0 })
    // Nobody but the visitor of this page or this request opts out.
    await core.queue.clear('consent', platform === core.platform ? undefined : (session ?? ''))
  },
})

/** Sends notifications part by part. */
const createSendNotifications =
  (core: Core, ask: ReturnType<typeof createAsk>) =>
  async (options: RequestOptions): Promise<Result> => {
    if (core.closed) throw closed()
    // No rules acknowledge anything.
    const call = { ...checkedCall(options), decisioningMethod: 'server-side' as const }
    const { notifications, ...request } = call.request
    // What is decided and counted at once goes with the first part alone.
    const { execute, prefetch, ...rest } = request
    if (!notifications?.length) {
      throw invalid('Notifications array is required in request', {
        path: 'request.notifications',
        received: notifications,
      })
    }
    let result = await ask({ ...call, request: { ...request, notifications: notifications.slice(0, COUNT) } })
    const { sessionId } = call
    for (let start = COUNT; start < notifications.length; start += COUNT) {
      const acknowledged = result.response.notifications ?? []
      const targetCookie = result.targetCookie.value
      const part = { ...rest, notifications: notifications.slice(start, start + COUNT) }
      const next = await ask({ ...call, ...(!sessionId && { targetCookie }), request: part })
      const all = [...acknowledged, ...(next.response.notifications ?? [])]
      result = { ...result, ...next, response: { ...result.response, ...next.response, notifications: all } }
    }
    return result
  }

/** The client of one visitor, or on a server of whoever each call is about. */
const clientOf = (core: Core, platform: Platform): Client => {
  const { events, queue } = core
  const visit = createVisit(core, platform)
  const ask = createAsk(core, visit)

  const close = async (options?: FlushOptions): Promise<FlushResult> => {
    // A visitor who leaves closes no shop.
    if (platform !== core.platform) return queue.flush(options)
    core.closed = true
    core.device.close()
    const result = await queue.close(options)
    // What still waits in memory keeps its way out.
    if (!queue.pending()) core.unfollow?.()
    return result
  }

  const client: Client = {
    decisioningMethod: core.device.method,
    hasVisitor: Boolean(platform.cookies),
    getOffers: ask,
    getAttributes: async (mboxNames, options = {}) => {
      if (!Array.isArray(mboxNames)) throw invalid('Mbox names are required: pass a list', { received: mboxNames })
      const request = askFor(mboxNames, options?.request)
      return attributesOf(await ask({ ...options, request }))
    },
    ...createVariations(core, visit),
    ready: async () => {
      if (core.device.method === 'server-side') return
      if (!visit.consent.isIn()) await visit.consent.wait()
      await (await core.device.start()).ready()
    },
    sendNotifications: createSendNotifications(core, ask),
    ...createReport(core, visit),
    flush: queue.flush,
    pending: queue.pending,
    close,
    // Where the runtime has no such symbol, nobody can use it.
    ...(Symbol.asyncDispose && { [Symbol.asyncDispose]: () => close().then(() => {}) }),
    ...createAgreement(core, visit),
    consent: visit.consent.state,
    on: events.on,
    visitor: (request, details) => {
      const one = platform.visit?.(request, details)
      return one ? clientOf(core, one) : client
    },
    setCookies: (attributes) => platform.cookies?.headers?.(attributes) ?? [],
    isBot: platform.isBot ?? false,
    offered: createOffered(core, visit),
    dehydrate: () => platform.handOver?.text() ?? 'null',
  }
  return client
}

/** Where a client runs. */
export interface Runtime {
  platformOf(options: ClientOptions): Platform
  /** Remembers where places came from. @default a WeakMap */
  createOrigins?: () => Origins
}

/** Makes a client on a platform. Throws a `TargetError` when an option is missing or cannot be. */
export const createClient = (options: ClientOptions, { platformOf, createOrigins }: Runtime): Client => {
  const checked = checkedOptions(options)
  const platform = platformOf(checked)
  const core = createCore(checked, platform, createOrigins)
  // A server's storage holds what other visitors agreed to; a page's waits for the word of its own.
  const isIn = (checked.defaultConsent ?? 'in') === 'in' || !platform.cookies
  if (isIn) core.queue.open()
  // Listeners that are added right after `create` hear of it too.
  if (core.device.method === 'server-side') queueMicrotask(() => core.events.emit('clientReady', {}))
  else if (isIn) core.device.warm()
  return clientOf(core, platform)
}
