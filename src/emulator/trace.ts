import type { RequestDetails } from '../delivery/details.ts'
import { type Activity, place } from './activity.ts'
import { missing } from './audience.ts'
import { type Decision, heldBy } from './decide.ts'
import type { Call } from './edge.ts'
import type { Audience } from './offers.ts'
import { type Asked, questionOf } from './situation.ts'

/** What every activity that could fill a place says to it: a decision, or why there is none. */
export type Verdicts = ReadonlyMap<Activity, Decision | string>

/** What an activity says that was not asked, as the place was taken. */
export const TAKEN = 'another activity comes first'

/** Whether somebody who may see traces asks for one. */
export const isTraced = ({ request, edge }: Pick<Call, 'request' | 'edge'>): boolean => {
  const token = request.trace?.authorizationToken
  return Boolean(token) && (edge.settings.authorizationTokens?.includes(token ?? '') ?? true)
}

/** Who the visitor is, and what is remembered of them. */
const profileOf = ({ visitor, cluster }: Call) => {
  const { tntId, thirdPartyId, marketingCloudVisitorId, customers, profile, experiences } = visitor
  const customerIds = [...customers].map(([integrationCode, id]) => ({ integrationCode, id }))
  return {
    visitorId: {
      tntId,
      ...(thirdPartyId !== undefined && { thirdPartyId }),
      ...(marketingCloudVisitorId !== undefined && { marketingCloudVisitorId }),
      ...(customerIds.length && { customerIds }),
      profileLocation: `${cluster}_0`,
    },
    parameters: Object.fromEntries(profile),
    activities: [...experiences].map(([id, experience]) => ({ id, experience })),
  }
}

const requestOf = ({ sessionId, environment, request }: Call, { place: key, mode, details }: Asked) => {
  const { address, parameters, profileParameters } = details
  const [kind, name] =
    key === place.pageLoad ? ['pageLoad', undefined] : [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)]
  const url = (address ?? request.context.address)?.url
  return {
    sessionId,
    environment,
    ...(url !== undefined && { pageURL: url }),
    ...(request.context.browser?.host !== undefined && { host: request.context.browser.host }),
    [`${kind}`]: {
      ...(name !== undefined && { name }),
      type: mode,
      ...(parameters && { parameters }),
      ...(profileParameters && { profileParameters }),
    },
  }
}

const typeOf = ({ type }: Activity): string => (type === 'xt' ? 'landing' : 'ab')

const campaignOf = ({ activity, experience }: Decision, key: string, environment: string) => ({
  id: activity.id,
  campaignType: typeOf(activity),
  branchId: experience,
  offers: (activity.experiences[experience]?.offers.get(key) ?? []).flatMap(({ id }) => (id === undefined ? [] : [id])),
  environment,
})

/** The audiences of an activity, held against what the call says. */
const targetsOf = (activity: Activity, call: Call, details: RequestDetails) => {
  const question = questionOf(call, details)
  const held = heldBy(activity, call.visitor, question)
  const own = activity.type === 'xt' ? activity.experiences.map(({ audience }) => audience) : []
  const audiences = [activity.audience, ...own].filter((audience) => audience !== undefined)
  const [met, unmet] = [true, false].map((isMet) =>
    audiences.filter((audience) => (missing(audience, held) === undefined) === isMet),
  ) as [Audience[], Audience[]]
  const ids = (list: readonly Audience[]) => list.flatMap(({ id }) => id ?? [])
  const rules = (list: readonly Audience[]) => list.flatMap(({ rule }) => (rule === undefined ? [] : [rule]))
  return {
    context: question.situation.facts(activity.id).all,
    campaignId: activity.id,
    campaignType: typeOf(activity),
    matchedSegmentIds: ids(met),
    unmatchedSegmentIds: ids(unmet),
    matchedRuleConditions: rules(met),
    unmatchedRuleConditions: rules(unmet),
  }
}

const verdictOf = ({ id, name, experiences }: Activity, verdict: Decision | string) => ({
  id,
  name,
  matched: typeof verdict !== 'string',
  ...(typeof verdict === 'string' ? { why: verdict } : { experience: experiences[verdict.experience]?.name }),
})

/** What the trace of every part of an answer says. */
export const traceOfCall = (call: Call) => ({
  clientCode: call.client,
  server: `mboxedge${call.cluster}.tt.omtrdc.net`,
  profile: profileOf(call),
})

/** How a place was decided. */
export const traceOf = (call: Call, asked: Asked, verdicts: Verdicts) => {
  const decisions = [...verdicts.values()].filter((verdict) => typeof verdict !== 'string')
  const looked = [...verdicts].filter(([, verdict]) => verdict !== TAKEN).map(([activity]) => activity)
  return {
    ...traceOfCall(call),
    request: requestOf(call, asked),
    activities: call.edge.settings.activities.map((activity) =>
      verdictOf(activity, verdicts.get(activity) ?? 'nothing for this place'),
    ),
    campaigns: decisions.map((decision) => campaignOf(decision, asked.place, call.environment)),
    evaluatedCampaignTargets: looked.map((activity) => targetsOf(activity, call, asked.details)),
  }
}
