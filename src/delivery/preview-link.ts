import type { Preview, QAMode } from './preview.ts'

/** Numbers joined by `_`; what is no whole number of 1 or more is left out. */
const numbers = (text: string | null): (number | undefined)[] =>
  (text ?? '').split('_').map((part) => (/^[1-9]\d{0,15}$/.test(part) ? Number(part) : undefined))

/** What a QA or preview link asks for. `search` is the query of a page's URL. */
export const previewOf = (search: string): { qaMode?: QAMode; preview?: Preview } => {
  if (!search.includes('at_preview')) return {}
  // Tokens may hold a plus that means a plus, and not the space that it means in forms.
  const query = new URLSearchParams(search.replaceAll('+', '%2B'))
  const get = (name: string) => query.get(`at_preview${name}`)
  const audiences = (name: string) => numbers(get(`_evaluate_as_${name}_audience_ids`)).filter((id) => id !== undefined)
  const token = get('_token')
  const legacy = get('')
  const qaMode: QAMode = {
    token: token ?? undefined,
    listedActivitiesOnly: get('_listed_activities_only') === 'true' || undefined,
    evaluateAsTrueAudienceIds: audiences('true'),
    evaluateAsFalseAudienceIds: audiences('false'),
    previewIndexes: query.getAll('at_preview_index').flatMap((text) => {
      const [activityIndex, experienceIndex] = numbers(text)
      return activityIndex ? { activityIndex, experienceIndex } : []
    }),
  }
  return { ...(token && { qaMode }), ...(legacy && { preview: { token: legacy } }) }
}
