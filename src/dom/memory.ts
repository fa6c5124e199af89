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
  /** Whether it took away the element that it was for, and the page has not changed since. */
  isGone(deed: Deed): boolean
  /** Remembers what was done to an element. */
  note(deed: Deed, element: Element, done: { still: Still; nodes: readonly Node[] }): void
  /** Remembers to which elements it was done; others that a counting selector finds when its own is gone are not meant. */
  close(deed: Deed, elements: readonly Element[]): void
}

export const createMemory = (): Memory => {
  const marks = new WeakMap<Element, Map<string, Mark>>()
  const inserted = new WeakMap<Node, Deed>()
  const applied = new Map<string, WeakRef<Element>[]>()
  const gone = new Map<string, Still>()

  const marksOf = (element: Element): Map<string, Mark> => {
    const known = marks.get(element) ?? new Map<string, Mark>()
    marks.set(element, known)
    return known
  }
  const before = ({ key }: Deed): Element[] =>
    (applied.get(key) ?? []).flatMap((ref) => ref.deref() ?? []).filter((element) => element.isConnected)

  /** It lies in what this deed or a later one of the place has inserted: no content for which the deed was made. */
  const isOwn = ({ id, index }: Deed, element: Element): boolean => {
    for (let node: Node | null = element; node; node = node.parentNode) {
      const by = inserted.get(node)
      if (by?.id === id && by.index >= index) return true
    }
    return false
  }

  /** What the page has lost is forgotten. */
  const prune = (): void => {
    for (const [key, refs] of applied) if (!refs.some((ref) => ref.deref()?.isConnected)) applied.delete(key)
    for (const [key, still] of gone) if (!still()) gone.delete(key)
  }

  return {
    targets(deed, onRoot) {
      const kept = deed.isCounted ? before(deed) : []
      if (kept.length) return kept
      const all = deed.select(onRoot)
      return applied.has(deed.key) ? all : all.filter((element) => !isOwn(deed, element))
    },
    isDone(deed, element, isUndoneToo = false) {
      const mark = marks.get(element)?.get(deed.key)
      return mark ? isUndoneToo || mark.still() : isOwn(deed, element)
    },
    isGone: ({ key }) => gone.get(key)?.() ?? false,
    note(deed, element, { still, nodes }) {
      const { id, slot, key } = deed
      const known = marksOf(element)
      // Who is overwritten holds as long as the one who did it.
      if (!deed.isAdding)
        for (const mark of known.values()) if (mark.id === id && mark.slot === slot) mark.still = still
      known.set(key, { id, slot, still })
      for (const node of nodes) inserted.set(node, deed)
      if (element.isConnected) gone.delete(key)
      else gone.set(key, still)
    },
    close(deed, elements) {
      const { id, key, isCounted } = deed
      const all = [...new Set([...before(deed), ...elements])]
      applied.set(
        key,
        all.map((element) => new WeakRef(element)),
      )
      prune()
      if (!isCounted || !gone.has(key)) return
      for (const other of deed.select()) {
        const known = marksOf(other)
        if (!known.has(key)) known.set(key, { id, slot: '', still: () => true })
      }
    },
  }
}
