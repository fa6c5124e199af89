import type { NotificationStorage } from '../platform/platform.ts'
import type { Item } from './batch.ts'
import { createClaims, type Found } from './claims.ts'
import { createJournal } from './journal.ts'
import type { Reach } from './shelf.ts'
import { unref } from './timer.ts'

/** How often records are looked for whose owner has gone, in ms, and how soon after a look that came too early. */
const LOOK = 60_000
const LOOK_SOON = 1_500

/** What a store works with. */
export interface StoreParts {
  /** Asked for once, when there is something to store; undefined where nothing outlives the page or process. */
  storage(): NotificationStorage | undefined
  /** Client code of the account. */
  client: string
  /** Epoch ms. */
  now(): number
  /** Items that somebody has left. */
  onFound(items: Item[]): void
  /** An earlier page was asked to leave Target alone, for `wait` more ms. */
  onPaused(wait: number): void
  onTrouble(message: string, error?: unknown): void
}

/** Where items outlive the page or the process. */
export interface Store {
  /** Whether an item is kept. */
  has(item: Item): boolean
  add(item: Item): void
  remove(item: Item): void
  /** An item has changed. */
  touch(item: Item): void
  /** Writes items as they are, at once. */
  mark(items: readonly Item[]): void
  /** Lets others know that Target wants to be left alone for `wait` ms. */
  pause(wait: number): void
  /** Hears what others were asked to do, and takes what nobody holds, now and then, unless this page is about to go. */
  open(isStaying: boolean): Promise<void>
  /** Leaves everything to others: at once, or when it is certain that this page goes. */
  close(isGoing?: boolean): void
  /** Forgets what is kept, to find it again, or not; gives what is not kept. */
  forget(items: Iterable<Item>): Item[]
  /** Removes everything of the account. */
  clear(): Promise<void>
  /** Resolves when everything is written. */
  done(): Promise<unknown>
}

/** Looks again and again, until it is stopped. */
const createLookout = (look: () => Promise<boolean>, onTrouble: (error: unknown) => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  const go = async (mine: number): Promise<void> => {
    let isDone = true
    try {
      isDone = await look()
    } catch (error) {
      onTrouble(error)
    }
    if (mine !== turn) return
    timer = unref(setTimeout(() => go(mine), isDone ? LOOK * (0.75 + Math.random() / 2) : LOOK_SOON))
  }
  const stop = (): void => {
    turn++
    clearTimeout(timer)
  }
  return {
    stop,
    start: (): Promise<void> => {
      stop()
      return go(turn)
    },
  }
}

/** Notes that somebody is about to go, and since when. */
const createGoing = ({ note, discard }: Pick<ReturnType<typeof createJournal>, 'note' | 'discard'>) => {
  const said = new Set<string>()
  let isGoing = false
  return {
    say(keys: readonly string[], now: number): void {
      isGoing = true
      for (const key of new Set(keys)) note(key, `${now}`)
      for (const key of keys) said.add(key)
    },
    /** Says so of a name under which more is kept meanwhile. */
    sayToo(key: string, now: number): void {
      if (isGoing && !said.has(key)) this.say([key], now)
    },
    unsay(): void {
      isGoing = false
      for (const key of said) discard(key)
      said.clear()
    },
  }
}

/** The journal, whose it is, and who looks after it. */
const createKeep = (storage: Reach, parts: StoreParts, trouble: (error: unknown) => void) => {
  const { client, now, onFound, onTrouble } = parts
  const claims = createClaims({
    storage,
    client,
    now,
    onFound(found: readonly Found[]) {
      for (const { key, text, items } of found) journal.adopt(key, text, items)
      onFound(found.flatMap(({ items }) => items))
    },
    onBroken(key) {
      onTrouble(`A stored record cannot be read and was removed: ${key}`)
      journal.discard(key)
    },
  })
  const journal = createJournal({
    storage,
    nextKey: claims.nextKey,
    onTrouble: trouble,
    onSettled({ key }) {
      const owner = claims.ownerOf(key)
      const isLast = ![...journal.pages].some((page) => claims.ownerOf(page.key) === owner)
      if (isLast && !claims.isMine(owner)) claims.letGo(owner)
    },
  })
  const look = async () => {
    journal.sweep()
    if (journal.pages.size) await claims.own()
    return claims.scan()
  }
  return { claims, journal, lookout: createLookout(look, trouble), going: createGoing(journal) }
}

/** Hears what an earlier page was asked for: at once where that can be, as the first call may leave with the task that queues it. */
const createHearing =
  ({ now, onPaused }: StoreParts, read: () => unknown, trouble: (error: unknown) => void) =>
  async (): Promise<void> => {
    try {
      const text = read()
      const wait = Number(typeof text === 'object' ? await text : text) - now()
      if (wait > 0) onPaused(wait)
    } catch (error) {
      trouble(error)
    }
  }

/** A store that touches nothing before there is something to store. */
export const createStore = (parts: StoreParts): Store => {
  const { now, onTrouble } = parts
  let storage: NotificationStorage | undefined
  let isReached = false
  const trouble = (error: unknown) => onTrouble('The storage does not take notifications: they wait in memory', error)
  const { claims, journal, lookout, going } = createKeep(() => storage as NotificationStorage, parts, trouble)
  const hearPause = createHearing(parts, () => storage?.getItem(claims.pauseKey), trouble)
  /** Looks for the storage; false where nothing outlives the page or the process. */
  const reach = (): boolean => {
    if (isReached) return Boolean(storage)
    isReached = true
    storage = parts.storage()
    if (storage) void hearPause()
    return Boolean(storage)
  }

  return {
    has: journal.has,
    add(item) {
      if (!reach()) return
      journal.add(item)
      going.sayToo(claims.goingKey(claims.mine()), now())
      claims.own().catch(trouble)
    },
    remove: journal.remove,
    touch: journal.touch,
    mark: journal.mark,
    pause(wait) {
      if (storage) journal.note(claims.pauseKey, `${now() + wait}`)
    },
    async open(isStaying) {
      if (isStaying) going.unsay()
      if (!reach()) return
      if (isStaying) claims.open()
      await hearPause()
      if (claims.isOpen()) await lookout.start()
    },
    close(isGoing) {
      lookout.stop()
      // Whoever is about to go may still send, and others wait for it.
      if (isGoing)
        going.say(
          Array.from(journal.pages, ({ key }) => claims.goingKey(claims.ownerOf(key))),
          now(),
        )
      claims.close()
      if (!isGoing) going.unsay()
    },
    forget(items) {
      const ours = [...items].filter((item) => !journal.has(item))
      if (!storage) return ours
      for (const page of [...journal.pages]) if ([...page.items].some(journal.has)) journal.forget(page)
      claims.rename()
      // What finds its place later must not lie under a name that is not held.
      for (const item of ours) journal.remove(item)
      for (const item of ours) journal.add(item)
      return ours
    },
    async clear() {
      if (!reach()) return
      try {
        for (const key of await claims.keys()) journal.discard(key)
      } catch (error) {
        onTrouble('The storage does not say what it holds: stored notifications may be left in it', error)
      }
      await journal.done()
    },
    done: () => Promise.all([journal.done(), claims.done()]),
  }
}
