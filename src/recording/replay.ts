import { createHandlers, type MswHttp } from '../emulator/handlers.ts'
import { type Listening, type ListenOptions, listen } from '../emulator/listen.ts'
import { preflight, responseOf } from '../emulator/wire.ts'
import { acknowledgement, answerTo } from './answer.ts'
import { type RecordedExchange, type Recording, readRecording } from './recording.ts'
import { badReport, notificationsIn, tokensIn } from './report.ts'
import { type Asked, askedOf, placesIn, shapeOf } from './shape.ts'
import { createTape, missing } from './tape.ts'

/** A recording that answers. It is called as `fetch` is. */
export interface Replay {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** Requests that were not in the recording, each as the sentence that its caller was told. */
  readonly missed: readonly string[]
  /** Exchanges that nobody has asked for yet. */
  readonly unasked: readonly RecordedExchange[]
  /** Hears of each request, when it is answered. Returns the way to stop. */
  on(listener: (event: ReplayEvent) => void): () => void
  /** From the beginning: what was asked more than once is answered first again. */
  reset(): void
  /** Handlers for msw: `setupServer(...replay.handlers(http))`. */
  handlers<Handler>(http: MswHttp<Handler>): Handler[]
  /** Serves over HTTP, in Node, as an emulator does. */
  listen(port?: number, options?: ListenOptions): Promise<Listening>
}

/** A request was answered. */
export interface ReplayEvent {
  /** What was asked, a line for each thing. */
  asked: readonly string[]
  status: number
  /** Position of the recorded exchange, from 0; undefined where none was needed, or none found. */
  exchange?: number
  /** Why there was no answer. */
  message?: string
}

const LARGEST = 60 * 1024 * 1024

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What is answered, and by which exchange. */
interface Played {
  status: number
  body?: unknown
  headers?: Record<string, string>
  exchange?: number
  message?: string
}

/** A recording while it is played. */
const createPlayer = ({ exchanges, kept }: Recording) => {
  const shapes = exchanges.map((exchange) => shapeOf(askedOf(exchange), kept))
  const known = tokensIn(exchanges.map(({ response }) => response.body))
  const tape = createTape(shapes)
  const asked = new Set<number>()
  const missed: string[] = []

  /** Of a report nothing is needed but its tokens: what is reported together is a matter of time. */
  const unmatched = (request: Asked, shape: readonly string[]): Played => {
    const isReport = placesIn(request, kept).length === 0 && notificationsIn(request.body).length > 0
    if (isReport)
      return shape.includes('as a beacon') ? { status: 204 } : { status: 200, body: acknowledgement(request.body) }
    const message = missing(shape, shapes)
    missed.push(message)
    return { status: 404, body: { status: 404, message }, message }
  }
  return {
    missed,
    unasked: () => exchanges.filter((_, at) => !asked.has(at)),
    shapeOf: (request: Asked) => shapeOf(request, kept),
    play(request: Asked, shape: readonly string[]): Played {
      const message = badReport(request.body, known)
      if (message) return { status: 400, body: { status: 400, message }, message }
      const at = tape.next(shape) ?? -1
      const exchange = exchanges[at]
      if (!exchange) return unmatched(request, shape)
      asked.add(at)
      const { status, headers } = exchange.response
      return { status, body: answerTo(exchange, request.body), headers, exchange: at }
    },
    reset(): void {
      tape.clear()
      asked.clear()
      missed.length = 0
    },
  }
}

/**
 * Plays a recording, from {@link createRecorder} or `isotarget record`. A request is known by what it asks: places, mode, channel,
 * property, and the values that were kept. Its own ids stand in the answer. What was not recorded is answered 404 with a sentence that
 * names the nearest recorded call. Notifications with tokens of the recording are acknowledged.
 * Throws a `TargetError` `INVALID_ARGUMENT` for what is no recording.
 */
export const createReplay = (recording: unknown): Replay => {
  const player = createPlayer(readRecording(recording))
  const listeners = new Set<(event: ReplayEvent) => void>()

  const serve = async (request: Request): Promise<Response> => {
    if (request.method === 'OPTIONS') return preflight(request)
    const { pathname } = new URL(request.url)
    const about = { method: request.method, path: pathname, body: parsed(await request.text()) }
    const asked = player.shapeOf(about)
    const { status, body, headers, exchange, message } = player.play(about, asked)
    const event = { asked, status, ...(exchange !== undefined && { exchange }), ...(message && { message }) }
    for (const listener of listeners) listener(event)
    const isKnown = headers?.etag !== undefined && request.headers.get('if-none-match') === headers.etag
    const reply = isKnown ? { status: 304, headers } : { status, body, ...(headers && { headers }) }
    return responseOf(reply, request.headers.get('origin'))
  }
  const replay = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    request.signal.throwIfAborted()
    return serve(request)
  }
  const members = {
    missed: player.missed,
    unasked: [] as readonly RecordedExchange[],
    on(listener: (event: ReplayEvent) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    reset: player.reset,
    handlers: <Handler>(http: MswHttp<Handler>) => createHandlers(http, replay),
    listen: (port = 0, where: ListenOptions = {}) => listen({ fetch: serve, maxBodyBytes: LARGEST }, port, where),
  }
  return Object.defineProperty(Object.assign(replay, members), 'unasked', { get: player.unasked })
}
