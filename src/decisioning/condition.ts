import { invalid } from '../delivery/error.ts'
import { OPERATORS, truthy } from './operators.ts'
import { own, walk } from './parameters.ts'

/** A compiled part of a condition: what it comes to, for the data at hand. */
export type Test = (data: unknown) => unknown

/** Levels of a condition. Whatever is deeper holds itself, or was written to exhaust the stack. */
const DEPTH = 500

/** Makes the reader of a path in the data; without one, of all data. What is not there is null. */
export type Read = (path?: string) => Test

/** Within `map`, `filter` and the like the data are the items of a list. */
const readItem: Read = (path) => {
  const keys = path === undefined ? [] : path.split('.')
  return (data) => walk(data, keys)
}

const isScalar = (part: unknown): boolean => typeof part !== 'object' || part === null

const readNamed = (read: Read, name: unknown): Test => read(name === null || name === '' ? undefined : String(name))

/** Compiles a part of a condition, over the same data or over others. */
type Compile = (part: unknown, read?: Read) => Test

const variable = ([name = null, otherwise = null]: readonly unknown[], compile: Compile, read: Read): Test => {
  // A name may itself be computed; then its reader is made when it is known.
  const computed = isScalar(name) ? undefined : compile(name)
  const known = computed ? (data: unknown) => readNamed(read, computed(data))(data) : readNamed(read, name)
  if (otherwise === null) return known
  const fallback = compile(otherwise)
  return (data) => known(data) ?? fallback(data)
}

/** Makes a test of those of an operator's arguments. */
type Maker = (tests: readonly Test[], read: Read) => Test

const chain =
  (end: boolean): Maker =>
  (tests) =>
  (data) => {
    let value: unknown
    for (let at = 0; at < tests.length; at++) {
      value = (tests[at] as Test)(data)
      if (truthy(value) === end) break
    }
    return value
  }

const choice: Maker = (tests) => (data) => {
  let at = 0
  while (at + 1 < tests.length && !truthy(tests[at]?.(data))) at += 2
  const chosen = tests[at + 1] ?? tests[at]
  return chosen ? chosen(data) : null
}

const missingOf = (names: readonly unknown[], read: Read, data: unknown): unknown[] =>
  names.filter((name) => (readNamed(read, name)(data) ?? '') === '')

/** Operators that decide which of their arguments count, or that read data themselves. */
const MAKERS: Readonly<Record<string, Maker>> = {
  and: chain(false),
  or: chain(true),
  if: choice,
  '?:': choice,
  missing: (tests, read) => (data) =>
    missingOf(
      tests.flatMap((test) => test(data)),
      read,
      data,
    ),
  missing_some: (tests, read) => (data) => {
    const [needed, names] = tests.map((test) => test(data)) as [number, unknown[]]
    const absent = missingOf(names, read, data)
    return names.length - absent.length >= needed ? [] : absent
  },
}

/** Operators that hold each item of a list against a test. */
const ITEMS: Readonly<Record<string, (list: unknown[], test: Test, start: unknown) => unknown>> = {
  map: (list, test) => list.map(test),
  filter: (list, test) => list.filter((item) => truthy(test(item))),
  all: (list, test) => list.length > 0 && list.every((item) => truthy(test(item))),
  some: (list, test) => list.some((item) => truthy(test(item))),
  none: (list, test) => !list.some((item) => truthy(test(item))),
  reduce: (list, test, start) => list.reduce((accumulator, current) => test({ current, accumulator }), start),
}

/** The parts of a chain within one of its kind count as its own. */
const unchained = (parts: readonly unknown[], operator: string): readonly unknown[] =>
  parts.flatMap((part) => {
    const inner = /^(and|or)$/.test(operator) && own(part, operator)
    return Array.isArray(inner) && inner.length && Object.keys(part as object).length === 1 ? inner : [part]
  })

const listOf = (parts: readonly unknown[], compile: Compile): Test => {
  if (parts.every(isScalar)) return () => parts
  const tests = parts.map((part) => compile(part))
  return (data) => tests.map((test) => test(data))
}

type Work = (...values: unknown[]) => unknown

// Each of these holds on to no more than it needs: there are as many of them as there are comparisons in an artifact.
const byConstant =
  (work: Work, value: unknown, test: Test): Test =>
  (data) =>
    work(value, test(data))
const byTwo =
  (work: Work, a: Test, b: Test): Test =>
  (data) =>
    work(a(data), b(data))
const byMany =
  (work: Work, tests: readonly Test[]): Test =>
  (data) =>
    work(...tests.map((test) => test(data)))

/** An operator that looks at the values of its arguments. */
const operation = (operator: string, parts: readonly unknown[], compile: Compile): Test => {
  const work = own(OPERATORS, operator) as Work | undefined
  if (!work) {
    // What is not understood never holds; what stands beside it does not suffer.
    const error = invalid(`operator ${operator} is not one of JsonLogic: publish the activity anew`)
    return () => {
      throw error
    }
  }
  const [left, right] = parts
  if (parts.length !== 2)
    return byMany(
      work,
      parts.map((part) => compile(part)),
    )
  return isScalar(left) ? byConstant(work, left, compile(right)) : byTwo(work, compile(left), compile(right))
}

/** Whether an operator is understood. */
export const isOperator = (name: string): boolean =>
  name === 'var' || [MAKERS, ITEMS, OPERATORS].some((known) => Object.hasOwn(known, name))

const partOf = (part: object, compile: Compile, read: Read): Test => {
  const [entry, more] = Object.entries(part)
  if (!entry || more) return () => part
  const [operator, value] = entry
  const parts = Array.isArray(value) ? value : [value]
  if (operator === 'var') return variable(parts, compile, read)
  const maker = own(MAKERS, operator) as Maker | undefined
  if (maker)
    return maker(
      unchained(parts, operator).map((part) => compile(part)),
      read,
    )
  const items = own(ITEMS, operator) as (typeof ITEMS)[string] | undefined
  if (!items) return operation(operator, parts, compile)
  const [list, test, start] = [compile(parts[0]), compile(parts[1], readItem), compile(parts[2])]
  return (data) => {
    const found = list(data)
    return items(Array.isArray(found) ? found : [], test, start(data) ?? null)
  }
}

/**
 * Compiles a condition in JsonLogic to functions. What it comes to is taken as true or false. Throws a `TargetError` for a
 * condition that holds itself; an unknown operator throws when it is reached.
 */
export const compileCondition = (condition: unknown, readFact: Read): Test => {
  const compileAt = (part: unknown, read: Read, depth: number): Test => {
    if (depth > DEPTH) throw invalid('condition is too deep or holds itself: publish the activity anew')
    if (isScalar(part)) return () => part
    const compile: Compile = (next, other = read) => compileAt(next, other, depth + 1)
    return Array.isArray(part) ? listOf(part, compile) : partOf(part as object, compile, read)
  }
  return compileAt(condition, readFact, 0)
}
