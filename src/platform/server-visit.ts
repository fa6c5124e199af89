import { getDomain } from 'tldts'
import type { Context } from '../delivery/context.ts'
import { invalid } from '../delivery/error.ts'
import { type Cookie, TARGET_COOKIE } from '../delivery/session.ts'
import type { CookieAttributes, CookieJar, VisitDetails } from './platform.ts'

/** What of a server's request says who visits. */
export interface Visit {
  header(name: string): string | undefined
  /** Address of the page, or of its host. */
  url?: URL | undefined
  /** Whether the address is that of the page. */
  isPage: boolean
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
  const { headers, url, originalUrl, socket } = (request ?? {}) as Partial<NodeRequest> & { headers?: unknown }
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
  return { header, url: asUrl(path?.startsWith('/') ? base + path : (path ?? ''), base), isPage: path !== undefined }
}

/** What the headers say of page and device. */
export const contextOf = ({ header, url, isPage }: Visit, { ipAddress }: VisitDetails = {}): Context => {
  const unquoted = (name: string) => header(name)?.replaceAll('"', '')
  const hints = {
    browserUAWithMajorVersion: header('sec-ch-ua'),
    mobile: header('sec-ch-ua-mobile') === '?1',
    platform: unquoted('sec-ch-ua-platform'),
    browserUAWithFullVersion: header('sec-ch-ua-full-version-list'),
    model: unquoted('sec-ch-ua-model'),
    platformVersion: unquoted('sec-ch-ua-platform-version'),
  }
  return {
    channel: 'web',
    userAgent: header('user-agent'),
    ...(hints.browserUAWithMajorVersion && { clientHints: hints }),
    ...(url && {
      browser: { host: url.hostname },
      ...(isPage && { address: { url: url.href, referringUrl: header('referer') } }),
    }),
    ...(ipAddress && { geo: { ipAddress } }),
  }
}

const written = ({ name, value, maxAge }: Cookie, attributes: CookieAttributes): string => {
  const { domain, path = '/', secure, sameSite = 'Lax' } = attributes
  const where = domain ? `; Domain=${domain}` : ''
  return `${name}=${value}; Max-Age=${maxAge}; Path=${path}${where}; SameSite=${sameSite}${secure ? '; Secure' : ''}`
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
