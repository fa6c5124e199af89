import type { Fault } from '../emulator/fault.ts'
import type { EmulatorOptions } from '../emulator/options.ts'
import { hostParts } from '../platform/server-host.ts'
import { misused } from './failure.ts'
import { type Given, titled, wholeNumber } from './flags.ts'
import { listenFlags } from './listening.ts'

/** How an edge behaves, and where it is. */
export const edgeFlags = {
  ...listenFlags,
  ...titled('Whose edge it is', {
    client: { value: 'code', text: 'Client code; another one is refused; default: any' },
    'organization-id': { value: 'id', text: 'Experience Cloud organization; another one is refused; default: any' },
    'property-token': {
      value: 'token',
      isMany: true,
      text: 'Property of the account; without one of them there is no content',
    },
    environment: {
      value: 'name',
      text: 'Environment of calls that name none, by an id or the host of their page; default: production',
    },
    'authorization-token': {
      value: 'token',
      isMany: true,
      text: 'May see traces; calls with another one are answered without; default: any',
    },
    'max-visitors': {
      value: 'number',
      text: 'Visitors that are remembered, those who came last; default: 50000',
    },
    cluster: { value: 'number', text: 'Number of the edge cluster; default: 35' },
    seed: { value: 'text', text: 'Makes ids, tokens and faults the same in every run' },
  }),
  ...titled('How it decides', {
    as: {
      value: 'server|browser',
      text: 'Rules see hosts as servers do, which know public suffixes, or as pages do, where the whole host is the domain; default: server',
    },
    site: { value: 'url', text: 'Page that QA links open, such as http://localhost:3000/' },
  }),
  ...titled('How it goes wrong', {
    latency: { value: 'ms', text: 'How long an answer takes: 80, 80±40 (or 80+-40), 50..200; default: 0' },
    fault: {
      value: 'what=share',
      isMany: true,
      text: 'What goes wrong by chance: 503=0.1 answers every tenth request so; reset breaks the connection, lost counts and breaks it',
    },
  }),
} as const

export type EdgeGiven = Given<typeof edgeFlags>

/** Reads `80`, `80±40` and `50..200` as the least and the most ms of an answer. Throws a failure of usage. */
const latencyOf = (text: string): { least: number; most: number } => {
  const [, middle, around] = /^(\d+)(?:(?:±|\+-)(\d+))?$/.exec(text) ?? []
  if (middle !== undefined) {
    const spread = Number(around ?? 0)
    return { least: Math.max(0, Number(middle) - spread), most: Number(middle) + spread }
  }
  const [, least, most] = /^(\d+)\.\.(\d+)$/.exec(text) ?? []
  if (least !== undefined && Number(least) <= Number(most)) return { least: Number(least), most: Number(most) }
  throw misused(`--latency must be ms such as 80, 80±40 or 50..200, but is ${text}`)
}

const faultNamed = (what: string): Fault | undefined => {
  if (what === 'reset') return { reset: true }
  if (what === 'lost') return { reset: true, after: true }
  const status = wholeNumber(what, 599)
  return status !== undefined && status >= 400 ? { status } : undefined
}

/** Reads `503=0.1`: what happens, and to which part of the requests. Throws a failure of usage. */
export const faultOf = (text: string): Fault => {
  const [what = '', share = '1'] = text.split('=', 2)
  const fault = faultNamed(what)
  const part = Number(share)
  if (!fault) throw misused(`--fault must name a status from 400 to 599, reset or lost, but is ${text}`)
  if (!share || !(part >= 0 && part <= 1))
    throw misused(`--fault ${what} needs a share from 0 to 1, as in ${what}=0.1, but is ${text}`)
  return { ...fault, share: part, times: Infinity }
}

/** The address before the query of a QA link; empty when none is given. Throws a failure of usage. */
export const siteOf = ({ site }: EdgeGiven): string => {
  if (site === undefined) return ''
  const url = URL.canParse(site) ? new URL(site) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    throw misused(
      `--site must be the address of a page without a query, such as http://localhost:3000/, but is ${site}`,
    )
  return url.href
}

/** Entries that are kept: the page and the lines look at the last ones, and counts stay without them. */
const ENTRIES = 1000

/** Throws a failure of usage. */
const checkEdge = ({ cluster, as = 'server' }: EdgeGiven): void => {
  if (as !== 'server' && as !== 'browser') throw misused(`--as must be server or browser, but is ${as}`)
  if (cluster !== undefined && !/^\d+$/.test(cluster))
    throw misused(`--cluster must be digits, such as 35, but is ${cluster}`)
}

/** The options of the emulator that were asked for. Throws a failure of usage. */
export const emulatorOptionsOf = (given: EdgeGiven): EmulatorOptions => {
  const { client, cluster, seed, latency, environment, as = 'server' } = given
  const organizationId = given['organization-id']
  const tokens = given['property-token']
  const authorizationTokens = given['authorization-token']
  checkEdge(given)
  const visitors = given['max-visitors'] ?? '50000'
  if (!wholeNumber(visitors, 999_999_999))
    throw misused(`--max-visitors must be a number from 1, such as 50000, but is ${visitors}`)
  const { least, most } = latencyOf(latency ?? '0')
  return {
    maxVisitors: Number(visitors),
    maxEntries: ENTRIES,
    ...(client !== undefined && { client }),
    ...(organizationId !== undefined && { organizationId }),
    ...(tokens.length && { propertyTokens: tokens }),
    ...(authorizationTokens.length && { authorizationTokens }),
    ...(environment !== undefined && { environment }),
    ...(as === 'server' && { domainOf: hostParts }),
    ...(cluster !== undefined && { cluster }),
    ...(seed !== undefined && { seed }),
    ...(most && { latency: () => least + Math.random() * (most - least) }),
  }
}
