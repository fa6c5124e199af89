import type { QAMode } from '../delivery/preview.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { Activity } from './activity.ts'
import { refusal } from './refusal.ts'

/** What a request in QA mode, or one that previews an experience, asks for. */
export interface Qa {
  /** Activity id to the position of the experience; undefined leaves that to the usual way. */
  forced: Map<number, number | undefined>
  /** Ids of all that takes part; undefined lets everything take part. */
  only: ReadonlySet<number> | undefined
  /** Audiences that hold, or do not, whatever is true; by id. */
  fixed: Map<number, boolean>
}

/** A link that shows one experience to whoever opens it. */
export interface QaLink {
  /** Id of the activity. */
  activity: number
  /** Name of the experience. */
  experience: string
  /** What to write behind the address of a page: `?at_preview_token=…&at_preview_index=1_2&…` */
  query: string
}

type Warn = (text: string) => void

/** A token for the files that set none: any is accepted then. */
const ANY_TOKEN = 'qa'

const hasToken = (activities: readonly Activity[]): boolean => activities.some(({ qa }) => qa !== undefined)

/** The activities of a token, in their order: indexes count in them. Where none has a token, any token stands for all of them. */
const listedBy = (token: string | undefined, activities: readonly Activity[]): readonly Activity[] => {
  if (!hasToken(activities)) return activities
  if (!token) throw refusal(400, 'Invalid request: qaMode.token is required')
  const listed = activities.filter(({ qa }) => qa === token)
  if (!listed.length) throw refusal(400, 'Invalid request: Invalid qaMode token')
  return listed
}

/** What `qaMode` asks for. Throws a refusal for a token that is none. */
const byMode = (mode: QAMode, activities: readonly Activity[], warn: Warn): Qa => {
  const { token, previewIndexes = [], listedActivitiesOnly } = mode
  const listed = listedBy(token, activities)
  const forced: Qa['forced'] = new Map()
  for (const { activityIndex, experienceIndex } of previewIndexes) {
    const activity = listed[(activityIndex ?? 0) - 1]
    if (!activity) {
      warn(`qaMode: there is no activity ${activityIndex}`)
      continue
    }
    const at = (experienceIndex ?? 0) - 1
    forced.set(activity.id, at in activity.experiences ? at : undefined)
  }
  const ids = hasToken(activities) ? listed.map(({ id }) => id) : [...forced.keys()]
  return {
    forced,
    only: listedActivitiesOnly ? new Set(ids) : undefined,
    fixed: new Map([
      ...(mode.evaluateAsFalseAudienceIds ?? []).map((id) => [id, false] as const),
      ...(mode.evaluateAsTrueAudienceIds ?? []).map((id) => [id, true] as const),
    ]),
  }
}

/** The experience that a preview token shows; undefined where the file has no such tokens. Throws a refusal for one that is none. */
const byPreview = (token: string | undefined, activities: readonly Activity[]): Qa | undefined => {
  const all = activities.flatMap((activity) =>
    activity.experiences.map(({ preview }, at) => ({ activity, at, preview })),
  )
  if (!token || !all.some(({ preview }) => preview !== undefined)) return undefined
  const found = all.find(({ preview }) => preview === token)
  if (!found) throw refusal(400, 'Invalid request: Invalid preview token')
  const { id, audience } = found.activity
  const fixed = new Map(audience?.id === undefined ? [] : [[audience.id, true]])
  return { forced: new Map([[id, found.at]]), only: undefined, fixed }
}

/** What a call is to be shown instead of what it would see; undefined for live traffic. Throws a refusal for a bad token. */
export const qaOf = (
  { qaMode, preview }: DeliveryRequest,
  activities: readonly Activity[],
  warn: Warn,
): Qa | undefined => {
  const shown = byPreview(preview?.token, activities)
  if (!qaMode) return shown
  const qa = byMode(qaMode, activities, warn)
  return {
    ...qa,
    forced: new Map([...(shown?.forced ?? []), ...qa.forced]),
    fixed: new Map([...(shown?.fixed ?? []), ...qa.fixed]),
  }
}

const linkOf = (activity: Activity, index: number, at: number): string => {
  const { qa = ANY_TOKEN, audience } = activity
  const query = new URLSearchParams({
    at_preview_token: qa,
    at_preview_index: `${index}_${at + 1}`,
    at_preview_listed_activities_only: 'true',
    ...(audience?.id !== undefined && { at_preview_evaluate_as_true_audience_ids: `${audience.id}` }),
  })
  return `?${query}`.replaceAll('+', '%20')
}

/** A link for every experience. */
export const qaLinksOf = (activities: readonly Activity[]): QaLink[] => {
  const hasAny = hasToken(activities)
  return activities.flatMap((activity) => {
    // Without a token of its own an activity cannot be asked for.
    if (hasAny && activity.qa === undefined) return []
    const index = activities.filter(({ qa }) => qa === activity.qa).indexOf(activity) + 1
    return activity.experiences.map(({ name }, at) => ({
      activity: activity.id,
      experience: name,
      query: linkOf(activity, index, at),
    }))
  })
}
