import { getDomain } from 'tldts'
import type { ClientHints, Context } from '../delivery/context.ts'
import { invalid } from '../delivery/error.ts'
import { type Cookie, TARGET_COOKIE } from '../delivery/session.ts'
import type { CookieAttributes, CookieJar, GeoSource, VisitDetails } from './platform.ts'
import { geoOf } from './server-geo.ts'

/** What of a server's request says who visits. */
export interface Visit {
  header(name: string): string | undefined
  /** Address of the page, or of its host. */
  url?: URL | undefined
  /** Whether the address is that of the page. */
  isPage: boolean
  /** What Cloudflare's runtime attaches to a request of a worker. */
  cf?: unknown
}

interface NodeRequest {
  headers: Record<string, string | string[] | undefined>
  url?: string
  /** Express keeps the whole address here when a router cuts `url`. */
  originalUrl?: string
  socket?: { encrypted?: boolean }
}

/** The value that the proxy nearest to the visitor wrote. */
const first = (list: string | undefined): string | undefined => list?.split(',')[0]?.trim()

const asUrl = (text: string | undefined, base?: string): URL | undefined => {
  try {
    return new URL(text as string, base)
  } catch {
    return undefined
  }
}

/** Reads a Fetch `Request`, a Node `IncomingMessage` or a `Cookie` header. Throws a `TargetError` for anything else. */
export const visitOf = (request: unknown, details: VisitDetails = {}): Visit => {
  if (typeof request === 'string') {
    return { header: (name) => (name === 'cookie' ? request : undefined), url: asUrl(details.url), isPage: true }
  }
  const { headers, url, originalUrl, socket, cf } = (request ?? {}) as Partial<NodeRequest> & {
    headers?: unknown
    cf?: unknown
  }
  if (typeof headers !== 'object' || headers === null) {
    throw invalid('Pass a Fetch Request, a Node IncomingMessage or the text of a Cookie header to visitor()', {
      received: request,
    })
  }
  const header = (name: string): string | undefined => {
    const { get } = headers as Partial<Headers>
    const value = typeof get === 'function' ? get.call(headers, name) : Reflect.get(headers, name)
    return (Array.isArray(value) ? value.join('; ') : value) ?? undefined
  }
  const scheme = first(header('x-forwarded-proto')) ?? (socket?.encrypted ? 'https' : 'http')
  // HTTP/2 has no `Host`; a Fetch `Headers` would refuse to be asked for a name with a colon, and needs no base.
  const authority = 'get' in headers ? undefined : header(':authority')
  const base = `${scheme}://${first(header('x-forwarded-host')) ?? header('host') ?? authority ?? 'localhost'}`
  const path = details.url ?? originalUrl ?? url
  // A path that begins with two slashes names no host.
  return {
    header,
    url: asUrl(path?.startsWith('/') ? base + path : (path ?? ''), base),
    isPage: path !== undefined,
    cf,
  }
}

const hintsOf = ({ header }: Visit): ClientHints | undefined => {
  const unquoted = (name: string) => header(name)?.replaceAll('"', '')
  const mobile = header('sec-ch-ua-mobile')
  const hints = {
    browserUAWithMajorVersion: header('sec-ch-ua'),
    browserUAWithFullVersion: header('sec-ch-ua-full-version-list'),
    mobile: mobile && mobile === '?1',
    platform: unquoted('sec-ch-ua-platform'),
    platformVersion: unquoted('sec-ch-ua-platform-version'),
    model: unquoted('sec-ch-ua-model'),
    architecture: unquoted('sec-ch-ua-arch'),
    bitness: unquoted('sec-ch-ua-bitness'),
  }
  const sent = Object.entries(hints).filter(([, value]) => value !== undefined && value !== '')
  return sent.length ? Object.fromEntries(sent) : undefined
}

/** What the headers say of page, device and, if they may, place. */
export const contextOf = (visit: Visit, { ipAddress, geo: known }: VisitDetails = {}, from?: GeoSource): Context => {
  const { header, url, isPage } = visit
  const clientHints = hintsOf(visit)
  const geo = { ...(from && geoOf(from, visit)), ...known, ...(ipAddress && { ipAddress }) }
  return {
    channel: 'web',
    userAgent: header('user-agent'),
    ...(clientHints && { clientHints }),
    ...(url && {
      browser: { host: url.hostname },
      ...(isPage && { address: { url: url.href, referringUrl: header('referer') } }),
    }),
    ...(Object.keys(geo).length && { geo }),
  }
}

/** What would end an attribute, or the header. */
const BREAKS = /[;,\s\p{Cc}]/u

/** The attributes as given, or a {@link TargetError} for one that browsers would not take. */
const checkedAttributes = (attributes: CookieAttributes): CookieAttributes => {
  const { domain = '', path = '/', sameSite = 'Lax' } = attributes
  if (BREAKS.test(domain)) throw invalid('setCookies: domain must be a host name', { path: 'domain', received: domain })
  if (BREAKS.test(path) || !path.startsWith('/')) {
    throw invalid('setCookies: path must begin with a slash and hold no semicolon', { path: 'path', received: path })
  }
  if (!['Lax', 'Strict', 'None'].includes(sameSite)) {
    throw invalid("setCookies: sameSite must be 'Lax', 'Strict' or 'None'", { path: 'sameSite', received: sameSite })
  }
  return attributes
}

const written = ({ name, value, maxAge }: Cookie, attributes: CookieAttributes): string => {
  const { domain, path = '/', secure, sameSite = 'Lax' } = checkedAttributes(attributes)
  const where = domain ? `; Domain=${domain}` : ''
  // Browsers refuse None without Secure.
  const isSecure = secure || sameSite === 'None'
  return `${name}=${value}; Max-Age=${maxAge}; Path=${path}${where}; SameSite=${sameSite}${isSecure ? '; Secure' : ''}`
}

/** The visitor's cookies: in from a `Cookie` header, out as `Set-Cookie` headers. */
export const visitCookies = ({ header, url }: Visit, cookieDomain?: string): CookieJar => {
  const values = new Map<string, string>()
  const changed = new Map<string, Cookie>()
  for (const item of (header('cookie') ?? '').split(';')) {
    const at = item.indexOf('=')
    const name = item.slice(0, at).trim()
    if (at <= 0) continue
    const known = values.get(name)
    const value = item.slice(at + 1).trim()
    // One for the host and one for the domain may come together: their entries are read as one cookie's.
    if (known === undefined) values.set(name, value)
    else if (name === TARGET_COOKIE) values.set(name, `${known}|${value}`)
  }
  return {
    get: (name) => values.get(name),
    set(cookie) {
      values.set(cookie.name, cookie.value)
      changed.set(cookie.name, cookie)
    },
    headers(attributes = {}) {
      const registrable = url && getDomain(url.hostname, { allowPrivateDomains: true })
      const domain = attributes.domain ?? cookieDomain ?? registrable ?? ''
      return [...changed.values()].map((cookie) =>
        written(cookie, { secure: url?.protocol === 'https:', ...attributes, domain }),
      )
    },
  }
}
