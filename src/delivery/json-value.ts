/** True for what is written in braces. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The objects of a list, and nothing else: answers come over the wire, and may hold anything. */
export function listed<Item>(items: readonly Item[] | undefined): Item[]
export function listed<Item>(items: unknown): Item[]
export function listed(items: unknown): unknown[] {
  return Array.isArray(items) ? items.filter((item) => typeof item === 'object' && item !== null) : []
}

/** A default of `false` stands for any boolean, `''` for any text, `0` for any number. */
export type Widened<Value> = Value extends boolean
  ? boolean
  : Value extends number
    ? number
    : Value extends string
      ? string
      : Value

/** A value of a JSON offer as the type of another: the text `"2"` is 2 where a number is wanted. Undefined for what cannot be read so. */
export const readAs = (value: unknown, like: unknown): unknown => {
  if (like === undefined || typeof value === typeof like) return value
  if (value === undefined || value === null) return undefined
  if (typeof like === 'string') return typeof value === 'object' ? undefined : `${value}`
  if (typeof like === 'boolean') return value === 'true' || (value === 'false' ? false : undefined)
  const number = typeof value === 'string' && value.trim() ? Number(value) : Number.NaN
  return typeof like === 'number' && !Number.isNaN(number) ? number : undefined
}
