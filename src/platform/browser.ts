import { browserContext } from './browser-context.ts'
import { browserCookies } from './browser-cookies.ts'
import { fetchWith, type Platform } from './platform.ts'

/**
 * What a browser lends. A body that is a plain string and no header of our own keep each call a simple request, without a
 * preflight.
 */
export const browserPlatform = (options: { fetchApi?: typeof fetch; cookieDomain?: string }): Platform => ({
  fetch: fetchWith(options.fetchApi, { credentials: 'omit' }),
  now: () => Date.now(),
  headers: () => ({}),
  beacon(url, body) {
    try {
      // Offline a beacon is taken and lost; refused, its notifications wait for as long as the page lives.
      return navigator.onLine !== false && Boolean(navigator.sendBeacon?.(url, body))
    } catch {
      return false
    }
  },
  cookies: browserCookies(options.cookieDomain),
  context: browserContext,
  search: () => location.search,
  onHide(listener) {
    // Hidden comes first and is the last moment that every engine grants; pagehide is the second chance.
    const onVisibility = () => {
      if (document.visibilityState === 'hidden') listener()
    }
    document.addEventListener('visibilitychange', onVisibility)
    addEventListener('pagehide', listener)
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      removeEventListener('pagehide', listener)
    }
  },
})
