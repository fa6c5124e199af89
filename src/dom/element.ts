type Child = Node | string | number | undefined | false

/** What is set on an element: attributes, and listeners as `onclick`. */
type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>

const SVG = 'http://www.w3.org/2000/svg'

const fill = <Made extends Element>(made: Made, attributes: Attributes, children: readonly Child[]): Made => {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value)
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : `${value}`)
  }
  made.append(
    ...children
      .filter((child) => child !== undefined && child !== false)
      .map((child) => (typeof child === 'number' ? `${child}` : child)),
  )
  return made
}

/** Makes an element of HTML. Texts become text, never markup. */
export const html = (name: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement =>
  fill(document.createElement(name), attributes, children)

/** Makes an element of a drawing. */
export const svg = (name: string, attributes: Attributes = {}, ...children: Child[]): SVGElement =>
  fill(document.createElementNS(SVG, name) as SVGElement, attributes, children)
