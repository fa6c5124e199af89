import { movesBetween, type Offered } from './activity.ts'
import { createEdge } from './edge.ts'
import { createFaults, type Fault, type Faults, replaces } from './fault.ts'
import { createChance } from './hash.ts'
import type { Book } from './ledger.ts'
import type { EdgeRequest, Settings } from './options.ts'
import { createPublished } from './published.ts'
import { arrival, preflight, replyTo, responseOf, spoiled } from './wire.ts'

/** Requests in, responses out, and what came of them. */
export interface Exchange {
  /** Rejects with a `TypeError` when the connection is reset. */
  serve(request: Request): Promise<Response>
  requests: EdgeRequest[]
  faults: Faults
  preflights(): number
  /** Takes other offers; visitors and counts stay. */
  update(offered: Offered): void
  reset(): void
}

const pause = (ms: number): Promise<void> | undefined =>
  ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined

/** Counts what is under way by session; `enter` tells how many there are now. */
const createTraffic = () => {
  const underWay = new Map<string, number>()
  const change = (session: string, by: number) => {
    const now = (underWay.get(session) ?? 0) + by
    if (now) underWay.set(session, now)
    else underWay.delete(session)
    return now
  }
  return { enter: (session: string) => change(session, 1), leave: (session: string) => change(session, -1) }
}

const messageIn = (body: unknown): { message?: string } => {
  const { message } = Object(body) as { message?: unknown }
  return typeof message === 'string' ? { message } : {}
}

/** `onRequest` hears of every request when its reply leaves. */
export const createExchange = (settings: Settings, book: Book, onRequest: (request: EdgeRequest) => void): Exchange => {
  const requests: EdgeRequest[] = []
  const faults = createFaults(createChance(settings.seed))
  const traffic = createTraffic()
  const published = createPublished(settings)
  let edge = createEdge(settings, book, published)
  let preflights = 0

  const receive = async (request: Request): Promise<{ arrived: EdgeRequest; isTooLong: boolean }> => {
    const bytes = await request.arrayBuffer()
    const isTooLong = bytes.byteLength > settings.maxBodyBytes
    const arrived = arrival(request, isTooLong ? '' : new TextDecoder().decode(bytes), settings.now())
    requests.push(arrived)
    if (requests.length > settings.maxRequests) requests.shift()
    return { arrived, isTooLong }
  }

  const answered = async (request: Request, isOneTooMany: boolean): Promise<Response> => {
    const { arrived, isTooLong } = await receive(request)
    const fault: Fault = faults.next() ?? {}
    // Time passes after the work, so that a caller who gives up early may have been counted, as on a real network.
    const own = replaces(fault) && !fault.after ? undefined : replyTo(edge, arrived, { isTooLong, isOneTooMany })
    await pause((fault.delay ?? 0) + settings.latency(arrived))
    const reply = spoiled(own, fault)
    if (!fault.reset) Object.assign(arrived, { status: reply.status }, messageIn(reply.body))
    onRequest(arrived)
    if (fault.reset) throw new TypeError('Failed to fetch: the emulator was told to reset the connection')
    return responseOf(reply, request.headers.get('origin'))
  }

  return {
    requests,
    faults,
    preflights: () => preflights,
    async serve(request) {
      if (request.method === 'OPTIONS') {
        preflights++
        return preflight(request)
      }
      const session = new URL(request.url).searchParams.get('sessionId') ?? ''
      const isOneTooMany = traffic.enter(session) > settings.sessionConcurrency
      try {
        return await answered(request, isOneTooMany)
      } finally {
        traffic.leave(session)
      }
    },
    update(offered) {
      edge.visitors.move(movesBetween(settings.activities, offered.activities))
      Object.assign(settings, offered)
      published.refresh()
    },
    reset() {
      edge = createEdge(settings, book, published)
      requests.length = 0
      preflights = 0
      faults.clear()
      book.clear()
    },
  }
}
