import type { Audience } from './offers.ts'
import type { Facts } from './rule/facts.ts'
import { holds } from './rule/rule.ts'

/** What audiences are held against, beside the visitor. */
export interface Situation {
  channel: string
  /** Address of the page. */
  url: string | undefined
  parameters: Readonly<Record<string, string>>
  /** What rules see, for an activity. */
  facts(activity: number): Facts
}

/** What one audience is held against. */
export interface Held extends Omit<Situation, 'facts'> {
  facts: () => Facts
  profile: ReadonlyMap<string, string>
  /** Audiences that hold, or do not, whatever is true; by id. */
  fixed: ReadonlyMap<number, boolean> | undefined
}

const anyOf = (wanted: string | readonly string[] | undefined, found: string | undefined): boolean =>
  wanted === undefined || (found !== undefined && [wanted].flat().includes(found))

/** Whether a text is as a pattern has it, in which `*` stands for any text. */
export const fitsPattern = (pattern: string, text: string): boolean => {
  const escaped = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  return new RegExp(`^${escaped.join('.*')}$`, 's').test(text)
}

const urlFits = (wanted: string | readonly string[] | undefined, url: string | undefined): boolean =>
  wanted === undefined || [wanted].flat().some((pattern) => fitsPattern(pattern, url ?? ''))

/** What the words of an audience miss. */
const unmet = (audience: Audience, held: Held): string | undefined => {
  const { parameters = {}, profile = {}, url, channel, rule } = audience
  if (!anyOf(channel, held.channel)) return 'another channel'
  if (!urlFits(url, held.url)) return 'another url'
  const own = (name: string) => (Object.hasOwn(held.parameters, name) ? held.parameters[name] : undefined)
  const parameter = Object.keys(parameters).find((name) => !anyOf(parameters[name], own(name)))
  if (parameter !== undefined) return `parameters.${parameter} differs`
  const member = Object.keys(profile).find((name) => !anyOf(profile[name], held.profile.get(name)))
  if (member !== undefined) return `profile.${member} differs`
  return rule === undefined || holds(rule, held.facts()) ? undefined : 'its rule does not hold'
}

/** What an audience misses; undefined when the visitor belongs to it. Without an audience everybody does. */
export const missing = (audience: Audience | undefined, held: Held): string | undefined => {
  const { id, name } = audience ?? {}
  const fixed = id === undefined ? undefined : held.fixed?.get(id)
  const why = fixed === undefined ? audience && unmet(audience, held) : fixed ? undefined : 'qaMode takes it as not met'
  return why && `audience${name === undefined ? '' : ` ${name}`}: ${why}`
}
