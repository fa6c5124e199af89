import type { Rules } from './artifact.ts'
import type { CompiledRule } from './rule.ts'

/** The names of places that the rules hold, and of those that only the edge can decide in full. */
export interface Names {
  local: ReadonlySet<string>
  remote: ReadonlySet<string>
}

/**
 * Finds the rules of a place that take part in a property: by the name of the place, or without one those of all places. Without a
 * token there are only rules that take part in all properties.
 */
export type RulesOf = (name: string | undefined, token: string | undefined) => readonly CompiledRule[]

const takesPart = ({ rule }: CompiledRule, token: string | undefined): boolean =>
  !rule.propertyTokens?.length || rule.propertyTokens.includes(token as string)

/** Picks the rules of a place by property. */
const byProperty = (rules: readonly CompiledRule[]): ((token: string | undefined) => readonly CompiledRule[]) => {
  const open = rules.filter((rule) => takesPart(rule, undefined))
  if (open.length === rules.length) return () => rules
  const known = new Map<string | undefined, readonly CompiledRule[]>()
  return (token) => {
    const found = known.get(token) ?? rules.filter((rule) => takesPart(rule, token))
    // A token that no rule knows is not kept: there may be any number of those.
    if (found.length > open.length) known.set(token, found)
    return found
  }
}

/** Places by name; the rules of each are compiled when it is first asked for. */
export const createPlaces = (lists: Rules, compile: (name: string) => CompiledRule[]): RulesOf => {
  const places = new Map<string | undefined, ReturnType<typeof byProperty>>()
  const rulesOf = (name: string | undefined): CompiledRule[] =>
    name === undefined ? Object.keys(lists).flatMap(rulesOf) : compile(name)
  return (name, token) => {
    let place = places.get(name)
    if (!place) {
      if (name !== undefined && !Object.hasOwn(lists, name)) return []
      place = byProperty(rulesOf(name))
      places.set(name, place)
    }
    return place(token)
  }
}
