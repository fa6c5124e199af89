import { invalid } from '../delivery/error.ts'
import { readOffers } from './activity.ts'
import { createExchange } from './exchange.ts'
import type { Fault } from './fault.ts'
import { createHandlers, type MswHttp } from './handlers.ts'
import type { LedgerEntry } from './happening.ts'
import { createBook, type Ledger } from './ledger.ts'
import { type Listening, type ListenOptions, listen } from './listen.ts'
import type { Offers } from './offers.ts'
import { checkEnvironment, type EdgeRequest, type EmulatorOptions, resolveOptions } from './options.ts'
import { type QaLink, qaLinksOf } from './qa.ts'

/** What an emulator tells its listeners. */
export type EmulatorEvent = { type: 'request'; request: EdgeRequest } | { type: 'entry'; entry: LedgerEntry }

/** A Target edge of one's own. It is called as `fetch` is; what it has seen is read from its members. */
export interface Emulator {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** What was counted. */
  readonly ledger: Ledger
  /** What arrived, newest last. */
  readonly requests: readonly EdgeRequest[]
  /** How many times a browser asked for leave (OPTIONS) before it posted. */
  readonly preflights: number
  /** Calls for every request that was answered and every entry of the ledger. Returns the way to stop. */
  on(listener: (event: EmulatorEvent) => void): () => void
  /** Makes the next requests go wrong. Returns the way to lift it before its time. */
  fail(fault: Fault): () => void
  /** Handlers for msw: `setupServer(...edge.handlers(http))`. */
  handlers<Handler>(http: MswHttp<Handler>): Handler[]
  /**
   * Serves over HTTP, in Node, with CORS for every origin. Port 0 is a free one.
   * Throws a `TargetError` `INVALID_ARGUMENT` when the port is taken.
   */
  listen(port?: number, options?: ListenOptions): Promise<Listening>
  /**
   * Offers something else from now on. Visitors, experiences that they have seen, and counts stay, by the ids of activities and the
   * names of experiences; event tokens count for the experience that stands where theirs stood.
   * Throws a `TargetError` `INVALID_ARGUMENT` with the path of what is wrong; then all stays as it was.
   */
  update(offers: Offers): void
  /** A QA link for every experience that one can be asked for. */
  qaLinks(): QaLink[]
  /** Forgets visitors, requests, counts and planned faults. Listeners stay, and so do open ports. */
  reset(): void
}

/** Runs every listener; one that throws neither stops the others nor breaks the call. */
const tell = (listeners: Iterable<(event: EmulatorEvent) => void>, event: EmulatorEvent): void => {
  for (const listener of listeners) {
    try {
      listener(event)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}

/** Whoever called may stop waiting; the edge goes on all the same, as one does that is far away. */
const abortable = (work: Promise<Response>, signal: AbortSignal): Promise<Response> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort)
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })

/**
 * Makes a Target edge that runs in memory: `TargetClient.create({ client, organizationId, fetchApi: createEmulator({ offers }) })`.
 * It decides, counts and refuses as the Delivery API does.
 * Throws a `TargetError` `INVALID_ARGUMENT` for an option that cannot be used, with the path of what is wrong in the offers.
 */
export const createEmulator = (options: EmulatorOptions = {}): Emulator => {
  const settings = resolveOptions(options)
  const listeners = new Set<(event: EmulatorEvent) => void>()
  const book = createBook({
    activities: () => settings.activities,
    now: settings.now,
    most: settings.maxEntries,
    onEntry: (entry) => tell(listeners, { type: 'entry', entry }),
  })
  const exchange = createExchange(settings, book, (request) => tell(listeners, { type: 'request', request }))
  const { serve, requests, faults, reset } = exchange

  const edge = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    request.signal.throwIfAborted()
    return abortable(serve(request), request.signal)
  }
  const members = {
    ledger: book.ledger,
    requests,
    preflights: 0,
    fail: faults.plan,
    reset,
    update(offers: Offers) {
      if (settings.given) throw invalid('update: this emulator publishes an artifact of its own: make another one')
      const offered = readOffers(offers)
      checkEnvironment(offered, settings.environment)
      exchange.update(offered)
    },
    qaLinks: () => qaLinksOf(settings.activities),
    on(listener: (event: EmulatorEvent) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    handlers: <Handler>(http: MswHttp<Handler>) => createHandlers(http, edge),
    listen: (port = 0, where: ListenOptions = {}) =>
      listen({ fetch: serve, maxBodyBytes: settings.maxBodyBytes }, port, where),
  }
  return Object.defineProperty(Object.assign(edge, members), 'preflights', { get: exchange.preflights })
}
