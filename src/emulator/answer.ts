import type { RequestDetails } from '../delivery/details.ts'
import { type Activity, place } from './activity.ts'
import { type Decision, decide } from './decide.ts'
import type { Call } from './edge.ts'
import type { WireOffer } from './offer.ts'
import { recommended } from './recommend.ts'
import { type Asked, questionOf } from './situation.ts'
import { isTraced, TAKEN, traceOf } from './trace.ts'
import { keyOf, type Visitor } from './visitors.ts'

interface WireOption {
  type?: string
  content?: unknown
  eventToken?: string
  responseTokens: Record<string, string | string[]>
}

interface WireAnalytics {
  payload: { pe: string; tnta: string }
}

interface WireMetric {
  type: 'click'
  selector?: string
  eventToken: string
  analytics?: WireAnalytics
}

/** An mbox, a view or the page load, without its name. */
export interface Container {
  options?: WireOption[]
  metrics?: WireMetric[]
  analytics?: WireAnalytics
  state?: string
  trace?: unknown
}

/** A container, and what was decided for it. */
export interface Answer {
  container: Container
  decisions: Decision[]
}

const profileTokens = ({ profile, experiences }: Visitor) => ({
  ...Object.fromEntries([...profile].map(([name, value]) => [`profile.${name}`, value])),
  ...(experiences.size && { 'profile.activeActivities': [...experiences.keys()].map(String) }),
})

const geoTokens = ({ geo = {} }: Call): Record<string, string> => {
  const { city, countryCode, stateCode } = geo
  const tokens = { 'geo.city': city, 'geo.country': countryCode, 'geo.state': stateCode }
  return Object.fromEntries(Object.entries(tokens).filter(([, value]) => value)) as Record<string, string>
}

const responseTokens = (call: Call, { activity, experience }: Decision, { id, name }: WireOffer) => ({
  'activity.id': `${activity.id}`,
  'activity.name': activity.name,
  'experience.id': `${experience}`,
  'experience.name': activity.experiences[experience]?.name ?? '',
  ...(id !== undefined && { 'option.id': id }),
  ...(name !== undefined && { 'option.name': name }),
  ...geoTokens(call),
  ...profileTokens(call.visitor),
})

/** An offer as this call gets it. */
const offerFor = ({ edge }: Call, offer: WireOffer, parameters: RequestDetails['parameters']): WireOffer => {
  const { recommend } = offer
  return recommend
    ? recommended({ ...offer, recommend }, edge.settings.catalog, (parameters ?? {}) as Record<string, string>)
    : offer
}

const optionsOf = (call: Call, question: Asked, decision: Decision): WireOption[] => {
  const { activity, experience } = decision
  const offers = activity.experiences[experience]?.offers.get(question.place) ?? [{}]
  const visible = question.mode === 'prefetch' || call.edge.settings.executeTokens
  const seal = {
    kind: 'display',
    visitor: keyOf(call.visitor),
    place: question.place,
    activity: activity.id,
    experience,
  } as const
  const { parameters = {} } = question.details
  return offers
    .map((written) => offerFor(call, written, parameters))
    .map((offer, part) => ({
      ...(offer.type !== undefined && { type: offer.type, content: offer.content }),
      ...(visible && { eventToken: call.edge.tokens.seal({ ...seal, part }) }),
      responseTokens: responseTokens(call, decision, offer),
    }))
}

const logsOnClient = ({ request }: Call): boolean => request.experienceCloud?.analytics?.logging === 'client_side'

/** The payload for Analytics: one segment an activity; the last figures tell a display from a click. */
const analyticsOf = (call: Call, decisions: readonly Decision[], event: string): { analytics?: WireAnalytics } => {
  const segments = decisions.filter(({ activity }) => activity.a4t && logsOnClient(call))
  const tnta = segments.map(({ activity, experience }) => `${activity.id}:${experience}:0|${event}`).join()
  return tnta ? { analytics: { payload: { pe: 'tnt', tnta } } } : {}
}

/** The click metrics that activities have for a place. */
export const metricsOf = (call: Call, decisions: readonly Decision[], where: string): WireMetric[] =>
  decisions.flatMap((decision) => {
    const { activity, experience } = decision
    const seal = {
      kind: 'click',
      visitor: keyOf(call.visitor),
      place: where,
      activity: activity.id,
      experience,
    } as const
    return (activity.clicks.get(where) ?? []).map((selector, part) => ({
      type: 'click' as const,
      ...(selector !== undefined && { selector }),
      eventToken: call.edge.tokens.seal({ ...seal, part }),
      ...analyticsOf(call, [decision], '32767'),
    }))
  })

/** With property tokens in the account, a call that names none of them is given no content. */
const isShutOut = ({ edge: { settings }, request }: Call): boolean =>
  Boolean(settings.propertyTokens && !settings.propertyTokens.includes(request.property?.token ?? ''))

/** Activities that QA mode asks for come first. */
const inOrder = (activities: readonly Activity[], { qa }: Call): Activity[] => [
  ...activities.filter(({ id }) => qa?.forced.has(id)),
  ...activities.filter(({ id }) => !qa?.forced.has(id)),
]

const verdictOf = (call: Call, activity: Activity, details: RequestDetails): Decision | string => {
  if (isShutOut(call)) return 'property: no known token'
  return decide(activity, call.visitor, questionOf(call, details))
}

/** What each activity that could fill a place says, in order of priority. An mbox belongs to the first that does. */
const ask = (call: Call, question: Asked): Map<Activity, Decision | string> => {
  const verdicts = new Map<Activity, Decision | string>()
  const isMbox = question.place.startsWith('mbox:')
  let isTaken = false
  for (const activity of inOrder(call.edge.settings.activities, call)) {
    if (!activity.places.has(question.place)) continue
    const verdict = isTaken ? TAKEN : verdictOf(call, activity, question.details)
    verdicts.set(activity, verdict)
    if (typeof verdict !== 'string') isTaken = isMbox
  }
  return verdicts
}

/** Decides for a place and writes what the wire carries. Nothing is counted here. */
export const answer = (call: Call, question: Asked): Answer => {
  const verdicts = ask(call, question)
  const decisions = [...verdicts.values()].filter((verdict) => typeof verdict !== 'string')
  const trace = isTraced(call) && { trace: traceOf(call, question, verdicts) }
  if (!decisions.length) return { container: { ...trace }, decisions }
  const metrics = metricsOf(call, decisions, question.place)
  const state = { kind: 'state', visitor: keyOf(call.visitor), place: question.place } as const
  const container = {
    options: decisions.flatMap((decision) => optionsOf(call, question, decision)),
    ...(metrics.length && { metrics }),
    ...analyticsOf(call, decisions, '2'),
    ...(question.mode === 'prefetch' && { state: call.edge.tokens.seal(state) }),
    ...trace,
  }
  return { container, decisions }
}

/** Activities in which the visitor takes part and whose clicks belong to no one place. */
export const unattached = (call: Call): Decision[] =>
  call.edge.settings.activities.flatMap((activity) => {
    const verdict = activity.clicks.has(place.anywhere) ? verdictOf(call, activity, {}) : ''
    return typeof verdict === 'string' ? [] : [verdict]
  })
