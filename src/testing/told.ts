import type { LedgerEntry } from '../emulator/happening.ts'
import type { EdgeRequest } from '../emulator/options.ts'

/** Lines that a list in a message has at most. */
const LINES = 10

/** The last lines under a heading, and how many came before; empty without any. */
const listed = (heading: string, lines: readonly string[]): string => {
  if (!lines.length) return ''
  const more = lines.length > LINES ? [`  … ${lines.length - LINES} before`] : []
  return [heading, ...more, ...lines.slice(-LINES).map((line) => `  ${line}`)].join('\n')
}

/** What of a body is read here. It may be anything: only text and lists of objects are taken. */
const membersOf = (input: unknown): Record<string, unknown> =>
  typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {}
const listOf = (input: unknown): Record<string, unknown>[] => (Array.isArray(input) ? input.map(membersOf) : [])

/** One place of a request: an mbox, a view or the page load. */
export interface Asked {
  how: 'execute' | 'prefetch'
  kind: 'mbox' | 'view' | 'pageLoad'
  /** Undefined for the page load, and for a view that stands for all of them. */
  name: string | undefined
  parameters: Record<string, unknown>
}

const placeOf = (how: Asked['how'], kind: Asked['kind'], { name, parameters }: Record<string, unknown>): Asked => ({
  how,
  kind,
  name: typeof name === 'string' ? name : undefined,
  parameters: membersOf(parameters),
})

/** The places that a request asks for. */
export const askedIn = ({ body }: EdgeRequest): Asked[] =>
  (['execute', 'prefetch'] as const).flatMap((how) => {
    const { pageLoad, mboxes, views } = membersOf(membersOf(body)[how])
    return [
      ...(pageLoad ? [placeOf(how, 'pageLoad', membersOf(pageLoad))] : []),
      ...listOf(mboxes).map((mbox) => placeOf(how, 'mbox', mbox)),
      ...listOf(views).map((view) => placeOf(how, 'view', view)),
    ]
  })

/** A place in words. */
export const placeInWords = ({ kind, name, parameters }: Omit<Asked, 'how'>): string => {
  const all = kind === 'view' ? 'all views' : 'page load'
  const said = Object.keys(parameters).length ? ` ${JSON.stringify(parameters)}` : ''
  return `${name === undefined ? all : `${kind} ${name}`}${said}`
}

const notificationInWords = ({ type, id, mbox, view }: Record<string, unknown>): string => {
  const [kind, place] = mbox ? ['mbox', membersOf(mbox)] : ['view', membersOf(view)]
  return `${type} of ${place.name === undefined ? 'the page load' : `${kind} ${place.name}`} (${id})`
}

const requestInWords = (request: EdgeRequest): string => {
  const { method, url, status, message, body, warnings } = request
  const asked = askedIn(request).map((place) => `${place.how} ${placeInWords(place)}`)
  const told = listOf(membersOf(body).notifications).map(notificationInWords)
  const what = [...asked, ...told].join(', ')
  return [`${method} ${new URL(url).pathname}`, status ?? 'no reply', what, message, ...warnings]
    .filter(Boolean)
    .join(' · ')
}

const entryInWords = ({ what, mbox, view, notification, why }: LedgerEntry): string => {
  const place = mbox ?? view
  const by = notification === undefined ? '' : ` (${notification})`
  return `${what}${place === undefined ? '' : ` of ${place}`}${by}: ${why}`
}

/** The last requests, with what they asked and told, and what became of them. */
export const tableOfArrivals = (requests: readonly EdgeRequest[]): string =>
  listed('Arrived:', requests.map(requestInWords)) || 'Nothing arrived.'

/** What was reported and not counted, with the reasons; empty when there is nothing of the kind. */
export const tableOfRefused = (entries: readonly LedgerEntry[]): string =>
  listed('Not counted:', entries.filter(({ counted }) => !counted).map(entryInWords))
