import { deliver } from './delivery.ts'
import type { Edge } from './edge.ts'
import type { Fault } from './fault.ts'
import type { EdgeRequest } from './options.ts'
import { isPublished } from './published.ts'
import { isRefusal, refusal } from './refusal.ts'
import type { Reply } from './reply.ts'

/** Statuses that go without a body. */
const BODILESS = [204, 205, 304]

/** Whoever asks is allowed, with credentials: a browser then wants its own origin named. */
const corsOf = (origin: string | null): Record<string, string> =>
  origin === null
    ? {}
    : { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', vary: 'Origin' }

/** The answer to a browser that asks before it posts. */
export const preflight = ({ headers, url }: Request): Response => {
  const asked = headers.get('access-control-request-headers')
  const allowed: Record<string, string> = asked === null ? {} : { 'access-control-allow-headers': asked }
  const cors = corsOf(headers.get('origin') ?? '*')
  const methods = { 'access-control-allow-methods': isPublished(url) ? 'GET, HEAD' : 'POST' }
  return new Response(null, { status: 204, headers: { ...cors, ...methods, ...allowed } })
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What arrived, in the words that tests read. `text` is empty for a body that is too long. */
export const arrival = (request: Request, text: string, at: number): EdgeRequest => ({
  method: request.method,
  url: request.url,
  host: new URL(request.url).hostname,
  headers: Object.fromEntries(request.headers),
  body: jsonOf(text),
  text,
  at,
  warnings: [],
})

const isDelivery = (url: string): boolean => /^\/rest\/v1\/delivery\/?$/.test(new URL(url).pathname)

/** What keeps a request from being looked at. */
export interface Burden {
  isTooLong: boolean
  isOneTooMany: boolean
}

const routed = (edge: Edge, arrived: EdgeRequest, { isTooLong, isOneTooMany }: Burden): Reply => {
  const published = edge.published.serve(arrived)
  if (published) return published
  if (!isDelivery(arrived.url)) {
    const { pathname } = new URL(arrived.url)
    throw refusal(404, `No route ${pathname}: only /rest/v1/delivery and /client/environment/v1/rules.json are served`)
  }
  if (arrived.method !== 'POST')
    throw refusal(405, `Method ${arrived.method} is not allowed: use POST`, { allow: 'POST, OPTIONS' })
  if (isTooLong) throw refusal(413, 'Request Entity Too Large')
  if (isOneTooMany) throw refusal(420, 'Too many requests with same session ID')
  return deliver(edge, arrived)
}

/** The edge's answer to what arrived, refusals included. */
export const replyTo = (edge: Edge, arrived: EdgeRequest, burden: Burden): Reply => {
  try {
    return routed(edge, arrived, burden)
  } catch (error) {
    const { status, headers = {} } = isRefusal(error) ? error : { status: 500 }
    return { status, body: { status, message: error instanceof Error ? error.message : `${error}` }, headers }
  }
}

/** The reply that a fault makes of the edge's own. */
export const spoiled = (reply: Reply | undefined, { status, body, headers }: Fault): Reply => {
  const own: Reply = status === undefined && body === undefined && reply ? reply : { status: status ?? 200, body }
  return { ...own, headers: { ...own.headers, ...headers } }
}

/** A reply as `fetch` gives it. */
export const responseOf = ({ status, body, headers }: Reply, origin: string | null): Response => {
  const isText = typeof body === 'string'
  const written =
    isText || body instanceof Uint8Array ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body)
  const content = BODILESS.includes(status) || body === undefined ? null : written
  const type: Record<string, string> =
    content === null ? {} : { 'content-type': isText ? 'text/plain' : 'application/json;charset=UTF-8' }
  // Files are for everybody.
  const cors = headers?.['access-control-allow-origin'] ? {} : corsOf(origin)
  return new Response(content, { status, headers: { ...type, ...cors, ...headers } })
}
