import { isTargetError, type TargetError } from '../delivery/error.ts'
import type { Reply } from '../platform/platform.ts'
import { isRefusal, type Refusal, refusal } from './refusal.ts'

/** Headers of every answer: it is about one visitor, and it is JSON. */
const OWN = {
  'cache-control': 'no-store',
  'content-type': 'application/json;charset=UTF-8',
  'x-content-type-options': 'nosniff',
}

/** Target's answer for the page. */
export const answerOf = ({ status, text }: Reply, cors: Record<string, string>, cookies: string[]): Response => {
  const response = new Response(status === 204 ? null : text, { status, headers: { ...OWN, ...cors } })
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** What a page hears when Target gave no decision. */
const outcomeOf = ({ code, status = 0, serverMessage, retryAfter }: TargetError): Refusal => {
  if (code === 'TIMEOUT') return refusal(504, 'Target did not answer in time')
  if (code === 'HTTP_ERROR' && Number.isInteger(status) && status >= 400 && status < 600) {
    const after = retryAfter === undefined ? {} : { 'retry-after': `${Math.ceil(retryAfter / 1000)}` }
    return refusal(status, serverMessage ?? '', after)
  }
  return refusal(502, code === 'NETWORK_ERROR' ? 'Target could not be reached' : 'Target gave no delivery response')
}

/** The answer to a call that is not handed on or failed, in the shape of the Delivery API's errors: `{ status, message }`. */
export const failureOf = (error: unknown, cors: Record<string, string>): Response => {
  const known = isTargetError(error) ? outcomeOf(error) : isRefusal(error) ? error : refusal(500, 'The route failed')
  const { status, message, headers } = known
  return new Response(JSON.stringify({ status, message }), { status, headers: { ...OWN, ...cors, ...headers } })
}
