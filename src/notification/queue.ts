import type { Notification } from '../delivery/notification.ts'
import type { NotificationStorage } from '../platform/platform.ts'
import { createAccounts, type DropReason, type Endings } from './accounts.ts'
import { type Envelope, GRACE, type Item, itemOf, type Limits } from './batch.ts'
import { createDispatch, type DispatchParts } from './dispatch.ts'
import { createLeave, type LeaveParts } from './leave.ts'
import { abandon, emptyLine, isAway, join, type Line, opening } from './line.ts'
import { createPauses, type PausesParts } from './pauses.ts'
import { createStore } from './store.ts'
import { createAlarm } from './timer.ts'

/** Bytes a call, with room left under the 64 KiB that browsers grant to what outlives a page. */
const BYTES = 60 * 1024
/** Notifications that are held at most. */
const CAPACITY = 20_000

/** What became of the notifications of a `flush()`. */
export interface FlushResult {
  sent: number
  rejected: number
  /** Still waiting for another attempt. */
  pending: number
}

/** How long a flush may take. */
export interface FlushOptions {
  /** Resolves after so many ms at the latest; what is not settled by then goes on, and is pending. @default as long as it takes */
  timeout?: number
}

/** What a queue needs. */
export interface QueueParts extends Endings, Pick<LeaveParts, 'leave' | 'isConfirmed'> {
  send: DispatchParts['send']
  onRetry: PausesParts['onRetry']
  /** How long to collect before sending, in ms. */
  delay: number
  /** Notifications a call, at most. */
  count: number
  /** Attempts of a flush after the first. */
  retries: number
  /** How long a flush waits for better times, in ms. */
  patience: number
  /** When a notification is too old to be sent, in ms. */
  maxAge: number
  /** Epoch ms. */
  now(): number
  isOnline(): boolean
  /** Runs work when nothing else is to be done. */
  idle(work: () => void): void
  /** Where notifications outlive the page or the process; asked for once, when there is something to store. */
  storage(): NotificationStorage | undefined
  /** Client code of the account. */
  client: string
  onTrouble(message: string, error?: unknown): void
}

/** ms that only grow, whatever becomes of the clock. */
const clock = (): number => performance.now()

const pauseOf = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms))

/** Waits for work, but not for longer than `ms`. */
const within = async (ms: number, work: Promise<unknown>): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise((go) => {
    timer = setTimeout(go, ms)
  })
  await Promise.race([work, over])
  clearTimeout(timer)
}

/** The moments at which notifications were queued, each later than the one before. */
const createOrder = (now: () => number) => {
  let last = 0
  return (): number => {
    last = Math.max(now(), last + 0.001)
    return last
  }
}

/** A moment that lies ahead, because the clock was put back since, would be refused: it becomes now. */
const retimed = (item: Item, now: number): Item => {
  const { notification } = item
  if (notification.timestamp <= now + 60_000) return item
  const { text, bytes } = itemOf({ ...notification, timestamp: now }, item.envelope, item.order)
  return Object.assign(item, { text, bytes })
}

type Parts = QueueParts & { limits: Limits }

/** The lines, and what is done with all of them. */
const createYard = (parts: Parts) => {
  const life = { isEnding: false }
  const { now, maxAge } = parts
  const lines = new Map<string, Line>()
  const lineOf = (sessionId: string): Line => {
    const line = lines.get(sessionId) ?? emptyLine(sessionId)
    lines.set(sessionId, line)
    return line
  }
  const store = createStore({
    ...parts,
    onFound: (items) => find(items),
    onPaused: (wait) => pauses.keep(wait),
  })
  const accounts = createAccounts({ ...parts, capacity: CAPACITY, onEnd: store.remove })
  const alarm = createAlarm(clock, () => parts.idle(pumpAll))
  const pauses = createPauses({ ...parts, clock, onPause: (wait) => store.pause(wait) })
  const setLeft = (items: readonly Item[], left: number): void => {
    for (const item of items) if (item.left !== left) store.touch(Object.assign(item, { left }))
  }
  const dispatch = createDispatch({
    ...parts,
    accounts,
    pauses,
    clock,
    wake: alarm.set,
    // Whoever finds them after a crash has to know that they may have arrived.
    onOut: (items) => setLeft(items, now()),
    onBack: (item, isUnknown) => setLeft([item], isUnknown ? item.left || now() : 0),
    isEnding: () => life.isEnding,
  })
  const leaveAll = createLeave({ ...parts, accounts, dispatch, pauses, store, clock, onSettled: dispatch.pump })

  const dropOld = (line: Line): void => {
    for (const item of line.waiting) if (now() - item.order > maxAge) accounts.dropped(item, 'age')
    line.waiting = line.waiting.filter((item) => accounts.held.has(item) && retimed(item, now()))
  }
  const pumpAll = (): void => {
    for (const line of lines.values()) {
      dropOld(line)
      dispatch.pump(line)
      if (!line.waiting.length && !line.flight && !line.leaving.size) lines.delete(line.sessionId)
    }
  }
  /** Puts items into their lines; they have waited long enough. */
  const seat = (items: readonly Item[]): void => {
    const bySession = new Map<string, Item[]>()
    for (const item of items) {
      if (!accounts.held.has(item)) continue
      const { sessionId } = item.envelope
      const known = bySession.get(sessionId)
      if (known) known.push(item)
      else bySession.set(sessionId, [item])
    }
    for (const [sessionId, all] of bySession) {
      const line = lineOf(sessionId)
      join(line, all)
      line.due = 0
    }
  }
  /** Takes up what somebody else has left. */
  const find = (items: readonly Item[]): void => {
    for (const item of items) {
      accounts.hold(item)
      // What may still be on its way is not sent again yet; however the clock was put, not for longer than that.
      if (item.left) item.after = clock() + Math.min(GRACE, Math.max(0, GRACE - (now() - item.left)))
    }
    seat(items)
    pumpAll()
  }
  return { life, lines, lineOf, store, accounts, alarm, dispatch, pauses, leaveAll, pumpAll, dropOld, seat }
}

type Yard = ReturnType<typeof createYard>

/** When the first line whose call failed may try again; Infinity when none did. */
const betterTimes = ({ lines, pauses }: Yard): number => {
  const waiting = [...lines.values()].filter(({ failures, waiting }) => failures && waiting.length)
  return Math.min(...waiting.map((line) => Math.max(opening(line), pauses.until(line))), Infinity)
}

/** Sends what waits, and again what did not come through, as often as patience allows. */
const createFlush = (yard: Yard, { retries, patience, isOnline }: Parts) => {
  const { lines, dispatch, dropOld } = yard
  let rounds = 0
  const once = async (isRepeat: boolean): Promise<void> => {
    const round = ++rounds
    for (const line of lines.values()) {
      if (isRepeat && !line.failures) continue
      dropOld(line)
      for (const item of line.waiting) if (!isAway(item, clock())) item.round = -round
    }
    await Promise.all(Array.from(lines.values(), (line) => dispatch.drain(line, round)))
    const leaving = Array.from(lines.values(), (line) => [...line.leaving]).flat()
    await Promise.all(leaving.map(({ landed }) => landed))
  }
  return async (): Promise<void> => {
    const until = clock() + patience
    for (let left = retries; ; left--) {
      await once(left < retries)
      const next = betterTimes(yard)
      if (left <= 0 || next > until || !isOnline()) break
      await pauseOf(next - clock())
    }
    await yard.store.done()
  }
}

/** Whatever is stored will be found again, by this client or by another; calls under way are not waited for. */
const forgetStored = ({ accounts, lines, store, seat }: Yard, now: number): void => {
  const { held } = accounts
  const flying = [...held].filter(({ isOut }) => isOut)
  for (const item of flying) Object.assign(item, { left: now, after: clock() + GRACE })
  store.mark(flying)
  const ours = store.forget(held)
  const stays = new Set(ours)
  for (const item of held) if (!stays.has(item)) accounts.release(item)
  for (const line of lines.values()) abandon(line)
  seat(ours)
}

/**
 * Holds notifications until Target has acknowledged them, sends them in batches, and tells what became of each. It does not throw
 * for anything but a notification that no JSON can carry.
 */
export const createQueue = (given: QueueParts) => {
  const parts: Parts = { ...given, limits: { count: given.count, bytes: BYTES } }
  const yard = createYard(parts)
  const { life, lines, lineOf, store, accounts, alarm, leaveAll, pumpAll } = yard
  const { held, total } = accounts
  const flushAll = createFlush(yard, parts)
  const order = createOrder(parts.now)
  let isClosed = false
  return {
    add(notification: Notification, envelope: Envelope): void {
      const item = itemOf(notification, envelope, order())
      store.add(item)
      accounts.hold(item)
      if (!held.has(item)) return
      const line = lineOf(envelope.sessionId)
      line.waiting.push(item)
      line.due = line.waiting.length >= parts.count ? 0 : Math.min(line.due, clock() + parts.delay)
      alarm.set(Math.max(line.due, line.notBefore, clock()))
    },
    /** How many are neither acknowledged, nor rejected, nor dropped. */
    pending: (): number => held.size,
    /** Sends what waits now, and resolves when each was acknowledged, rejected or put back. */
    async flush({ timeout }: FlushOptions = {}): Promise<FlushResult> {
      const before = { ...total }
      const work = flushAll()
      await (timeout === undefined ? work : within(timeout, work))
      pumpAll()
      return { sent: total.sent - before.sent, rejected: total.rejected - before.rejected, pending: held.size }
    },
    /** Hands over what is not on its way yet, without waiting for anything. */
    leave(isLast: boolean): void {
      life.isEnding = isLast
      leaveAll(lines.values(), isLast)
    },
    /** The network is there again, so that nobody has to wait for better times. */
    resume(): void {
      for (const line of lines.values()) line.notBefore = 0
      pumpAll()
    },
    /** Looks for what an earlier page or process has left. */
    open: (): void => parts.idle(() => void (isClosed || store.open())),
    /** Leaves what is stored to others, before the page ends. */
    suspend(): void {
      life.isEnding = true
      store.close()
    },
    /** Comes back after a while in which others may have taken over what was stored. */
    restore(): void {
      life.isEnding = false
      if (isClosed) return
      if ([...held].some(store.has)) forgetStored(yard, parts.now())
      void store.open()
      pumpAll()
    },
    /** Leaves what is stored to others for good; what is not goes on waiting here. */
    close(): void {
      isClosed = true
      if ([...held].some(store.has)) forgetStored(yard, parts.now())
      store.close()
    },
    /** Drops what waits, of one session or of all, and what is stored. */
    async clear(reason: DropReason, sessionId?: string): Promise<void> {
      for (const item of [...held]) {
        if (sessionId === undefined || item.envelope.sessionId === sessionId) accounts.dropped(item, reason)
      }
      for (const line of lines.values()) line.waiting = line.waiting.filter((item) => held.has(item))
      if (sessionId === undefined) await store.clear()
    },
  }
}
