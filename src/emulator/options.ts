import type { Geo } from '../delivery/context.ts'
import { clusterOfHint } from '../delivery/endpoint.ts'
import { invalid } from '../delivery/error.ts'
import { type Offered, readOffers } from './activity.ts'
import { turnOf } from './allocation.ts'
import { isEnvironment, PRODUCTION } from './environment.ts'
import { type Given, readGiven } from './given.ts'
import type { Offers } from './offers.ts'
import { type DomainOf, domainByLabels } from './rule/address.ts'

/** A request that arrived, as tests read it. */
export interface EdgeRequest {
  method: string
  /** Address with its query. */
  url: string
  /** Host that it was sent to, without the port. */
  host: string
  /** Header names are in lower case. */
  headers: Record<string, string>
  /** The body as JSON; undefined when it is none. */
  body: unknown
  /** The body as it came. */
  text: string
  /** When it arrived, in epoch ms. */
  at: number
  /** Status of the reply; undefined while there is none, and for good when the connection was reset. */
  status?: number
  /** The `message` of a reply that refuses the request. */
  message?: string
  /** What Target would let pass though it is most likely a mistake, such as a session shared by two visitors. */
  warnings: string[]
}

/** How an emulated edge behaves. */
export interface EmulatorOptions {
  /** What is offered: activities with experiences, or in the simplest case mboxes by name. @default {} */
  offers?: Offers
  /**
   * Client code: another one in `?client=` is refused, and answers name it. Visitors are split by it, on the device and here.
   * @default any: that of `?client=`, of the rules that were asked for last, or of a host such as `acme.tt.omtrdc.net`
   */
  client?: string
  /** Experience Cloud organization: another one in `?imsOrgId=` is refused. @default any */
  organizationId?: string
  /** Number of the edge cluster, which ends every device id and names the edge host. @default '35' */
  cluster?: string
  /**
   * Tokens of the account's properties. With them, a call that names none of them is given no content at all.
   * @default none: only activities with a property ask for a token
   */
  propertyTokens?: readonly string[]
  /** Environment of the calls that name none, by an id or by the host of their page. @default 'production' */
  environment?: string
  /** Tokens that may see traces. A call with another one is answered without. @default any */
  authorizationTokens?: readonly string[]
  /** How rules take hosts apart. @default by labels, as devices in pages do: the whole host is the domain */
  domainOf?: DomainOf
  /** The clock, in epoch ms. @default Date.now */
  now?: () => number
  /** How long a reply takes, in ms. @default 0 */
  latency?: number | ((request: EdgeRequest) => number)
  /** How many requests of one session may be under way at once; one more is answered 420. @default 100 */
  sessionConcurrency?: number
  /**
   * Makes a run repeatable: device ids, request ids and tokens are the same each time. Another seed also varies who
   * is given which experience.
   * @default random ids and tokens
   */
  seed?: string
  /** Called with the name of an mbox that no activity mentions, so that a misspelt name is noticed. */
  onUnknownMbox?: (name: string) => void
  /** Bytes that a body may have; a longer one is answered 413. @default 60 MB */
  maxBodyBytes?: number
  /** Shows event tokens in `execute` too, which must not be reported. @default false */
  executeTokens?: boolean
  /** A bad notification is missing from the reply instead of making the whole request invalid. @default false */
  lenientNotifications?: boolean
  /** How many requests `requests` remembers. @default 1000 */
  maxRequests?: number
  /** How many entries `ledger.entries` remembers, the newest ones; what was counted stays counted. @default all */
  maxEntries?: number
  /**
   * How many visitors are remembered, those who came last. One who is forgotten and comes again is a new one: with their own device id,
   * and counted anew.
   * @default all
   */
  maxVisitors?: number
  /**
   * The rules for devices: the object of a `rules.json`, or the bytes of a file. They are served as they are, good or bad.
   * @default made from `offers`, so that a device gives everybody what the edge does
   */
  artifact?: unknown
  /** Where callers are, as the CDN of the rules says in its headers and in `/v1/geo`: a place, or a function of the IP address. @default it does not say */
  geo?: Geo | ((ipAddress: string | undefined) => Geo | undefined)
}

/** How much is remembered. */
const memoryOf = ({ maxRequests = 1000, maxEntries = Infinity, maxVisitors = Infinity }: EmulatorOptions) => ({
  maxRequests,
  maxEntries,
  maxVisitors,
})

/** The options with every default in its place. */
export interface Settings extends Offered {
  client: string | undefined
  organizationId: string | undefined
  cluster: string
  propertyTokens: readonly string[] | undefined
  environment: string
  authorizationTokens: readonly string[] | undefined
  domainOf: DomainOf
  now: () => number
  latency: (request: EdgeRequest) => number
  sessionConcurrency: number
  seed: string | undefined
  /** Moves visitors to other experiences. */
  turn: number
  given: Given | undefined
  geo: ((ipAddress: string | undefined) => Geo | undefined) | undefined
  onUnknownMbox: (name: string) => void
  maxBodyBytes: number
  executeTokens: boolean
  lenientNotifications: boolean
  maxRequests: number
  maxEntries: number
  maxVisitors: number
}

/** Throws for the name of an environment that a file does not have. */
export const checkEnvironment = ({ environments: list }: Offered, environment: string): void => {
  if (!isEnvironment({ list }, environment))
    throw invalid(`environment: the offers have no environment ${environment}`, {
      path: 'environment',
      received: environment,
    })
}

/** An artifact of one's own needs no offers beside it. */
const offeredBy = ({ artifact, offers }: EmulatorOptions, environment: string): Offered => {
  const offered = readOffers(offers ?? (artifact === undefined ? {} : { activities: [] }))
  checkEnvironment(offered, environment)
  return offered
}

/** Throws a {@link TargetError} `INVALID_ARGUMENT` for an option that cannot be used. */
export const resolveOptions = (options: EmulatorOptions): Settings => {
  const { artifact, cluster = '35', latency = 0, geo } = options
  if (!clusterOfHint(cluster))
    throw invalid(`cluster: must be digits, such as '35', but received ${cluster}`, {
      path: 'cluster',
      received: cluster,
    })
  const { environment = PRODUCTION } = options
  const offered = offeredBy(options, environment)
  const given =
    artifact === undefined
      ? undefined
      : readGiven(artifact, { organizationId: options.organizationId, offered: offered.activities })
  return {
    ...offered,
    ...(given && { activities: given.activities }),
    client: options.client,
    organizationId: options.organizationId,
    cluster,
    propertyTokens: options.propertyTokens,
    environment,
    authorizationTokens: options.authorizationTokens,
    domainOf: options.domainOf ?? domainByLabels,
    now: options.now ?? (() => Date.now()),
    latency: typeof latency === 'function' ? latency : () => latency,
    sessionConcurrency: options.sessionConcurrency ?? 100,
    seed: options.seed,
    turn: turnOf(options.seed),
    given,
    geo: typeof geo === 'function' || geo === undefined ? geo : () => geo,
    onUnknownMbox: options.onUnknownMbox ?? (() => undefined),
    maxBodyBytes: options.maxBodyBytes ?? 60 * 1024 * 1024,
    executeTokens: options.executeTokens ?? false,
    lenientNotifications: options.lenientNotifications ?? false,
    ...memoryOf(options),
  }
}
