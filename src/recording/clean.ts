import { pageWithout } from './page-address.ts'
import type { Secret, StandIns } from './stand-ins.ts'

/** What is written of a value; undefined leaves it out. */
export type Clean = (value: unknown) => unknown

/** The words in which it is said what may be written. */
export interface Cleaner {
  /** These members, each in its way, and no others. */
  fields(members: Record<string, Clean>): Clean
  list(item: Clean): Clean
  /** A number or a flag. */
  plain: Clean
  /** A word of the API, such as `display`. */
  word: Clean
  /** The name of a place. */
  name: Clean
  /** Whatever it is, without what is known to be secret. */
  free: Clean
  secret(kind: Secret): Clean
  /** A device id, which keeps the part that names its edge. */
  device: Clean
  /** Values by name: those that are kept, and stand-ins for the others. */
  values: Clean
  /** The address of a page. */
  page: Clean
}

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

/** Prototypes must not be reached by a member of that name. */
const objectOf = (entries: [string, unknown][]): Record<string, unknown> =>
  Object.fromEntries(entries.filter(([, value]) => value !== undefined))

const freeWith = (swept: (text: string) => string): Clean => {
  const free: Clean = (value) => {
    if (typeof value === 'string') return swept(value)
    if (Array.isArray(value)) return value.map(free)
    if (isPlainObject(value)) return objectOf(Object.entries(value).map(([key, inner]) => [swept(key), free(inner)]))
    return typeof value === 'number' ? numberOf(swept, value) : value
  }
  return free
}

/** A number may be an id. */
const numberOf = (swept: (text: string) => string, value: number): unknown => {
  const text = swept(`${value}`)
  return text === `${value}` ? value : text
}

/** `kept` names what is written as it is. */
export const createCleaner = (standIns: StandIns, kept: ReadonlySet<string>): Cleaner => {
  const swept = (text: string): string => standIns.swept(text)
  const secret =
    (kind: Secret): Clean =>
    (value) =>
      isScalar(value) ? (value === '' ? value : standIns.of(kind, `${value}`)) : undefined
  const scalar = secret('value')
  return {
    fields: (members) => (value) =>
      isPlainObject(value)
        ? objectOf(
            Object.entries(members).map(([name, clean]) => [
              name,
              Object.hasOwn(value, name) ? clean(value[name]) : undefined,
            ]),
          )
        : undefined,
    list: (item) => (value) => (Array.isArray(value) ? value.map((inner) => item(inner) ?? null) : undefined),
    plain: (value) => (typeof value === 'number' || typeof value === 'boolean' ? value : undefined),
    word: (value) => (typeof value === 'string' && /^[a-z_]{1,30}$/i.test(value) ? value : undefined),
    name: (value) => (typeof value === 'string' ? standIns.swept(value, 'ids') : undefined),
    free: freeWith(swept),
    secret,
    device: (value) => {
      if (typeof value !== 'string') return undefined
      const [, id = value, hint = ''] = /^([^.]+)(\.\d+_\d+)$/.exec(value) ?? []
      return standIns.of('device', id) + hint
    },
    values: (value) =>
      isPlainObject(value)
        ? objectOf(
            Object.entries(value).map(([name, inner]) => [
              standIns.swept(name, 'ids'),
              kept.has(name) && isScalar(inner) ? standIns.swept(`${inner}`, 'ids') : scalar(inner),
            ]),
          )
        : undefined,
    page: (value) => (typeof value === 'string' ? pageWithout(value, standIns, kept) : undefined),
  }
}
