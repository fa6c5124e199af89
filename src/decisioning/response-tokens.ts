import { type Facts, type Read, reader } from './facts.ts'
import { own } from './parameters.ts'

/** Response tokens by name. */
export type Tokens = Record<string, unknown>

/** What a rule says about itself, of the tokens that the account asks for. */
export const ruleTokens = (wanted: readonly string[], meta: unknown): Tokens => {
  const tokens: Tokens = {}
  for (const name of wanted) {
    const value = own(meta, name)
    if (value !== undefined && typeof value !== 'object') tokens[name] = value
  }
  return { ...tokens, 'activity.decisioningMethod': 'on-device' }
}

/** A token about the place of the visitor, and how it is read. */
export type GeoToken = readonly [name: string, read: Read]

/** The tokens about the place of the visitor, of those that the account asks for. */
export const geoTokens = (wanted: readonly string[]): GeoToken[] =>
  wanted.filter((name) => name.startsWith('geo.')).map((name) => [name, reader(name.replace('state', 'region'))])

/** What a visit adds to the tokens of each rule. */
export const visitTokens = (wanted: readonly GeoToken[], visit: Facts['visit']): Tokens | undefined => {
  let tokens: Tokens | undefined
  if (!visit.context.geo) return tokens
  for (const [name, read] of wanted) {
    const value = read({ visit } as Facts)
    if (value === null) continue
    tokens ??= {}
    tokens[name] = value
  }
  return tokens
}
