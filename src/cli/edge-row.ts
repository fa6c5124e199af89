import type { Emulator } from '../emulator/emulator.ts'
import type { EdgeRequest } from '../emulator/options.ts'

/** A call as people look at it. */
export interface EdgeRow {
  /** When it came, in epoch ms. */
  at: number
  /** Status of the reply; undefined when the connection was broken. */
  status?: number
  /** Why it was refused. */
  message?: string
  warnings: string[]
  /** How it came: `beacon`, `server` or `browser`, or `rules` for a file of rules. */
  way: string
  /** The page that it is about, or the path of the file. */
  page: string
  /** Places that it asks for. */
  asked: string[]
  /** Notifications that it brings, such as `display hero`. */
  reported: string[]
  /** What it has changed in the ledger, such as `+2 impressions`. */
  counted: string[]
  /** Body of the request, to be looked at. */
  body?: unknown
}

/** What became of a call. */
export type EdgeOutcome = 'good' | 'refused' | 'broken'

export const outcomeOf = ({ status }: EdgeRow): EdgeOutcome =>
  status === undefined ? 'broken' : status < 400 ? 'good' : 'refused'

interface Place {
  name?: string
}

interface Body {
  requestId?: string
  context?: { beacon?: boolean; address?: { url?: string } }
  execute?: { mboxes?: Place[]; pageLoad?: object }
  prefetch?: { mboxes?: Place[]; views?: Place[]; pageLoad?: object }
  notifications?: { type?: string; mbox?: Place; view?: Place }[]
}

const listOf = <Item>(value: Item[] | undefined): Item[] => (Array.isArray(value) ? value : [])

const placesOf = (part: Body['prefetch'] = {}): string[] => [
  ...(part.pageLoad ? ['page load'] : []),
  ...listOf(part.mboxes).map(({ name }) => `${name}`),
  ...listOf(part.views).map(({ name }) => (name === undefined ? 'all views' : `${name} view`)),
]

/** `+2 impressions`: what a call has changed. */
const countsOf = (edge: Emulator, requestId: string | undefined): string[] => {
  const counts = new Map<string, number>()
  const { entries } = edge.ledger
  // The entries of a call that has just been answered are the last ones.
  for (let at = entries.length - 1; at >= Math.max(0, entries.length - 200); at--) {
    const entry = entries[at]
    if (entry?.request === requestId && entry?.counted) counts.set(entry.what, (counts.get(entry.what) ?? 0) + 1)
  }
  return [...counts].map(([what, count]) => `+${count} ${what}${count > 1 ? 's' : ''}`)
}

const pathOf = (address: string | undefined): string => {
  if (!address || !URL.canParse(address)) return ''
  const { pathname, search } = new URL(address)
  return pathname + search
}

/** What there is to see of a call. */
export const rowOf = (edge: Emulator, request: EdgeRequest): EdgeRow => {
  const { at, status, message, headers, warnings, method, url } = request
  const seen = { at, ...(status !== undefined && { status }), ...(message !== undefined && { message }), warnings }
  if (method !== 'POST') return { ...seen, way: 'rules', page: pathOf(url), asked: [], reported: [], counted: [] }
  const body = Object(request.body) as Body
  const isServer = headers['x-exc-sdk'] !== undefined || headers['sec-fetch-mode'] === undefined
  return {
    ...seen,
    way: body.context?.beacon ? 'beacon' : isServer ? 'server' : 'browser',
    page: pathOf(body.context?.address?.url),
    asked: [...placesOf(body.execute), ...placesOf(body.prefetch)],
    reported: listOf(body.notifications).map(
      ({ type, mbox, view }) => `${type} ${mbox?.name ?? (view ? `${view.name} view` : 'page load')}`,
    ),
    counted: countsOf(edge, body.requestId),
    body: request.body,
  }
}
