import { isTargetError, type TargetError } from '../delivery/error.ts'

/** The shortest interval between two polls, and the default, in ms. */
const SHORTEST = 300_000
/** The longest wait after failures, and the longest that a `Retry-After` is obeyed, in ms. */
const LONGEST = 3_600_000
/** A `Retry-After` beyond this is left to the next poll, in ms. */
const IMPATIENCE = 10_000

/** A timer that keeps no process alive. */
export const after = (ms: number, work: () => void): ReturnType<typeof setTimeout> => {
  // A longer one would ring at once.
  const timer = setTimeout(work, Math.min(ms, 2 ** 31 - 1))
  const { unref } = Object(timer) as { unref?(): void }
  unref?.call(timer)
  return timer
}

/** The interval that is meant, in ms; 0 never polls. */
export const pollingIntervalOf = (given: unknown): number =>
  given === 0 ? 0 : Math.max(SHORTEST, (typeof given === 'number' && given) || 0)

const askedFor = (error: TargetError | undefined): number => Math.min(error?.retryAfter ?? 0, LONGEST)

/**
 * How long the next poll waits: the interval, after the second failure in a row twice that, and so on up to an hour. A tenth is
 * chance, so that many processes that were started together do not ask together.
 */
export const pollWait = (interval: number, failures: number, error: TargetError | undefined): number =>
  Math.max(askedFor(error), interval, Math.min(LONGEST, interval * 2 ** (failures - 1))) * (1 + Math.random() / 10)

/** True when another attempt may better it: nothing came, or the server is in trouble. A bad artifact stays bad. */
const isPassing = ({ code, status = 0 }: TargetError): boolean =>
  code === 'NETWORK_ERROR' || code === 'TIMEOUT' || status >= 500 || [408, 420, 425, 429].includes(status)

/**
 * Repeats an attempt with a growing, jittered wait: 100 to 200 ms, then twice that, and so on, or what `Retry-After` asks for.
 * The error of the last attempt says how many there were.
 */
export const persist = async <Result>(
  attempt: () => Promise<Result>,
  { retries, signal }: { retries: number; signal: AbortSignal },
): Promise<Result> => {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt()
    } catch (error) {
      const asked = isTargetError(error) && isPassing(error) ? askedFor(error) : Infinity
      if (attempts <= retries && asked <= IMPATIENCE) {
        const wait = Math.max(asked, 2 ** attempts * (50 + Math.random() * 50))
        await new Promise<void>((resolve) => after(wait, resolve))
        if (!signal.aborted) continue
      }
      throw Object.assign(error as Error, { attempts })
    }
  }
}
