import type { NotificationStorage } from '../platform/platform.ts'

/** Where a copy of the artifact is kept: `localStorage`, or what is like it. Members may be asynchronous. */
export type ArtifactStorage = Pick<NotificationStorage, 'getItem' | 'setItem'> &
  Partial<Pick<NotificationStorage, 'removeItem'>>

/** Characters of the largest artifact that is kept: a fifth of what `localStorage` takes, which is not ours alone. */
const LARGEST = 1_048_576
/** An older copy is not used, in ms: its activities may have ended since. */
const OLDEST = 86_400_000

/** What a copy works with. */
export interface CopyParts {
  /** Undefined where there is none; may throw where it is denied. */
  storage(): ArtifactStorage | undefined
  /** Address of the artifact. */
  location: string
  /** Epoch ms. */
  now(): number
  onTrouble(message: string): void
}

/** The artifact of the last page, for the next one to begin with. What the storage does wrong is told once, and harms nobody. */
export const createCopy = ({ storage, location, now, onTrouble }: CopyParts) => {
  const key = `isotarget-artifact:${encodeURIComponent(location)}`
  let isTroubled = false

  const trouble = (error: unknown): void => {
    // A storage that is denied is denied at every poll.
    if (!isTroubled) onTrouble(`The copy of the artifact cannot be used: ${(error as Error)?.message ?? error}`)
    isTroubled = true
  }

  return {
    /** Takes what was kept, at once where the storage can. `take` may throw. */
    restore(take: (text: string, at: number) => void): void {
      const read = (found: unknown): void => {
        const [, at, text] = /^(\d+)\n(.*)$/s.exec(typeof found === 'string' ? found : '') ?? []
        // A clock that was put back makes a copy from the future.
        if (text && Math.abs(now() - Number(at)) < OLDEST) take(text, Number(at))
      }
      try {
        const found = storage()?.getItem(key)
        if (found instanceof Promise) found.then(read).catch(trouble)
        else read(found)
      } catch (error) {
        trouble(error)
      }
    },
    /** Removes what was kept. Never rejects. */
    async forget(): Promise<void> {
      try {
        await storage()?.removeItem?.(key)
      } catch (error) {
        trouble(error)
      }
    },
    /** Keeps an artifact; one that is too large leaves no copy. Never rejects. */
    async keep(text: string): Promise<void> {
      try {
        await storage()?.setItem(key, text.length > LARGEST ? '' : `${now()}\n${text}`)
      } catch (error) {
        trouble(error)
      }
    },
  }
}
