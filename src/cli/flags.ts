import { parseArgs } from 'node:util'
import { misused } from './failure.ts'
import { nearest } from './nearest.ts'

/** A flag of a command. */
export interface Flag {
  /** What it does, as help says it. */
  text: string
  /** What its value is, as help calls it. @default it has none: it is there or not */
  value?: string
  /** It may be given more than once. */
  isMany?: true
  /** One letter. */
  short?: string
  /** What it is about: flags of one title stand together in help. */
  title?: string
}

/** Flags by name. */
export type Flags = Readonly<Record<string, Flag>>

/** Puts flags under a title. */
export const titled = <const Known extends Flags>(title: string, flags: Known): Known =>
  Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, { ...flag, title }])) as unknown as Known

/** What was given for each flag. */
export type Given<Known extends Flags> = {
  [Name in keyof Known]: Known[Name] extends { value: string }
    ? Known[Name] extends { isMany: true }
      ? string[]
      : string | undefined
    : boolean
}

/** A command line, taken apart. */
export interface Parsed<Known extends Flags> {
  given: Given<Known>
  /** What is no flag. */
  words: string[]
}

/** Whom to tell what is wrong: `isotarget decide`. */
interface Asked {
  command: string
  flags: Flags
}

type Token = ReturnType<typeof tokensOf>[number]
type FlagToken = Extract<Token, { kind: 'option' }>

/** Node's own parser finds flags and values; what it makes of mistakes is not for people, so that is done here. */
const tokensOf = (args: readonly string[], flags: Flags) => {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value, short }]) => [
      name,
      { type: value ? ('string' as const) : ('boolean' as const), ...(short && { short }) },
    ]),
  )
  return parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens
}

const unknown = ({ command, flags }: Asked, { rawName, name }: FlagToken) => {
  const meant = nearest(name, Object.keys(flags))
  const advice = meant ? `did you mean --${meant}?` : `see ${command} --help`
  return misused(`There is no flag ${rawName}: ${advice}`)
}

/** The value of a flag, if it has one. Throws for a value too few or too many. */
const checkedValue = (flag: Flag, { rawName, value, inlineValue }: FlagToken): string | true => {
  if (!flag.value) {
    if (value === undefined) return true
    throw misused(`${rawName} takes no value: leave out ${JSON.stringify(value)}`)
  }
  if (value === undefined || value === '') throw misused(`${rawName} needs a value: ${rawName} <${flag.value}>`)
  // Most likely the value was forgotten, and the next flag was taken for it.
  if (!inlineValue && /^-./.test(value)) {
    throw misused(`${rawName} needs a value: write ${rawName}=${value} if ${value} is meant`)
  }
  return value
}

/** Reads flags. Throws a failure of usage for those that the command does not know. */
export const parseFlags = <Known extends Flags>(
  command: string,
  flags: Known,
  args: readonly string[],
): Parsed<Known> => {
  const asked: Asked = { command, flags }
  const empty = Object.entries(flags).map(([name, { value, isMany }]) => [
    name,
    isMany ? [] : value ? undefined : false,
  ])
  const given: Record<string, string | boolean | string[] | undefined> = Object.fromEntries(empty)
  const words: string[] = []
  const seen = new Set<string>()
  for (const token of tokensOf(args, flags)) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined
    if (!flag) throw unknown(asked, token)
    const value = checkedValue(flag, token)
    const known = given[token.name]
    if (Array.isArray(known)) known.push(String(value))
    else if (seen.has(token.name) && flag.value) throw misused(`${token.rawName} is given twice: it has one value`)
    else given[token.name] = value
    seen.add(token.name)
  }
  return { given: given as Given<Known>, words }
}

/** A whole number that is written as digits, up to `most`; undefined for anything else. */
export const wholeNumber = (text: string, most: number): number | undefined =>
  /^\d{1,9}$/.test(text) && Number(text) <= most ? Number(text) : undefined
