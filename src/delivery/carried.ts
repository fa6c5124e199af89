import { invalid } from './error.ts'

const DISCRIMINATORS = ['$type', '$_type']

/** True for a member that the wire knows: nulls and the discriminators of generated models are left out. */
export const isKnown = (key: string, value: unknown): boolean => value != null && !DISCRIMINATORS.includes(key)

/** Sets a member unless it is an empty list; one that is named `__proto__` too, as no name may reach a prototype. */
export const keep = (target: Record<string, unknown>, key: string, value: unknown): void => {
  if (Array.isArray(value) && !value.length) return
  if (key !== '__proto__') target[key] = value
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

/** A copy of what no schema knows, as JSON carries it. Throws for what it cannot carry. */
export const copied = <Value>(value: Value): Value => {
  if (typeof value !== 'object' && typeof value !== 'bigint') return value
  try {
    return JSON.parse(JSON.stringify(value), (key, item) => {
      if (DISCRIMINATORS.includes(key)) return undefined
      const kept = Array.isArray(item) ? item.filter((member) => member != null) : (item ?? undefined)
      return Array.isArray(kept) && !kept.length ? undefined : kept
    })
  } catch (cause) {
    throw invalid('Request must be JSON: it holds itself or a BigInt', { cause })
  }
}
