import { invalid } from '../delivery/error.ts'
import { type Artifact, check, checkedArtifact, type Rule } from './artifact.ts'
import { compileCondition, isOperator, type Read } from './condition.ts'
import { reader } from './facts.ts'
import { isMap } from './parameters.ts'

/** A rule that never matches, or that fails where it is asked, and why. */
export interface Problem {
  /** Such as `rules.mboxes.home.3`. */
  path: string
  message: string
}

/** Checks a rule through and through. Throws for one that can never match. */
export const checkedRule = (json: unknown): Rule => {
  check({ rule: json }, '', { rule: 'object' })
  const rule = json as Rule
  check(rule, '', { meta: 'object', consequence: 'object', propertyTokens: 'array?' })
  check(rule.consequence, 'consequence.', { options: 'array?', metrics: 'array?' })
  for (const option of rule.consequence.options ?? []) check({ option }, 'consequence.options.', { option: 'object' })
  compileCondition(rule.condition, reader as Read)
  try {
    JSON.stringify(rule.consequence)
  } catch (cause) {
    throw invalid('consequence must be JSON: it holds itself, or what JSON has no word for', { cause })
  }
  return rule
}

/** Operators of a condition that are not understood, each once. */
const unknownOperators = (part: unknown, found: Set<string>): Set<string> => {
  if (Array.isArray(part)) for (const item of part) unknownOperators(item, found)
  if (!isMap(part)) return found
  const [entry, more] = Object.entries(part)
  if (!entry || more) return found
  const [operator, value] = entry
  if (!isOperator(operator)) found.add(operator)
  return unknownOperators(value, found)
}

const problemsIn = (json: unknown, path: string): Problem[] => {
  try {
    const { condition } = checkedRule(json)
    return [...unknownOperators(condition, new Set())].map((operator) => ({
      path: `${path}.condition`,
      message: `operator ${operator} is not one of JsonLogic: publish the activity anew`,
    }))
  } catch (error) {
    return [{ path, message: (error as Error).message }]
  }
}

const problemsOfPlaces = (lists: Artifact['rules']['mboxes'], path: string): Problem[] =>
  Object.entries(lists ?? {}).flatMap(([name, rules]) => {
    const place = `${path}.${name}`
    if (Array.isArray(rules)) return rules.flatMap((rule: unknown, at) => problemsIn(rule, `${place}.${at}`))
    return [{ path: place, message: 'must be a list of rules: publish the activities anew' }]
  })

/**
 * Everything that is wrong with the rules of an artifact. Throws a `TargetError` when the artifact as a whole cannot be used.
 */
export const problemsOf = (json: unknown): Problem[] => {
  const { rules } = checkedArtifact(json)
  return [...problemsOfPlaces(rules.mboxes, 'rules.mboxes'), ...problemsOfPlaces(rules.views, 'rules.views')]
}
