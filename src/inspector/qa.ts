import type { Preview, QAMode } from '../delivery/preview.ts'
import { previewOf } from '../delivery/preview-link.ts'
import type { CookieRow } from './visitor.ts'

/** What a form says of a QA mode. */
export interface Wanted {
  /** A token, or a whole QA link. */
  token: string
  activity: string
  experience: string
  isListedOnly: boolean
}

const PARAMETER = /^at_preview/

const without = (href: string): URL => {
  const url = new URL(href)
  for (const name of [...url.searchParams.keys()]) if (PARAMETER.test(name)) url.searchParams.delete(name)
  return url
}

/** The query of a QA link, whatever page it leads to; undefined for a text that is none. */
const linkIn = (text: string): string | undefined => {
  const at = text.indexOf('?')
  const query = (at < 0 ? text : text.slice(at)).split('#')[0] ?? ''
  return /(^|[?&])at_preview(_token)?=/.test(query) ? query.replace(/^\??/, '?') : undefined
}

/** The index that stands in a link, as a form has it: the first. */
const fill = (wanted: Wanted): Wanted => {
  const query = linkIn(wanted.token)
  if (query === undefined) return wanted
  const { qaMode, preview } = previewOf(query)
  const [first] = qaMode?.previewIndexes ?? []
  return {
    token: qaMode?.token ?? preview?.token ?? '',
    activity: wanted.activity || `${first?.activityIndex ?? ''}`,
    // That of the link belongs to the activity of the link.
    experience: wanted.experience || (wanted.activity ? '' : `${first?.experienceIndex ?? ''}`),
    isListedOnly: wanted.isListedOnly || Boolean(qaMode?.listedActivitiesOnly),
  }
}

/** The address of this page with a QA mode: that of a link, with what the form says more. Throws a sentence for what is no index. */
export const qaAddress = (href: string, wanted: Wanted): string => {
  const { token, activity, experience, isListedOnly } = fill({ ...wanted, token: wanted.token.trim() })
  if (!token) throw new Error('Paste a QA link or a token first')
  for (const index of [activity, experience]) {
    if (index && !/^[1-9]\d*$/.test(index)) throw new Error('An index is a whole number, and the first is 1')
  }
  if (experience && !activity) throw new Error('An experience needs the index of its activity')
  const url = without(href)
  const query = linkIn(wanted.token)
  const from = new URLSearchParams(query?.replaceAll('+', '%2B'))
  for (const [name, value] of from) if (PARAMETER.test(name)) url.searchParams.append(name, value)
  if (!from.has('at_preview')) url.searchParams.set('at_preview_token', token)
  if (activity && (wanted.activity || !from.has('at_preview_index')))
    url.searchParams.set('at_preview_index', [activity, experience].filter(Boolean).join('_'))
  if (isListedOnly) url.searchParams.set('at_preview_listed_activities_only', 'true')
  return url.href
}

/** The address of this page by which a QA mode ends. */
export const endAddress = (href: string): string => {
  const url = without(href)
  url.searchParams.set('at_preview_token', '')
  return url.href
}

/** The QA mode or preview that the cookies keep. */
export const activeQa = (cookies: readonly CookieRow[]): { qaMode?: QAMode; preview?: Preview } => {
  const read = (wanted: string): object | undefined => {
    const text = cookies.find(({ name }) => name === wanted)?.value
    try {
      return text ? Object(JSON.parse(decodeURIComponent(text))) : undefined
    } catch {
      // Another library may have written something else.
      return undefined
    }
  }
  const [qaMode, preview] = [read('at_qa_mode'), read('at_preview_mode')]
  return { ...(qaMode && { qaMode }), ...(preview && { preview }) }
}
