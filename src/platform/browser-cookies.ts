import type { CookieJar } from './platform.ts'

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

const PROBE = 'isotarget_probe'

/**
 * The widest domain on which the browser keeps a cookie: it knows the public suffixes, so a cookie is tried on ever longer ones
 * until one sticks. Empty for hosts such as `localhost`, where a cookie without a domain is right.
 */
const probeDomain = (): string => {
  const labels = location.hostname.split('.')
  for (let start = labels.length - 2; start >= 0; start--) {
    const domain = labels.slice(start).join('.')
    write(`${PROBE}=1; path=/; domain=${domain}; SameSite=Lax`)
    if (read().includes(PROBE)) {
      write(`${PROBE}=; path=/; domain=${domain}; max-age=0`)
      return domain
    }
  }
  return ''
}

/** The page's cookies, on the registrable domain; kept in memory too, for pages whose browser refuses them. */
export const browserCookies = (cookieDomain?: string): CookieJar => {
  const kept = new Map<string, string>()
  let domain = cookieDomain
  return {
    get(name) {
      const start = `${name}=`
      const found = read()
        .split('; ')
        .find((item) => item.startsWith(start))
      return found?.slice(start.length) ?? kept.get(name)
    },
    set({ name, value, maxAge }) {
      if (maxAge) kept.set(name, value)
      else kept.delete(name)
      domain ??= probeDomain()
      const where = domain && `; domain=${domain}`
      const secure = location.protocol === 'https:' ? '; Secure' : ''
      const text = `${name}=${value}; path=/; max-age=${maxAge}; SameSite=Lax${where}${secure}`
      write(text)
      const isKept = () => read().split('; ').includes(`${name}=${value}`)
      const first = () =>
        read()
          .split('; ')
          .find((item) => item.startsWith(`${name}=`))
      // One of the same name for this host alone, from a server that named no domain, would hide it for good.
      if (where && isKept() && first() !== `${name}=${value}`) write(`${name}=; path=/; max-age=0`)
      if (isKept()) kept.delete(name)
    },
  }
}
