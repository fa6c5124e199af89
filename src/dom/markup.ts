import type { Scripts } from './script.ts'
import { trusted } from './trusted.ts'

/** Makes the nodes of HTML for an element, ready to be inserted; always of the same HTML. */
export type Markup = (html: string, element: Element) => DocumentFragment

/** Stands in for `style` while nodes are made, since a page's policy may forbid that one to markup, but not to scripts. */
const STYLE = 'isotarget-style'
const SVG = 'http://www.w3.org/2000/svg'

/** The nonce of the page's own scripts, which only scripts can read. */
export const pageNonce = (): string | undefined =>
  document.querySelector<HTMLElement>('script[nonce]')?.nonce || undefined

/** Parses once, whatever the number of elements. Nothing loads or runs before it is in the page. */
const parse = (html: string, isSvg: boolean): DocumentFragment => {
  const template = document.createElement('template')
  template.innerHTML = trusted('HTML', isSvg ? `<svg>${html}</svg>` : html)
  const { content } = template
  if (isSvg) content.replaceChildren(...(content.firstElementChild as Element).childNodes)
  for (const element of content.querySelectorAll('[style]')) {
    element.setAttribute(STYLE, element.getAttribute('style') as string)
    element.removeAttribute('style')
  }
  return content
}

export const createMarkup = (scripts: Scripts, nonce: string | undefined, onFailed: (src: string) => void): Markup => {
  const parsed: Record<string, DocumentFragment> = {}
  return (html, element) => {
    const isSvg = element.namespaceURI === SVG && element.localName !== 'foreignObject'
    parsed[`${isSvg}`] ??= parse(html, isSvg)
    const content = document.importNode(parsed[`${isSvg}`] as DocumentFragment, true)
    for (const styled of content.querySelectorAll<HTMLElement>(`[${STYLE}]`)) {
      styled.style.cssText = styled.getAttribute(STYLE) as string
      styled.removeAttribute(STYLE)
    }
    if (nonce) for (const part of content.querySelectorAll<HTMLElement>('style,link')) part.nonce = nonce
    scripts.revive(content, onFailed)
    return content
  }
}
