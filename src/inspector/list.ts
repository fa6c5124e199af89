import { html } from '../dom/element.ts'

/** How the items of a list are drawn. */
export interface ListParts<Item> {
  /** Tells an item from the others, also when it has changed. */
  keyOf(item: Item): string
  /** Changes when an item has to be drawn anew. */
  stampOf(item: Item): string
  /** Draws an item; `isOpen` says whether its details are to be seen. */
  draw(item: Item, row: HTMLElement, isOpen: boolean): void
}

/** Where the focus is in a row, so that it can go back there when the row is drawn anew. */
const focusIn = (row: HTMLElement): number => {
  const { activeElement } = row.getRootNode() as ShadowRoot
  return activeElement && row.contains(activeElement)
    ? [...row.querySelectorAll('button,pre')].indexOf(activeElement)
    : -1
}

/** A list that draws only what has changed, so that focus, scrolling and what is open stay. */
export const createList = <Item>({ keyOf, stampOf, draw }: ListParts<Item>) => {
  const element = html('ul', { class: 'cards' })
  const rows = new Map<string, { row: HTMLElement; stamp: string; item: Item }>()
  const open = new Set<string>()

  const redraw = (key: string): void => {
    const known = rows.get(key)
    if (!known) return
    const { row, item } = known
    const focused = focusIn(row)
    const scrolled = [...row.querySelectorAll('pre')].map(({ scrollTop }) => scrollTop)
    row.replaceChildren()
    draw(item, row, open.has(key))
    for (const [at, pre] of row.querySelectorAll('pre').entries()) pre.scrollTop = scrolled[at] ?? 0
    if (focused >= 0) row.querySelectorAll<HTMLElement>('button,pre')[focused]?.focus()
  }

  return {
    element,
    show(items: readonly Item[]): void {
      const keys = new Set(items.map(keyOf))
      for (const [key, { row }] of rows) {
        if (keys.has(key)) continue
        row.remove()
        rows.delete(key)
      }
      for (const [at, item] of items.entries()) {
        const key = keyOf(item)
        const stamp = stampOf(item)
        const known = rows.get(key) ?? { row: html('li', { 'data-key': key }), stamp: '', item }
        const isNew = known.stamp !== stamp
        Object.assign(known, { stamp, item })
        rows.set(key, known)
        // What is moved for nothing loses its focus.
        if (element.children[at] !== known.row) element.insertBefore(known.row, element.children[at] ?? null)
        if (isNew) redraw(key)
      }
    },
    /** Opens or closes the details of an item. */
    toggle(key: string): void {
      if (!open.delete(key)) open.add(key)
      redraw(key)
    },
  }
}
