import type { Preview, QAMode } from './preview.ts'

/** Whole numbers of 1 or more; what is none is left out. */
const numbersOf = (list: unknown): number[] =>
  Array.isArray(list) ? list.filter((item) => /^[1-9]\d{0,15}$/.test(`${item}`)).map(Number) : []

/** A QA mode as the wire takes it, of what a link or a cookie says, of which another library may have written any part. */
export const qaModeOf = (said: { [Name in keyof QAMode]?: unknown }): QAMode => ({
  token: typeof said.token === 'string' ? said.token : undefined,
  listedActivitiesOnly: said.listedActivitiesOnly === true || undefined,
  evaluateAsTrueAudienceIds: numbersOf(said.evaluateAsTrueAudienceIds),
  evaluateAsFalseAudienceIds: numbersOf(said.evaluateAsFalseAudienceIds),
  previewIndexes: (Array.isArray(said.previewIndexes) ? said.previewIndexes : []).flatMap((index) => {
    const [activityIndex] = numbersOf([index?.activityIndex])
    const [experienceIndex] = numbersOf([index?.experienceIndex])
    return activityIndex ? { activityIndex, experienceIndex } : []
  }),
})

/** What a QA or preview link asks for. `search` is the query of a page's URL. */
export const previewOf = (search: string): { qaMode?: QAMode; preview?: Preview } => {
  if (!search.includes('at_preview')) return {}
  // Tokens may hold a plus that means a plus, and not the space that it means in forms.
  const query = new URLSearchParams(search.replaceAll('+', '%2B'))
  const get = (name: string) => query.get(`at_preview${name}`)
  const token = get('_token')
  const legacy = get('')
  const qaMode = qaModeOf({
    token,
    listedActivitiesOnly: get('_listed_activities_only') === 'true',
    evaluateAsTrueAudienceIds: get('_evaluate_as_true_audience_ids')?.split('_'),
    evaluateAsFalseAudienceIds: get('_evaluate_as_false_audience_ids')?.split('_'),
    previewIndexes: query.getAll('at_preview_index').map((text) => {
      const [activityIndex, experienceIndex] = text.split('_')
      return { activityIndex, experienceIndex }
    }),
  })
  return { ...(token && { qaMode }), ...(legacy && { preview: { token: legacy } }) }
}
