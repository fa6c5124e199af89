import type { Markup } from './markup.ts'
import { type Reason, Refusal } from './outcome.ts'
import { setAttribute } from './trusted.ts'

/** Every action that is applied to an element. Others are decided elsewhere: `redirect` and `trackClick`. */
export type ElementAction =
  | 'setHtml'
  | 'setText'
  | 'setAttribute'
  | 'setStyle'
  | 'setImageSource'
  | 'setAssets'
  | 'insertBefore'
  | 'insertAfter'
  | 'appendHtml'
  | 'prependHtml'
  | 'replaceHtml'
  | 'remove'
  | 'move'
  | 'rearrange'
  | 'resize'
  | 'customCode'

/** Tells later whether an element still is as it was made. */
export type Still = () => boolean

/** Changes one element. Throws when it cannot. */
type Apply = (element: Element, content: unknown, markup: Markup) => Still

/** They show no content of their own, or none that is markup. */
const CLOSED = /^(iframe|img|input|br|hr|wbr|embed|area|col|source|track|video|audio|canvas|object)$/

const ensure = (isSo: unknown, reason: Reason = 'element'): void => {
  if (!isSo) throw new Refusal(reason)
}

const record = (content: unknown): [string, string][] => {
  ensure(typeof content === 'object' && content, 'content')
  return Object.entries(content as object).flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]]))
}

const textOf = (content: unknown): string => {
  ensure(/string|number/.test(typeof content), 'content')
  return `${content}`
}

const open = (element: Element): void => ensure(!CLOSED.test(element.localName))

/** The document itself, its head and its body have to stay. */
const stays = (element: Element): void =>
  ensure(element.parentElement?.parentElement || element.getRootNode() !== document)

type Place = (element: Element, content: DocumentFragment) => void

/** Inserts HTML, of which a head takes scripts, links and styles alone. */
const html =
  (place: Place, check: (element: Element) => void = open): Apply =>
  (element, content, markup) => {
    const isHead = element === document.head
    ensure(element !== document.documentElement)
    check(element)
    const made = markup(textOf(content), element)
    if (isHead)
      for (const node of [...made.childNodes]) if (!/^(script|link|style)$/i.test(node.nodeName)) node.remove()
    const nodes = [...made.childNodes]
    if (isHead) element.append(made)
    else place(element, made)
    return () => !nodes.length || nodes.some((node) => node.isConnected)
  }

type Styled = Element & ElementCSSInlineStyle

const style =
  (unit: string): Apply =>
  (element, content) => {
    const { style } = element as Styled
    const { priority = '', ...values } = Object.fromEntries(record(content))
    const names = Object.entries(values).map(([name, value]) => {
      const css = name.startsWith('--') ? name : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      style.setProperty(css, /^-?[\d.]+$/.test(value) ? value + unit : value, priority)
      return css
    })
    const now = () => names.map((name) => style.getPropertyValue(name)).join()
    const made = now()
    return () => element.isConnected && now() === made
  }

const attributes: Apply = (element, content) => {
  const values = record(content)
  for (const [name, value] of values) setAttribute(element, name, value)
  return () => element.isConnected && values.every(([name, value]) => element.getAttribute(name) === value)
}

/** Takes away what a browser would prefer to the new image. */
const image: Apply = (element, content) => {
  ensure(element.localName === 'img')
  const src = textOf(content)
  element.removeAttribute('srcset')
  if (element.parentElement?.localName === 'picture')
    for (const source of element.parentElement.querySelectorAll('source')) source.remove()
  return attributes(element, { src }, () => new DocumentFragment())
}

const rearrange: Apply = (element, content) => {
  const { from, to } = Object.fromEntries(record(content))
  const moved = element.children[Number(from)] as Element
  const other = element.children[Number(to)] as Element
  ensure(moved && other, 'content')
  if (Number(from) < Number(to)) other.after(moved)
  else if (moved !== other) other.before(moved)
  return () => element.isConnected && moved.parentNode === element
}

export const ACTIONS = {
  setHtml: html((element, made) => element.replaceChildren(made)),
  setText: (element, content) => {
    const text = textOf(content)
    ensure(element !== document.documentElement && element !== document.head)
    open(element)
    element.textContent = text
    return () => element.isConnected && element.textContent === text
  },
  appendHtml: html((element, made) => element.append(made)),
  prependHtml: html((element, made) => element.prepend(made)),
  replaceHtml: html((element, made) => element.replaceWith(made), stays),
  insertBefore: html((element, made) => element.before(made), stays),
  insertAfter: html((element, made) => element.after(made), stays),
  // What is first in the body comes before what was; the body itself has no before.
  customCode: html(
    (element, made) => (element === document.body ? element.prepend(made) : element.before(made)),
    () => {},
  ),
  setAssets: (_, content, markup) => ACTIONS.appendHtml(document.head, content, markup),
  setAttribute: attributes,
  setImageSource: image,
  setStyle: style(''),
  resize: style('px'),
  move: style('px'),
  rearrange,
  remove: (element) => {
    stays(element)
    const parent = new WeakRef(element.parentNode as ParentNode)
    element.remove()
    return () => parent.deref()?.isConnected === true
  },
} satisfies Record<ElementAction, Apply> as Record<ElementAction, Apply>

/** The name of an action today; at.js 1 had others. */
export const typeOf = (type: unknown): string => (typeof type === 'string' ? type.replace(/Content$/, 'Html') : '')

/** What an action makes of its element, so that a later one of the same kind is known to have replaced it. */
export const slotOf = (type: string, content: unknown): { slot: string; isAdding: boolean } => {
  if (/^(set(Html|Text)|(ap|pre)pendHtml)$/.test(type)) return { slot: 'content', isAdding: type.endsWith('endHtml') }
  const names = typeof content === 'object' && content ? Object.keys(content) : []
  return { slot: `${type} ${names}`, isAdding: !names.length && type !== 'setImageSource' }
}
