import ky, { isHTTPError } from 'ky'
import type { Context } from '../delivery/context.ts'
import { invalid } from '../delivery/error.ts'
import { parseRequest } from '../delivery/request.ts'
import {
  type Consent,
  fetchWith,
  type GeoSource,
  type HandOver,
  type Patience,
  type Platform,
  type Reply,
} from './platform.ts'
import { isBot } from './server-bots.ts'
import { checkedSource } from './server-geo.ts'
import { createHandOver } from './server-hand-over.ts'
import { hostParts } from './server-host.ts'
import { fitted } from './server-logger.ts'
import { contextOf, visitCookies, visitOf } from './server-visit.ts'

declare const __VERSION__: string

/**
 * Repeats a failed attempt by ky: back-off with jitter, `Retry-After`. ky takes over with the first failure, which it is handed as
 * the outcome of its own first attempt, because a call that succeeds at once is half again as dear through it.
 */
const retry = async (attempt: () => Promise<Reply>, { retries, signal, statuses }: Patience): Promise<Reply> => {
  let first: Promise<Reply> | undefined = attempt()
  const reply = await first.catch(() => undefined)
  if (!retries || signal.aborted || (reply && !statuses.includes(reply.status))) return first

  let last: Promise<Reply> = first
  const replay = async () => {
    last = first ?? attempt()
    first = undefined
    const reply = await last
    const after = reply.headers?.get?.('retry-after')
    return new Response(null, { status: reply.status, ...(after && { headers: { 'retry-after': after } }) })
  }
  try {
    await ky.post('https://target.invalid/', {
      fetch: replay,
      signal,
      timeout: false,
      throwHttpErrors: (status) => statuses.includes(status),
      retry: {
        limit: retries,
        methods: ['post'],
        statusCodes: [...statuses],
        afterStatusCodes: [...statuses],
        delay: (count) => 100 * 2 ** count,
        jitter: (delay) => delay * (0.5 + Math.random() / 2),
        shouldRetry: ({ error }) => (isHTTPError(error) ? undefined : !signal.aborted),
      },
    })
  } catch (error) {
    // What ended it is the last outcome itself, as it was before ky looked at it; unless the deadline did.
    if (signal.aborted) throw error
  }
  return last
}

interface ServerOptions {
  client: string
  fetchApi?: typeof fetch
  cookieDomain?: string
  endpoint?: string
  geoFrom?: GeoSource
  serverState?: unknown
}

/** Throws a {@link TargetError} for a word that is none: what a visitor said must not be guessed. */
const checkedConsent = (consent: Consent | undefined): Consent | undefined => {
  if (consent === undefined || ['in', 'pending', 'out'].includes(consent)) return consent
  throw invalid("consent: say 'in', 'pending' or 'out'", { path: 'consent', received: consent })
}

/** The answers to all visitors together are no page's. */
const ofNobody: HandOver = {
  note() {},
  text() {
    throw invalid('Whose answers? Use target.visitor(request), and dehydrate() that visitor')
  },
}

/** What is for pages only. */
const checkOptions = ({ endpoint, serverState }: ServerOptions): void => {
  if (endpoint?.startsWith('/')) {
    throw invalid('endpoint: on a server use a whole address, such as https://www.shop.example/offers', {
      path: 'endpoint',
      received: endpoint,
    })
  }
  if (serverState) {
    throw invalid('serverState is for the client of a page: on a server every visitor would be given it', {
      path: 'serverState',
    })
  }
}

/** What a server lends: any `fetch`, ky for patience, nothing global. Throws a `TargetError` for what is for pages only. */
export const serverPlatform = (options: ServerOptions): Platform => {
  checkOptions(options)
  const geoFrom = checkedSource(options.geoFrom)
  const platform: Platform = {
    fetch: fetchWith(options.fetchApi),
    now: () => Date.now(),
    headers: () => ({
      'content-type': 'application/json',
      'x-exc-sdk': 'isotarget',
      'x-exc-sdk-version': __VERSION__,
      'x-request-id': crypto.randomUUID(),
    }),
    retry,
    parseRequest,
    logger: fitted,
    domainOf: hostParts,
    handOver: ofNobody,
    visit(request, details) {
      const visit = visitOf(request, details)
      let context: Context | undefined
      return {
        ...platform,
        consent: checkedConsent(details?.consent),
        isBot: isBot(visit.header('user-agent')),
        handOver: createHandOver(options.client),
        cookies: visitCookies(visit, options.cookieDomain),
        context() {
          context ??= contextOf(visit, details, geoFrom)
          return context
        },
        search: () => visit.url?.search ?? '',
      }
    },
  }
  return platform
}
