import { browserAddress, browserContext } from './browser-context.ts'
import { browserCookies, type CookieOptions } from './browser-cookies.ts'
import { onLife } from './browser-life.ts'
import { browserStorage } from './browser-storage.ts'
import { fetchWith, type Platform } from './platform.ts'

/**
 * What a browser lends. A body that is a plain string and no header of our own keep each call a simple request, without a
 * preflight.
 */
export const browserPlatform = (options: CookieOptions & { fetchApi?: typeof fetch }): Platform => ({
  // A route of the site's own reads the visitor's cookies, and sets them.
  fetch: fetchWith(options.fetchApi, { credentials: options.endpoint ? 'include' : 'omit' }),
  now: () => Date.now(),
  headers: () => ({}),
  beacon(url, body) {
    try {
      return Boolean(navigator.sendBeacon?.(url, body))
    } catch {
      return false
    }
  },
  cookies: browserCookies(options),
  context: browserContext,
  address: browserAddress,
  search: () => location.search,
  onLife,
  isOnline: () => navigator.onLine !== false,
  idle(work) {
    // Safari came to it late.
    if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 500 })
    else setTimeout(work)
  },
  storage: browserStorage,
})
