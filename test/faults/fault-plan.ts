/** Everything that can go wrong with a call, by what happens on the wire. What ends in `-counted` has reached the edge. */
export const FAULTS = [
  'reset-before',
  'reset-during',
  'reset-during-counted',
  'reset-after',
  'hang',
  'hang-counted',
  '413',
  '420',
  '429',
  '500',
  '502',
  '503',
  'truncated',
  'malformed',
  'html',
  'partial',
  'other-order',
  'duplicated',
  'slow',
  'redelivered',
] as const

export type Fault = (typeof FAULTS)[number]

/** Gives the fault of the next call, which is one of this session; undefined lets it pass. */
export type Plan = (sessionId: string) => Fault | undefined

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export const randomOf = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** How often calls go wrong by chance. */
export interface Chance {
  seed: number
  /** Part of the calls, 0 to 1. */
  rate: number
  /** Each as likely as the others. @default all */
  faults?: readonly Fault[]
}

/** Faults by chance, in an order that the seed decides. */
export const byChance = ({ seed, rate, faults = FAULTS }: Chance): Plan => {
  const random = randomOf(seed)
  return () => {
    // Both numbers are drawn for every call, so that another rate hits the same calls and some more.
    const [isHit, which] = [random() < rate, random()]
    return isHit ? faults[Math.floor(which * faults.length)] : undefined
  }
}

/** These faults, one a call, and then none. `pass` lets a call through. */
export const inTurn = (...faults: (Fault | 'pass')[]): Plan => {
  const left = [...faults]
  return () => {
    const next = left.shift()
    return next === 'pass' ? undefined : next
  }
}

/** Every call of one session goes wrong, and no other. */
export const ofSession =
  (sessionId: string, fault: Fault): Plan =>
  (session) =>
    session === sessionId ? fault : undefined
