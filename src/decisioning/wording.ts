import { compileCondition, type Read } from './condition.ts'
import { type Facts, reader } from './facts.ts'
import { truthy } from './operators.ts'
import { isMap } from './parameters.ts'

/** One comparison of a condition, in words: `allocation must be at most 50, but is 72.23`. */
export interface Comparison {
  text: string
  holds: boolean
}

/** A condition, in words. */
export interface Verdict {
  holds: boolean
  /** What it failed of; empty when it holds. */
  reason: string
  comparisons: Comparison[]
}

/** A value of a condition: what it is and where it comes from. */
interface Side {
  /** The name of a fact; undefined for a constant. */
  fact: string | undefined
  value: unknown
}

const shown = (value: unknown): string => {
  if (value === null || value === undefined) return 'not known'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** A value as it is compared with a fact: moments are read more easily than counted. */
const shownFor = (fact: string | undefined, value: unknown): string => {
  const isMoment = fact === 'current_timestamp' && typeof value === 'number' && Math.abs(value) <= 8.64e15
  return isMoment ? new Date(value).toISOString() : shown(value)
}

const resultOf = (part: unknown, facts: Facts): unknown => compileCondition(part, reader as Read)(facts)

/** Operator and arguments of a part; undefined for a constant. */
const operationOf = (part: unknown): readonly [operator: string, parts: readonly unknown[]] | undefined => {
  if (!isMap(part)) return undefined
  const [entry, more] = Object.entries(part)
  return entry && !more ? [entry[0], Array.isArray(entry[1]) ? entry[1] : [entry[1]]] : undefined
}

const sideOf = (part: unknown, facts: Facts): Side => {
  const [operator, parts] = operationOf(part) ?? []
  const value = resultOf(part, facts)
  if (!operator) return { fact: undefined, value }
  return { fact: operator === 'var' ? String(parts?.[0]) : JSON.stringify(part), value }
}

/** What a fact must be when it stands on the right, and when it stands on the left. */
const RELATIONS: Readonly<Record<string, readonly [right: string, left: string]>> = {
  '==': ['be', 'be'],
  '===': ['be', 'be'],
  '!=': ['not be', 'not be'],
  '!==': ['not be', 'not be'],
  '<': ['be more than', 'be less than'],
  '<=': ['be at least', 'be at most'],
  '>': ['be less than', 'be more than'],
  '>=': ['be at most', 'be at least'],
  in: ['contain', 'be one of'],
}

const sentence = (fact: string, must: string, { value, holds }: { value: unknown; holds: boolean }): Comparison => ({
  text: `${fact} must ${must}, ${holds ? 'and' : 'but'} is ${shownFor(fact, value)}`,
  holds,
})

/** What a fact between two others must be: `<` leaves both out. */
const between = (operator: string, from: string, to: string): string =>
  operator === '<' ? `be more than ${from} and less than ${to}` : `be at least ${from} and at most ${to}`

const relation = (part: unknown, facts: Facts): Comparison => {
  const holds = truthy(resultOf(part, facts))
  const [operator = '', parts = []] = operationOf(part) ?? []
  if (operator === 'var') {
    const { fact = '', value } = sideOf(part, facts)
    return sentence(fact, 'be known and not empty', { value, holds })
  }
  const words = Object.hasOwn(RELATIONS, operator) ? RELATIONS[operator] : undefined
  if (!words || parts.length < 2) return { text: `${shown(part)} must hold`, holds }
  const [left, right, end] = parts.map((side) => sideOf(side, facts)) as [Side, Side, Side?]
  if (end && operator.startsWith('<')) {
    const [from, to] = [left, end].map(({ value }) => shownFor(right.fact, value)) as [string, string]
    return sentence(right.fact ?? shown(right.value), between(operator, from, to), { ...right, holds })
  }
  if (left.fact === undefined && right.fact !== undefined) {
    return sentence(right.fact, `${words[0]} ${shownFor(right.fact, left.value)}`, { ...right, holds })
  }
  const other = right.fact === undefined ? shownFor(left.fact, right.value) : shown(right.value)
  return sentence(left.fact ?? shown(left.value), `${words[1]} ${other}`, { ...left, holds })
}

const verdict = (holds: boolean, reason: string, comparisons: Comparison[]): Verdict => ({
  holds,
  reason: holds ? '' : reason,
  comparisons,
})

/** Of alternatives each says that it is one; what belongs to it says so too. */
const alternatives = (verdicts: readonly Verdict[]): Comparison[] =>
  verdicts.flatMap(({ comparisons }, at) =>
    comparisons.map(({ text, holds }, inner) => {
      if (inner && /^(either|or|and) /.test(text)) return { text, holds }
      return { text: `${inner ? 'and' : at ? 'or' : 'either'} ${text}`, holds }
    }),
  )

const chained = (part: unknown, facts: Facts, isAnd: boolean): Verdict => {
  const [, parts = []] = operationOf(part) ?? []
  const holds = truthy(resultOf(part, facts))
  const verdicts = parts.map((inner) => verdictOf(inner, facts))
  const failed = verdicts.filter((inner) => !inner.holds)
  const reasons = (isAnd ? failed.slice(0, 1) : failed).map(({ reason }) => reason)
  const all = verdicts.flatMap(({ comparisons }) => comparisons)
  return verdict(holds, reasons.join('; '), isAnd || verdicts.length < 2 ? all : alternatives(verdicts))
}

const worded = (part: unknown, facts: Facts): Verdict => {
  const [operator, parts = []] = operationOf(part) ?? []
  if (!operator) return verdict(Boolean(part), `the condition is ${shown(part)}`, [])
  if (operator === 'and' || operator === 'or') return chained(part, facts, operator === 'and')
  if (operator === '!') {
    const { holds, comparisons } = verdictOf(parts[0], facts)
    const text = `none of this: ${comparisons.map((comparison) => comparison.text).join('; ')}`
    return verdict(!holds, text, [{ text, holds: !holds }])
  }
  const comparison = relation(part, facts)
  return verdict(comparison.holds, comparison.text, [comparison])
}

/** Puts a condition into words. Of several parts that must all hold, the first that fails is the reason. */
export const verdictOf = (part: unknown, facts: Facts): Verdict => {
  try {
    return worded(part, facts)
  } catch (error) {
    const text = (error as Error).message
    return verdict(false, text, [{ text, holds: false }])
  }
}
