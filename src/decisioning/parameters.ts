/** Values by name. */
export type Named = Record<string, unknown>

export const isMap = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member of one's own; what is inherited is nobody's answer. */
export const own = (holder: unknown, key: string): unknown =>
  holder !== null && holder !== undefined && Object.hasOwn(holder as object, key) ? (holder as Named)[key] : undefined

/** The value at the end of a path; null when there is none. */
export const walk = (holder: unknown, path: readonly string[]): unknown =>
  path.reduce((found, key) => own(found, key), holder) ?? null

/** `a.b` stands for `b` in `a`; `.a`, `a.` and `a..b` are names like any other. */
const pathOf = (name: string): string[] => (/^\.|\.\.|\.$/.test(name) ? [name] : name.split('.'))

/** What a group of values comes to in a comparison, as any object does. */
const GROUP = { __proto__: null, toString: () => '[object Object]' }

/**
 * Named values as rules see them, dotted names taken apart. None of the groups has the prototype of objects, so that no name of a
 * visitor reaches it.
 */
export const nested = (values: Named): Named => {
  const root: Named = Object.create(GROUP)
  for (const name of Object.keys(values)) {
    const path = pathOf(name)
    const last = path.pop() as string
    let holder = root
    for (const key of path) {
      // A name that has a value and parts: the later of the two stays.
      if (!isMap(own(holder, key))) holder[key] = Object.create(GROUP)
      holder = holder[key] as Named
    }
    holder[last] = values[name]
  }
  return root
}

/** Values, and beside each text its twin in lower case: `name_lc`. */
export const withTwins = (values: Named): Named => {
  const twins: Named = { ...values }
  for (const name of Object.keys(values)) {
    const value = twins[name]
    if (typeof value === 'string') twins[`${name}_lc`] = value.toLowerCase()
  }
  return twins
}
