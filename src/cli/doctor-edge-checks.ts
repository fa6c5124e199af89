import { resolve4, resolve6, resolveCname } from 'node:dns/promises'
import { hostOf, urlOf } from '../delivery/endpoint.ts'
import { createId } from '../platform/platform.ts'
import { type Check, isAddress, isLoopback, noted, ok, problem, skipped } from './doctor-check.ts'
import { siteDomain } from './doctor-domain.ts'
import { type Fetched, fetchBounded, isReached } from './doctor-fetch.ts'
import { plain } from './layout.ts'

/** What is known of an account and its edge. */
export interface Account {
  client: string
  organizationId: string
  serverDomain: string | undefined
  endpoint: string | undefined
  isSecure: boolean
  /** Origin of the page. */
  origin: string
  /** ms */
  timeout: number
}

/** Where the page sends its calls. */
export const edgeAddressOf = (account: Account): string => {
  const { client, organizationId, serverDomain, endpoint, isSecure, origin } = account
  const whole = endpoint && URL.canParse(endpoint, origin) ? new URL(endpoint, origin).href : undefined
  const tenant = organizationId ? ('imsOrgId' as const) : ('client' as const)
  const known = { client, organizationId, tenant, serverDomain, endpoint: whole, secure: isSecure }
  return urlOf(known, hostOf(known), createId())
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const messageOf = (text: string): string => {
  const { message } = Object(jsonOf(text)) as { message?: unknown }
  return typeof message === 'string' ? `: ${plain(message).slice(0, 200)}` : ''
}

/** The answer to a call names the request and the visitor. */
const isDelivery = (text: string): boolean => {
  const { requestId, id } = Object(jsonOf(text)) as { requestId?: unknown; id?: unknown }
  return typeof requestId === 'string' || typeof id === 'object'
}

const checkAnswer = ({ status, text, redirects }: Fetched, host: string): Check => {
  const about = 'edge'
  if (redirects)
    return problem(
      about,
      `${host} redirects calls.`,
      'Let the address of the edge answer itself: browsers do not send a call on.',
    )
  if (status === 200 && isDelivery(text)) return ok(about, `${host} answers.`)
  if (status === 200)
    return problem(
      about,
      `${host} answers, and not as Target does.`,
      'Look at the host: something else is there, such as the site itself.',
    )
  return problem(
    about,
    `${host} answers ${status}${messageOf(text)}.`,
    'Look at the client code, the organization and the host.',
  )
}

const checkCors = ({ headers }: Fetched, { origin, host }: { origin: string; host: string }): Check => {
  const about = 'CORS'
  if (host === new URL(origin).host) return skipped(about, 'The edge is of the same origin as the page.')
  const allowed = headers.get('access-control-allow-origin')
  const advice = `Answer access-control-allow-origin: ${origin} and access-control-allow-credentials: true.`
  if (allowed === null) return problem(about, `${host} lets no page of ${origin} read its answers.`, advice)
  if (allowed === '*') return problem(about, `${host} allows every origin, and so none with cookies.`, advice)
  if (allowed !== origin) return problem(about, `${host} allows ${plain(allowed)}, not ${origin}.`, advice)
  if (headers.get('access-control-allow-credentials') !== 'true')
    return problem(about, `${host} allows ${origin} without cookies.`, advice)
  return ok(about, `${host} lets pages of ${origin} read its answers, with cookies.`)
}

/** Farther than this and a notification may be refused as one of the future, in ms. */
const SKEW = 5 * 60_000

const checkClock = ({ headers }: Fetched, host: string): Check => {
  const about = 'clock'
  const theirs = Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(theirs)) return skipped(about, `${host} does not say what time it is.`)
  const ahead = Date.now() - theirs
  if (Math.abs(ahead) < SKEW) return ok(about, 'The clock of this machine agrees with that of the edge.')
  const minutes = Math.round(Math.abs(ahead) / 60_000)
  return problem(
    about,
    `The clock of this machine is ${minutes} minutes ${ahead > 0 ? 'ahead of' : 'behind'} that of the edge.`,
    'Set it: what is reported from the future is refused.',
  )
}

/** Asks the edge what counts nothing: a call without places. */
export const checkEdge = async (account: Account): Promise<Check[]> => {
  const address = edgeAddressOf(account)
  const { host } = new URL(address)
  const answer = await fetchBounded(address, {
    method: 'POST',
    headers: { 'content-type': 'text/plain;charset=UTF-8', origin: account.origin },
    body: JSON.stringify({ context: { channel: 'web' } }),
    timeout: account.timeout,
  })
  if (!isReached(answer))
    return [
      problem(
        'edge',
        `${host} cannot be reached: ${answer.trouble}.`,
        'Look at the host, and at the network from here to it.',
      ),
    ]
  return [checkAnswer(answer, host), checkCors(answer, { origin: account.origin, host }), checkClock(answer, host)]
}

/** Hosts of Adobe to which a name of a customer may lead. */
const ADOBE = /\.(tt\.omtrdc\.net|data\.adobedc\.net|adobedc\.net|omtrdc\.net|2o7\.net)$/

const MOST_NAMES = 8

/** The names that a name leads to. */
const chainOf = async (host: string): Promise<string[]> => {
  const chain: string[] = []
  for (let name = host; chain.length < MOST_NAMES; ) {
    const [next] = await resolveCname(name).catch(() => [])
    if (!next || chain.includes(next)) break
    chain.push(next.toLowerCase())
    name = next
  }
  return chain
}

const isResolved = async (host: string): Promise<boolean> =>
  (await Promise.allSettled([resolve4(host), resolve6(host)])).some(({ status }) => status === 'fulfilled')

/** Where the host of a customer leads. */
export const checkName = async ({ serverDomain, origin }: Account): Promise<Check[]> => {
  const about = 'CNAME'
  if (serverDomain === undefined)
    return [skipped(about, 'There is no host of your own for the edge: visitors are called at Target’s.')]
  const { hostname } = new URL(`https://${serverDomain}`)
  if (isLoopback(hostname) || isAddress(hostname)) return [skipped(about, `${hostname} is no name that is looked up.`)]
  if (ADOBE.test(hostname)) return [skipped(about, `${hostname} is Target’s own host.`)]
  const page = siteDomain(new URL(origin).hostname) ?? new URL(origin).hostname
  const own = siteDomain(hostname) ?? hostname
  const party =
    page === own
      ? []
      : [
          noted(
            'first party',
            `${hostname} is of ${own}, and the page of ${page}.`,
            'Use a host of the site’s own domain: to browsers this one is a third party.',
          ),
        ]
  const chain = await chainOf(hostname)
  const end = chain.find((name) => ADOBE.test(name))
  if (end) return [ok(about, `${hostname} leads to ${end}.`), ...party]
  if (chain.length)
    return [
      noted(
        about,
        `${hostname} leads to ${chain.at(-1)}, which is not Adobe’s.`,
        'That is right for a proxy of your own; else set the CNAME that Adobe has given you.',
      ),
      ...party,
    ]
  if (await isResolved(hostname))
    return [
      noted(
        about,
        `${hostname} has addresses and no CNAME.`,
        'That is right for a route of your own; else set the CNAME that Adobe has given you.',
      ),
      ...party,
    ]
  return [
    problem(
      about,
      `${hostname} is not found in the DNS.`,
      'Set the CNAME that Adobe has given you, or look at the name.',
    ),
    ...party,
  ]
}

/** The rules by which devices decide. */
export const checkRules = async (address: string, { origin, timeout }: Account): Promise<Check> => {
  const about = 'rules'
  const answer = await fetchBounded(address, { method: 'GET', headers: { origin }, timeout })
  if (!isReached(answer))
    return problem(
      about,
      `${address} cannot be had: ${answer.trouble}.`,
      'Look at the address: decisions on the device need the rules.',
    )
  if (answer.status !== 200)
    return problem(
      about,
      `${address} answers ${answer.status}.`,
      'Turn on-device decisioning on for the account, and publish an activity that takes part in it.',
    )
  const version = /"version"\s*:\s*"([\d.]+)"/.exec(answer.text)?.[1]
  if (!version?.startsWith('1.'))
    return problem(
      about,
      `${address} holds no rules of version 1.`,
      'Look at the address; isotarget artifact check says more.',
    )
  const allowed = answer.headers.get('access-control-allow-origin')
  if (allowed !== '*' && allowed !== origin && new URL(address).origin !== origin)
    return problem(
      about,
      `${address} may not be read by pages of ${origin}.`,
      `Answer access-control-allow-origin: * there.`,
    )
  return ok(about, `${address} has rules.`)
}

/** The property by which activities are limited. */
export const checkProperty = (token: string | undefined): Check => {
  const about = 'property'
  if (token === undefined || token === '')
    return skipped(about, 'No property is named: activities of the default workspace are decided on.')
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(token)) return ok(about, `The property ${token} is named.`)
  return noted(
    about,
    `The property ${plain(token)} does not look like a token.`,
    'Copy it from Administration, Properties in Target: 32 hexadecimal digits in five groups.',
  )
}
