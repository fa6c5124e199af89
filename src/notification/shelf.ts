import type { NotificationStorage } from '../platform/platform.ts'

/** Characters that a shelf fills at most; browsers give all of a site 5 to 10 million. */
const CAPACITY = 2_000_000

/** The storage, once there is something to store. */
export type Reach = () => NotificationStorage

/** What a shelf works with. */
export interface ShelfParts {
  storage: Reach
  /** A write did not work; told again only after another one did. */
  onTrouble(error: unknown): void
}

/** Runs what may or may not be asynchronous, for each key after what is still going on with it. */
export const createTurns = (onError: (key: string, error: unknown) => void) => {
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

type Take = ReturnType<typeof createTurns>['take']

/** Passes over what was overtaken by something newer for its key before its turn came, so that nobody waits for it. */
const createLatest = (take: Take): Take => {
  const latest = new Map<string, () => unknown>()
  return (key, work) => {
    latest.set(key, work)
    take(key, () => {
      if (latest.get(key) !== work) return undefined
      latest.delete(key)
      return work()
    })
  }
}

/** How long the texts are that are kept, or on their way to be. */
const createSizes = () => {
  const sizes = new Map<string, number>()
  let filled = 0
  return {
    has: (key: string): boolean => sizes.has(key),
    filledWith: (key: string, size: number): number => filled + size - (sizes.get(key) ?? 0),
    measure(key: string, size?: number): void {
      filled += (size ?? 0) - (sizes.get(key) ?? 0)
      if (size === undefined) sizes.delete(key)
      else sizes.set(key, size)
    },
  }
}

const onceDone = (done: unknown, settle: () => void): unknown =>
  typeof (done as PromiseLike<unknown> | undefined)?.then === 'function'
    ? (done as PromiseLike<unknown>).then(settle)
    : settle()

/**
 * Writes texts to a storage, at once where the storage is synchronous. Nothing throws: what the storage did not take is known by
 * `has`, and told.
 */
export const createShelf = ({ storage, onTrouble }: ShelfParts) => {
  const { has, measure, filledWith } = createSizes()
  /** Sizes of what the storage has by now: a write that fails leaves what was there before. */
  const there = new Map<string, number>()
  /** Keys whose last text was not taken, whatever is there from before. */
  const stale = new Set<string>()
  /** Keys of texts that should be gone. */
  const over = new Set<string>()
  let isFull = false

  const fail = (key: string, error: unknown): void => {
    if (!over.has(key)) measure(key, there.get(key))
    stale.add(key)
    if (!isFull) onTrouble(error)
    isFull = true
  }
  const { take: queue, tails } = createTurns(fail)
  const take = createLatest(queue)

  const keep = (key: string, text: string, onKept?: () => void) => () =>
    onceDone(storage().setItem(key, text), () => {
      there.set(key, text.length)
      stale.delete(key)
      onKept?.()
      if (!over.has(key)) measure(key, text.length)
    })
  const erase = (key: string) => () =>
    onceDone(storage().removeItem(key), () => {
      there.delete(key)
      over.delete(key)
    })

  return {
    /** Whether a text is kept, or on its way to be. */
    has,
    /** Whether what is kept is not what was given last. */
    isStale: (key: string): boolean => stale.has(key),
    /** Whether the last text did not find its place. */
    isFull: (): boolean => isFull,
    set(key: string, text: string, onKept?: () => void): void {
      over.delete(key)
      stale.delete(key)
      if (filledWith(key, text.length) > CAPACITY) {
        fail(key, new RangeError(`notifications fill ${CAPACITY} characters already`))
        return
      }
      measure(key, text.length)
      take(key, keep(key, text, onKept))
    },
    /** Counts what is there already. */
    know(key: string, size: number): void {
      there.set(key, size)
      measure(key, size)
    },
    remove(key: string): void {
      measure(key)
      isFull = false
      over.add(key)
      stale.delete(key)
      take(key, erase(key))
    },
    /** Removes again what the storage did not let go of: whoever finds it would send it again. */
    sweep(): void {
      for (const key of over) if (!tails.has(key)) take(key, erase(key))
    },
    /** Resolves when all that was begun has ended. */
    done: (): Promise<unknown> => Promise.all(tails.values()),
  }
}
