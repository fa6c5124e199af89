import type { TargetError } from '../delivery/error.ts'
import type { Metric } from '../delivery/metric.ts'
import type { DeliveryRequestInput } from '../delivery/request.ts'
import { parseTargetCookie, TARGET_COOKIE } from '../delivery/session.ts'
import type { OptionOutcome, PlaceOutcome, Rendered } from '../dom/outcome.ts'
import { cookie, readFlags } from '../page/flags.ts'
import { createId } from '../platform/platform.ts'

const CONSTANTS = [
  'LIBRARY_LOADED',
  'REQUEST_START',
  'REQUEST_SUCCEEDED',
  'REQUEST_FAILED',
  'CONTENT_RENDERING_START',
  'CONTENT_RENDERING_SUCCEEDED',
  'CONTENT_RENDERING_FAILED',
  'CONTENT_RENDERING_NO_OFFERS',
  'CONTENT_RENDERING_REDIRECT',
] as const

type Constant = (typeof CONSTANTS)[number]

const nameOf = (constant: Constant): string => `at-${constant.toLowerCase().replaceAll('_', '-')}`

/** Names of events by their constants. Source: Adobe's documentation of at.js custom events. */
export const EVENTS = {
  ...(Object.fromEntries(CONSTANTS.map((constant) => [constant, nameOf(constant)])) as Record<Constant, string>),
  ARTIFACT_DOWNLOAD_SUCCEEDED: 'artifactDownloadSucceeded',
  ARTIFACT_DOWNLOAD_FAILED: 'artifactDownloadFailed',
} as const

let made: string | undefined

/** Who the visitor is. One who has no session yet gets a `fresh` one, so that events name it before the first call is made. */
export const trackingOf = (): { sessionId: string; deviceId: string | undefined; fresh?: string } => {
  const { session, PC: deviceId } = parseTargetCookie(cookie(TARGET_COOKIE), Date.now())
  const sessionId = readFlags().sessionId ?? session
  if (sessionId) return { sessionId, deviceId }
  made ??= createId()
  return { sessionId: made, deviceId, fresh: made }
}

/** Tells the page what happens, by an event of its document that says who the visitor is. */
export const announce = (type: string, detail?: object): void => {
  const { sessionId, deviceId } = trackingOf()
  document.dispatchEvent(new CustomEvent(type, { detail: { type, tracking: { sessionId, deviceId }, ...detail } }))
}

/** An error that survives being turned into JSON. */
export const plain = (error: unknown): object => {
  const { code, message, status } = error as TargetError
  return { code, message, status }
}

/** The mbox that a request is about, if it is about one. */
export const mboxIn = ({ execute, prefetch }: DeliveryRequestInput): { mbox?: string } => {
  const [one, another = execute?.pageLoad] = [execute, prefetch].flatMap((part) => part?.mboxes ?? [])
  return one && !another ? { mbox: one.name } : {}
}

const hasFailed = ({ actions }: OptionOutcome): boolean => actions.some(({ reason }) => Boolean(reason))

const whose = ({ kind, name }: PlaceOutcome): object => ({ [kind]: name ?? true })

const succeeded = (place: PlaceOutcome): object => {
  const options = place.options.filter((option) => !hasFailed(option)).map(({ option }) => option)
  return {
    status: options.length < place.options.length ? 'error' : 'success',
    ...whose(place),
    data: {
      eventTokens: options.flatMap(({ eventToken }) => eventToken ?? []),
      responseTokens: options.flatMap(({ responseTokens }) => responseTokens ?? []),
    },
  }
}

const failed = (place: PlaceOutcome): object => ({
  status: 'error',
  ...whose(place),
  data: {
    errors: place.options.filter(hasFailed).map(({ option: { eventToken, responseTokens }, actions }) => ({
      errors: actions.map(({ action, reason }) => ({ ...action, error: Boolean(reason), reason })),
      eventToken,
      responseTokens,
    })),
  },
})

/** Clicks that belong to no one place are counted from now on. */
const counted = (metrics: readonly Metric[]): object => ({
  status: 'success',
  prefetchMetrics: true,
  data: { eventTokens: metrics.flatMap(({ eventToken }) => eventToken ?? []), responseTokens: [] },
})

/** Tells what became of a rendering; a view has one event for good and bad, as in at.js. */
export const announceRendered = ({ places, redirect }: Rendered, metrics?: readonly Metric[]): void => {
  const [one, another] = places
  const about = one?.kind === 'mbox' && !another ? whose(one) : {}
  if (redirect) {
    announce(EVENTS.CONTENT_RENDERING_REDIRECT, { ...about, url: redirect })
    return
  }
  const isBad = ({ kind, options }: PlaceOutcome): boolean => kind !== 'view' && options.some(hasFailed)
  const error = places.filter(isBad).map(failed)
  const execution = places.filter((place) => place.options.length && !isBad(place)).map(succeeded)
  if (metrics?.length) execution.push(counted(metrics))
  if (error.length) announce(EVENTS.CONTENT_RENDERING_FAILED, { ...about, error })
  if (execution.length) announce(EVENTS.CONTENT_RENDERING_SUCCEEDED, { ...about, execution })
}
