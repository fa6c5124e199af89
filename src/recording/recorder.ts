import { invalid } from '../delivery/error.ts'
import { type Listening, type ListenOptions, listen } from '../emulator/listen.ts'
import { isPublished } from '../emulator/published.ts'
import { preflight, responseOf } from '../emulator/wire.ts'
import { createExchangeCleaner } from './exchange-clean.ts'
import type { RecordedExchange, Recording } from './recording.ts'
import { createStandIns, standInsIn } from './stand-ins.ts'

/** How a recorder works. */
export interface RecorderOptions {
  /** The edge that answers, such as `https://acme.tt.omtrdc.net`. @default the host of each request */
  to?: string
  /** Where rules for devices come from. @default `https://assets.adobetarget.com` for an edge of Target's, else the edge */
  rules?: string
  /** Names of parameters, profile parameters and keys of page addresses whose values are written as they are. @default none */
  keep?: readonly string[]
  /** What was recorded before, to be gone on with. @default nothing */
  recording?: Recording
  /** Hears of each exchange that was recorded. */
  onExchange?: (exchange: RecordedExchange) => void
  /** Reaches the edge. @default fetch */
  fetchApi?: typeof fetch
}

/** Hands calls on to an edge, and writes down what was asked and answered. It is called as `fetch` is. */
export interface Recorder {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** What was recorded, without what is secret. */
  readonly recording: Recording
  /** Serves over HTTP, in Node, as an emulator does. Throws a `TargetError` `INVALID_ARGUMENT` without `to`, too. */
  listen(port?: number, options?: ListenOptions): Promise<Listening>
}

/** Headers that are about one connection (RFC 9110, section 7.6.1), or about the bytes on it. */
const OF_THE_CONNECTION = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'content-length',
  'content-encoding',
  'accept-encoding',
]

const LARGEST = 60 * 1024 * 1024

const passedOn = (headers: Headers, ...also: string[]): Headers => {
  const passed = new Headers(headers)
  const named =
    headers
      .get('connection')
      ?.split(',')
      .map((name) => name.trim()) ?? []
  for (const name of [...OF_THE_CONNECTION, ...also, ...named]) if (name) passed.delete(name)
  return passed
}

/** Scheme and host of an address. Throws a `TargetError` `INVALID_ARGUMENT`. */
const originOf = (name: 'to' | 'rules', address: string): string => {
  const isAddress = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)
  if (isAddress) return new URL(address).origin
  throw invalid(`${name}: must be an address such as https://acme.tt.omtrdc.net, but received ${address}`, {
    path: name,
    received: address,
  })
}

const rulesAt = (to: string | undefined, rules: string | undefined): string | undefined => {
  if (rules !== undefined) return originOf('rules', rules)
  return to && /\.tt\.omtrdc\.net$/.test(new URL(to).hostname) ? 'https://assets.adobetarget.com' : to
}

const isDelivery = ({ pathname }: URL): boolean => /^\/rest\/v1\/delivery\/?$/.test(pathname)

const refused = (request: Request, status: number, message: string): Response =>
  responseOf({ status, body: { status, message } }, request.headers.get('origin'))

/**
 * Makes a recorder. Only Delivery API calls and files for devices are handed on. The caller gets the true answer; what is recorded
 * has stand-ins in place of ids, tokens, cookies, addresses and values. Throws a `TargetError` `INVALID_ARGUMENT` for an address
 * that is none.
 */
export const createRecorder = (options: RecorderOptions = {}): Recorder => {
  const { fetchApi = fetch, onExchange, keep = [] } = options
  const to = options.to === undefined ? undefined : originOf('to', options.to)
  const rules = rulesAt(to, options.rules)
  const before = options.recording
  const kept = [...new Set([...(before?.kept ?? []), ...keep])]
  const recording: Recording = { recording: 1, kept, exchanges: [...(before?.exchanges ?? [])] }
  const clean = createExchangeCleaner(createStandIns(standInsIn(JSON.stringify(recording))), new Set(kept))

  const addressOf = (url: URL): string => {
    const origin = (isDelivery(url) ? to : rules) ?? url.origin
    return `${origin}${url.pathname}${url.search}`
  }

  const record = async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    const isFile = isPublished(request.url)
    if (!isDelivery(url) && !isFile)
      return refused(
        request,
        404,
        `No route ${url.pathname}: only Delivery API calls and files for devices are recorded`,
      )
    if (request.method === 'OPTIONS') return preflight(request)
    const sent = await request.arrayBuffer()
    const answer = await fetchApi(addressOf(url), {
      method: request.method,
      // A file that is known already would come without its content.
      headers: passedOn(request.headers, ...(isFile ? ['if-none-match', 'if-modified-since'] : [])),
      redirect: 'manual',
      signal: request.signal,
      ...(sent.byteLength && { body: sent }),
    })
    const { status, headers } = answer
    const bytes = new Uint8Array(await answer.arrayBuffer())
    const exchange = clean({
      method: request.method,
      url: request.url,
      headers: request.headers,
      text: new TextDecoder().decode(sent),
      response: { status, headers, bytes },
    })
    recording.exchanges.push(exchange)
    onExchange?.(exchange)
    return new Response(bytes.length ? bytes : null, { status, headers: passedOn(headers) })
  }

  /** Over HTTP, whoever calls is told why there is no answer. */
  const serve = (request: Request): Promise<Response> =>
    record(request).catch((error) => {
      const { message, cause } = error as Error
      const why = cause instanceof Error ? `${message}: ${cause.message}` : message
      return refused(request, 502, `The edge ${new URL(addressOf(new URL(request.url))).host} gave no answer: ${why}`)
    })

  const recorder = async (input: string | URL | Request, init?: RequestInit) => record(new Request(input, init))
  return Object.assign(recorder, {
    recording,
    listen: async (port = 0, where: ListenOptions = {}) => {
      if (to === undefined) throw invalid('to: name the edge that answers; a server would call itself', { path: 'to' })
      return listen({ fetch: serve, maxBodyBytes: LARGEST }, port, where)
    },
  })
}
