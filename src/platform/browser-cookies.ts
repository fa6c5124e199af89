import type { Cookie } from '../delivery/session.ts'
import { type CookieJar, cookieIn } from './platform.ts'

const read = (): string => {
  try {
    return document.cookie
  } catch {
    // A sandboxed frame may not even look.
    return ''
  }
}

const write = (text: string): void => {
  try {
    document.cookie = text
  } catch {
    // Then the visitor lives as long as the page.
  }
}

const readCookie = (name: string): string | undefined => cookieIn(read(), name)

const PROBE = 'isotarget_probe'

/** How the cookies of a page are written. */
export interface CookieOptions {
  cookieDomain?: string
  secureOnly?: boolean
  /** A server of the site writes them too. */
  endpoint?: string
}

/**
 * The widest domain on which the browser keeps a cookie: it knows the public suffixes, so a cookie is tried on ever longer ones
 * until one sticks. Empty for hosts such as `localhost`, where a cookie without a domain is right.
 */
const probeDomain = (how: string): string => {
  const labels = location.hostname.split('.')
  for (let start = labels.length - 2; start >= 0; start--) {
    const domain = labels.slice(start).join('.')
    write(`${PROBE}=1; path=/; domain=${domain}${how}`)
    if (read().includes(PROBE)) {
      write(`${PROBE}=; path=/; domain=${domain}; max-age=0`)
      return domain
    }
  }
  return ''
}

/** What the `mbox` cookie says: `session`, its id, until when, `PC`, the device id, until when. */
const partsOf = (value = ''): string[] => value.split(/[#|]/)

/**
 * Leaves alone what a server of the site writes with its answers: Safari keeps what a script has written for seven days only. WebKit
 * shows it to the page some time after the answer; what is not there after a second is written here after all.
 */
const served = (jar: CookieJar): CookieJar => {
  let late: Cookie | undefined
  return {
    get: (name) => (late?.name === name ? late.value : jar.get(name)),
    get isRefused() {
      return jar.isRefused
    },
    set(cookie) {
      const { name, value } = cookie
      const [, session, until, , device] = partsOf(value)
      if (late?.name === name) late = undefined
      // A session that begins here is known nowhere else.
      if (!session || partsOf(jar.get(name))[1] !== session) return jar.set(cookie)
      late = cookie
      setTimeout(() => {
        if (late !== cookie) return
        late = undefined
        const [, , known, , same] = partsOf(jar.get(name))
        // Two clocks may differ.
        if (same !== device || Math.abs(Number(until) - Number(known)) > 30) jar.set(cookie)
      }, 1_000)
    },
  }
}

/** The page's cookies, on the registrable domain; kept in memory too, for pages whose browser refuses them. */
export const browserCookies = ({ cookieDomain, secureOnly, endpoint }: CookieOptions): CookieJar => {
  const kept = new Map<string, string>()
  let domain = cookieDomain
  // Browsers take no `None` without `Secure`, and no `Secure` from an http page.
  const secure = secureOnly || location.protocol === 'https:' ? '; Secure' : ''
  const how = `; SameSite=${secureOnly ? 'None' : 'Lax'}${secure}`
  const jar: CookieJar = {
    get: (name) => readCookie(name) ?? kept.get(name),
    set({ name, value, maxAge }) {
      domain ??= probeDomain(how)
      const where = domain && `; domain=${domain}`
      const text = `${name}=${value}`
      write(`${text}; path=/; max-age=${maxAge}${where}${how}`)
      // One of the same name for this host alone, from a server that named no domain, would hide it for good.
      if (where && readCookie(name) !== value && read().includes(text)) write(`${name}=; path=/; max-age=0`)
      if (maxAge && readCookie(name) !== value) kept.set(name, value)
      else kept.delete(name)
      jar.isRefused = kept.size > 0
    },
  }
  return endpoint ? served(jar) : jar
}
