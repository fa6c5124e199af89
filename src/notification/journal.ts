import type { Item } from './batch.ts'
import { createPages, type Page } from './pages.ts'
import { recordOf } from './record.ts'
import { createShelf, type Reach } from './shelf.ts'

/** Where pages are kept. */
export interface JournalParts {
  storage: Reach
  /** The key of a new page. */
  nextKey(): string
  /** The storage does not take what it is given. */
  onTrouble(error: unknown): void
  /** A page is settled, and its record gone. */
  onSettled(page: Page): void
}

/** True when somebody emptied a storage that can be looked into at once. */
const isCleared = (storage: Reach, { key }: Page): boolean => {
  try {
    const text = storage().getItem(key)
    // One that answers later is not waited for, and may fail.
    Promise.resolve(text).catch(() => {})
    return text === null
  } catch {
    return false
  }
}

/**
 * Keeps a copy of what waits: written before the task that queued it ends, all of a task and an envelope in one record, and
 * removed when it is settled.
 */
export const createJournal = ({ storage, nextKey, onTrouble, onSettled }: JournalParts) => {
  const shelf = createShelf({ storage, onTrouble })
  const isStored = ({ key }: Page) => shelf.has(key) && !shelf.isStale(key)
  const pages = createPages({ nextKey, isStored })
  const changed = new Set<Page>()
  /** Items that the storage has, though perhaps not as they are now. */
  const kept = new WeakSet<Item>()
  const keep = (items: readonly Item[]): void => {
    for (const item of items) kept.add(item)
  }

  const save = (page: Page): void => {
    if (page.items.size) {
      const items = [...page.items]
      shelf.set(page.key, recordOf(page.envelope, items), () => keep(items))
      return
    }
    shelf.remove(page.key)
    onSettled(page)
  }
  const write = (): void => {
    const wasFull = shelf.isFull()
    const now = [...changed]
    changed.clear()
    for (const page of now) save(page)
    // What did not fit before may fit where others went.
    if (wasFull && !shelf.isFull()) for (const page of pages.all) if (!isStored(page)) save(page)
  }
  const change = (page: Page | undefined): void => {
    if (!page) return
    if (!changed.size) queueMicrotask(write)
    changed.add(page)
  }

  return {
    pages: pages.all,
    /** Whether an item outlives this document or process. */
    has(item: Item): boolean {
      const page = pages.pageOf(item)
      return Boolean(page && (isStored(page) || (shelf.has(page.key) && kept.has(item))))
    },
    add: (item: Item): void => change(pages.add(item)),
    remove: (item: Item): void => change(pages.remove(item)),
    touch: (item: Item): void => change(pages.pageOf(item)),
    /** Takes over a record that somebody else has left. */
    adopt(key: string, text: string, items: readonly Item[]): void {
      shelf.know(key, text.length)
      pages.adopt(key, items)
      keep(items)
    },
    /** Writes these items as they are now, at once, and again what found no place before or was cleared away. */
    mark(items: readonly Item[]): void {
      for (const item of items) change(pages.pageOf(item))
      for (const page of pages.all) if (!isStored(page) || isCleared(storage, page)) change(page)
      write()
    },
    forget: pages.forget,
    /** Keeps a text that is no page. */
    note: (key: string, text: string): void => shelf.set(key, text),
    discard: shelf.remove,
    sweep: shelf.sweep,
    done: shelf.done,
  }
}
