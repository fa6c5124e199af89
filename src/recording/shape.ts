import type { RecordedExchange } from './recording.ts'
import { STAND_IN } from './stand-ins.ts'

/** A request as far as it is compared. */
export interface Asked {
  method: string
  path: string
  body: unknown
}

interface Item {
  name?: string
  key?: string
  address?: { url?: string }
  parameters?: Record<string, unknown>
  profileParameters?: Record<string, unknown>
  mbox?: Item
  view?: Item
  type?: string
}

interface Part {
  pageLoad?: Item
  mboxes?: Item[]
  views?: Item[]
}

interface Body {
  context?: { channel?: string; beacon?: boolean; address?: { url?: string } }
  property?: { token?: string }
  execute?: Part
  prefetch?: Part
  notifications?: Item[]
  qaMode?: { previewIndexes?: { activityIndex?: number; experienceIndex?: number }[]; listedActivitiesOnly?: boolean }
}

const bodyOf = (body: unknown): Body => Object(body) as Body

const listOf = <Value>(value: Value[] | undefined): Value[] => (Array.isArray(value) ? value : [])

/** Values that were kept, in words; one with a stand-in in it can be any. */
const keptOf = (values: Record<string, unknown> | undefined, kept: readonly string[]): string =>
  kept
    .flatMap((name) => (Object.hasOwn(Object(values), name) ? [` ${name}=${values?.[name]}`] : []))
    .map((text) => text.replace(STAND_IN, '*'))
    .join('')

const queryOf = (url: string | undefined): Record<string, string> =>
  typeof url === 'string' && URL.canParse(url) ? Object.fromEntries(new URL(url).searchParams) : {}

const detailsOf = ({ address, parameters, profileParameters }: Item, kept: readonly string[]): string =>
  keptOf({ ...queryOf(address?.url), ...profileParameters, ...parameters }, kept)

const placesOf = (mode: string, part: Part | undefined, kept: readonly string[]): string[] => [
  ...(part?.pageLoad ? [`${mode} page load${detailsOf(part.pageLoad, kept)}`] : []),
  ...listOf(part?.mboxes).map((mbox) => `${mode} mbox ${mbox.name}${detailsOf(mbox, kept)}`),
  ...listOf(part?.views).map(
    (view) => `${mode} ${view.name === undefined ? 'all views' : `view ${view.name}`}${detailsOf(view, kept)}`,
  ),
]

/** What a notification is about, in words. */
const reportOf = ({ type, mbox, view }: Item): string =>
  `${type} ${mbox ? `mbox ${mbox.name}` : view ? `view ${view.name}` : 'page load'}`

const qaOf = ({ qaMode }: Body): string[] =>
  listOf(qaMode?.previewIndexes).map((one) => `QA ${one.activityIndex}:${one.experienceIndex ?? '*'}`)

/** What a request reports, in words. */
const reportsIn = ({ body }: Asked): string[] => listOf(bodyOf(body).notifications).map(reportOf).sort()

/** What a request asks for: nothing for one that only reports. */
export const placesIn = ({ body }: Asked, kept: readonly string[]): string[] => {
  const { execute, prefetch } = bodyOf(body)
  return [...placesOf('execute', execute, kept), ...placesOf('prefetch', prefetch, kept)]
}

/** All by which a request is known again, a line for each thing; the order in which places are asked for says nothing. */
export const shapeOf = (asked: Asked, kept: readonly string[]): string[] => {
  if (asked.method !== 'POST') return [`${asked.method} ${asked.path}`]
  const body = bodyOf(asked.body)
  const places = placesIn(asked, kept)
  const { channel = 'web', beacon, address } = body.context ?? {}
  const around = [
    ...(channel === 'web' ? [] : [`channel ${channel}`]),
    ...(body.property?.token ? [`property ${body.property.token}`] : []),
    ...(beacon ? ['as a beacon'] : []),
    ...qaOf(body),
  ]
  const page = keptOf(queryOf(address?.url), kept)
  // A call that reports is known by what it reports, one that asks by what it asks: the rest comes as it is.
  const subject = places.length
    ? [...places, ...(page ? [`page${page}`] : []), ...around]
    : [...reportsIn(asked), ...around]
  return subject.length ? subject.sort() : ['nothing']
}

export const askedOf = ({ request }: RecordedExchange): Asked => ({
  method: request.method,
  path: request.path,
  body: request.body,
})

const shared = (one: readonly string[], other: readonly string[]): number =>
  one.filter((line) => other.includes(line)).length

/** Where the recorded shape stands that has most in common with another one; -1 where there is none. */
export const nearestShape = (asked: readonly string[], recorded: readonly (readonly string[])[]): number => {
  const words = asked.join(' ').split(' ')
  // Whole lines count, and among equals their words.
  const scores = recorded.map(
    (shape) =>
      shared(asked, shape) / Math.max(asked.length, shape.length) + shared(words, shape.join(' ').split(' ')) / 1000,
  )
  return scores.indexOf(Math.max(...scores))
}
