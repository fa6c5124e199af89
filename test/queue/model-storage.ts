import type { NotificationStorage } from '../../src/platform/platform.ts'
import type { Life } from './life.ts'

/**
 * What a storage is like: `locks` is `localStorage` with Web Locks, `stamps` is `localStorage` alone, `files` has locks that need no
 * waiting, `remote` is asynchronous and has none.
 */
export const STORAGES = ['locks', 'stamps', 'files', 'remote'] as const
export type StorageKind = (typeof STORAGES)[number]

/** What works of it: all, all but writing, a part by chance, nothing. */
export type Health = 'well' | 'full' | 'flaky' | 'broken'

/** Numbers from 0 up to 1. */
export type Random = () => number

/** A storage that several lives share, and that outlives them. */
export const createModelStorage = (kind: StorageKind, random: Random) => {
  const texts = new Map<string, string>()
  const holders = new Map<string, Life>()
  const state = { health: 'well' as Health, latency: 40 }

  const check = (isWrite: boolean): void => {
    const { health } = state
    if (health === 'broken' || (health === 'full' && isWrite) || (health === 'flaky' && random() < 0.3)) {
      throw new Error(`the storage is ${health}`)
    }
  }
  const isHeld = (name: string): boolean => {
    const holder = holders.get(name)
    return Boolean(holder && !holder.isDead)
  }
  const take = (life: Life, name: string): (() => void) | undefined => {
    if (life.isDead || isHeld(name)) return undefined
    holders.set(name, life)
    let isReleased = false
    return () => {
      if (!isReleased && holders.get(name) === life) holders.delete(name)
      isReleased = true
    }
  }
  const later = <Result>(work: () => Result): Promise<Result> =>
    new Promise((resolve, reject) => {
      // What is on its way may arrive after its sender is gone.
      const isAtOnce = random() < 0.3
      const outcome = (): (() => void) => {
        try {
          const made = work()
          return () => resolve(made)
        } catch (error) {
          return () => reject(error)
        }
      }
      const early = isAtOnce ? outcome() : undefined
      setTimeout(() => (early ?? outcome())(), random() * state.latency)
    })

  /** The storage as one life sees it; nothing comes of it once that is dead. */
  const viewOf = (life: Life): NotificationStorage => {
    const now = {
      getItem(key: string): string | null {
        check(false)
        return texts.get(key) ?? null
      },
      setItem(key: string, text: string): void {
        check(true)
        if (!life.isDead) texts.set(key, text)
      },
      removeItem(key: string): void {
        check(false)
        if (!life.isDead) texts.delete(key)
      },
      getKeys(prefix: string): string[] {
        check(false)
        // The order of keys is nobody's promise.
        return [...texts.keys(), 'foreign']
          .filter((key) => kind === 'stamps' || kind === 'locks' || key.startsWith(prefix))
          .map((key) => ({ key, turn: random() }))
          .sort((one, other) => one.turn - other.turn)
          .map(({ key }) => key)
      },
    }
    if (kind === 'stamps') return now
    if (kind === 'files') return { ...now, hold: (name) => take(life, name) }
    if (kind === 'locks') {
      const hold = async (name: string) => {
        await new Promise<void>((go) => setTimeout(go, random() * 5))
        return take(life, name)
      }
      return { ...now, hold }
    }
    return {
      getItem: (key) => later(() => now.getItem(key)),
      setItem: (key, text) => later(() => now.setItem(key, text)),
      removeItem: (key) => later(() => now.removeItem(key)),
      getKeys: (prefix) => later(() => now.getKeys(prefix)),
    }
  }

  return {
    kind,
    state,
    texts,
    viewOf,
    /** Who holds names now. */
    holders: (): string[] => [...holders].flatMap(([name, life]) => (life.isDead ? [] : `${name} by ${life.name}`)),
    /** How many characters lie in it. */
    filled: (): number => [...texts.values()].reduce((sum, { length }) => sum + length, 0),
    /** Ids of all stored notifications, and whether they left without an answer. */
    ids: (): Map<string, boolean> => {
      const rows = [...texts.values()].flatMap((text) => [...text.matchAll(/\[[\d.]+,(\d[\d.]*),{"id":"(n\d+)"/g)])
      return new Map(rows.map(([, left, id]) => [`${id}`, left !== '0']))
    },
  }
}

export type ModelStorage = ReturnType<typeof createModelStorage>
