import type { RequestDetails } from '../delivery/details.ts'
import { type Activity, place } from './activity.ts'
import type { Draw } from './allocation.ts'
import { type Decision, decide, type Situation } from './decide.ts'
import type { Call } from './edge.ts'
import type { WireOffer } from './offer.ts'
import { bareId, keyOf, type Visitor } from './visitors.ts'

/** How content was asked for: counted at once, or when its display is reported. */
export type Mode = 'execute' | 'prefetch'

/** What is asked for one place. */
export interface Question {
  /** Key of the place, such as `mbox:hero`. */
  place: string
  mode: Mode
  details: RequestDetails
}

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

const situationOf = ({ request }: Call, { address, parameters }: RequestDetails): Situation => ({
  channel: request.context.channel,
  url: (address ?? request.context.address)?.url,
  property: request.property?.token,
  parameters: (parameters ?? {}) as Record<string, string>,
})

const profileTokens = ({ profile, experiences }: Visitor) => ({
  ...Object.fromEntries([...profile].map(([name, value]) => [`profile.${name}`, value])),
  ...(experiences.size && { 'profile.activeActivities': [...experiences.keys()].map(String) }),
})

const geoTokens = ({ request }: Call): Record<string, string> => {
  const { city, countryCode, stateCode } = request.context.geo ?? {}
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

const optionsOf = (call: Call, question: Question, decision: Decision): WireOption[] => {
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
  return offers.map((offer, part) => ({
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

const traceOf = (call: Call, verdicts: Map<Activity, Decision | string>) => ({
  clientCode: call.client,
  server: `mboxedge${call.cluster}.tt.omtrdc.net`,
  profile: { visitorId: { tntId: call.visitor.tntId }, parameters: Object.fromEntries(call.visitor.profile) },
  activities: call.edge.settings.activities.map((activity) => {
    const verdict = verdicts.get(activity) ?? 'nothing for this place'
    const fact =
      typeof verdict === 'string' ? { why: verdict } : { experience: activity.experiences[verdict.experience]?.name }
    return { id: activity.id, name: activity.name, matched: typeof verdict !== 'string', ...fact }
  }),
})

/** With property tokens in the account, a call that names none of them is given no content. */
const isShutOut = ({ edge: { settings }, request }: Call): boolean =>
  Boolean(settings.propertyTokens && !settings.propertyTokens.includes(request.property?.token ?? ''))

/** A device, which knows no more than what a call says, looks at the same id. */
const drawOf = ({ client, visitor, request, edge }: Call): Draw => {
  const { marketingCloudVisitorId, tntId, thirdPartyId } = request.id ?? {}
  const decisive = marketingCloudVisitorId || (tntId && bareId(tntId)) || thirdPartyId || visitor.tntId
  return { client, visitor: decisive, turn: edge.settings.turn }
}

/** Activities that QA mode asks for come first. */
const inOrder = (activities: readonly Activity[], { qa }: Call): Activity[] => [
  ...activities.filter(({ id }) => qa?.forced.has(id)),
  ...activities.filter(({ id }) => !qa?.forced.has(id)),
]

const verdictOf = (call: Call, activity: Activity, details: RequestDetails): Decision | string => {
  if (isShutOut(call)) return 'property: no known token'
  return decide(activity, call.visitor, { situation: situationOf(call, details), qa: call.qa, draw: drawOf(call) })
}

/** What each activity that could fill a place says, in order of priority. An mbox belongs to the first that does. */
const ask = (call: Call, question: Question): Map<Activity, Decision | string> => {
  const verdicts = new Map<Activity, Decision | string>()
  const isMbox = question.place.startsWith('mbox:')
  let isTaken = false
  for (const activity of inOrder(call.edge.settings.activities, call)) {
    if (!activity.places.has(question.place)) continue
    const verdict = isTaken ? 'another activity comes first' : verdictOf(call, activity, question.details)
    verdicts.set(activity, verdict)
    if (typeof verdict !== 'string') isTaken = isMbox
  }
  return verdicts
}

/** Decides for a place and writes what the wire carries. Nothing is counted here. */
export const answer = (call: Call, question: Question): Answer => {
  const verdicts = ask(call, question)
  const decisions = [...verdicts.values()].filter((verdict) => typeof verdict !== 'string')
  const trace = call.request.trace && { trace: traceOf(call, verdicts) }
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
