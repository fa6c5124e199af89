import { type MatcherResult, resultOf, seenEdge } from './seen.ts'
import { type Asked, askedIn, placeInWords } from './told.ts'

/** Where an offer belongs: the name of an mbox, or what kind of place it is. */
export type AskedPlace = string | { mbox: string } | { view: string } | { pageLoad: true }

/** Parameters of a place. What goes over the wire is text, so that 4 and '4' are the same. */
export type AskedParameters = Record<string, string | number | boolean>

type Wanted = Pick<Asked, 'kind' | 'name'>

const wantedOf = (place: AskedPlace): Wanted => {
  if (typeof place === 'string') return { kind: 'mbox', name: place }
  if ('mbox' in place) return { kind: 'mbox', name: place.mbox }
  return 'view' in place ? { kind: 'view', name: place.view } : { kind: 'pageLoad', name: undefined }
}

/** A call for all views asks for each of them. */
const isAsked = ({ kind, name }: Wanted, asked: Asked): boolean =>
  kind === asked.kind && (name === asked.name || (kind === 'view' && asked.name === undefined))

/**
 * Passes when a request asked for this place, by `execute` or `prefetch`, with at least these parameters. A request that was refused or
 * broken asked all the same.
 */
export const toHaveBeenAskedFor = (
  received: unknown,
  place: AskedPlace,
  parameters: AskedParameters = {},
): MatcherResult => {
  const edge = seenEdge(received)
  const wanted = wantedOf(place)
  const asked = edge.requests.flatMap(askedIn).filter((one) => isAsked(wanted, one))
  const isFit = (one: Asked) =>
    Object.entries(parameters).every(([name, value]) => `${one.parameters[name]}` === `${value}`)
  const pass = asked.some(isFit)
  const told = placeInWords({ ...wanted, parameters })
  const others = asked.map((one) => `asked for ${placeInWords(one)}`)
  const findings = pass || others.length ? [...new Set(others)] : [`nobody asked for ${told}`]
  const args = [place, ...(Object.keys(parameters).length ? [parameters] : [])].map((arg) => JSON.stringify(arg))
  return resultOf(edge, { said: `toHaveBeenAskedFor(${args.join(', ')})`, pass, findings })
}
