import { getDomain } from 'tldts'
import type { Context } from '../delivery/context.ts'
import { invalid } from '../delivery/error.ts'
import type { Cookie } from '../delivery/session.ts'
import type { CookieAttributes, CookieJar, VisitDetails } from './platform.ts'

/** What of a server's request says who visits. */
export interface Visit {
  header(name: string): string | undefined
  /** Address of the page. */
  url?: URL | undefined
}

interface NodeRequest {
  headers: Record<string, string | string[] | undefined>
  url?: string
  /** Express keeps the whole address here when a router cuts `url`. */
  originalUrl?: string
  socket?: { encrypted?: boolean }
}

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
    return { header: (name) => (name === 'cookie' ? request : undefined), url: asUrl(details.url) }
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
  const scheme = header('x-forwarded-proto')?.split(',')[0] ?? (socket?.encrypted ? 'https' : 'http')
  const base = `${scheme}://${header('x-forwarded-host') ?? header('host') ?? 'localhost'}`
  return { header, url: asUrl(details.url ?? originalUrl ?? url, base) }
}

/** What the headers say of page and device. */
export const contextOf = ({ header, url }: Visit, { ipAddress }: VisitDetails = {}): Context => {
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
      address: { url: url.href, referringUrl: header('referer') },
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
    if (at > 0 && !values.has(name)) values.set(name, item.slice(at + 1).trim())
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
