/** Truth as JsonLogic has it: an empty list is false. */
export const truthy = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value))

// JsonLogic compares and reckons as JavaScript does, whatever the types are.
type Any = never
type Work = (...values: Any[]) => unknown

const number = Number.parseFloat as (value: unknown) => number

/** Operators that look at nothing but the values of their arguments. */
export const OPERATORS: Readonly<Record<string, Work>> = {
  // biome-ignore lint/suspicious/noDoubleEquals: JsonLogic's own equality
  '==': (a, b) => a == b,
  // biome-ignore lint/suspicious/noDoubleEquals: JsonLogic's own equality
  '!=': (a, b) => a != b,
  '===': (a, b) => a === b,
  '!==': (a, b) => a !== b,
  '<': (a, b, c?) => a < b && (c === undefined || b < c),
  '<=': (a, b, c?) => a <= b && (c === undefined || b <= c),
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '!': (a) => !truthy(a),
  '!!': truthy,
  // An empty text contains nothing, not even itself.
  in: (needle, haystack: unknown) =>
    haystack !== '' && (typeof haystack === 'string' || Array.isArray(haystack)) && haystack.indexOf(needle) >= 0,
  '+': (...values) => values.reduce<number>((sum, value) => sum + number(value), 0),
  '*': (...values) => (values as unknown[]).reduce((product, value) => number(product) * number(value)),
  '-': (a, b?) => (b === undefined ? -a : a - b),
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  min: Math.min,
  max: Math.max,
  cat: (...values) => values.join(''),
  merge: (...values) => values.flat(),
  // A negative end leaves as many characters away from the end, as in PHP.
  substr: (source, start: number, end?: number) => {
    const text = String(source)
    return end !== undefined && end < 0 ? text.substr(start).slice(0, end) : text.substr(start, end)
  },
  log: (a) => a,
}
