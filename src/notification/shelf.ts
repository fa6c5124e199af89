import type { NotificationStorage } from '../platform/platform.ts'

/** Characters that a shelf fills at most; browsers give all of a site 5 to 10 million. */
const CAPACITY = 2_000_000

/** What a shelf works with. */
export interface ShelfParts {
  storage: NotificationStorage
  /** A write did not work; told again only after another one did. */
  onTrouble(error: unknown): void
}

/** Runs what may or may not be asynchronous, for each key after what is still going on with it. */
const createTurns = (onError: (key: string, error: unknown) => void) => {
  const tails = new Map<string, Promise<unknown>>()
  return {
    tails,
    take(key: string, work: () => unknown): void {
      const tail = tails.get(key)
      try {
        const working = tail ? tail.then(work) : work()
        if (typeof (working as PromiseLike<unknown> | undefined)?.then !== 'function') return
        const next: Promise<unknown> = Promise.resolve(working)
          .catch((error) => onError(key, error))
          .finally(() => tails.get(key) === next && tails.delete(key))
        tails.set(key, next)
      } catch (error) {
        onError(key, error)
      }
    },
  }
}

/**
 * Writes texts to a storage, at once where the storage is synchronous. Nothing throws: what the storage did not take is known by
 * `has`, and told.
 */
export const createShelf = ({ storage, onTrouble }: ShelfParts) => {
  const sizes = new Map<string, number>()
  let filled = 0
  let isFull = false

  const measure = (key: string, size?: number): void => {
    filled += (size ?? 0) - (sizes.get(key) ?? 0)
    if (size === undefined) sizes.delete(key)
    else sizes.set(key, size)
  }
  const fail = (key: string, error: unknown): void => {
    measure(key)
    if (!isFull) onTrouble(error)
    isFull = true
  }
  const { take, tails } = createTurns(fail)

  return {
    /** Whether a text is kept, or on its way to be. */
    has: (key: string): boolean => sizes.has(key),
    /** Whether the last text did not find its place. */
    isFull: (): boolean => isFull,
    set(key: string, text: string): void {
      const { length } = text
      if (filled + length - (sizes.get(key) ?? 0) > CAPACITY) {
        fail(key, new RangeError(`notifications fill ${CAPACITY} characters already`))
        return
      }
      measure(key, length)
      take(key, () => storage.setItem(key, text))
    },
    /** Counts what is there already. */
    know: (key: string, size: number): void => measure(key, size),
    remove(key: string): void {
      measure(key)
      isFull = false
      take(key, () => storage.removeItem(key))
    },
    /** Resolves when all that was begun has ended. */
    done: (): Promise<unknown> => Promise.all(tails.values()),
  }
}
