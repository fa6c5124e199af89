import type { RequestDetails } from '../delivery/details.ts'

/** What is said of an mbox that is asked for. */
export type OfferDetails = Pick<RequestDetails, 'parameters' | 'profileParameters' | 'order' | 'product'>

const NAMES = ['parameters', 'profileParameters', 'order', 'product'] as const

/** The members of an object in the order of their names, and values as the wire has them, so that equal questions are equal texts. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value === undefined ? undefined : `${value}`
  const entries = Object.entries(value).filter(([, member]) => member != null)
  return entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, member]) => [name, sorted(member)])
}

/** What of the details is said at all; whatever else is given is none of them. */
export const detailsOf = (given: OfferDetails): OfferDetails =>
  Object.fromEntries(NAMES.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])))

/** The same for the same details, whatever the order of their members. */
export const keyOf = (given: OfferDetails): string => JSON.stringify(NAMES.map((name) => sorted(given[name]) ?? null))
