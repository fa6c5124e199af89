import { createId, type NotificationStorage } from '../platform/platform.ts'
import type { Envelope, Item } from './batch.ts'
import { createLease } from './lease.ts'
import { parseRecord, RECORD_VERSION } from './record.ts'

/** An owner that wrote within so many ms may just not hold its name yet. */
const FRESH = 1_000

/** A record that somebody left. */
export interface Found {
  key: string
  text: string
  items: Item[]
}

/** Where records lie. */
export interface ClaimsParts {
  storage: NotificationStorage
  /** Client code of the account. */
  client: string
  /** Epoch ms. */
  now(): number
  onFound(found: Found): void
  /** A record that cannot be read. */
  onBroken(key: string): void
}

/** True when the newest of some items is so young that its owner may be about to take its name. */
const areFresh = (found: readonly Found[], now: number): boolean => {
  const newest = Math.max(...found.flatMap(({ items }) => items.map(({ order, left }) => Math.max(order, left))))
  return newest <= now && now - newest < FRESH
}

/** Reads records one after the other; those that are gone meanwhile are passed over. */
const read = async (keys: readonly string[], { storage, onBroken }: ClaimsParts): Promise<Found[]> => {
  const known = new Map<string, Envelope>()
  const found: Found[] = []
  for (const key of keys) {
    const text = await storage.getItem(key)
    if (typeof text !== 'string') continue
    const items = parseRecord(text, known)
    if (items) found.push({ key, text, items })
    else onBroken(key)
  }
  return found
}

/** The names that are held here, for as long as it is open. */
const createNames = ({ storage, now }: ClaimsParts, base: string) => {
  const lease = createLease(storage, now)
  const holds = new Map<string, () => void>()
  const names = {
    holds: holds as ReadonlyMap<string, () => void>,
    isOpen: false,
    letGo(owner: string): void {
      holds.get(owner)?.()
      holds.delete(owner)
    },
    /** Takes a name; false when somebody else has it. */
    async take(owner: string): Promise<boolean> {
      const name = `${base}lock:${owner}`
      const release = await (storage.hold ? storage.hold(name) : lease(name))
      if (release && names.isOpen) holds.set(owner, release)
      else release?.()
      return Boolean(release && names.isOpen)
    },
  }
  return names
}

/**
 * Says whose records are whose. An owner (a document, a process) holds a name for as long as it lives; what lies under a name that
 * nobody holds is taken over, name and all, by the first who finds it.
 */
export const createClaims = (parts: ClaimsParts) => {
  const { storage, client, now, onFound } = parts
  const base = `isotarget:${encodeURIComponent(client)}:`
  const records = `${base}${RECORD_VERSION}:`
  const names = createNames(parts, base)
  const ownerOf = (key: string): string => key.slice(records.length).split(':')[0] ?? ''
  const { holds, take, letGo } = names
  let mine = createId().slice(0, 12)
  let isOwning = false
  let count = 0

  /** Takes over what an owner left; false when that has to be tried again soon. */
  const inherit = async (owner: string, keys: readonly string[]): Promise<boolean> => {
    if (!(await take(owner))) return true
    const found = await read(keys, parts)
    const fresh = found.length > 0 && areFresh(found, now())
    const items = found.flatMap((one) => one.items)
    if (fresh || !items.length || !names.isOpen) letGo(owner)
    else for (const one of found) onFound(one)
    return !fresh
  }

  /** Looks for what nobody holds; false when some of it has to be looked at again soon. */
  const scan = async (): Promise<boolean> => {
    const owners = new Map<string, string[]>()
    for (const key of await storage.getKeys(records)) {
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
    open(): void {
      names.isOpen = true
    },
    /** Takes the own name, unless that has been done. */
    async own(): Promise<void> {
      if (!names.isOpen || isOwning || holds.has(mine)) return
      isOwning = true
      try {
        await take(mine)
      } finally {
        isOwning = false
      }
    },
    scan,
    pauseKey: `${base}pause`,
    ownerOf,
    isMine: (owner: string): boolean => owner === mine,
    letGo,
    /** Lets go of every name at once. */
    close(): void {
      names.isOpen = false
      for (const owner of [...holds.keys()]) letGo(owner)
    },
    /** A name that was lost meanwhile is not used again. */
    rename(): void {
      mine = createId().slice(0, 12)
    },
    /** All records of the account, whoever wrote them. */
    keys: async (): Promise<readonly string[]> => (await storage.getKeys(base)).filter((key) => key.startsWith(base)),
  }
}
