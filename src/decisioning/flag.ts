import type { Context } from '../delivery/context.ts'
import type { RequestDetails } from '../delivery/details.ts'
import { readAs } from '../delivery/json-value.ts'
import type { VisitorId } from '../delivery/visitor.ts'
import { offerIf, questionOf, roundOf } from './answer.ts'
import type { Rule } from './artifact.ts'
import { copyOf } from './content.ts'
import type { Offer } from './offer.ts'
import { isMap, own } from './parameters.ts'
import type { CompiledRule } from './rule.ts'
import type { Ruleset } from './ruleset.ts'
import { visitorOf } from './visitor.ts'

/**
 * Why a value is what it is. `MATCH`: a rule matches and its offer has the key. With the others it is the default: `NO_KEY` the
 * offer of the rule that matches lacks the key, `WRONG_TYPE` what it has cannot be read as the type of the default, `NO_MATCH` no
 * rule matches, `REMOTE` only the edge can decide on this mbox, `NOT_READY` there are no rules yet, `NO_CONSENT` the visitor has not
 * agreed, `ERROR` the call is wrong, and a `warning` says how.
 */
export type FlagReason =
  | 'MATCH'
  | 'NO_KEY'
  | 'WRONG_TYPE'
  | 'NO_MATCH'
  | 'REMOTE'
  | 'NOT_READY'
  | 'NO_CONSENT'
  | 'ERROR'

/** One value that is asked for. */
export interface FlagQuestion {
  mbox: string
  /** Without one the whole JSON offer is asked for. */
  key: string | undefined
  /** The value is read as the type of this one. */
  like: unknown
  id: VisitorId
  context: Partial<Context>
  /** Token of the property. */
  property?: string | undefined
  details?: RequestDetails | undefined
}

/** A value, and where it comes from. */
export interface Flag {
  /** The caller's own; undefined unless the reason is `MATCH`. */
  value: unknown
  reason: FlagReason
  /** The rule that gives the value, or that matches without one. */
  rule: Rule | undefined
  /** All rules of the mbox. */
  rules: readonly CompiledRule[]
  /** What the visitor gets to see by this, with a value or without. */
  shown: readonly Offer[]
}

/** The value of a key in what a rule has to show, or all of its keys; of several options the last counts. */
const keyOf = ({ consequence: { options = [] } }: Rule, key: string | undefined): unknown => {
  let all: unknown
  for (let at = options.length - 1; at >= 0; at--) {
    const { type, content } = options[at] as { type?: unknown; content?: unknown }
    if (type !== 'json' || !isMap(content)) continue
    if (key === undefined) all = { ...content, ...(all as object) }
    else if (own(content, key) !== undefined) return own(content, key)
  }
  return all
}

/** What the rules of an mbox say, of a page load all of them. */
const matchesOf = (ruleset: Ruleset, { mbox, key, id, context, property, details }: FlagQuestion, now: number) => {
  const visit = roundOf(ruleset, { context, visitor: visitorOf(id), now, property })
  const question = questionOf(visit, { ...details, name: mbox })
  const keys = mbox === ruleset.globalMbox ? new Set<unknown>() : undefined
  const shown: Offer[] = []
  let rule: Rule | undefined
  let value: unknown
  const rules = ruleset.mboxRules(mbox, property)
  for (const compiled of rules) {
    const { ruleKey } = compiled.rule
    const offer = keys?.has(ruleKey) ? undefined : offerIf(compiled, question)
    if (!offer) continue
    shown.push(offer)
    const found = keyOf(compiled.rule, key)
    // The options of a page load follow each other, and the last word counts.
    if (!rule || found !== undefined) {
      rule = compiled.rule
      value = found
    }
    if (!keys) break
    keys.add(ruleKey)
  }
  return { shown, rule, rules, value }
}

/** Decides on one value, without an answer around it. */
export const flagOf = (ruleset: Ruleset, asked: FlagQuestion, now: number): Flag => {
  const { shown, rule, rules, value: found } = matchesOf(ruleset, asked, now)
  const value = readAs(found, asked.like)
  if (rule && value !== undefined) return { value: copyOf(value), reason: 'MATCH', rule, rules, shown }
  const { local, remote } = ruleset.mboxes
  const isRemote = remote.has(asked.mbox) || !local.has(asked.mbox)
  const missing = found === undefined || found === null ? 'NO_KEY' : 'WRONG_TYPE'
  return { value: undefined, reason: rule ? missing : isRemote ? 'REMOTE' : 'NO_MATCH', rule, rules, shown }
}
