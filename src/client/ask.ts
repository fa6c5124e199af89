import type { Context } from '../delivery/context.ts'
import type { Notification } from '../delivery/notification.ts'
import type { Envelope } from '../notification/batch.ts'
import type { Platform } from '../platform/platform.ts'
import { createConsent } from './consent.ts'
import { type Core, closed } from './core.ts'
import { createDelivery } from './deliver.ts'
import { createHeld, type Holder, withHeld } from './held.ts'
import { identify, remember } from './identity.ts'
import { type CallOptions, checkedCall, type RequestOptions } from './options.ts'
import { envelopeOf, rememberOrigin } from './origin.ts'
import { buildRequest } from './request.ts'
import { type Result, summaryOf } from './result.ts'
import { createVisitor, type Visitor, type VisitorState } from './supplemental-data.ts'

/** What the calls of one visitor share. */
export interface Visit extends Holder {
  consent: ReturnType<typeof createConsent>
  /** Whose supplemental data id a call takes part in. */
  visitorOf(call: CallOptions): Visitor
  /** Queues what was shown or done, unless nobody wants to hear of this visitor. */
  report(notification: Notification, envelope: Envelope): void
  /** The visitor as of the last answer; only where a platform with cookies makes all calls those of one visitor. */
  envelope?: Envelope | undefined
  /** It was told that the browser keeps no cookies. */
  isTold?: boolean
  /** What the last call said of itself, which the page must not contradict: an address without a name in it, for example. */
  context?: Context
}

/** The visitor of a platform with cookies is the same in every call; elsewhere each call brings its own. */
export const createVisit = (core: Core, platform: Platform): Visit => {
  const { organizationId, defaultConsent = 'in' } = core.options
  const own = platform.cookies && createVisitor(organizationId)
  const consent = createConsent(platform.consent ?? defaultConsent)
  const visitorOf: Visit['visitorOf'] = (call) => call.visitor ?? own ?? createVisitor(organizationId)
  const isUnheard = platform.isBot && core.options.reportBots === false
  return {
    platform,
    consent,
    visitorOf,
    held: createHeld(core, platform),
    report(notification, envelope) {
      if (isUnheard) return
      core.queue.add(notification, envelope)
      core.events.emit('notificationQueued', { notification })
    },
  }
}

/** State for the page; customer ids of the call are part of it, as they were given. */
const stateOf = (visitor: Visitor, { visitor: given, customerIds }: CallOptions): VisitorState | undefined => {
  const state = visitor.getState?.()
  if (given || !state || !customerIds || Array.isArray(customerIds)) return state
  return Object.fromEntries(Object.entries(state).map(([org, known]) => [org, { customerIDs: customerIds, ...known }]))
}

/** Asks Target: settles who asks, fills the request, sends it, keeps what has to be kept. */
export const createAsk = (core: Core, visit: Visit) => {
  const { platform } = visit
  const { options, events, origins } = core

  const deliver = withHeld(visit, createDelivery(core))

  /** What a device may decide takes part in the supplemental data id of the calls beside it. */
  const visitorFor = (call: CallOptions, sessionId: string): Visitor => {
    const own = () => visit.visitorOf(call)
    const isNear = (call.decisioningMethod ?? core.device.method) !== 'server-side'
    return isNear ? core.share(sessionId, call.visitor, own) : own()
  }

  /** Says once that the page cannot keep its visitor. */
  const warn = (): void => {
    if (!platform.cookies?.isRefused || visit.isTold) return
    visit.isTold = true
    events.emit('warning', { message: 'The browser keeps no cookies: the visitor ends with the page' })
  }

  return async (given: RequestOptions): Promise<Result> => {
    if (core.closed) throw closed()
    const call = checkedCall(given)
    if (!visit.consent.isIn()) await visit.consent.wait(call.signal)
    const identity = identify(call, options, platform)
    const visitor = visitorFor(call, identity.sessionId)
    const filled = buildRequest({ call, identity, options, platform, visitor, events })
    const asked = { call, identity, request: filled }
    const { response, method, remote, shown } = await deliver(asked)
    // Who has opted out meanwhile is not remembered, and is shown nothing.
    await visit.consent.wait(call.signal)
    const { request } = asked
    const cookies = remember(identity, response, { options, platform })
    warn()
    let made: Envelope | undefined
    const envelope = () => {
      made ??= envelopeOf(request, identity, response)
      return made
    }
    if (platform.cookies) {
      visit.envelope = envelope()
      visit.context = { ...call.request.context, beacon: undefined }
    }
    const origin = { envelope, request, executed: false, impressionId: call.request.impressionId }
    const places = rememberOrigin(origins, origin, response)
    const visitorState = stateOf(visitor, call)
    const meta = { decisioningMethod: method, ...remote }
    platform.handOver?.note({ request, response, meta })
    // What the device executed has counted nowhere yet.
    for (const notification of shown) visit.report(notification, envelope())
    return {
      request,
      response,
      status: { status: response.status ?? 200, message: 'OK', ...remote },
      ...cookies,
      ...(visitorState && { visitorState }),
      ...summaryOf(places),
      meta,
    }
  }
}
