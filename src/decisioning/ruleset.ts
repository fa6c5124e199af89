import { allocationOf } from './allocation.ts'
import { type Artifact, checkedArtifact, type Rule, type Rules } from './artifact.ts'
import type { Read } from './condition.ts'
import { reader } from './facts.ts'
import { countedDomain, type DomainOf } from './page.ts'
import { createPlaces, type Names, type RulesOf } from './place.ts'
import { type GeoToken, geoTokens } from './response-tokens.ts'
import { type CompiledRule, compileRule, type Shared } from './rule.ts'

/** What an artifact is compiled for. */
export interface RulesetOptions {
  /** Client code; visitors fall into experiences by it. @default the one that the artifact names */
  client?: string
  /** Finds the domain of a host by a list of public suffixes. @default by counting labels */
  domainOf?: DomainOf
}

/** An artifact that is ready to decide. Rules are compiled when their place is first asked for. */
export interface Ruleset {
  artifact: Artifact
  client: string
  globalMbox: string
  domainOf: DomainOf
  /** Response tokens that the account asks for. */
  tokens: readonly string[]
  geoTokens: readonly GeoToken[]
  mboxes: Names
  views: Names
  mboxRules: RulesOf
  viewRules: RulesOf
}

/** Values that are kept: there are few, unless visitors make up the keys. */
const VALUES = 10_000

/** Each value is made once. */
const kept = <Key, Value extends object>(make: (key: Key) => Value): ((key: Key) => Value) => {
  const values = new Map<Key, Value>()
  return (key) => {
    const known = values.get(key)
    if (known) return known
    const value = make(key)
    if (values.size >= VALUES) values.clear()
    values.set(key, value)
    return value
  }
}

/** The name under which the page load is kept by artifacts that name none. */
const GLOBAL_MBOX = 'target-global-mbox'

const createRuleset = (artifact: Artifact, options: RulesetOptions): Ruleset => {
  const { globalMbox = GLOBAL_MBOX, responseTokens = [], meta, rules } = artifact
  const { client = String(meta?.clientCode ?? ''), domainOf = countedDomain } = options
  const shared: Shared = { activityOf: kept((id) => allocationOf(client, id)), readFact: kept(reader) as Read }

  /** What is no rule never matches, and spoils no other. */
  const compile = (rule: Rule): CompiledRule[] => {
    try {
      return [compileRule(rule, shared)]
    } catch {
      return []
    }
  }
  const placesOf = (lists: Rules = {}) =>
    createPlaces(lists, (name) => (Array.isArray(lists[name]) ? lists[name].flatMap(compile) : []))
  const { localMboxes, localViews, remoteMboxes, remoteViews } = artifact
  return {
    artifact,
    client,
    globalMbox,
    domainOf,
    tokens: responseTokens,
    geoTokens: geoTokens(responseTokens),
    mboxes: { local: new Set(localMboxes), remote: new Set(remoteMboxes) },
    views: { local: new Set(localViews), remote: new Set(remoteViews) },
    mboxRules: placesOf(rules.mboxes),
    viewRules: placesOf(rules.views),
  }
}

const rulesets = new WeakMap<object, Ruleset>()

/**
 * Checks an artifact and makes it ready to decide. Throws a `TargetError` with the path of what is wrong with the whole; a rule
 * that is wrong never matches. The artifact itself is never changed.
 */
export const compileArtifact = (artifact: unknown, options: RulesetOptions = {}): Ruleset =>
  createRuleset(checkedArtifact(artifact), options)

/** The ruleset itself, or the one of an artifact, which is compiled once. */
export const rulesetOf = (rules: Artifact | Ruleset): Ruleset => {
  // No JSON holds a function.
  if (typeof (rules as Ruleset | null)?.mboxRules === 'function') return rules as Ruleset
  const known = rulesets.get(rules)
  if (known) return known
  const ruleset = compileArtifact(rules)
  rulesets.set(rules, ruleset)
  return ruleset
}
