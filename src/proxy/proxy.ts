import type { Platform, VisitDetails } from '../platform/platform.ts'
import { parseReply } from '../transport/reply.ts'
import { askedIn } from './account.ts'
import { networkOf, publicAddress } from './address.ts'
import { answerOf, failureOf } from './answer.ts'
import { artifactOf, isArtifact } from './artifact.ts'
import { bodyOf, checkType, textOf } from './body.ts'
import { forward } from './forward.ts'
import { checkedProxy, type ProxyOptions } from './options.ts'
import { admit, preflight } from './origin.ts'
import { createRate } from './rate.ts'
import { isRefusal, refusal } from './refusal.ts'
import { cookiesAfter, filled, visitorOf } from './visitor.ts'

/**
 * Answers a call of a page with what Target answers. `details` say what only you know: the visitor's address, and the address of
 * the route as browsers see it. Never rejects.
 */
export type TargetProxy = (request: Request, details?: VisitDetails) => Promise<Response>

/** What a route works with. */
interface Route {
  options: ProxyOptions
  platform: Platform
  /** Throws a refusal 429. */
  count(request: Request, details: VisitDetails): void
}

/** Counts the calls of each visitor. */
const createCount = ({ rate = {} }: ProxyOptions, now: () => number): Route['count'] => {
  if (!rate) return () => {}
  const { limit = 600, interval = 60_000, key } = rate
  const count = createRate(limit, interval, now)
  const callerOf = (request: Request, details: VisitDetails): string | undefined => {
    if (key) return key(request, details)
    if (details.ipAddress) return networkOf(details.ipAddress)
    const sessionId = new URL(request.url).searchParams.get('sessionId')
    return sessionId === null ? undefined : `session ${sessionId}`
  }
  return (request, details) => {
    const caller = callerOf(request, details)
    if (caller !== undefined) count(caller.slice(0, 200))
  }
}

/** A call on its way. */
interface Call {
  request: Request
  details: VisitDetails
  /** Headers that let the page read the answer, as soon as it may. */
  cors: Record<string, string>
}

/** Hands a call on that may be made, and the answer back. */
const serve = async ({ options, platform }: Route, { request, details, cors }: Call): Promise<Response> => {
  const { maxBodyBytes = 256 * 1024, bodyTimeout = 10_000, timeout = 3000 } = options
  checkType(request)
  const { endpoint, sessionId } = askedIn(new URL(request.url), options)
  const body = bodyOf(await textOf(request, { maxBodyBytes, bodyTimeout }))
  const visit = platform.visit?.(request, details) ?? platform
  const visitor = visitorOf(visit, sessionId, body)
  const { ipAddress } = details
  const { headers } = request
  const reply = await forward(platform, { body: filled(body, visit), endpoint, visitor, headers, ipAddress, timeout })
  const response = parseReply(reply, {})
  return answerOf(reply, cors, cookiesAfter(visit, visitor, response))
}

/** Lets a call pass. Throws a refusal for one that may not. */
const answer = async (route: Route, call: Call): Promise<Response> => {
  const { options } = route
  const { request, details } = call
  const { method, url } = request
  const isForRules = isArtifact(request, new URL(url), options)
  // The rules are for everybody.
  if (!isForRules) call.cors = admit(request, new URL(details.url ?? url, url).host, options.origins)
  if (method === 'OPTIONS') return preflight(call.cors)
  if (method !== 'POST' && !isForRules) throw refusal(405, 'Use POST', { allow: 'POST, OPTIONS' })
  route.count(request, details)
  return isForRules ? artifactOf(request, options) : serve(route, call)
}

const tell = ({ onError }: ProxyOptions, error: unknown): void => {
  try {
    onError?.(error)
  } catch {
    // Who listens cannot harm the visitor.
  }
}

/** `createProxy` for a platform. */
// @__NO_SIDE_EFFECTS__
export const proxyOn =
  (platformOf: (options: ProxyOptions) => Platform) =>
  (given: ProxyOptions): TargetProxy => {
    const options = checkedProxy(given)
    const platform = platformOf(options)
    const route: Route = { options, platform, count: createCount(options, platform.now) }
    return async (request, { ipAddress: known, url } = {}) => {
      const ipAddress = publicAddress(known)
      const call: Call = { request, details: { ...(ipAddress && { ipAddress }), ...(url && { url }) }, cors: {} }
      try {
        return await answer(route, call)
      } catch (error) {
        if (!isRefusal(error)) tell(options, error)
        return failureOf(error, call.cors)
      }
    }
  }
