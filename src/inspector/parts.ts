import { html, svg } from '../dom/element.ts'

const PATHS = {
  turn: 'M6 3.5 10.5 8 6 12.5',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  check: 'M3 8.5 6.5 12 13 4.5',
  close: 'M4 4 12 12M12 4 4 12',
  down: 'M4 8h8',
  right: 'M2.5 3.5h11v9h-11zM10 3.5v9',
  bottom: 'M2.5 3.5h11v9h-11zM2.5 9.5h11',
} as const

/** A small drawing. */
export const icon = (name: keyof typeof PATHS, look = ''): SVGElement =>
  svg('svg', { viewBox: '0 0 16 16', class: `line ${look}`, 'aria-hidden': true }, svg('path', { d: PATHS[name] }))

/** A word in a coloured field. */
export const chip = (text: string, look = ''): HTMLElement => html('span', { class: `chip ${look}` }, text)

const written = async (text: string, near: Element): Promise<void> => {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // Pages without TLS have no clipboard of that kind.
    const field = document.createElement('textarea')
    field.value = text
    near.after(field)
    field.select()
    const isCopied = document.execCommand('copy')
    field.remove()
    if (!isCopied) throw new Error('The browser did not let go of the text')
  }
}

/** A button that copies a text, and says so. */
export const copyButton = (label: string, textOf: () => string): HTMLElement => {
  const button = html('button', { type: 'button', 'aria-live': 'polite' }, label)
  const say = (word: string): void => {
    button.textContent = word
    setTimeout(() => {
      button.textContent = label
    }, 1500)
  }
  button.addEventListener('click', () => {
    written(textOf(), button).then(
      () => say('Copied'),
      () => say('Not copied'),
    )
  })
  return button
}

/** A button with a drawing alone. */
export const iconButton = (name: keyof typeof PATHS, label: string, onclick: () => void): HTMLElement =>
  html('button', { type: 'button', class: 'icon', 'aria-label': label, title: label, onclick }, icon(name))

/** The same that copies a text, and shows that it did. */
export const copyIcon = (label: string, text: string): HTMLElement => {
  const show = (name: keyof typeof PATHS): void => button.replaceChildren(icon(name))
  const button = iconButton('copy', label, () => {
    written(text, button).then(
      () => show('check'),
      () => show('close'),
    )
    setTimeout(() => show('copy'), 1500)
  })
  return button
}

/** The head of a card: a button that opens its details. */
export const headOf = (isOpen: boolean, onToggle: () => void, ...rows: Node[]): HTMLElement =>
  html('button', { type: 'button', class: 'head', 'aria-expanded': `${isOpen}`, onclick: onToggle }, ...rows)

/** A line of a card. */
export const rowOf = (...parts: (Node | string | false | undefined)[]): HTMLElement =>
  html('span', { class: 'row' }, ...parts)

/** What is said where there is nothing to show. */
export const emptyOf = (text: string): HTMLElement => html('p', { class: 'empty' }, text)

/** 340 ms, 1.24 s */
export const lasting = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`)

/** 812 B, 1.2 kB */
export const sized = (bytes: number): string => (bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`)

/** Bytes of a text in UTF-8. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length
