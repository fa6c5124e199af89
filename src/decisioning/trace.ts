import type { VisitorId } from '../delivery/visitor.ts'
import { copyOf } from './content.ts'
import { contextOf, type Facts } from './facts.ts'
import type { Moment } from './moment.ts'
import { pageOf } from './page.ts'
import type { Named } from './parameters.ts'
import type { CompiledRule } from './rule.ts'
import type { Ruleset } from './ruleset.ts'

/** How a place is asked for: shown and counted at once, or when its display is reported. */
export type Mode = 'execute' | 'prefetch'

/** What a trace says beyond the decision itself. */
interface About extends Moment {
  id: VisitorId
}

/** Makes a tracer for one mode of a request. */
export type TracerOf = (mode: Mode, ruleset: Ruleset, about: About) => Tracer

interface Campaign {
  id: unknown
  campaignType: unknown
  branchId: unknown
  offers: unknown[]
  environment: unknown
  notifications?: unknown[]
}

interface Target {
  context: unknown
  campaignId: unknown
  campaignType: unknown
  matchedSegmentIds: Set<unknown>
  unmatchedSegmentIds: Set<unknown>
  matchedRuleConditions: unknown[]
  unmatchedRuleConditions: unknown[]
}

/** Follows the decisions of one mode. What it tells of a place holds all activities that were looked at so far. */
export interface Tracer {
  /** A place is about to be decided. */
  begin(kind: 'mbox' | 'view', facts: Facts): void
  evaluated(rule: CompiledRule, facts: Facts, matches: boolean): void
  /** A rule matched in `execute`; what counts its display, unless that is counted already. */
  noted(rule: CompiledRule, notification: unknown): void
  result(): Record<string, unknown>
}

const asList = (ids: unknown): unknown[] => (Array.isArray(ids) ? ids : [])

const targetOf = ({ rule: { meta } }: CompiledRule, facts: Facts): Target => ({
  context: contextOf(facts),
  campaignId: meta['activity.id'],
  campaignType: meta['activity.type'],
  matchedSegmentIds: new Set(),
  unmatchedSegmentIds: new Set(),
  matchedRuleConditions: [],
  unmatchedRuleConditions: [],
})

const campaignOf = ({ rule: { meta } }: CompiledRule, environment: unknown): Campaign => ({
  id: meta['activity.id'],
  campaignType: meta['activity.type'],
  branchId: meta['experience.id'],
  offers: meta['offer.id'] === undefined ? [] : [meta['offer.id']],
  environment,
})

const profileOf = (id: VisitorId) => {
  const [tntId, profileLocation] = id.tntId?.split('.') ?? []
  return { visitorId: { ...id, tntId, profileLocation } }
}

/** Whole targets, with their sets as lists. */
const shown = ({ matchedSegmentIds, unmatchedSegmentIds, ...rest }: Target) => ({
  ...rest,
  matchedSegmentIds: [...matchedSegmentIds],
  unmatchedSegmentIds: [...unmatchedSegmentIds],
})

export const createTracer: TracerOf = (mode, { client: clientCode, artifact }, { id, sessionId, origin }) => {
  const { meta, version: artifactVersion } = artifact
  const campaigns = new Map<unknown, Campaign>()
  const targets = new Map<unknown, Target>()
  let request: Named = {}
  const known = <Value>(map: Map<unknown, Value>, rule: CompiledRule, make: () => Value): Value => {
    const activity = rule.rule.meta['activity.id']
    const value = map.get(activity) ?? make()
    map.set(activity, value)
    return value
  }
  const campaignFor = (rule: CompiledRule) => known(campaigns, rule, () => campaignOf(rule, meta?.environment))
  return {
    begin(kind, { visit, details }) {
      const { url: pageURL, domain: host } = pageOf(visit.context.address?.url, visit.domainOf)
      request = { sessionId, pageURL, host, [kind]: { ...details, type: mode } }
    },
    evaluated(rule, facts, matches) {
      if (matches) campaignFor(rule)
      const target = known(targets, rule, () => targetOf(rule, facts))
      const segments = matches ? target.matchedSegmentIds : target.unmatchedSegmentIds
      for (const id of asList(rule.rule.meta['audience.ids'])) segments.add(id)
      const conditions = matches ? target.matchedRuleConditions : target.unmatchedRuleConditions
      conditions.push(rule.rule.condition)
    },
    noted(rule, notification) {
      const campaign = campaignFor(rule)
      campaign.notifications = [...(campaign.notifications ?? []), ...(notification ? [notification] : [])]
    },
    result: () =>
      copyOf({
        clientCode,
        artifact: { artifactLocation: 'Not Applicable', artifactVersion, ...origin, ...meta },
        profile: profileOf(id),
        request,
        campaigns: [...campaigns.values()],
        evaluatedCampaignTargets: [...targets.values()].map(shown),
      }),
  }
}
