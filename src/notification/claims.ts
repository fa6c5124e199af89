import { createId } from '../platform/platform.ts'
import type { Envelope, Item } from './batch.ts'
import { createNames } from './names.ts'
import { parseRecord, RECORD_VERSION } from './record.ts'
import type { Reach } from './shelf.ts'
import { pauseOf } from './timer.ts'

/** An owner that wrote within so many ms may just not hold its name yet. */
const FRESH = 1_000
/** Whoever looks at what lies under a name holds it for a moment: how often its owner tries to take it, and how long it waits, in ms. */
const TRIES = 8
const AGAIN = 100
/** An owner that said so many ms ago that it is about to go may still send. */
const GOING = 6_000

/** A record that somebody left. */
export interface Found {
  key: string
  text: string
  items: Item[]
}

/** Where records lie. */
export interface ClaimsParts {
  storage: Reach
  /** Client code of the account. */
  client: string
  /** Epoch ms. */
  now(): number
  /** Everything of one owner, in any order. */
  onFound(found: readonly Found[]): void
  /** A record that cannot be read. */
  onBroken(key: string): void
}

/** True when the newest of some items is so young that its owner may be about to take its name. */
const areFresh = (found: readonly Found[], now: number): boolean => {
  const newest = Math.max(...found.flatMap(({ items }) => items.map(({ order, left }) => Math.max(order, left))))
  // A burst runs ahead of the clock by fractions.
  return Math.abs(now - newest) < FRESH
}

/** Reads records one after the other; those that are gone meanwhile are passed over. */
const read = async (keys: readonly string[], { storage, onBroken }: ClaimsParts): Promise<Found[]> => {
  const known = new Map<string, Envelope>()
  const found: Found[] = []
  for (const key of keys) {
    const text = await storage().getItem(key)
    if (typeof text !== 'string') continue
    const items = parseRecord(text, known)
    if (items) found.push({ key, text, items })
    else onBroken(key)
  }
  return found
}

/** Takes over what owners have left who are gone. */
const createHeir = (parts: ClaimsParts, names: ReturnType<typeof createNames>, goingKey: (owner: string) => string) => {
  const { storage, now, onFound } = parts

  /** True when an owner that let go of its name may still act. */
  const isGoing = async (owner: string): Promise<boolean> => {
    const since = await storage().getItem(goingKey(owner))
    if (!since) return false
    if (Math.abs(now() - Number(since)) < GOING) return true
    await storage().removeItem(goingKey(owner))
    return false
  }

  /** Takes over what an owner left; false when that has to be tried again soon. */
  const inherit = async (owner: string, keys: readonly string[]): Promise<boolean> => {
    if (await isGoing(owner)) return false
    if (!(await names.take(owner))) return true
    const hold = names.holds.get(owner)
    const isMine = () => names.holds.get(owner) === hold
    let isTaken = false
    try {
      // It may have said so while the name was taken.
      if (await isGoing(owner)) return false
      const found = await read(keys, parts)
      const fresh = found.length > 0 && !names.formers.has(owner) && areFresh(found, now())
      isTaken = !fresh && isMine() && found.some(({ items }) => items.length)
      if (isTaken) onFound(found)
      return !fresh
    } finally {
      // Nobody looks at what lies under a name that is held for nothing.
      if (!isTaken && isMine()) names.letGo(owner)
    }
  }

  return inherit
}

/**
 * Says whose records are whose. An owner (a document, a process) holds a name for as long as it lives; what lies under a name that
 * nobody holds is taken over, name and all, by the first who finds it.
 */
export const createClaims = (parts: ClaimsParts) => {
  const { storage, client } = parts
  const base = `isotarget:${encodeURIComponent(client)}:`
  const records = `${base}${RECORD_VERSION}:`
  const names = createNames(parts, `${base}lock:`)
  /** Where it says since when an owner is about to go. */
  const goingKey = (owner: string): string => `${base}going:${owner}`
  const ownerOf = (key: string): string => key.slice(records.length).split(':')[0] ?? ''
  const { holds, take, letGo } = names
  const inherit = createHeir(parts, names, goingKey)
  let mine = createId().slice(0, 12)
  let isOwning = false
  let count = 0

  /** Looks for what nobody holds; false when some of it has to be looked at again soon. */
  const scan = async (): Promise<boolean> => {
    const owners = new Map<string, string[]>()
    for (const key of await storage().getKeys(records)) {
      const owner = ownerOf(key)
      if (!key.startsWith(records) || owner === mine || holds.has(owner)) continue
      owners.set(owner, [...(owners.get(owner) ?? []), key])
    }
    let isDone = true
    for (const [owner, keys] of owners) isDone = (await inherit(owner, keys)) && isDone
    return isDone
  }

  return {
    nextKey: (): string => `${records}${mine}:${(count++).toString(36)}`,
    open: names.open,
    isOpen: (): boolean => names.isOpen,
    /** Takes the own name, unless that has been done. */
    async own(): Promise<void> {
      if (isOwning) return
      isOwning = true
      try {
        for (let left = TRIES; left && names.isOpen && !holds.has(mine); left--) {
          if (left < TRIES) await pauseOf(AGAIN)
          const owner = mine
          const isTaken = await take(owner)
          // Nobody looks at what lies under a name that is held for nothing.
          if (isTaken && owner !== mine) letGo(owner)
        }
      } finally {
        isOwning = false
      }
    },
    scan,
    pauseKey: `${base}pause`,
    goingKey,
    ownerOf,
    mine: (): string => mine,
    isMine: (owner: string): boolean => owner === mine,
    letGo,
    done: names.done,
    close: names.close,
    /** A name that was lost meanwhile is not used again. */
    rename(): void {
      names.formers.add(mine)
      mine = createId().slice(0, 12)
    },
    /** All records of the account, whoever wrote them, of any version. */
    async keys(): Promise<readonly string[]> {
      const isRecord = (key: string) => key.startsWith(base) && /^\d+:/.test(key.slice(base.length))
      return (await storage().getKeys(base)).filter(isRecord)
    },
  }
}
