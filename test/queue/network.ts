import type { Notification } from '../../src/delivery/notification.ts'
import type { Post, Reply } from '../../src/platform/platform.ts'
import { type Around, type Call, faultsOf } from './call-rules.ts'
import type { Attempt, Ledger } from './ledger.ts'
import { type Answer, createModelEdge, namedBy, replyTo, WELL } from './model-edge.ts'
import type { Tab } from './tab.ts'

/** How long what left unheard may be on its way, in ms. */
const GRACE = 30_000

/** What becomes of a beacon: taken and counted, taken and lost, not taken. */
export type BeaconFate = 'counted' | 'lost' | 'refused'

/** What a network is made of. */
export interface NetworkParts {
  ledger: Ledger
  answers: readonly Answer[]
  /** In turn, and over again. */
  beacons: readonly BeaconFate[]
  isOnline(): boolean
  /** True when what happens now is written down. */
  isWritten(): boolean
  around(): Around
  /** Somebody was asked to leave the edge alone until then. */
  onPause(until: number): void
}

const fails = (error: unknown, ms: number): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(error), ms)
  })

/** Brings calls to an edge and answers back, and looks at everything on its way. */
export const createNetwork = (parts: NetworkParts) => {
  const { ledger, beacons } = parts
  const edge = createModelEdge(parts.answers)
  let sent = 0

  const callOf = (tab: Tab, url: string, body: string): Call | undefined => {
    const { notifications, property } = JSON.parse(body) as {
      notifications?: Notification[]
      property?: { token: string }
    }
    if (!notifications) return undefined
    return {
      tab,
      way: 'fetch',
      isClosing: tab.isClosing,
      at: performance.now(),
      url: new URL(url),
      body,
      property: property?.token,
      entries: notifications.map(({ id }) => ledger.entryOf(id)),
      texts: notifications.map((one) => JSON.stringify(one)),
    }
  }

  /** Writes down that a call left, or how it went on for its sender. */
  const leave = ({ tab, at, isClosing, entries, texts }: Call, until: number): void => {
    entries.forEach((entry, index) => {
      entry.text ??= texts[index]
      entry.touchedAt = at
      // Nobody will know that it left.
      if (!parts.isWritten()) entry.isExcused = true
      entry.attempts.push({ life: tab.life, at, until, isGivenUp: false, isClosing })
    })
  }
  const note = ({ tab, at, entries }: Call, change: Partial<Attempt>): void => {
    for (const { attempts } of entries) {
      for (const attempt of attempts) if (attempt.life === tab.life && attempt.at === at) Object.assign(attempt, change)
    }
  }
  const arrive = (call: Call): void => {
    for (const fault of faultsOf(call, parts.around())) ledger.fault(fault)
    leave(call, call.at + GRACE)
  }

  const bar = ({ tab, entries: [first] }: Call, { kind, wait }: Answer): void => {
    if (!wait || !first) return
    const until = performance.now() + wait * 1000
    const name = kind === '420' ? `session ${first.sessionId}` : `cluster ${first.cluster}`
    tab.barred.set(name, Math.max(until, tab.barred.get(name) ?? 0))
    if (kind !== '420') parts.onPause(until)
  }
  /** The sender hears an answer. */
  const hear = (call: Call, answer: Answer): Reply => {
    const ids = call.entries.map(({ id }) => id)
    const named = new Set(namedBy(answer, ids))
    for (const entry of call.entries) {
      entry.touchedAt = performance.now()
      if (!parts.isWritten()) entry.isExcused = true
      if (named.has(entry.id)) entry.isAcknowledged = true
    }
    bar(call, answer)
    return replyTo(answer, ids)
  }
  const answered = (call: Call, answer: Answer, signal: AbortSignal | undefined): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        // Who gave up because it took too long may try again; who was called off may not know whether it arrived.
        const isLate = (signal?.reason as { code?: string } | undefined)?.code === 'TIMEOUT'
        note(call, { isGivenUp: true, ...(isLate && { until: performance.now() }) })
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', stop)
      if (answer.kind === 'hang') return
      setTimeout(() => {
        if (signal?.aborted) return
        note(call, { until: performance.now() })
        if (answer.kind === 'unreachable') reject(new TypeError('fetch failed'))
        else resolve(hear(call, answer))
      }, answer.after)
    })

  return {
    edge,
    post(tab: Tab, url: string, { body, signal }: Post): Promise<Reply> {
      const call = callOf(tab, url, body)
      // Somebody asks for offers.
      if (!call) return new Promise((go) => setTimeout(() => go(replyTo(WELL, [])), 900))
      if (!parts.isOnline()) {
        leave(call, call.at)
        return fails(new TypeError('no network'), 1)
      }
      arrive(call)
      const answer = edge.next(call.entries)
      for (const entry of edge.counted(answer, call.entries)) entry.accepted++
      return answered(call, answer, signal)
    },
    beacon(tab: Tab, url: string, body: string): boolean {
      const call = callOf(tab, url, body)
      const fate = beacons[sent++ % beacons.length] ?? 'counted'
      if (!call || fate === 'refused') return false
      arrive({ ...call, way: 'beacon' })
      const isRefused = call.entries.some(({ isPoison }) => isPoison)
      if (fate === 'counted' && !isRefused) for (const entry of call.entries) entry.accepted++
      return true
    },
  }
}
