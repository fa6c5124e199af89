import { vi } from 'vitest'

/** What a page of a browser has, as far as the client uses it. Comes and goes with `vi.stubGlobal`. */
export const openPage = (sendBeacon?: (url: string, body: string) => boolean) => {
  const listeners = new Map<string, () => void>()
  const addEventListener = (name: string, listener: () => void) => listeners.set(name, listener)
  const removeEventListener = (name: string) => listeners.delete(name)
  const document = {
    cookie: '',
    referrer: 'https://search.test/',
    visibilityState: 'visible',
    addEventListener,
    removeEventListener,
  }
  const location = {
    hostname: 'www.acme.test',
    href: 'https://www.acme.test/cart',
    protocol: 'https:',
    search: '',
  }
  const globals = {
    document,
    location,
    navigator: { userAgent: 'UA', sendBeacon },
    screen: { width: 1280, height: 720, colorDepth: 24 },
    devicePixelRatio: 1,
    innerWidth: 1280,
    innerHeight: 600,
    addEventListener,
    removeEventListener,
  }
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value)
  return {
    /** The visitor leaves. */
    leave: () => {
      listeners.get('pagehide')?.()
      document.visibilityState = 'hidden'
      listeners.get('visibilitychange')?.()
    },
  }
}
