/**
 * What becomes of a value whose type is settled: it is written otherwise, or refused for a reason that more than one of its parts has.
 */

/** Refuses a value, or the member `key` of it. */
export type Refuse = (expected: string, key?: PropertyKey, limit?: unknown) => never

/** Gives the value as it is sent. */
export type Rule<Input, Output = Input> = (input: Input, refuse: Refuse) => Output

/** A bare host: a scheme in front of it is dropped. */
export const bareHost = (host: string): string => host.replace(/^\w+:\/\//, '')

/** A long link must never cost the visitor the offer. */
export const shortened = (url: string): string => url.slice(0, 4096)

/** True for an address that a URL takes; of IPv4 it must be the whole, as a URL also takes the abridged. */
export const isAddress = (ip: string): boolean => {
  try {
    if (/^[\d.]+$/.test(ip)) return new URL(`http://${ip}`).hostname === ip
    return Boolean(/^[\da-f:]+:[\da-f:.]*(%|$)/i.test(ip) && new URL(`http://[${ip.replace(/%.*/, '')}]`))
  } catch {
    return false
  }
}

/** An empty text and an address that is none are left out; with nothing left there is no place. */
export const located = <Geo extends object>(geo: Geo): Geo | undefined => {
  const known = Object.entries(geo).filter(
    ([key, value]) => value !== '' && (key !== 'ipAddress' || isAddress(value.trim())),
  )
  return known.length ? (Object.fromEntries(known) as Geo) : undefined
}

const RESERVED = /^(orderId|orderTotal|productPurchasedIds?)$/

/** What is wrong with a parameter of an mbox, a view or the page load, or of a profile; undefined when nothing is. */
export const faultOf = (name: string, value: unknown, isMbox: boolean): string | undefined => {
  if (!name.trim() || name.length > 128) return 'must have a name of 1 to 128 characters'
  if (name.startsWith('profile.')) return 'must be in profileParameters, without the prefix profile.'
  if (isMbox && RESERVED.test(name)) return 'must be in order: this name is reserved'
  if (!['string', 'number', 'boolean'].includes(typeof value)) return 'must be text, a number or a boolean'
  return `${value}`.length > 5000 ? 'must have at most 5000 characters' : undefined
}

const parameters = (input: object, refuse: Refuse, [max, isMbox]: [number, boolean]): Record<string, string> => {
  // The result has no prototype, so that no name, not even `__proto__`, reaches one.
  const output: Record<string, string> = Object.create(null)
  const entries = Object.entries(input).filter(([, value]) => value != null)
  if (entries.length > max) refuse(`must have at most ${max} entries`)
  for (const [name, value] of entries) {
    const fault = faultOf(name, value, isMbox)
    if (fault) refuse(fault, name)
    output[name] = `${value}`
  }
  return output
}

/** Parameters of an mbox, a view or the page load as text: up to 100. */
export const mboxParameters: Rule<object, Record<string, string>> = (input, refuse) =>
  parameters(input, refuse, [100, true])

/** Profile parameters as text: up to 50. */
export const profileParameters: Rule<object, Record<string, string>> = (input, refuse) =>
  parameters(input, refuse, [50, false])

type Indexed<Mbox> = Omit<Mbox, 'index'> & { index: number }

/** Mboxes, each with an index of its own. Written member by member, as the declarations are to have it. */
export const numbered = <Mbox extends { index?: number | undefined }>(
  mboxes: Mbox[],
  refuse: Refuse,
): { [Key in keyof Indexed<Mbox>]: Indexed<Mbox>[Key] }[] => {
  const taken = new Set<number>()
  mboxes.forEach(({ index }, key) => {
    if (index === undefined) return
    if (taken.has(index)) refuse('must not use an index twice', key)
    taken.add(index)
  })
  let next = 0
  const unused = () => {
    while (taken.has(next)) next++
    taken.add(next)
    return next
  }
  return mboxes.map(({ index = unused(), ...mbox }) => ({ ...mbox, index }))
}

/** A notification is about an mbox or a view. */
export const either = <About extends { mbox?: unknown; view?: unknown }>(notification: About, refuse: Refuse): About =>
  notification.mbox && notification.view ? refuse('must have either an mbox or a view') : notification

/** Ids of products that are short enough together. */
export const joined: Rule<string[]> = (ids, refuse) =>
  ids.join().length > 250 ? refuse('must be short enough when joined by commas', undefined, 250) : ids

/** A moment as text. */
export const dated = (time: string | Date): string => (time instanceof Date ? time.toISOString() : time)

interface Parts {
  pageLoad?: unknown
  mboxes?: unknown[] | undefined
  views?: unknown[] | undefined
}

const isEmpty = ({ pageLoad, mboxes, views }: Parts): boolean => !(pageLoad || mboxes?.length || views?.length)

/** Asks for something to be decided and counted. */
export const executed = <Part extends Parts>(part: Part, refuse: Refuse): Part =>
  isEmpty(part) ? refuse('Either pageLoad or mboxes is required in execute') : part

/** Asks for something to be decided. */
export const prefetched = <Part extends Parts>(part: Part, refuse: Refuse): Part =>
  isEmpty(part) ? refuse('Either views, pageLoad or mboxes is required in prefetch') : part
