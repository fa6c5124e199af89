import { type Envelope, type Item, keyOf } from './batch.ts'

/** Bytes up to which a stored page is written anew with one more; one that is not stored yet is filled further. */
const GROWTH = 2_000
const FILL = 50_000

/** A page of the journal: notifications of one envelope, stored as one record. */
export interface Page {
  key: string
  envelope: Envelope
  items: Set<Item>
  /** Of its notifications. */
  bytes: number
}

/** What pages need to know. */
export interface PagesParts {
  nextKey(): string
  isStored(page: Page): boolean
}

/** Which notification is on which page. */
export const createPages = ({ nextKey, isStored }: PagesParts) => {
  const all = new Set<Page>()
  const pageOf = new WeakMap<Item, Page>()
  /** The page that takes the next notification of an envelope. */
  const open = new Map<string, Page>()

  const start = (key: string, envelope: Envelope): Page => {
    const page: Page = { key, envelope, items: new Set(), bytes: 0 }
    all.add(page)
    return page
  }
  const put = (page: Page, item: Item): Page => {
    page.items.add(item)
    page.bytes += item.bytes
    pageOf.set(item, page)
    return page
  }
  const forget = (page: Page): void => {
    all.delete(page)
    const key = keyOf(page.envelope)
    if (open.get(key) === page) open.delete(key)
  }

  return {
    all: all as ReadonlySet<Page>,
    pageOf: (item: Item): Page | undefined => pageOf.get(item),
    /** Puts an item where the others of its envelope are. */
    add(item: Item): Page {
      const key = keyOf(item.envelope)
      const last = open.get(key)
      const most = last && isStored(last) ? GROWTH : FILL
      if (last && last.bytes + item.bytes <= most) return put(last, item)
      const page = start(nextKey(), item.envelope)
      open.set(key, page)
      return put(page, item)
    },
    /** Knows a page that somebody else has written. */
    adopt(key: string, items: readonly Item[]): void {
      const [first] = items
      if (!first) return
      const page = start(key, first.envelope)
      for (const item of items) put(page, item)
    },
    /** The page that an item was on, unless it is forgotten; a page without items is. */
    remove(item: Item): Page | undefined {
      const page = pageOf.get(item)
      if (!page || !all.has(page) || !page.items.delete(item)) return undefined
      page.bytes -= item.bytes
      if (!page.items.size) forget(page)
      return page
    },
    forget,
  }
}
