/** Finds elements; `onRoot` hears of every shadow root on the way, and of hosts that have none yet. */
export type Select = (onRoot?: (root: ShadowRoot | Element) => void) => Element[]

/**
 * Escapes, attributes and texts are taken as they stand. Then come names that start with a digit, indexes, steps into a shadow root, and
 * what ends a part.
 */
const TOKENS =
  /\\.|\[(?:"[^"]*"|'[^']*'|[^\]])*\]|"[^"]*"|'[^']*'|([#.])(-?\d[\w-]*)|:eq\(\s*(\d+)\s*\)|(:shadow(?![\w-])|>>>)|[\s\S]/g

/** CSS, an index, or nothing for the step into a shadow root. */
type Step = string | number | null

/** An index counts all elements where nothing says which. */
const counted = (css: string, last: Step | undefined): string =>
  (css.trim() ? /[\s>+~]$/.test(css) : last == null) ? `${css}*` : css

/** The parts of a selector with commas, each in steps. */
const parse = (selector: string): Step[][] => {
  let steps: Step[] = []
  const lists = [steps]
  let css = ''
  let depth = 0
  const flush = (...next: Step[]): void => {
    const part = typeof next[0] === 'number' ? counted(css, steps.at(-1)) : css
    steps.push(...(part.trim() ? [part] : []), ...next)
    css = ''
  }
  for (const [token, sign, name = '', index, shadow] of selector.matchAll(TOKENS)) {
    depth += Number(token === '(') - Number(token === ')')
    if (index) flush(Number(index))
    else if (shadow) flush(null)
    else if (token === ',' && !depth) {
      flush()
      steps = []
      lists.push(steps)
    } else css += sign ? sign + CSS.escape(name) : token
  }
  flush()
  return lists
}

/** A part of CSS goes on from an element, a root, or the document. */
const query = (from: ParentNode, css: string): Element[] => {
  if (from === document) return [...from.querySelectorAll(css)]
  if (from instanceof ShadowRoot) return [...from.querySelectorAll(/^\s*>/.test(css) ? `:host${css}` : css)]
  if (/^[\s>+~]/.test(css)) return [...from.querySelectorAll(`:scope${css}`)]
  return (from as Element).matches(css) ? [from as Element] : []
}

const walk = (steps: readonly Step[], onRoot: (root: ShadowRoot | Element) => void): Element[] => {
  let found: ParentNode[] = [document]
  for (const step of steps) {
    if (typeof step === 'number') found = found.slice(step, step + 1)
    else if (typeof step === 'string') found = [...new Set(found.flatMap((from) => query(from, step)))]
    else {
      const hosts = found as Element[]
      for (const host of hosts) onRoot(host.shadowRoot ?? host)
      found = hosts.flatMap((host) => host.shadowRoot ?? [])
    }
  }
  return found as Element[]
}

/** Whether what a selector finds depends on how many others there are. */
export const isCounted = (selector: unknown): boolean => typeof selector === 'string' && selector.includes(':eq(')

/**
 * Reads Target's dialect: CSS with `:eq(n)` at any depth, `:shadow` or `>>>` for the step into an open shadow root, and ids and
 * classes that start with a digit. What it gives throws when the rest is not CSS.
 */
export const compile = (selector: string): Select => {
  const lists = parse(selector)
  return (onRoot = () => {}) => [...new Set(lists.flatMap((steps) => walk(steps, onRoot)))]
}
