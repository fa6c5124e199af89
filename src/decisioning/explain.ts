import type { Context } from '../delivery/context.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import { createId } from '../platform/platform.ts'
import { allocationOf } from './allocation.ts'
import type { Artifact, Rule } from './artifact.ts'
import type { Facts, Visit } from './facts.ts'
import { own } from './parameters.ts'
import { checkedRule } from './problems.ts'
import { type Asked, type Part, remoteOf } from './remote.ts'
import { type Ruleset, rulesetOf } from './ruleset.ts'
import { identified, visitorOf } from './visitor.ts'
import { type Comparison, verdictOf } from './wording.ts'

/** What became of a rule. */
export interface RuleExplanation {
  /** Where the rule stands, such as `rules.mboxes.home.3`. */
  path: string
  activity: { id: unknown; name: unknown }
  experience: { id: unknown; name: unknown }
  /** `skipped`: it was not looked at. `invalid`: it can never match. */
  outcome: 'matches' | 'fails' | 'skipped' | 'invalid'
  /** Why, in words. */
  reason: string
  /** What was compared. */
  comparisons: Comparison[]
}

/** What became of a place that was asked for. */
export interface PlaceExplanation {
  mode: 'execute' | 'prefetch'
  /** Such as `mbox home`, `view cart`, `all views` or `page load`. */
  place: string
  /** What is shown, in words. */
  outcome: string
  /** True when the edge has activities there that are not among the rules: it alone can decide in full. */
  isRemote: boolean
  rules: RuleExplanation[]
}

/** A place, and the rules that stand there. */
interface Question {
  place: string
  details: Asked
  /** More than one rule may match: of each key the first. */
  isMany: boolean
  isRemote: boolean
  rules: readonly (readonly [path: string, rule: unknown])[]
}

/** What rules are held against. */
interface Held {
  ruleset: Ruleset
  visit: Visit
  property: string | undefined
}

const rulesAt = ({ artifact }: Ruleset, kind: 'mboxes' | 'views', name: string): Question['rules'] => {
  const rules = own(artifact.rules[kind], name)
  return (Array.isArray(rules) ? rules : []).map((rule: unknown, at) => [`rules.${kind}.${name}.${at}`, rule] as const)
}

/** Whether the edge must be asked for a place. */
const isRemote = (ruleset: Ruleset, place: Part): boolean => {
  const { remoteMboxes, remoteViews } = remoteOf(ruleset, { prefetch: place } as DeliveryRequest)
  return remoteMboxes.length + remoteViews.length > 0
}

const questionsOf = (ruleset: Ruleset, { mboxes = [], views = [], pageLoad }: Part): Question[] => {
  const { globalMbox, artifact } = ruleset
  const mbox = (details: Asked, place?: string): Question => {
    const { name = '' } = details
    return {
      place: place ?? `mbox ${name}`,
      details,
      isMany: name === globalMbox,
      isRemote: isRemote(ruleset, { mboxes: [details] }),
      rules: rulesAt(ruleset, 'mboxes', name),
    }
  }
  const view = (details: Asked): Question => {
    const names = details.name === undefined ? Object.keys(artifact.rules.views ?? {}) : [details.name]
    const place = details.name === undefined ? 'all views' : `view ${details.name}`
    return {
      place,
      details,
      isMany: true,
      isRemote: isRemote(ruleset, { views: [details] }),
      rules: names.flatMap((name) => rulesAt(ruleset, 'views', name)),
    }
  }
  return [
    ...mboxes.map((details) => mbox(details)),
    ...views.map(view),
    ...(pageLoad ? [mbox({ ...pageLoad, name: globalMbox }, 'page load')] : []),
  ]
}

type Outcome = Pick<RuleExplanation, 'outcome' | 'reason' | 'comparisons'>

const outcomeOf = (rule: Rule, details: Asked, { ruleset, visit, property }: Held): Outcome => {
  const { propertyTokens, condition, meta } = rule
  if (propertyTokens?.length && !propertyTokens.includes(property as string)) {
    const request = property === undefined ? 'names none' : `names ${property}`
    const reason = `it takes part in the properties ${propertyTokens.join(', ')}, and the request ${request}`
    return { outcome: 'skipped', reason, comparisons: [] }
  }
  const activity = allocationOf(ruleset.client, meta['activity.id'])
  const facts: Facts = { visit, details, activity, url: undefined, referringUrl: undefined }
  const { holds, reason, comparisons } = verdictOf(condition, facts)
  if (!holds) return { outcome: 'fails', reason, comparisons }
  return {
    outcome: 'matches',
    reason: comparisons.length ? 'all that it asks for holds' : 'it asks for nothing',
    comparisons,
  }
}

const explained = ({ rules, details, isMany }: Question, held: Held): RuleExplanation[] => {
  const keys = new Set<unknown>()
  let isTaken = false
  return rules.map(([path, json]) => {
    const meta = own(json, 'meta')
    const about = (group: string) => ({ id: own(meta, `${group}.id`), name: own(meta, `${group}.name`) })
    const explanation = { path, activity: about('activity'), experience: about('experience') }
    try {
      const rule = checkedRule(json)
      if (isMany ? keys.has(rule.ruleKey) : isTaken) {
        return { ...explanation, outcome: 'skipped', reason: 'a rule before it matches', comparisons: [] }
      }
      const outcome = outcomeOf(rule, details, held)
      if (outcome.outcome === 'matches') {
        keys.add(rule.ruleKey)
        isTaken = true
      }
      return { ...explanation, ...outcome }
    } catch (error) {
      return { ...explanation, outcome: 'invalid', reason: (error as Error).message, comparisons: [] }
    }
  })
}

const summary = (rules: readonly RuleExplanation[], isRemote: boolean): string => {
  const matches = rules.filter(({ outcome }) => outcome === 'matches')
  const shown = matches.map(({ path, activity, experience }) => {
    const names = [activity.name ?? activity.id, experience.name ?? experience.id].filter((name) => name !== undefined)
    return `${path}: ${names.join(', ')}`
  })
  if (shown.length) return shown.join('; ')
  if (rules.length) return 'no rule matches'
  return isRemote ? 'there are no rules: only the edge can decide' : 'there are no rules'
}

/**
 * Says, place by place and rule by rule, what a request was compared with and what it failed of. `now` in epoch ms. A request without
 * an id is explained for a visitor who is new.
 */
export const explain = (rules: Artifact | Ruleset, request: DeliveryRequest, now: number): PlaceExplanation[] => {
  const ruleset = rulesetOf(rules)
  const visit: Visit = {
    context: request.context ?? ({} as Partial<Context>),
    visitor: visitorOf(identified(request.id, createId)),
    now,
    domainOf: ruleset.domainOf,
    url: undefined,
    referringUrl: undefined,
    user: undefined,
    drawn: undefined,
    allocation: 0,
  }
  const held: Held = { ruleset, visit, property: request.property?.token }
  return (['execute', 'prefetch'] as const).flatMap((mode) =>
    questionsOf(ruleset, request[mode] ?? {}).map((question) => {
      const found = explained(question, held)
      const { place, isRemote } = question
      return { mode, place, outcome: summary(found, isRemote), isRemote, rules: found }
    }),
  )
}
