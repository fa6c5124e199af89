import type { Audience } from './offers.ts'
import type { Rule } from './rule/rule.ts'

/** JsonLogic that a device evaluates. */
export type Condition = unknown

/** Joins conditions that must all hold, or of which one must; undefined when one of them has no words. */
export const joined = (kind: 'and' | 'or', conditions: readonly Condition[]): Condition | undefined => {
  if (conditions.includes(undefined)) return undefined
  const neutral = kind === 'and'
  if (conditions.includes(!neutral)) return !neutral
  const open = conditions.filter((condition) => condition !== neutral)
  return open.length > 1 ? { [kind]: open } : (open[0] ?? neutral)
}

const anyOf = (wanted: string | readonly string[], name: string): Condition =>
  Array.isArray(wanted) ? { in: [{ var: name }, wanted] } : { '==': [wanted, { var: name }] }

/** Names that mean something else to a device: dots make groups, and `_lc` is the lower case of another name. */
const MISREAD = /^$|^\.|\.\.|\.$|_lc$/

const URL = { var: 'page.url' }

/** JsonLogic knows the beginning, the end and what is in between, but no order of several texts. */
const urlCondition = (pattern: string): Condition | undefined => {
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop()
  if (tail === undefined) return { '==': [pattern, URL] }
  const [middle, ...more] = rest.filter(Boolean)
  if (more.length) return undefined
  const after = head ? { substr: [URL, head.length] } : URL
  return joined('and', [
    head ? { '==': [head, { substr: [URL, 0, head.length] }] } : true,
    tail ? { '==': [tail, { substr: [after, -tail.length] }] } : true,
    middle ? { in: [middle, tail ? { substr: [after, 0, -tail.length] } : after] } : true,
  ])
}

/** Operators that come to what one of their arguments does, and those that come to a list. */
const PASSING = /^(and|or|if|\?:|var)$/
const LISTING = /^(missing|missing_some|map|filter|merge|reduce)$/

const mayBeList = (part: unknown): boolean => {
  if (typeof part !== 'object' || part === null) return false
  if (Array.isArray(part)) return true
  const [[name, value] = ['', undefined]] = Object.entries(part)
  return LISTING.test(name) || (PASSING.test(name) && [value].flat().some(mayBeList))
}

/** To JsonLogic an empty list is false, but to a device that asks for no more than the result it is as good as true. */
const definite = (rule: Rule): Condition => (mayBeList(rule) ? { '!!': [rule] } : rule)

/** What a device checks of an audience; undefined when it cannot, as with profiles, which only the edge knows. */
export const audienceCondition = (audience: Audience | undefined): Condition | undefined => {
  const { parameters = {}, profile, url, channel, rule = true } = audience ?? {}
  if (channel !== undefined || Object.keys(profile ?? {}).length) return undefined
  return joined('and', [
    ...(url === undefined ? [] : [joined('or', [url].flat().map(urlCondition))]),
    ...Object.entries(parameters).map(([name, wanted]) =>
      wanted === undefined || MISREAD.test(name) ? undefined : anyOf(wanted, `mbox.${name}`),
    ),
    definite(rule),
  ])
}
