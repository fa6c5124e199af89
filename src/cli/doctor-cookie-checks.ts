import { type Check, isAddress, isLoopback, noted, ok, problem, skipped } from './doctor-check.ts'
import { siteDomain } from './doctor-domain.ts'
import type { Site } from './doctor-site.ts'
import { plain } from './layout.ts'

/** A `Set-Cookie` header, as far as it is looked at (RFC 6265, section 5.2). */
interface SetCookie {
  name: string
  /** Names in lower case. */
  attributes: ReadonlyMap<string, string>
}

const cookieOf = (header: string): SetCookie => {
  const [pair = '', ...rest] = header.split(';')
  const attributes = rest.map((part): [string, string] => {
    const [name = '', ...value] = part.trim().split('=')
    return [name.toLowerCase(), value.join('=')]
  })
  return { name: pair.replace(/=.*/s, '').trim(), attributes: new Map(attributes) }
}

/** The domain that at.js makes of a host: two labels, or three after a short list. */
const domainByAtJs = (host: string): string => {
  const labels = host.split('.')
  const isLong = labels.length > 2 && /^(com|edu|gov|net|mil|org|nom|co|name|info|biz)$/.test(labels.at(-2) ?? '')
  return labels.slice(isLong ? -3 : -2).join('.')
}

const checkDomain = ({ url, libraries }: Site): Check => {
  const about = 'cookie domain'
  const { hostname } = url
  if (isLoopback(hostname) || isAddress(hostname))
    return skipped(about, `${hostname} is no domain: cookies are its own.`)
  const domain = siteDomain(hostname)
  if (domain === undefined)
    return noted(
      about,
      `${hostname} is a public suffix, or no domain at all: cookies are its own.`,
      'That is right for one host; a site of several needs a domain of its own.',
    )
  const theirs = domainByAtJs(hostname)
  if (libraries.some(({ library }) => library === 'at.js') && siteDomain(theirs) === undefined)
    return problem(
      about,
      `at.js sets its cookies on ${theirs}, a public suffix, and browsers refuse them: each page view is a new visitor.`,
      'Set cookieDomain in targetGlobalSettings, or use isotarget, which tries the domains.',
    )
  return ok(about, `Cookies of visitors go to ${domain}.`)
}

const domainTrouble = (domain: string, host: string): Check | undefined => {
  const about = 'cookie'
  const bare = domain.replace(/^\./, '').toLowerCase()
  if (bare !== host && !host.endsWith(`.${bare}`))
    return problem(
      about,
      `The server sets mbox for ${plain(domain)}, which is not the domain of the page.`,
      `Set it for ${siteDomain(host) ?? host}.`,
    )
  if (bare !== host && siteDomain(bare) === undefined)
    return problem(
      about,
      `The server sets mbox for ${plain(domain)}, a public suffix: browsers refuse it.`,
      `Set it for ${siteDomain(host) ?? host}.`,
    )
  return undefined
}

const checkCookie = ({ url, headers }: Site): Check => {
  const about = 'cookie'
  const found = headers
    .getSetCookie()
    .map(cookieOf)
    .find(({ name }) => name === 'mbox')
  if (!found) return skipped(about, 'The server sets no mbox cookie: the page does.')
  const { attributes } = found
  const domain = attributes.get('domain')
  const trouble = domain ? domainTrouble(domain, url.hostname) : undefined
  if (trouble) return trouble
  const sameSite = attributes.get('samesite')?.toLowerCase()
  if (attributes.has('httponly'))
    return problem(
      about,
      'The server sets mbox with HttpOnly: the library in the page cannot read it, and makes another visitor.',
      'Leave HttpOnly out.',
    )
  if (sameSite === 'none' && !attributes.has('secure'))
    return problem(
      about,
      'The server sets mbox with SameSite=None and without Secure: browsers refuse it.',
      'Add Secure.',
    )
  if (url.protocol === 'https:' && !attributes.has('secure'))
    return noted(
      about,
      'The server sets mbox without Secure.',
      'Add Secure, as with secureOnly: it then never goes without TLS.',
    )
  if (sameSite === undefined)
    return noted(
      about,
      'The server sets mbox without SameSite.',
      'Say SameSite=Lax, so that all browsers take it for the same.',
    )
  return ok(about, 'The server sets the mbox cookie as browsers like it.')
}

/** Where the cookies of visitors go. */
export const checkCookies = (site: Site): Check[] => [checkDomain(site), checkCookie(site)]
