import { TargetError, type TargetErrorDetails } from '../delivery/error.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { Reply } from '../platform/platform.ts'

/**
 * Reads an answer: unknown members survive, missing ones are fine. Throws a {@link TargetError} `HTTP_ERROR` for a status other
 * than 2xx and for Adobe's error body `{ status, message }` whatever the status, `PARSE_ERROR` for a body that is no delivery
 * response.
 */
export const parseReply = ({ status, text }: Reply, details: TargetErrorDetails): DeliveryResponse => {
  if (status === 204) return {}
  let body: (DeliveryResponse & { message?: unknown }) | null | undefined
  try {
    body = JSON.parse(text)
  } catch (cause) {
    details = { ...details, cause }
  }
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
  const failed = isObject && body?.status !== undefined && typeof body.message === 'string'
  if (isObject && !failed && status >= 200 && status < 300) return body as DeliveryResponse
  const serverMessage = failed ? `${body?.message}` : text.slice(0, 200)
  const reason = serverMessage && `: ${serverMessage}`
  if (failed || status < 200 || status > 299) {
    const code = failed ? (body?.status as number) : status
    throw new TargetError('HTTP_ERROR', `Target answered ${code}${reason}`, { ...details, status: code, serverMessage })
  }
  throw new TargetError('PARSE_ERROR', `Target answered ${status} with a body that is no delivery response${reason}`, {
    ...details,
    status,
    serverMessage,
  })
}
