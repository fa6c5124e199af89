import { html } from '../dom/element.ts'

/** Longer texts are shown without colours, which would cost an element a word. */
const LONG = 60_000

const WORDS = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** JSON with its keys, texts and numbers told apart; a text as it is. Content of offers is text here, never markup. */
export const jsonView = (value: unknown, label: string): HTMLElement => {
  const isText = typeof value === 'string'
  const text = isText ? value : (JSON.stringify(value, null, 2) ?? 'undefined')
  const view = html('pre', { class: isText && 'text', tabindex: 0, role: 'region', 'aria-label': label })
  if (isText || text.length > LONG) {
    view.textContent = text
    return view
  }
  let from = 0
  for (const found of text.matchAll(WORDS)) {
    const [all, string, colon] = found
    const look = string ? (colon ? 'key' : 'string') : 'word'
    view.append(text.slice(from, found.index), html('span', { class: look }, string ?? all), colon ?? '')
    from = found.index + all.length
  }
  view.append(text.slice(from))
  return view
}
