import { isTargetError } from '../delivery/error.ts'

/** The longest wait between two attempts, in ms. */
const LONGEST = 60_000
/** The longest that a `Retry-After` is obeyed, in ms. */
export const LONGEST_ASKED = 3_600_000

/** Doubles with every failure, up to a minute; half of it is chance, so that many clients do not come back at once. */
export const waitOf = (delay: number, failures: number, chance = Math.random()): number =>
  Math.min(LONGEST, Math.max(delay, 5) * 2 ** Math.min(failures, 20)) * (0.5 + chance / 2)

/** How long Target asked to be left alone, in ms, and a little more so that not everybody comes back at once. */
export const askedFor = (error: unknown): number | undefined =>
  isTargetError(error) && error.retryAfter !== undefined
    ? Math.min(error.retryAfter, LONGEST_ASKED) * (1 + Math.random() / 10)
    : undefined

/** True when it was too much at a time, so that a short wait would make it worse. */
export const isTooMuch = (error: unknown): boolean =>
  isTargetError(error) && (error.status === 420 || error.status === 429)

/** True when nothing was reached, so that another way may do better. */
export const isUnreachable = (error: unknown): boolean =>
  isTargetError(error) && (error.code === 'NETWORK_ERROR' || error.code === 'TIMEOUT')
