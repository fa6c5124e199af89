/** The least that the browser platform needs of a page, on `globalThis`; bodies still travel over the real network. */
import { vi } from 'vitest'

export interface PageOptions {
  url?: string
  referrer?: string
  userAgentData?: unknown
  /** Domains on which no cookie sticks. */
  publicSuffixes?: string[]
  /** Whether the browser takes beacons. @default true */
  takesBeacons?: boolean
}

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0.0.0'

interface Stored {
  value: string
  attributes: Record<string, string>
}

/** A cookie jar behind `document.cookie`: one value a name, refused where the domain is not the page's or a public suffix. */
const jarOf = (hostname: string, publicSuffixes: string[]) => {
  const jar = new Map<string, Stored>()
  const store = (text: string) => {
    const [pair = '', ...rest] = text.split('; ')
    const attributes = Object.fromEntries(rest.map((part) => part.toLowerCase().split('='))) as Record<string, string>
    const { domain } = attributes
    if (domain && (publicSuffixes.includes(domain) || !`.${hostname}`.endsWith(`.${domain}`))) return
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    if (attributes['max-age'] === '0') jar.delete(name)
    else jar.set(name, { value: pair.slice(at + 1), attributes })
  }
  return { jar, store, read: () => [...jar].map(([name, { value }]) => `${name}=${value}`).join('; ') }
}

/** Opens a page; `vi.unstubAllGlobals()` closes it. */
export const openPage = (options: PageOptions = {}) => {
  const { url = 'https://shop.example/shoes', referrer = '', userAgentData, publicSuffixes = [] } = options
  const { takesBeacons = true } = options
  const location = new URL(url)
  const { jar, store, read } = jarOf(location.hostname, publicSuffixes)
  const listeners = new Map<string, Set<() => void>>()
  const addEventListener = (name: string, listener: () => void) =>
    listeners.set(name, (listeners.get(name) ?? new Set()).add(listener))
  const removeEventListener = (name: string, listener: () => void) => listeners.get(name)?.delete(listener)

  const beacons: string[] = []
  const sendBeacon = (address: string, body: string): boolean => {
    if (!takesBeacons) return false
    beacons.push(address)
    // A string body makes a browser send text/plain;charset=UTF-8, and so does this.
    fetch(address, { method: 'POST', body }).catch(() => {})
    return true
  }
  const document = {
    referrer,
    visibilityState: 'visible',
    addEventListener,
    removeEventListener,
    get cookie() {
      return read()
    },
    set cookie(text: string) {
      store(text)
    },
  }
  const globals = {
    location,
    document,
    navigator: { userAgent: CHROME, sendBeacon, ...(userAgentData ? { userAgentData } : {}) },
    screen: { width: 1920, height: 1080, colorDepth: 24 },
    devicePixelRatio: 2,
    innerWidth: 1200,
    innerHeight: 800,
    addEventListener,
    removeEventListener,
  }
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value)

  return {
    cookies: jar,
    beacons,
    /** The page hides, and may come back. */
    hide() {
      document.visibilityState = 'hidden'
      for (const listener of listeners.get('visibilitychange') ?? []) listener()
    },
    /** The page ends, as at a navigation. */
    leave() {
      for (const listener of listeners.get('pagehide') ?? []) listener()
      this.hide()
    },
  }
}
