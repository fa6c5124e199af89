import type { Facts } from './facts.ts'
import { isTrue, memberOf, OPERATORS } from './operators.ts'

/**
 * A rule in JsonLogic, as the rules for devices hold them: true, false, or an operator with its arguments, such as
 * `{ "==": [{ "var": "mbox.plan" }, "gold"] }`.
 */
export type Rule = boolean | Readonly<Record<string, unknown>>

/** Levels of a rule; whoever writes more has made a circle. */
const DEPTH = 100

const argumentsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

/** Finds what a path such as `page.domain` names in the data. */
type Find = (data: unknown, path: string) => unknown

/** How the items of a list are looked into. */
const findInItem: Find = (item, path) => path.split('.').reduce(memberOf, item)

/** Works out one part of a rule. */
type Work = (part: unknown, data: unknown, find: Find) => unknown

/** What an operator is given that decides itself which of its arguments are worked out, and over which data. */
interface Scope {
  parts: readonly unknown[]
  data: unknown
  find: Find
}

const named = ({ data, find }: Scope, name: unknown): unknown =>
  name === null || name === '' ? (data ?? null) : find(data, `${name}`)

const absent = (scope: Scope, names: readonly unknown[]): unknown[] =>
  names.filter((name) => [null, undefined, ''].includes(named(scope, name) as null))

/** The first value that ends a chain, else the last one. */
const chained = ({ parts, data, find }: Scope, end: boolean): unknown => {
  let value: unknown
  for (const part of parts) {
    value = work(part, data, find)
    if (isTrue(value) === end) return value
  }
  return value
}

const chosen = ({ parts, data, find }: Scope): unknown => {
  for (let at = 0; at + 1 < parts.length; at += 2)
    if (isTrue(work(parts[at], data, find))) return work(parts[at + 1], data, find)
  return parts.length % 2 ? work(parts.at(-1), data, find) : null
}

/** The items of a list, and the test that each is held against. */
const each = ({ parts: [list, test], data, find }: Scope) => {
  const items = work(list, data, find)
  return { items: Array.isArray(items) ? items : [], passes: (item: unknown) => work(test, item, findInItem) }
}

const CHOOSERS: Readonly<Record<string, (scope: Scope) => unknown>> = {
  var: (scope) => {
    const { parts, data, find } = scope
    const found = named(scope, work(parts[0] ?? null, data, find))
    return found ?? work(parts[1] ?? null, data, find)
  },
  and: (scope) => chained(scope, false),
  or: (scope) => chained(scope, true),
  if: chosen,
  '?:': chosen,
  missing: (scope) =>
    absent(
      scope,
      scope.parts.flatMap((part) => work(part, scope.data, scope.find)),
    ),
  missing_some: (scope) => {
    const [needed, names] = scope.parts.map((part) => work(part, scope.data, scope.find)) as [number, unknown[]]
    const missing = absent(scope, names)
    return names.length - missing.length >= needed ? [] : missing
  },
  map: (scope) => {
    const { items, passes } = each(scope)
    return items.map(passes)
  },
  filter: (scope) => {
    const { items, passes } = each(scope)
    return items.filter((item) => isTrue(passes(item)))
  },
  all: (scope) => {
    const { items, passes } = each(scope)
    return items.length > 0 && items.every((item) => isTrue(passes(item)))
  },
  some: (scope) => {
    const { items, passes } = each(scope)
    return items.some((item) => isTrue(passes(item)))
  },
  none: (scope) => {
    const { items, passes } = each(scope)
    return !items.some((item) => isTrue(passes(item)))
  },
  reduce: (scope) => {
    const { items, passes } = each(scope)
    const start = work(scope.parts[2] ?? null, scope.data, scope.find)
    return items.reduce((accumulator: unknown, current) => passes({ current, accumulator }), start ?? null)
  },
}

const isOperator = (name: string): boolean => Object.hasOwn(CHOOSERS, name) || Object.hasOwn(OPERATORS, name)

const work: Work = (part, data, find) => {
  if (Array.isArray(part)) return part.map((item) => work(item, data, find))
  if (typeof part !== 'object' || part === null) return part
  const [[name, value] = ['', undefined]] = Object.entries(part)
  const parts = argumentsOf(value)
  if (Object.hasOwn(CHOOSERS, name)) return CHOOSERS[name]?.({ parts, data, find })
  return OPERATORS[name]?.(...(parts.map((item) => work(item, data, find)) as never[]))
}

const isPart = (part: unknown, depth: number): boolean => {
  if (depth > DEPTH) return false
  if (Array.isArray(part)) return part.every((item) => isPart(item, depth + 1))
  if (typeof part !== 'object' || part === null)
    return ['string', 'number', 'boolean'].includes(typeof part) || part === null
  const [entry, ...more] = Object.entries(part)
  return entry !== undefined && !more.length && isOperator(entry[0]) && isPart(entry[1], depth + 1)
}

/** Whether something is a rule: every object in it is one operator that JsonLogic knows. */
export const isRule = (input: unknown): input is Rule =>
  typeof input === 'boolean' ||
  (typeof input === 'object' && input !== null && !Array.isArray(input) && isPart(input, 0))

/** Whether a rule holds. One that cannot be worked out, such as a product of nothing, does not. */
export const holds = (rule: Rule, { all, find }: Facts): boolean => {
  try {
    return isTrue(work(rule, all, (_, path) => find(path)))
  } catch {
    return false
  }
}
