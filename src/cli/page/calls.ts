import { html } from '../../dom/element.ts'
import type { EdgeRow } from '../edge-row.ts'

/** Calls that are shown. */
const SHOWN = 100

const timeOf = (at: number): string => new Date(at).toTimeString().slice(0, 8)

const chips = (words: readonly string[], look: string): HTMLElement[] =>
  words.map((word) => html('span', { class: `chip ${look}` }, word))

const callOf = (row: EdgeRow): HTMLElement => {
  const { at, status, message, warnings, way, page, asked, reported, counted, body } = row
  const isGood = status !== undefined && status < 400
  return html(
    'li',
    {},
    html(
      'details',
      {},
      html(
        'summary',
        {},
        html('time', {}, timeOf(at)),
        html('span', { class: `status ${isGood ? 'good' : 'bad'}` }, status ?? 'broken'),
        html('span', { class: 'way' }, way),
        html(
          'span',
          { class: 'said' },
          ...chips(asked, 'asked'),
          ...chips(reported, 'reported'),
          html('span', { class: 'faint' }, page),
        ),
        html('span', { class: 'counted' }, counted.join(' ')),
      ),
      message !== undefined && html('p', { class: 'bad' }, message),
      ...warnings.map((warning) => html('p', { class: 'odd' }, warning)),
      body === undefined
        ? html('p', { class: 'faint' }, 'No body')
        : html('pre', { tabindex: 0 }, JSON.stringify(body, null, 2)),
    ),
  )
}

/** Adds a call above the others. */
export const showCall = (into: Element, row: EdgeRow): void => {
  into.prepend(callOf(row))
  while (into.children.length > SHOWN) into.lastElementChild?.remove()
}
