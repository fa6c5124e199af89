/** Truth as JsonLogic has it: an empty list is none. */
export const isTrue = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value))

/** A member of one's own, of whatever it is; else null. */
export const memberOf = (holder: unknown, key: string): unknown => {
  const isThere = holder !== null && holder !== undefined && Object.hasOwn(Object(holder), key)
  return isThere ? ((holder as Record<string, unknown>)[key] ?? null) : null
}

// JsonLogic compares and reckons as JavaScript does, whatever the types are.
type Loose = never
type Operator = (...values: Loose[]) => unknown

const decimal = (value: unknown): number => Number.parseFloat(`${value}`)

/** A text within a text, or a value in a list. An empty text holds nothing. */
const isIn = (needle: unknown, holder: unknown): boolean =>
  Array.isArray(holder)
    ? holder.indexOf(needle) >= 0
    : typeof holder === 'string' && holder !== '' && holder.includes(`${needle}`)

/** Up to `count` characters; a negative count is how many are left away at the end. */
const partOf = (whole: unknown, start: unknown, count?: unknown): string => {
  const text = `${whole}`
  const first = Math.trunc(Number(start)) || 0
  const from = first < 0 ? Math.max(0, text.length + first) : first
  if (count === undefined) return text.slice(from)
  const most = Math.trunc(Number(count)) || 0
  return most < 0 ? text.slice(from).slice(0, most) : text.slice(from, from + most)
}

/** What is worked out from the values of its arguments, by the name that JsonLogic gives it. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  // biome-ignore lint/suspicious/noDoubleEquals: JsonLogic's own equality
  '==': (one, other) => one == other,
  // biome-ignore lint/suspicious/noDoubleEquals: JsonLogic's own equality
  '!=': (one, other) => one != other,
  '===': (one, other) => one === other,
  '!==': (one, other) => one !== other,
  '<': (one, other, third?) => one < other && (third === undefined || other < third),
  '<=': (one, other, third?) => one <= other && (third === undefined || other <= third),
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
  '!': (value) => !isTrue(value),
  '!!': isTrue,
  in: isIn,
  cat: (...parts) => parts.join(''),
  substr: partOf,
  merge: (...lists) => lists.flat(),
  min: Math.min,
  max: Math.max,
  '+': (...values) => (values as unknown[]).map(decimal).reduce((sum, value) => sum + value, 0),
  '*': (...values) => (values as unknown[]).reduce((product, value) => decimal(product) * decimal(value)),
  '-': (one, other?) => (other === undefined ? -one : one - other),
  '/': (one, other) => one / other,
  '%': (one, other) => one % other,
}
