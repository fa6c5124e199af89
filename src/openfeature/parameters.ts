import { faultOf } from '../delivery/rules.ts'

/** Parameters of a call, and what could not become one. */
export interface Sorted {
  parameters: Record<string, string>
  profileParameters: Record<string, string>
  /** Sentences that say what was left out. */
  problems: string[]
}

/** How deep an attribute may be nested. */
const DEEPEST = 8
/** How many parameters the Delivery API takes, of an mbox and of a profile. */
const MOST = { parameters: 100, profileParameters: 50 } as const
const PROFILE = 'profile.'

const textOf = (value: unknown): string | undefined => {
  if (value instanceof Date) return Number.isNaN(+value) ? undefined : value.toISOString()
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return `${value}`
  return typeof value === 'number' && Number.isFinite(value) ? `${value}` : undefined
}

/** A list of single values as one text; Target has no lists. */
const listOf = (values: readonly unknown[]): string | undefined => {
  const texts = values.map(textOf)
  return texts.includes(undefined) ? undefined : texts.join()
}

/** Single values by dotted name. */
const flatten = (name: string, value: unknown, depth: number): [name: string, text: string | undefined][] => {
  if (value === null || value === undefined) return []
  const text = Array.isArray(value) ? listOf(value) : textOf(value)
  const isGroup = text === undefined && typeof value === 'object' && !(Array.isArray(value) || value instanceof Date)
  if (!isGroup || depth > DEEPEST) return [[name, text]]
  return Object.entries(value).flatMap(([key, member]) => flatten(`${name}.${key}`, member, depth + 1))
}

/**
 * Attributes as parameters: texts, numbers, truths; dates as ISO 8601, lists of those joined by commas, what is nested by dotted
 * name, and what is under `profile` as profile parameters. What Target does not take is left out, and told.
 */
export const sortParameters = (attributes: Readonly<Record<string, unknown>>): Sorted => {
  const maps = { parameters: new Map<string, string>(), profileParameters: new Map<string, string>() }
  const problems: string[] = []
  for (const [full, text] of Object.entries(attributes).flatMap(([key, value]) => flatten(key, value, 1))) {
    const isProfile = full.startsWith(PROFILE)
    const name = isProfile ? full.slice(PROFILE.length) : full
    const kind = isProfile ? 'profileParameters' : 'parameters'
    const fault =
      text === undefined
        ? 'must be text, a number, a boolean, a date or a list of those'
        : faultOf(name, text, !isProfile)
    if (fault) problems.push(`The attribute ${full.slice(0, 60)} is not sent: it ${fault}`)
    else if (maps[kind].size >= MOST[kind]) problems.push(`Of more than ${MOST[kind]} attributes the rest is not sent`)
    else maps[kind].set(name, text as string)
  }
  const { parameters, profileParameters } = maps
  return {
    parameters: Object.fromEntries(parameters),
    profileParameters: Object.fromEntries(profileParameters),
    problems,
  }
}
