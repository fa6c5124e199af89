import { isPlainObject } from './clean.ts'
import type { RecordedExchange } from './recording.ts'
import { STAND_IN } from './stand-ins.ts'

/** Stand-ins of a recording to what a caller has in their place. */
export type Own = Map<string, string>

const WHOLE = new RegExp(`^(?:${STAND_IN.source})$`)

const bind = (own: Own, standIn: string, actual: string): void => {
  if (WHOLE.test(standIn)) own.set(standIn, actual)
  // A device id goes on after its stand-in: `.35_0`.
  const [device] = /^recorded-device-\d+(?=\.)/.exec(standIn) ?? []
  if (!device) return
  own.set(standIn, actual)
  own.set(device, actual.replace(/\.\d+_\d+$/, ''))
}

const pageOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined)

const bindQuery = (own: Own, recorded: string, actual: string): void => {
  const [one, other] = [pageOf(recorded), pageOf(actual)]
  for (const [name, value] of one?.searchParams ?? []) {
    const there = other?.searchParams.get(name)
    if (there) bind(own, value, there)
  }
}

const walk = (own: Own, recorded: unknown, actual: unknown): void => {
  if (typeof recorded === 'string' && ['string', 'number', 'boolean'].includes(typeof actual)) {
    bind(own, recorded, `${actual}`)
    bindQuery(own, recorded, `${actual}`)
  } else if (Array.isArray(recorded) && Array.isArray(actual)) {
    for (const [at, item] of recorded.entries()) walk(own, item, itemLike(actual, item, at))
  } else if (isPlainObject(recorded) && isPlainObject(actual)) {
    for (const [name, value] of Object.entries(recorded))
      if (Object.hasOwn(actual, name)) walk(own, value, actual[name])
  }
}

/** Places go by their names, wherever in the list they stand. */
const itemLike = (list: unknown[], item: unknown, at: number): unknown => {
  const name = isPlainObject(item) ? item.name : undefined
  return name === undefined ? list[at] : (list.find((other) => isPlainObject(other) && other.name === name) ?? list[at])
}

/** What a caller has in the places where the recorded call has stand-ins. */
export const ownOf = ({ request }: RecordedExchange, body: unknown): Own => {
  const own: Own = new Map()
  walk(own, request.body, body)
  return own
}

/** A recorded answer with what is the caller's own. */
export const withOwn = (value: unknown, own: Own): unknown => {
  if (typeof value === 'string')
    return (
      own.get(value) ??
      value
        .replace(/recorded-device-\d+\.\d+_\d+/g, (found) => own.get(found) ?? found)
        .replace(STAND_IN, (found) => own.get(found) ?? found)
    )
  if (Array.isArray(value)) return value.map((item) => withOwn(item, own))
  if (!isPlainObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [withOwn(name, own), withOwn(inner, own)]))
}
