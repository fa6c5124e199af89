import { isObject } from '../delivery/json-value.ts'
import type { DeliveryRequestInput } from '../delivery/request.ts'
import { withDeadline } from '../transport/timeout.ts'
import { isRefusal, refusal } from './refusal.ts'

/** What a body may be. */
interface BodyLimits {
  maxBodyBytes: number
  /** ms */
  bodyTimeout: number
}

/** What may stand in `Content-Type`; a beacon of text names `text/plain`, one of bytes none at all. */
const TYPES = /^(text\/plain|application\/json)\s*(;|$)/i

/** Throws a refusal 415 for a body that is no text, and for one that is packed. */
export const checkType = ({ headers }: Request): void => {
  const type = headers.get('content-type')
  if (type && !TYPES.test(type)) throw refusal(415, 'The body must be JSON as text/plain or application/json')
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity') throw refusal(415, 'The body must not be packed')
}

const read = async (reader: ReadableStreamDefaultReader<Uint8Array> | undefined, limit: number): Promise<string> => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let size = 0
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length
    if (size > limit) throw tooLarge(limit)
    text += decoder.decode(part.value, { stream: true })
  }
  return text + decoder.decode()
}

const tooLarge = (limit: number) => refusal(413, `Request Entity Too Large: at most ${limit} bytes`)

/** The body, counted while it comes. Throws a refusal: 413 when it is too long, 408 when it is too slow, 400 when it is no text. */
export const textOf = async (request: Request, { maxBodyBytes, bodyTimeout }: BodyLimits): Promise<string> => {
  if (Number(request.headers.get('content-length')) > maxBodyBytes) throw tooLarge(maxBodyBytes)
  const reader = request.body?.getReader()
  try {
    return await withDeadline(bodyTimeout, undefined, () => read(reader, maxBodyBytes))
  } catch (error) {
    // What still comes is of no interest, and neither is how it ends.
    reader?.cancel().catch(() => {})
    if (isRefusal(error)) throw error
    if ((error as Error).name === 'TargetError') throw refusal(408, `The body did not come within ${bodyTimeout} ms`)
    throw refusal(400, 'Invalid request: the body is no UTF-8 text, or broke off')
  }
}

/** A Delivery API request as it came: an object, with a context that is one. Everything else is Target's to judge. */
export type Body = Pick<DeliveryRequestInput, 'id' | 'context' | 'execute' | 'impressionId'>

/** Reads a body. Throws a refusal 400 for what is no request. */
export const bodyOf = (text: string): Body => {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw refusal(400, 'Invalid request: the body is no JSON')
  }
  if (!isObject(body)) throw refusal(400, 'Invalid request: the body must be a JSON object')
  const { context = {}, id = {} } = body as Body
  if (isObject(context) && isObject(id)) return body as Body
  throw refusal(400, 'Invalid request: context and id must be JSON objects')
}
