import type { Activity } from './activity.ts'
import { bucketOf, type Draw, rangesOf } from './allocation.ts'
import type { Audience } from './offers.ts'
import type { Visitor } from './visitors.ts'

/** What a decision looks at, beside the visitor. */
export interface Situation {
  channel: string
  /** Address of the page. */
  url: string | undefined
  /** Token of the property that the request names. */
  property: string | undefined
  parameters: Readonly<Record<string, string>>
}

/** What was decided for one activity. */
export interface Decision {
  activity: Activity
  /** Position of the experience. */
  experience: number
}

/** What a request in QA mode asks for. */
export interface Qa {
  /** Activity id to the position of the experience; undefined leaves that to the usual way. */
  forced: Map<number, number | undefined>
  /** Nothing but the forced activities takes part. */
  only: boolean
}

const anyOf = (wanted: string | readonly string[] | undefined, found: string | undefined): boolean =>
  wanted === undefined || (found !== undefined && [wanted].flat().includes(found))

const urlFits = (wanted: string | readonly string[] | undefined, url: string | undefined): boolean =>
  wanted === undefined ||
  [wanted].flat().some((pattern) => {
    const escaped = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    return new RegExp(`^${escaped.join('.*')}$`, 's').test(url ?? '')
  })

/** What an audience misses; undefined when the visitor belongs to it. */
const missing = (audience: Audience, { profile }: Visitor, situation: Situation): string | undefined => {
  const { parameters = {}, profile: wanted = {}, url, channel } = audience
  if (!anyOf(channel, situation.channel)) return 'audience: another channel'
  if (!urlFits(url, situation.url)) return 'audience: another url'
  const own = (name: string) => (Object.hasOwn(situation.parameters, name) ? situation.parameters[name] : undefined)
  const parameter = Object.keys(parameters).find((name) => !anyOf(parameters[name], own(name)))
  if (parameter !== undefined) return `audience: parameters.${parameter} differs`
  const member = Object.keys(wanted).find((name) => !anyOf(wanted[name], profile.get(name)))
  return member === undefined ? undefined : `audience: profile.${member} differs`
}

/** By weight, from a bucket that the visitor and the activity always give. */
const allocate = ({ id, experiences }: Activity, draw: Draw): number | undefined => {
  const bucket = bucketOf(draw, id)
  const ranges = rangesOf(experiences.map(({ share }) => share))
  const at = ranges.findIndex(({ first, last }) => first <= bucket && bucket <= last)
  return at < 0 ? undefined : at
}

const targeted = ({ experiences }: Activity, visitor: Visitor, situation: Situation): number | undefined => {
  const at = experiences.findIndex(({ audience }) => !audience || missing(audience, visitor, situation) === undefined)
  return at < 0 ? undefined : at
}

const chosen = (activity: Activity, visitor: Visitor, draw: Draw): number | undefined => {
  const kept = visitor.experiences.get(activity.id)
  if (kept !== undefined) return kept
  const at = allocate(activity, draw)
  if (at !== undefined) visitor.experiences.set(activity.id, at)
  return at
}

/** The experience of a visitor in an activity, or in words why there is none. */
export const decide = (
  activity: Activity,
  visitor: Visitor,
  { situation, qa, draw }: { situation: Situation; qa: Qa | undefined; draw: Draw },
): Decision | string => {
  const forced = qa?.forced.has(activity.id)
  if (qa?.only && !forced) return 'qaMode: not listed'
  const { id, property, audience, type } = activity
  const wish = qa?.forced.get(id)
  if (wish !== undefined) return { activity, experience: wish }
  if (property !== undefined && property !== situation.property) return 'property: another token'
  const miss = forced || !audience ? undefined : missing(audience, visitor, situation)
  if (miss) return miss
  const experience = type === 'xt' ? targeted(activity, visitor, situation) : chosen(activity, visitor, draw)
  return experience === undefined ? 'no experience for this visitor' : { activity, experience }
}
