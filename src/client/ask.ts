import type { Context } from '../delivery/context.ts'
import { isTargetError, type TargetError } from '../delivery/error.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { Envelope } from '../notification/batch.ts'
import type { Platform, Reply } from '../platform/platform.ts'
import { createConsent } from './consent.ts'
import { type Core, closed } from './core.ts'
import { type Identity, identify, remember } from './identity.ts'
import { type CallOptions, checkedCall, type RequestOptions } from './options.ts'
import { envelopeOf, rememberOrigin } from './origin.ts'
import { buildRequest } from './request.ts'
import { executedOf, prefetchedOf, type Result, summaryOf } from './result.ts'
import { createVisitor, type Visitor, type VisitorState } from './supplemental-data.ts'
import { entryOf } from './timed.ts'

/** What the calls of one visitor share. */
export interface Visit {
  platform: Platform
  consent: ReturnType<typeof createConsent>
  /** Whose supplemental data id a call takes part in. */
  visitorOf(call: CallOptions): Visitor
  /** The visitor as of the last answer; only where a platform with cookies makes all calls those of one visitor. */
  envelope?: Envelope | undefined
  /** What the last call said of itself, which the page must not contradict: an address without a name in it, for example. */
  context?: Context
}

/** The visitor of a platform with cookies is the same in every call; elsewhere each call brings its own. */
export const createVisit = ({ options }: Core, platform: Platform): Visit => {
  const { organizationId, defaultConsent = 'in' } = options
  const own = platform.cookies && createVisitor(organizationId)
  const consent = createConsent(defaultConsent)
  return { platform, consent, visitorOf: (call) => call.visitor ?? own ?? createVisitor(organizationId) }
}

interface Asked {
  call: RequestOptions
  identity: Identity
  request: DeliveryRequest
}

/** Sends a request and measures it; an answer in time or a {@link TargetError}. */
const deliver = async (core: Core, { call, identity, request }: Asked): Promise<DeliveryResponse> => {
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
    const response = await decide(request, call.signal)
    telemetry.add(identity.sessionId, entryOf(request, response, { since, execution: performance.now() - start }))
    events.emit('response', { request, response, text: reply.text, status: reply.status })
    return response
  } catch (error) {
    events.emit('requestFailed', { request, error: error as TargetError })
    throw error
  }
}

/** State for the page; customer ids of the call are part of it, as they were given. */
const stateOf = (visitor: Visitor, { visitor: given, customerIds }: CallOptions): VisitorState | undefined => {
  const state = visitor.getState?.()
  if (given || !state || !customerIds || Array.isArray(customerIds)) return state
  return Object.fromEntries(Object.entries(state).map(([org, known]) => [org, { customerIDs: customerIds, ...known }]))
}

/** True when Target refused a call because of the notifications that rode on it. */
const isPoisoned = (error: unknown, { notifications, execute, prefetch }: DeliveryRequest): boolean =>
  isTargetError(error) &&
  error.status === 400 &&
  Boolean(error.serverMessage?.includes('Notification') && notifications && (execute || prefetch))

/** Asks Target: settles who asks, fills the request, sends it, keeps what has to be kept. */
export const createAsk = (core: Core, visit: Visit) => {
  const { platform } = visit
  const { options, events, telemetry, origins } = core

  const answer = async (asked: Asked): Promise<DeliveryResponse> => {
    try {
      return await deliver(core, asked)
    } catch (error) {
      const { request } = asked
      if (!isPoisoned(error, request)) throw error
      const { notifications = [], ...content } = request
      for (const notification of notifications) events.emit('notificationRejected', { notification, error })
      asked.request = content
      return deliver(core, asked)
    }
  }

  return async (given: RequestOptions): Promise<Result> => {
    if (core.closed) throw closed()
    const call = checkedCall(given)
    if (!visit.consent.isIn()) await visit.consent.wait(call.signal)
    const identity = identify(call, options, platform)
    const visitor = visit.visitorOf(call)
    const filled = buildRequest({ call, identity, options, platform, visitor, events })
    const waited = telemetry.take(identity.sessionId)
    const entries = [...(filled.telemetry?.entries ?? []), ...waited]
    if (entries.length) filled.telemetry = { entries }

    const asked = { call, identity, request: filled }
    const response = await answer(asked).catch((error) => {
      // Measurements that Target refuses would spoil the next call as well.
      if (error.status !== 400 && error.status !== 413) telemetry.add(identity.sessionId, ...waited)
      throw error
    })

    const { request } = asked
    const cookies = remember(identity, response, platform)
    let made: Envelope | undefined
    const envelope = () => {
      made ??= envelopeOf(request, identity, response)
      return made
    }
    if (platform.cookies) {
      visit.envelope = envelope()
      visit.context = { ...call.request.context, beacon: undefined }
    }
    const executed = executedOf(response)
    const prefetched = prefetchedOf(response)
    const origin = { envelope, request, executed: false, impressionId: call.request.impressionId }
    rememberOrigin(origins, origin, { executed, prefetched })
    // It holds the click metrics that belong to no one view.
    if (typeof response.prefetch === 'object' && response.prefetch) origins.set(response.prefetch, origin)
    const visitorState = stateOf(visitor, call)
    const remote = { remoteMboxes: [], remoteViews: [] }
    return {
      request,
      response,
      status: { status: response.status ?? 200, message: 'OK', ...remote },
      ...cookies,
      ...(visitorState && { visitorState }),
      ...summaryOf([...executed, ...prefetched]),
      meta: { decisioningMethod: 'server-side', ...remote },
    }
  }
}
