import type { Action } from '../delivery/action.ts'
import { listed } from '../delivery/json-value.ts'
import { answerOf, type Given, optionsOf, placesOf } from './answer.ts'
import { pageNonce } from './markup.ts'

/** How something is hidden. */
export interface PrehideOptions {
  /**
   * The hide ends by itself after so many ms. Where the snippet in the head has begun it, they count from the first byte of the page.
   * @default 3000
   */
  timeout?: number
  /** For the style element of a browser without constructed style sheets. @default that of the page's scripts */
  nonce?: string
  /** Ends the hide, such as when consent is refused. */
  signal?: AbortSignal
}

/** The id of the style element that stands in the head before anything is loaded. */
const SNIPPET = 'isotarget-prehide'
/** That, or the one of at.js, which a page may keep. */
const snippet = (): Element | null => document.querySelector(`#${SNIPPET},#at-body-style`)
const HIDDEN = '{opacity:0!important}'
const TIMEOUT = 3000

const attach = (css: string, nonce = pageNonce()): (() => void) => {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    document.adoptedStyleSheets.push(sheet)
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet)
    }
  } catch {
    const style = document.createElement('style')
    if (nonce) style.nonce = nonce
    style.textContent = css
    document.documentElement.append(style)
    return () => style.remove()
  }
}

/** The selectors of what an answer is going to change, in plain CSS. */
const selectorsOf = (given: Given): string[] =>
  placesOf(answerOf(given))
    .flatMap(optionsOf)
    .flatMap(({ content }) => listed<Action>(content))
    .flatMap(({ cssSelector }) => (typeof cssSelector === 'string' ? [cssSelector] : []))

/** Ends the hide of the snippet in the head. */
export const showSnippet = (): void => snippet()?.remove()

type HideOptions = { [Name in keyof PrehideOptions]?: PrehideOptions[Name] | undefined } & { onShow?: () => void }

/** Hides by plain CSS until the end that it gives, and no longer than `timeout`. */
export const hide = (
  selectors: readonly string[],
  { timeout = TIMEOUT, nonce, signal, onShow }: HideOptions,
): (() => void) => {
  // Each has a rule of its own, so that one that is not CSS takes no other along.
  const css = selectors.map((selector) => selector + HIDDEN).join('')
  const isOver = signal?.aborted || timeout <= 0
  const detach = isOver ? undefined : attach(css, nonce)
  const show = (): void => {
    clearTimeout(timer)
    detach?.()
    onShow?.()
  }
  const timer = setTimeout(show, timeout)
  signal?.addEventListener('abort', show)
  if (isOver) show()
  return show
}

/**
 * Hides what is going to change: elements by selector, or those that an answer names. Gives the way to show them again, which also ends
 * the hide of the snippet in the head. Without it the hide ends by itself, whatever becomes of the answer, the network, or the code
 * that asked for it.
 */
export const prehide = (what: string | readonly string[] | Given, options: PrehideOptions = {}): (() => void) => {
  const selectors = typeof what === 'string' ? [what] : Array.isArray(what) ? what : selectorsOf(what as Given)
  const { timeout = TIMEOUT } = options
  // A snippet has hidden since the page came in.
  const [page] = snippet() ? (performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]) : []
  const spent = page ? performance.now() - page.responseStart : 0
  return hide(selectors, { ...options, timeout: timeout - spent, onShow: showSnippet })
}

/** How the snippet hides. */
export interface SnippetOptions extends Pick<PrehideOptions, 'timeout' | 'nonce'> {
  /** What it hides, in plain CSS. @default ['body'] */
  selectors?: readonly string[]
}

/**
 * Makes the snippet for the head of a page: it hides before anything is loaded, needs no script, and ends by itself. `render` and the
 * end of a `prehide` end it earlier.
 */
export const prehideSnippet = ({ selectors = ['body'], timeout = TIMEOUT, nonce }: SnippetOptions = {}): string => {
  const where = selectors.join().replaceAll('<', '\\3c ')
  const attribute = nonce ? ` nonce="${nonce.replaceAll('"', '&quot;')}"` : ''
  return `<style id="${SNIPPET}"${attribute}>@keyframes ${SNIPPET}{0%,to{opacity:0}}${where}{animation:${SNIPPET} ${timeout}ms step-end}</style>`
}
