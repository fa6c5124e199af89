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
