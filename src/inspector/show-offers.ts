import { html } from '../dom/element.ts'
import { jsonView } from './json-view.ts'
import { createList } from './list.ts'
import { offersOf, reportedOf, stateOf, titleOf } from './offer.ts'
import { chip, emptyOf, headOf, icon, rowOf } from './parts.ts'
import { type Placed, placedOf, type Scene } from './scene.ts'
import { whyView } from './why.ts'

const stateLook = (state: string): string => {
  if (/refused|dropped/.test(state)) return 'bad'
  if (/^(displayed|counted)/.test(state)) return 'good'
  return /^(display |in the page)/.test(state) ? 'odd' : ''
}

const elementsText = ({ offer, elements }: Placed): string => {
  if (offer.type === 'json') return 'for code'
  if (offer.type === 'default') return 'the page as it is'
  return elements.length === 1 ? '1 element' : `${elements.length || 'no'} elements`
}

/** Outlines the elements of an offer while the pointer or the focus is on something. */
const outlined = (over: HTMLElement, placed: () => Placed, { outline }: Scene): void => {
  const show = (): void => {
    const { elements, offer } = placed()
    outline.show(elements, titleOf(offer))
  }
  over.addEventListener('pointerenter', show)
  over.addEventListener('focusin', show)
  over.addEventListener('pointerleave', outline.hide)
  over.addEventListener('focusout', outline.hide)
}

/** The offers of some calls as cards, that outline on the page what they have changed. */
export const createOffersView = (scene: Scene) => {
  const { journal, outline } = scene
  const stateText = ({ offer, elements }: Placed): string => stateOf(offer, reportedOf(offer, journal), elements.length)
  const list = createList<Placed>({
    keyOf: ({ key }) => key,
    stampOf: (placed) => `${stateText(placed)} ${elementsText(placed)}`,
    draw(placed, row, isOpen) {
      const { offer, elements } = placed
      const state = stateText(placed)
      const toggle = (): void => {
        list.toggle(placed.key)
        if (!isOpen) outline.reveal(elements)
      }
      const head = headOf(
        isOpen,
        toggle,
        rowOf(html('span', { class: 'title' }, titleOf(offer)), chip(state, stateLook(state)), icon('turn', 'turn')),
        rowOf(
          chip(offer.place, 'place'),
          html(
            'span',
            { class: 'small faint cut' },
            `${offer.type}, ${offer.isPrefetched ? 'prefetched' : 'executed'}, ${elementsText(placed)}`,
          ),
        ),
      )
      outlined(head, () => placed, scene)
      row.append(head)
      if (!isOpen) return
      const content = jsonView(offer.option.content ?? null, 'Content of the offer')
      const body = [html('h2', {}, 'Why'), whyView(placed, scene), html('h2', {}, 'Content'), content]
      row.append(html('div', { class: 'body' }, ...body))
    },
  })
  const none = emptyOf('No offers yet. What Target decides for this page is listed here.')
  const element = html('div', {}, list.element, none)
  return {
    element,
    count: (): number =>
      journal.calls.reduce((sum, { response }) => sum + (response ? offersOf(response).length : 0), 0),
    show(): void {
      const all = journal.calls.flatMap((call) => placedOf(call, scene))
      list.show(all)
      none.hidden = all.length > 0
    },
  }
}

/** The offers of one call in short, for its details. */
export const offersOfCall = (placed: readonly Placed[], scene: Scene): HTMLElement => {
  const rows = placed.map((one) => {
    const name = `${titleOf(one.offer)}, ${one.offer.place}: show on the page`
    const button = html(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': name, onclick: () => scene.outline.reveal(one.elements) },
      elementsText(one),
    )
    const row = html(
      'li',
      {},
      rowOf(chip(one.offer.place, 'place'), html('span', { class: 'cut grow' }, titleOf(one.offer)), button),
    )
    outlined(row, () => one, scene)
    return row
  })
  return html('ul', { class: 'rules' }, ...rows)
}
