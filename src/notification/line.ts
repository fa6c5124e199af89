import { type Batch, type Item, inTurn } from './batch.ts'

/** What waits of one session. Its calls go one after the other, and it keeps nobody else waiting. Moments are those of the clock. */
export interface Line {
  sessionId: string
  /** In the order in which they happened. */
  waiting: Item[]
  /** The call under way by the normal exit. */
  batch: Batch | undefined
  flight: Promise<void> | undefined
  /** Calls under way by the closing exit. */
  leaving: Set<Batch>
  /** When collecting ends. */
  due: number
  /** When the back-off ends. */
  notBefore: number
  /** Until when Target wants no call of this session. */
  barredUntil: number
  /** Calls that failed in a row. */
  failures: number
  /** The visitor's edge cluster was not reached. */
  isAstray: boolean
}

/** A line without anybody in it. */
export const emptyLine = (sessionId: string): Line => ({
  sessionId,
  waiting: [],
  batch: undefined,
  flight: undefined,
  leaving: new Set(),
  due: Infinity,
  notBefore: 0,
  barredUntil: 0,
  failures: 0,
  isAstray: false,
})

/** Puts items where they belong; they have waited long enough. */
export const join = (line: Line, items: readonly Item[]): void => {
  if (!items.length) return
  line.waiting = inTurn([...items, ...line.waiting])
  line.due = 0
  for (const item of items) item.isOut = false
}

/** Lets an item wait for others. What may not be sent yet stands before them, and does not hurry them. */
export const collect = (line: Line, item: Item, { now, delay, count }: Record<'now' | 'delay' | 'count', number>) => {
  const first = line.waiting.findIndex(({ after }) => after <= now)
  const collected = first < 0 ? 0 : line.waiting.length - first
  const due = collected ? line.due : Infinity
  line.waiting.push(item)
  line.due = collected + 1 >= count ? 0 : Math.min(due, now + delay)
}

/** Takes the items of a call out. */
export const depart = (line: Line, { items }: Batch): void => {
  for (const item of items) item.isOut = true
  line.waiting = line.waiting.filter(({ isOut }) => !isOut)
  if (!line.waiting.length) line.due = Infinity
}

/** Takes back the call that is not on the wire yet. */
export const recall = (line: Line): void => {
  const { batch } = line
  if (!batch || batch.isFlying) return
  line.batch = undefined
  line.flight = undefined
  batch.stop.abort()
  // A flush has yet to try them.
  for (const item of batch.items) item.round = -Math.abs(item.round)
  join(line, batch.items)
}

/** Gives up all calls, and forgets who waits. */
export const abandon = (line: Line): void => {
  for (const batch of [line.batch, ...line.leaving]) batch?.stop.abort()
  const { sessionId, notBefore, barredUntil, failures } = line
  Object.assign(line, { ...emptyLine(sessionId), notBefore, barredUntil, failures })
}

/** True when nothing has to be known of a line any more. */
export const isIdle = ({ waiting, flight, leaving, barredUntil }: Line, now: number): boolean =>
  !waiting.length && !flight && !leaving.size && barredUntil <= now

/** True while an item may still be on its way, and must not be sent again. */
export const isAway = ({ left, after }: Item, now: number): boolean => left > 0 && after > now

/** Who may go by the normal exit: in the given flush, or by themselves. */
export const ready = (line: Line, now: number, round?: number): Item[] => {
  if (round !== undefined) return line.waiting.filter((item) => item.round === -round && !isAway(item, now))
  return now < line.due || now < line.notBefore ? [] : line.waiting.filter(({ after }) => after <= now)
}

/** When somebody in a line may go by themselves; Infinity when nobody waits. */
export const opening = ({ waiting, due, notBefore, barredUntil }: Line): number =>
  Math.max(
    due,
    notBefore,
    barredUntil,
    waiting.reduce((first, { after }) => Math.min(first, after), Infinity),
  )
