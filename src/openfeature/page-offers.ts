import type { Client } from '../client/client.ts'
import type { PageLoadResponse } from '../delivery/page-load.ts'
import type { Asked } from './asked.ts'
import { isRefused } from './failure.ts'

/** Mboxes a call. */
const MOST = 50

/** The offers of a page, as they were answered for its visitor. */
export interface PageOffers {
  /** Asks for all of them. Rejects as the client does; resolves only when no later call has taken its place. */
  ask(asked: Asked): Promise<void>
  has(mbox: string): boolean
  /** Undefined when nothing was answered yet for the visitor of now; `isOld` when it was asked in vain since. */
  get(mbox: string): { answer: PageLoadResponse | undefined; isOld: boolean } | undefined
  /** Reports that the offers of an mbox were shown, each once for a visitor. */
  show(mbox: string): void
  forget(): void
}

type Answers = ReadonlyMap<string, PageLoadResponse>

interface Asker {
  target: Client
  /** Of the mboxes. */
  names: readonly string[]
}

const askFor = async ({ target, names }: Asker, asked: Asked, signal: AbortSignal): Promise<Answers> => {
  const { call, parameters, profileParameters } = asked
  const mboxes = names.map((name) => ({ name, parameters, profileParameters }))
  const parts = Array.from({ length: Math.ceil(mboxes.length / MOST) }, (_, at) =>
    mboxes.slice(at * MOST, (at + 1) * MOST),
  )
  const results = await Promise.all(
    parts.map((part) =>
      target.getOffers({ ...call, request: { ...call.request, prefetch: { mboxes: part } }, signal }),
    ),
  )
  return new Map(
    results.flatMap(({ response }) => (response.prefetch?.mboxes ?? []).map((mbox) => [mbox.name ?? '', mbox])),
  )
}

const visitorIn = ({ call: { request, sessionId, targetCookie } }: Asked): string =>
  JSON.stringify([request?.id, sessionId, targetCookie])

/** Keeps the offers of some mboxes for the visitor of a page. */
export const createPageOffers = (asker: Asker): PageOffers => {
  const { target, names } = asker
  let held: Answers | undefined
  let isOld = false
  let visitor: string | undefined
  let latest: Promise<void> = Promise.resolve()
  let calling = new AbortController()
  /** Event tokens that were reported. */
  let shown = new Set<string>()

  const forget = (): void => {
    calling.abort()
    held = undefined
    shown = new Set()
  }
  const load = async (asked: Asked, mine: AbortController): Promise<void> => {
    try {
      const answers = await askFor(asker, asked, mine.signal)
      if (mine !== calling) return latest
      held = answers
      isOld = false
    } catch (error) {
      // Whoever was overtaken is as good as the one that overtook.
      if (mine !== calling) return latest
      isOld = true
      if (!isRefused(error)) throw error
      held = new Map()
    }
  }
  return {
    ask(asked) {
      // What another visitor was answered is nobody's business.
      if (visitor !== visitorIn(asked)) forget()
      visitor = visitorIn(asked)
      calling.abort()
      calling = new AbortController()
      latest = load(asked, calling)
      return latest
    },
    has: (mbox) => names.includes(mbox),
    get: (mbox) => held && { answer: held.get(mbox), isOld },
    show(mbox) {
      const answer = held?.get(mbox)
      const tokens = answer?.options?.flatMap(({ eventToken }) => eventToken ?? []) ?? []
      if (!answer || tokens.every((token) => shown.has(token))) return
      for (const token of tokens) shown.add(token)
      target.display(answer)
    },
    forget,
  }
}
