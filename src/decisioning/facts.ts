import type { Address, Context } from '../delivery/context.ts'
import type { RequestDetails } from '../delivery/details.ts'
import { allocate } from './allocation.ts'
import type { Begun } from './murmur.ts'
import { type DomainOf, type Page, pageOf } from './page.ts'
import { type Named, nested, own, walk, withTwins } from './parameters.ts'
import { type User, userOf } from './user-agent.ts'

/** Addresses, taken apart. */
type Pages = Record<keyof Address, Page | undefined>

/** What one request says to all of its places. Each fact is found when the first rule asks for it. */
export interface Visit extends Pages {
  context: Partial<Context>
  /** The id by which the visitor falls into experiences. */
  visitor: string
  /** Epoch ms. */
  now: number
  domainOf: DomainOf
  user: User | undefined
  /** The activity that was drawn for last, and what came out. */
  drawn: Begun | undefined
  allocation: number
}

/** What rules are held against: the visit, and what the place that is asked for adds. */
export interface Facts extends Pages {
  visit: Visit
  details: RequestDetails
  /** The activity of the rule at hand. */
  activity: Begun | undefined
}

/** Reads one fact; null when it is not known. */
export type Read = (facts: Facts) => unknown

/** The page that is asked from, or the one before it. A place that has addresses of its own is on that page. */
const pages =
  (key: keyof Address) =>
  (facts: Facts): Page => {
    const { visit, details } = facts
    const holder: Pages = details.address === undefined ? visit : facts
    holder[key] ??= pageOf((details.address ?? visit.context.address)?.[key], visit.domainOf)
    return holder[key]
  }

const page = pages('url')
const referring = pages('referringUrl')

const user = ({ visit }: Facts): User => {
  visit.user ??= userOf(visit.context.userAgent, visit.context.clientHints)
  return visit.user
}

const geo = ({ visit }: Facts) => {
  const { countryCode, stateCode, city, latitude, longitude } = visit.context.geo ?? {}
  return { country: countryCode, region: stateCode, city, latitude, longitude }
}

/** In UTC. */
const time = ({ visit: { now } }: Facts) => {
  const date = new Date(now)
  return {
    current_timestamp: now,
    current_time: date.toISOString().slice(11, 16).replace(':', ''),
    current_day: date.getUTCDay() || 7,
  }
}

const allocation = ({ visit, activity }: Facts): number => {
  if (activity && visit.drawn !== activity) {
    visit.drawn = activity
    visit.allocation = allocate(activity, visit.visitor)
  }
  return visit.allocation
}

/** All facts at once, as traces show them. */
export const contextOf = (facts: Facts): Named => ({
  ...time(facts),
  user: user(facts),
  page: withTwins({ ...page(facts) }),
  referring: withTwins({ ...referring(facts) }),
  geo: geo(facts),
  mbox: nested(withTwins((facts.details.parameters ?? {}) as Named)),
  allocation: allocation(facts),
})

/** A parameter is looked up by its whole name; parameters are taken apart only for a rule that asks for a group of them. */
const readParameter = (name: string): Read => {
  const plain = name.endsWith('_lc') ? name.slice(0, -3) : undefined
  return ({ details }) => {
    const parameters = details.parameters as Named | undefined
    if (!parameters) return null
    const twin = plain && own(parameters, plain)
    if (typeof twin === 'string') return twin.toLowerCase()
    const value = own(parameters, name)
    if (value !== undefined) return value
    const isGroup = Object.keys(parameters).some((key) => key.startsWith(`${name}.`))
    return isGroup ? walk(nested(withTwins(parameters)), name.split('.')) : null
  }
}

const GROUPS: Readonly<Record<string, (facts: Facts) => object>> = { user, page, referring, geo, '': time }

/** The reader of the fact that a path such as `page.domain` names. Anything can be asked for; not all is known. */
export const reader = (path: string | undefined): Read => {
  if (path === undefined) return contextOf
  if (path === 'allocation') return allocation
  const [group, name, deeper] = path.startsWith('current_') ? ['', path] : path.split('.')
  if (group === 'mbox' && name && !path.includes('..') && !path.endsWith('.')) return readParameter(path.slice(5))
  const find = own(GROUPS, group as string) as (facts: Facts) => Named
  if (!find || !name || deeper) return (facts) => walk(contextOf(facts), path.split('.'))
  const plain = name.slice(0, -3)
  if (!(group === 'page' || group === 'referring') || name !== `${plain}_lc`)
    return (facts) => own(find(facts), name) ?? null
  return (facts) => {
    const value = find(facts)[plain]
    return typeof value === 'string' ? value.toLowerCase() : null
  }
}
