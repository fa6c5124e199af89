import { TargetError, type TargetErrorDetails } from '../delivery/error.ts'
import { isObject } from '../delivery/json-value.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { Reply } from '../platform/platform.ts'

/** What `Retry-After` asks for, in ms; it is seconds or a date (RFC 9110 section 10.2.3). */
export const retryAfterOf = ({ headers }: Reply): number | undefined => {
  const header = headers?.get?.('retry-after')
  if (!header) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return ms >= 0 ? ms : undefined
}

/**
 * Reads an answer: unknown members survive, missing ones are fine. Throws a {@link TargetError} `HTTP_ERROR` for a status other
 * than 2xx and for Adobe's error body `{ status, message }` whatever the status, `PARSE_ERROR` for a body that is no delivery
 * response.
 */
export const parseReply = (reply: Reply, details: TargetErrorDetails): DeliveryResponse => {
  const { status, text } = reply
  if (status === 204) return {}
  let body: (DeliveryResponse & { message?: unknown }) | undefined
  try {
    const parsed = JSON.parse(text)
    if (isObject(parsed)) body = parsed
  } catch (cause) {
    details = { ...details, cause }
  }
  const failed = body?.status !== undefined && typeof body.message === 'string' ? body : undefined
  const isFine = status >= 200 && status < 300
  if (body && !failed && isFine) return body
  const serverMessage = `${failed?.message ?? text.slice(0, 200)}`
  const reason = serverMessage && `: ${serverMessage}`
  if (failed || !isFine) {
    const code = failed?.status ?? status
    const retryAfter = retryAfterOf(reply)
    const said = { ...details, status: code, serverMessage, ...(retryAfter !== undefined && { retryAfter }) }
    throw new TargetError('HTTP_ERROR', `Target answered ${code}${reason}`, said)
  }
  throw new TargetError('PARSE_ERROR', `Target answered ${status} with a body that is no delivery response${reason}`, {
    ...details,
    status,
    serverMessage,
  })
}
