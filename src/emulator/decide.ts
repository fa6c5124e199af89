import type { Activity } from './activity.ts'
import { bucketOf, type Draw, rangesOf } from './allocation.ts'
import { type Held, missing, type Situation } from './audience.ts'
import { takesPart } from './environment.ts'
import type { Qa } from './qa.ts'
import type { Visitor } from './visitors.ts'

/** What was decided for one activity. */
export interface Decision {
  activity: Activity
  /** Position of the experience. */
  experience: number
}

/** What a decision looks at, beside the visitor. */
export interface Question {
  situation: Situation
  qa: Qa | undefined
  draw: Draw
  /** Token of the property that the request names. */
  property: string | undefined
  /** Name of the environment of the call. */
  environment: string
}

/** What the audiences of an activity are held against. */
export const heldBy = ({ id }: Activity, { profile }: Visitor, { situation, qa }: Question): Held => ({
  ...situation,
  facts: () => situation.facts(id),
  profile,
  fixed: qa?.fixed,
})

/** By weight, from a bucket that the visitor and the activity always give. */
const allocate = ({ id, experiences }: Activity, draw: Draw): number | undefined => {
  const bucket = bucketOf(draw, id)
  const ranges = rangesOf(experiences.map(({ share }) => share))
  const at = ranges.findIndex(({ first, last }) => first <= bucket && bucket <= last)
  return at < 0 ? undefined : at
}

const targeted = ({ experiences }: Activity, held: Held): number | undefined => {
  const at = experiences.findIndex(({ audience }) => missing(audience, held) === undefined)
  return at < 0 ? undefined : at
}

const chosen = (activity: Activity, visitor: Visitor, draw: Draw): number | undefined => {
  const kept = visitor.experiences.get(activity.id)
  if (kept !== undefined) return kept
  const at = allocate(activity, draw)
  if (at !== undefined) visitor.experiences.set(activity.id, at)
  return at
}

/** In QA mode an audience without an id counts as met: nothing in the request could say so. */
const missed = ({ id, audience }: Activity, held: Held, qa: Qa | undefined): string | undefined =>
  qa?.forced.has(id) && audience?.id === undefined ? undefined : missing(audience, held)

/** Why an activity is not for a call, whoever makes it. */
const elsewhere = ({ property, environments }: Activity, question: Question): string | undefined => {
  if (property !== undefined && property !== question.property) return 'property: another token'
  return takesPart(environments, question.environment) ? undefined : 'environment: another one'
}

/** The experience of a visitor in an activity, or in words why there is none. */
export const decide = (activity: Activity, visitor: Visitor, question: Question): Decision | string => {
  const { qa, draw } = question
  const { id, type } = activity
  if (qa?.only?.has(id) === false) return 'qaMode: not listed'
  const held = heldBy(activity, visitor, question)
  const why = (qa?.forced.has(id) ? undefined : elsewhere(activity, question)) ?? missed(activity, held, qa)
  if (why) return why
  const wish = qa?.forced.get(id)
  if (wish !== undefined) return { activity, experience: wish }
  const experience = type === 'xt' ? targeted(activity, held) : chosen(activity, visitor, draw)
  return experience === undefined ? 'no experience for this visitor' : { activity, experience }
}
