import type { Address, Context, Geo } from '../../delivery/context.ts'
import { addressParts, type DomainOf } from './address.ts'
import { userOf } from './agent.ts'
import { memberOf } from './operators.ts'

/** What a rule is held against. */
export interface Facts {
  /** All of it, in groups. */
  all: Readonly<Record<string, unknown>>
  /** What a path such as `page.domain` or `mbox.user.plan` names; null when it is not known. */
  find(path: string): unknown
}

/** What facts are made of. */
export interface Known {
  context: Context
  /** Of the place that is asked for, else of the whole call. */
  address: Address | undefined
  parameters: Readonly<Record<string, string>>
  geo: Geo | undefined
  /** Epoch ms. */
  now: number
  /** From 0 to 99.99: where the visitor falls in the activity. */
  allocation: number
  domainOf: DomainOf
}

type Group = Readonly<Record<string, unknown>>

/** Beside each text itself in small letters, as `name_lc`. */
const withSmall = (values: object): Group => ({
  ...values,
  ...Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'string' ? [[`${name}_lc`, value.toLowerCase()]] : [],
    ),
  ),
})

/** `a.b` is `b` in `a`; a dot at an end, or two in a row, are letters like others. */
const pathOf = (name: string): string[] => (/^\.|\.\.|\.$/.test(name) ? [name] : name.split('.'))

/** Named values in groups. Whatever they are called, they are members of their own and reach nothing else. */
const grouped = (values: readonly (readonly [path: readonly string[], value: unknown])[]): Group => {
  const parts = new Map<string, (readonly [path: readonly string[], value: unknown])[]>()
  for (const [[name = '', ...deeper], value] of values) {
    const before = parts.get(name) ?? []
    // A name that has a value and parts: the later of the two stays.
    parts.set(name, deeper.length ? [...before.filter(([path]) => path.length), [deeper, value]] : [[[], value]])
  }
  return Object.fromEntries(
    [...parts].map(([name, own]) => {
      const [first] = own
      return [name, first?.[0].length ? grouped(own) : first?.[1]]
    }),
  )
}

const clockOf = (now: number) => {
  const date = new Date(now)
  const digits = (part: number) => `${part}`.padStart(2, '0')
  return {
    current_timestamp: now,
    current_time: digits(date.getUTCHours()) + digits(date.getUTCMinutes()),
    current_day: date.getUTCDay() === 0 ? 7 : date.getUTCDay(),
  }
}

/** A parameter by its whole name, else what its name is the beginning of. */
const parameterAt = (parameters: Group, groups: unknown, path: string): unknown => {
  const plain = /^(.+)_lc$/.exec(path)?.[1]
  if (plain !== undefined && typeof memberOf(parameters, plain) === 'string')
    return `${memberOf(parameters, plain)}`.toLowerCase()
  return memberOf(parameters, path) ?? path.split('.').reduce(memberOf, groups)
}

/** Works out the facts of one place and one activity, as a device does from the same call. */
export const factsOf = ({ context, address, parameters, geo = {}, now, allocation, domainOf }: Known): Facts => {
  const mbox = grouped(Object.entries(withSmall(parameters)).map(([name, value]) => [pathOf(name), value]))
  const { countryCode: country, stateCode: region, city, latitude, longitude } = geo
  const all = {
    ...clockOf(now),
    user: userOf(context),
    page: withSmall(addressParts(address?.url, domainOf)),
    referring: withSmall(addressParts(address?.referringUrl, domainOf)),
    geo: { country, region, city, latitude, longitude },
    mbox,
    allocation,
  }
  return {
    all,
    find: (path) => {
      const parameter = /^mbox\.(?!\.)(.+)$/.exec(path)?.[1]
      if (parameter === undefined || /\.\.|\.$/.test(parameter)) return path.split('.').reduce<unknown>(memberOf, all)
      return parameterAt(parameters, mbox, parameter)
    },
  }
}
