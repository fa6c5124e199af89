import type { Rule } from './artifact.ts'
import { compileCondition, type Read, type Test } from './condition.ts'
import type { Begun } from './murmur.ts'
import type { Offer } from './offer.ts'

/** A rule, compiled. */
export interface CompiledRule {
  rule: Rule
  test: Test
  activity: Begun
  /** Prepared when the rule matches for the first time. */
  offer?: Offer
}

/** What the rules of an artifact have in common. */
export interface Shared {
  activityOf(id: unknown): Begun
  readFact: Read
}

/** Compiles a rule. Throws for one that can never match. */
export const compileRule = (rule: Rule, { activityOf, readFact }: Shared): CompiledRule => ({
  rule,
  test: compileCondition(rule.condition, readFact),
  activity: activityOf(rule.meta['activity.id']),
})
