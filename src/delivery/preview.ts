import type * as v from 'valibot'
import { fields, flag, list, text, whole } from './schema.ts'

/** Activity QA: what the parameters of a QA link say. */
export const QAMode = fields({
  token: text(),
  listedActivitiesOnly: flag(),
  evaluateAsTrueAudienceIds: list(whole()),
  evaluateAsFalseAudienceIds: list(whole()),
  /** Both indexes count from 1, into the activities of the token. */
  previewIndexes: list(fields({ activityIndex: whole(1), experienceIndex: whole(1) })),
})
export type QAMode = v.InferInput<typeof QAMode>

/** The older preview of one experience. */
export const Preview = fields({ token: text() })
export type Preview = v.InferInput<typeof Preview>

const ids = (text: string | null): number[] => (text ?? '').split('_').map(Number).filter(Number.isSafeInteger)

/** What a QA or preview link asks for. `search` is the query of a page's URL. */
export const previewOf = (search: string): { qaMode?: QAMode; preview?: Preview } => {
  const query = new URLSearchParams(search)
  const get = (name: string) => query.get(`at_preview${name}`)
  const token = get('_token')
  const legacy = get('')
  const previewIndexes = query.getAll('at_preview_index').flatMap((text) => {
    const [activityIndex, experienceIndex] = text.split('_').map(Number)
    if (!activityIndex) return []
    return [experienceIndex ? { activityIndex, experienceIndex } : { activityIndex }]
  })
  const qaMode: QAMode = { ...(token && { token }) }
  if (get('_listed_activities_only') === 'true') qaMode.listedActivitiesOnly = true
  for (const [name, text] of [
    ['evaluateAsTrueAudienceIds', get('_evaluate_as_true_audience_ids')],
    ['evaluateAsFalseAudienceIds', get('_evaluate_as_false_audience_ids')],
  ] as const) {
    if (text) qaMode[name] = ids(text)
  }
  if (previewIndexes.length) qaMode.previewIndexes = previewIndexes
  return { ...(token && { qaMode }), ...(legacy && { preview: { token: legacy } }) }
}
