import { createLease } from './lease.ts'
import { createTurns, type Reach } from './shelf.ts'

/** Where names are taken. */
export interface NamesParts {
  storage: Reach
  /** Epoch ms. */
  now(): number
}

/** The names that are held here, for as long as it is open; `prefix` goes before each in the storage. */
export const createNames = ({ storage, now }: NamesParts, prefix: string) => {
  const lease = createLease(storage, now)
  const holds = new Map<string, () => unknown>()
  // A name that cannot be let go of is free when its holder is gone.
  const releases = createTurns(() => {})
  const takes = new Set<Promise<boolean>>()
  let closing = Promise.resolve()
  let hurry = (): void => {}

  const take = async (owner: string): Promise<boolean> => {
    const name = `${prefix}${owner}`
    const kept = storage()
    const release = await (kept.hold ? kept.hold(name) : lease(name, closing))
    if (release && names.isOpen) holds.set(owner, release)
    else if (release) releases.take(owner, release)
    return Boolean(release && names.isOpen)
  }

  const names = {
    holds: holds as ReadonlyMap<string, () => unknown>,
    /** Names that were held here before: nobody is about to take them. */
    formers: new Set<string>(),
    isOpen: false,
    open(): void {
      names.isOpen = true
      closing = new Promise((go) => {
        hurry = go
      })
    },
    /** Takes a name; false when somebody else has it. */
    async take(owner: string): Promise<boolean> {
      const taking = take(owner)
      takes.add(taking)
      try {
        return await taking
      } finally {
        takes.delete(taking)
      }
    },
    letGo(owner: string): void {
      const release = holds.get(owner)
      holds.delete(owner)
      if (release) releases.take(owner, release)
    },
    /** Lets go of every name at once. */
    close(): void {
      names.isOpen = false
      hurry()
      for (const owner of [...holds.keys()]) {
        names.formers.add(owner)
        names.letGo(owner)
      }
    },
    /** Resolves when what was begun has ended: every name that was let go of is free. */
    async done(): Promise<void> {
      await Promise.allSettled(takes)
      await Promise.all(releases.tails.values())
    },
  }
  return names
}
