import { invalid } from '../delivery/error.ts'
import type { VisitDetails } from '../platform/platform.ts'

/** How many calls one visitor may make: so many at once, and as many again spread evenly over the interval. */
export interface RateOptions {
  /** Calls. @default 600 */
  limit?: number
  /** ms @default 60000 */
  interval?: number
  /**
   * Whose call it is; undefined lets it pass. @default the visitor's network, which is an IPv4 address or the first half of an IPv6
   * one; where no public address is known, the session
   */
  key?(request: Request, details: VisitDetails): string | undefined
}

/** Options of `createProxy`. Those that the client has too mean the same. */
export interface ProxyOptions {
  /** Client code of the Target account. Calls for another account are refused. */
  client: string
  /** Experience Cloud organization, such as `ABC@AdobeOrg`. Calls for another one are refused. */
  organizationId: string
  /** Where Target is: the customer's own host (CNAME), a proxy or a local edge. @default the visitor's edge cluster */
  serverDomain?: string
  /** Lets a visitor's edge cluster take the place of `serverDomain`. @default false */
  overrideMboxEdgeServer?: boolean
  /** False talks http to Target. @default true */
  secure?: boolean
  /** How long Target may take, in ms; then the answer is 504. @default 3000 */
  timeout?: number
  /** Any `fetch` for the calls to Target. @default the runtime's own */
  fetchApi?: typeof fetch
  /** Domain of the cookies. @default the registrable domain of the route */
  cookieDomain?: string
  /** Other origins whose pages may call, such as `https://m.shop.example`; `*` lets anybody. @default [], the route's own alone */
  origins?: readonly string[]
  /** Bytes that a body may have; a longer one is answered 413. @default 262144 */
  maxBodyBytes?: number
  /** How long a body may take to arrive, in ms; then the answer is 408. @default 10000 */
  bodyTimeout?: number
  /** How many calls one visitor may make; one more is answered 429. False counts none. @default 600 a minute */
  rate?: RateOptions | false
  /**
   * Serves the rules for decisions on the device too, to a GET of any path that ends in `/rules.json`: those of this environment.
   * @default none
   */
  artifact?: { environment?: string; propertyToken?: string; artifactLocation?: string }
  /**
   * Told why Target gave no decision, by a `TargetError`: it could not be reached, took too long, or refused the call; and of what
   * `rate.key` threw.
   */
  onError?(error: unknown): void
}

const NUMBERS = ['timeout', 'maxBodyBytes', 'bodyTimeout'] as const

/** The options as given, or a {@link TargetError} that says what is wrong. */
export const checkedProxy = (options: ProxyOptions): ProxyOptions => {
  for (const path of ['client', 'organizationId'] as const) {
    const received: unknown = options?.[path]
    if (received && typeof received === 'string') continue
    throw invalid(`createProxy: ${path} is required, so that the route serves your account alone`, { path, received })
  }
  const { rate, origins = [] } = options
  const numbers = {
    ...Object.fromEntries(NUMBERS.map((path) => [path, options[path]])),
    ...(rate && rateNumbers(rate)),
  }
  for (const [path, received] of Object.entries(numbers)) {
    if (received === undefined || (received as number) > 0) continue
    throw invalid(`createProxy: ${path} must be a number above 0`, { path, received })
  }
  for (const received of origins) {
    if (received === '*' || originOf(received) === received) continue
    throw invalid('createProxy: write origins as browsers do, such as https://m.shop.example', {
      path: 'origins',
      received,
    })
  }
  return options
}

const rateNumbers = ({ limit, interval }: RateOptions) => ({ 'rate.limit': limit, 'rate.interval': interval })

const originOf = (text: string): string | undefined => {
  try {
    return new URL(text).origin
  } catch {
    return undefined
  }
}
