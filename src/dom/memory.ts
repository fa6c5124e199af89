import type { Still } from './action.ts'
import type { Select } from './select.ts'

/** An action of a place, by what it is and not by where it came from: a new answer with the same content has the same deeds. */
export interface Deed {
  /** The place. */
  id: string
  /** Among the actions of the place. */
  index: number
  /** Place, content, and which of several that are equal. */
  key: string
  /** What it makes of an element. */
  slot: string
  /** It leaves what others made of the element. */
  isAdding: boolean
  /** Its selector counts elements, so what it inserts or takes away changes what it finds. */
  isCounted: boolean
  select: Select
}

interface Mark extends Pick<Deed, 'id' | 'slot'> {
  still: Still
}

/** What was done to the page. All of it hangs on elements, and goes with them. */
export interface Memory {
  /** The elements that it is for, of those that its selector finds now. */
  targets(deed: Deed, onRoot?: Parameters<Select>[0]): Element[]
  /** It was done to the element, or is not meant for it. What was undone since counts as done only to who asks for that. */
  isDone(deed: Deed, element: Element, isUndoneToo?: boolean): boolean
  /** The elements that show it: those that it has inserted beside or in place of others, or those that it was done to. */
  elementsOf(deed: Deed): Element[]
  /** Whether it took away the element that it was for, and the page has not changed since. */
  isGone(deed: Deed): boolean
  /** Remembers what was done to an element. */
  note(deed: Deed, element: Element, done: { still: Still; nodes: readonly Node[] }): void
  /** Remembers to which elements it was done; others that a counting selector finds when its own is gone are not meant. */
  close(deed: Deed, elements: readonly Element[]): void
}

/** A deed that was done somewhere. */
interface Entry {
  elements: WeakRef<Element>[]
  still: Still
  /** It took the element away. */
  isGone: boolean
}

const isThere = (ref: WeakRef<Element>): boolean => ref.deref()?.isConnected === true

export const createMemory = (): Memory => {
  const marks = new WeakMap<Element, Map<string, Mark>>()
  const inserted = new WeakMap<Node, Deed>()
  const entries = new Map<string, Entry>()

  const marksOf = (element: Element): Map<string, Mark> => {
    const known = marks.get(element) ?? new Map<string, Mark>()
    marks.set(element, known)
    return known
  }
  const before = ({ key }: Deed): Element[] =>
    (entries.get(key)?.elements ?? []).filter(isThere).map((ref) => ref.deref() as Element)

  /** It lies in what this deed or a later one of the place has inserted: no content for which the deed was made. */
  const isOwn = ({ id, index }: Deed, element: Element): boolean => {
    for (let node: Node | null = element; node; node = node.parentNode) {
      const by = inserted.get(node)
      if (by?.id === id && by.index >= index) return true
    }
    return false
  }

  /** What the page has lost needs no memory. */
  const forget = (): void => {
    for (const [key, { elements, still }] of entries) if (!elements.some(isThere) && !still()) entries.delete(key)
  }

  return {
    targets(deed, onRoot) {
      const kept = deed.isCounted ? before(deed) : []
      if (kept.length) return kept
      const all = deed.select(onRoot)
      return entries.has(deed.key) ? all : all.filter((element) => !isOwn(deed, element))
    },
    isDone(deed, element, isUndoneToo = false) {
      const mark = marks.get(element)?.get(deed.key)
      return mark ? isUndoneToo || mark.still() : isOwn(deed, element)
    },
    elementsOf(deed) {
      const isBeside = /^(insert|replace|custom)/.test(deed.slot)
      const own = [...document.querySelectorAll('*')].filter((element) => inserted.get(element)?.key === deed.key)
      return isBeside && own.length ? own : before(deed)
    },
    isGone({ key }) {
      const entry = entries.get(key)
      return !!entry?.isGone && entry.still()
    },
    note(deed, element, { still, nodes }) {
      const { id, slot, key } = deed
      const known = marksOf(element)
      // Who is overwritten holds as long as the one who did it.
      if (!deed.isAdding)
        for (const mark of known.values()) if (mark.id === id && mark.slot === slot) mark.still = still
      known.set(key, { id, slot, still })
      for (const node of nodes) inserted.set(node, deed)
      const elements = entries.get(key)?.elements ?? []
      entries.set(key, { elements, still, isGone: !element.isConnected })
    },
    close(deed, elements) {
      const { id, key, isCounted } = deed
      const entry = entries.get(key) as Entry
      entry.elements = [...new Set([...before(deed), ...elements])].map((element) => new WeakRef(element))
      if (isCounted && entry.isGone) {
        for (const other of deed.select()) {
          const known = marksOf(other)
          if (!known.has(key)) known.set(key, { id, slot: '', still: () => true })
        }
      }
      forget()
    },
  }
}
