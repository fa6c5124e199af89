import { copied, isKnown, keep } from './carried.ts'
import { refusal } from './refusal.ts'
import type { ParseRequest } from './request.ts'
import type { Rule } from './rules.ts'
import * as tests from './tests.ts'

/** Checks a value, and gives it as it is sent. The path is that of the value, with a dot before each member. */
type Check = (value: unknown, path: string) => unknown

/** A number is the length of a text, a text lists words, a list is a test, and an object holds members that may be missing. */
type Entry = number | string | tests.Test | Check | Shape

interface Shape {
  readonly [name: string]: Entry
}

const refuse = (path: string, expected: string, details: { limit?: unknown; received?: unknown } = {}): never => {
  throw refusal(path.slice(1), expected, details)
}

const tested =
  ([passes, expected, limit]: tests.Test): Check =>
  (received, path) =>
    passes(received as never) ? received : refuse(path, expected, { limit, received })

const isTest = (entry: Entry): entry is tests.Test => Array.isArray(entry)

const checkOf = (entry: Entry): Check => {
  if (typeof entry === 'function') return entry
  if (isTest(entry)) return tested(entry)
  if (typeof entry === 'object') return fields(entry)
  return tested(typeof entry === 'number' ? tests.text(entry) : tests.oneOf(entry.split(' ')))
}

const asMap = tested(tests.map) as (value: unknown, path: string) => Record<string, unknown>

/** An object. What `must` names has to be there, unless a default stands in for it. Unknown members survive. */
export const fields = (shape: Shape, must: Record<string, unknown> = {}): Check => {
  const checks = new Map(Object.entries(shape).map(([name, entry]) => [name, checkOf(entry)]))
  const needed = Object.keys(must)
  return (value, path) => {
    const input = asMap(value, path)
    const output: Record<string, unknown> = {}
    const set = (name: string, member: unknown): void => {
      const check = checks.get(name)
      keep(output, name, check ? check(member, `${path}.${name}`) : copied(member))
    }
    for (const name of needed) {
      if (input[name] != null) continue
      if (must[name] === null) refuse(`${path}.${name}`, 'is required')
      set(name, must[name])
    }
    for (const name of Object.keys(input)) if (isKnown(name, input[name])) set(name, input[name])
    return output
  }
}

/** A list; what is nothing is left out. */
export const list = (entry: Entry, max = Infinity): Check => {
  const check = checkOf(entry)
  const asList = tested(tests.list(max))
  return (value, path) => {
    const output: unknown[] = []
    for (const [key, item] of (asList(value, path) as unknown[]).entries()) {
      if (item != null) output.push(check(item, `${path}.${key}`))
    }
    return output
  }
}

/** What becomes of a value by a rule. */
export const written = (entry: Entry, rule: Rule<never, unknown>): Check => {
  const check = checkOf(entry)
  return (value, path) => {
    const received = check(value, path)
    return rule(received as never, (expected, key, limit) =>
      refuse(key === undefined ? path : `${path}.${String(key)}`, expected, { limit, received }),
    )
  }
}

/** Checks requests by a table, which is made when the first comes. */
export const parserOf = (table: () => Check): ParseRequest => {
  let check: Check | undefined
  return (input) => {
    check ??= table()
    return check(input, '') as ReturnType<ParseRequest>
  }
}
