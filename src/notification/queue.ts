import type { Notification } from '../delivery/notification.ts'
import type { NotificationStorage } from '../platform/platform.ts'
import { createAccounts, type DropReason, type Endings } from './accounts.ts'
import { type Envelope, GRACE, type Item, itemOf, type Limits, retime } from './batch.ts'
import { createDispatch, type DispatchParts, type Life } from './dispatch.ts'
import { createFlush, within } from './flush.ts'
import { createLeave, type LeaveParts } from './leave.ts'
import { abandon, collect, emptyLine, isIdle, join, type Line, recall } from './line.ts'
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

/** The moments at which notifications were queued, each later than the one before. */
const createOrder = (now: () => number) => {
  let last = 0
  return (): number => {
    last = Math.max(now(), last + 0.001)
    return last
  }
}

const bySession = (items: readonly Item[]): Map<string, Item[]> => {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const { sessionId } = item.envelope
    const group = groups.get(sessionId)
    if (group) group.push(item)
    else groups.set(sessionId, [item])
  }
  return groups
}

type Parts = QueueParts & { limits: Limits }

/** The lines, and what is done with all of them. */
const createYard = (parts: Parts) => {
  const life: Life = { isEnding: false, isOver: false, isClosing: false }
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
  const shared = { ...parts, accounts, clock, wake: alarm.set }
  const pauses = createPauses({
    ...shared,
    onPause(wait) {
      store.pause(wait)
      // Whoever stands behind others on the way to the wire has not been told yet.
      for (const line of lines.values()) {
        recall(line)
        dispatch.pump(line)
      }
    },
  })
  const setLeft = (items: readonly Item[], left: number): void => {
    for (const item of items) if (item.left !== left) store.touch(Object.assign(item, { left }))
  }
  const dispatch = createDispatch({
    ...shared,
    pauses,
    life,
    onOut(batch) {
      retime(batch.items, now())
      // Whoever finds them after a crash has to know that they may have arrived.
      batch.onFlight = () => setLeft(batch.items, now())
    },
    onBack: (item, isUnknown) => setLeft([item], isUnknown ? item.left || now() : 0),
  })
  const leaveAll = createLeave({ ...shared, dispatch, pauses, store, onSettled: dispatch.pump })

  const dropOld = (line: Line): void => {
    for (const item of line.waiting) if (now() - item.order > maxAge) accounts.dropped(item, 'age')
    line.waiting = line.waiting.filter((item) => accounts.held.has(item))
  }
  const pumpAll = (): void => {
    for (const line of lines.values()) {
      dropOld(line)
      dispatch.pump(line)
      if (isIdle(line, clock())) lines.delete(line.sessionId)
    }
  }
  /** Puts items into their lines; they have waited long enough. */
  const seat = (items: readonly Item[]): void => {
    const held = items.filter((item) => accounts.held.has(item))
    for (const [sessionId, all] of bySession(held)) join(lineOf(sessionId), all)
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

/** Whatever is stored will be found again, by this client or by another; calls under way are not waited for. */
const forgetStored = ({ life, accounts, lines, store, seat }: Yard, now: number): void => {
  const { held } = accounts
  const flying = [...held].filter(({ isOut }) => isOut)
  for (const item of flying) Object.assign(item, { left: now, after: clock() + GRACE })
  // After a while away, what is not there any more was sent by somebody else, and must not be written again.
  if (!life.isEnding) store.mark(flying)
  const ours = store.forget(held)
  const stays = new Set(ours)
  for (const item of held) if (!stays.has(item)) accounts.release(item)
  for (const line of lines.values()) abandon(line)
  seat(ours)
}

/** Leaves what is stored to others; what is not goes on waiting here. Resolves when the storage has heard of it. */
const retire = (yard: Yard, now: number): Promise<unknown> => {
  const { accounts, store, pumpAll } = yard
  if ([...accounts.held].some(store.has)) forgetStored(yard, now)
  store.close()
  pumpAll()
  return store.done()
}

const clear = async ({ accounts, lines, store }: Yard, reason: DropReason, sessionId?: string): Promise<void> => {
  const { held } = accounts
  // What stands behind other calls must not leave any more.
  for (const line of lines.values()) if (sessionId === undefined || line.sessionId === sessionId) recall(line)
  for (const item of [...held]) {
    if (sessionId === undefined || item.envelope.sessionId === sessionId) accounts.dropped(item, reason)
  }
  for (const line of lines.values()) line.waiting = line.waiting.filter((item) => held.has(item))
  if (sessionId === undefined) await store.clear()
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
  const flushAll = createFlush({ ...parts, ...yard, clock })
  const order = createOrder(parts.now)
  let isClosed = false
  /** Sends what waits now, and resolves when each was acknowledged, rejected or put back. */
  const flush = async (options: FlushOptions = {}): Promise<FlushResult> => {
    const before = { ...total }
    await within(options.timeout, flushAll())
    pumpAll()
    return { sent: total.sent - before.sent, rejected: total.rejected - before.rejected, pending: held.size }
  }
  return {
    add(notification: Notification, envelope: Envelope): void {
      const item = itemOf(notification, envelope, order())
      store.add(item)
      accounts.hold(item)
      if (!held.has(item)) return
      const line = lineOf(envelope.sessionId)
      collect(line, item, { now: clock(), delay: parts.delay, count: parts.count })
      alarm.set(Math.max(line.due, line.notBefore, clock()))
      // Somebody else listens to the page's end, too.
      if (life.isOver) queueMicrotask(() => leaveAll(lines.values(), true))
    },
    /** How many are neither acknowledged, nor rejected, nor dropped. */
    pending: (): number => held.size,
    flush,
    /** Hands over what is not on its way yet, without waiting for anything. */
    leave(isLast: boolean): void {
      life.isEnding ||= isLast
      leaveAll(lines.values(), isLast)
    },
    /** The network is there again, so that nobody has to wait for better times. */
    resume(): void {
      for (const line of lines.values()) line.notBefore = 0
      pumpAll()
    },
    /** Looks for what an earlier page or process has left. */
    open: (): void => parts.idle(() => void (isClosed || store.open(!life.isEnding))),
    /** Leaves what is stored to others: now, or when it is certain that the page goes. */
    suspend(isGoing: boolean): void {
      Object.assign(life, { isEnding: true, isOver: !isGoing })
      store.close(isGoing)
    },
    /** Comes back after a while in which others may have taken over what was stored. */
    restore(): void {
      if (!isClosed && [...held].some(store.has)) forgetStored(yard, parts.now())
      Object.assign(life, { isEnding: false, isOver: false })
      if (isClosed) return
      void store.open(true)
      pumpAll()
    },
    /** Flushes, and leaves what is stored to others for good; what is not goes on waiting here. */
    async close(options: FlushOptions = {}): Promise<FlushResult> {
      const until = clock() + (options.timeout ?? Infinity)
      isClosed = true
      life.isClosing = true
      const result = await flush(options)
      life.isClosing = false
      await within(until - clock(), retire(yard, parts.now()))
      return result
    },
    /** Drops what waits, of one session or of all, and what is stored. */
    clear: (reason: DropReason, sessionId?: string): Promise<void> => clear(yard, reason, sessionId),
  }
}
