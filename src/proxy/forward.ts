import { type Endpoint, hostOf, urlOf } from '../delivery/endpoint.ts'
import { isTargetError } from '../delivery/error.ts'
import type { Platform, Reply } from '../platform/platform.ts'
import { unreachable } from '../transport/edge.ts'
import { withDeadline } from '../transport/timeout.ts'
import type { Visitor } from './visitor.ts'

/** Headers of a visitor that Target reads. */
const TOLD = ['user-agent', 'sec-ch-ua', 'sec-ch-ua-mobile', 'sec-ch-ua-platform']

/** What goes to Target. */
export interface Forwarded {
  body: string
  endpoint: Endpoint
  visitor: Visitor
  /** Of the visitor. */
  headers: Headers
  ipAddress: string | undefined
  /** ms */
  timeout: number
}

/** The headers of a call: our own, and of the visitor's those that Target reads. None but these, so no cookie and no hop-by-hop. */
const headersOf = (platform: Platform, { headers, ipAddress }: Forwarded): Record<string, string> => ({
  ...platform.headers(),
  ...Object.fromEntries(TOLD.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) as string]] : []))),
  ...(ipAddress && { 'x-forwarded-for': ipAddress }),
})

/**
 * Asks Target. An edge cluster that cannot be reached may be gone, or was never there: then the account's own host is asked. Throws a
 * {@link TargetError} `TIMEOUT` or `NETWORK_ERROR`.
 */
export const forward = async (platform: Platform, forwarded: Forwarded): Promise<Reply> => {
  const { body, endpoint, visitor, timeout } = forwarded
  const headers = headersOf(platform, forwarded)
  const [near, home] = [hostOf(endpoint, visitor.cluster), hostOf(endpoint)]
  const ask = (host: string, signal: AbortSignal) =>
    platform.fetch(urlOf(endpoint, host, visitor.sessionId), { body, headers, signal })
  try {
    return await withDeadline(timeout, undefined, (signal) =>
      ask(near, signal).catch((error) => {
        if (near === home || signal.aborted) throw error
        return ask(home, signal)
      }),
    )
  } catch (error) {
    throw isTargetError(error) ? error : unreachable(error)
  }
}
