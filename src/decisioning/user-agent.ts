import type { ClientHints } from '../delivery/context.ts'

type Pattern = readonly [name: string, pattern: RegExp]

/** The first that matches names the browser; the order is Target's. */
const AGENTS: readonly Pattern[] = [
  ['edge', /edg(?:e|ios|a)?\/([\w.]+)/i],
  ['mobile safari', /version\/([\w.]+).+?mobile\/\w+\ssafari/i],
  ['safari', /version\/([\w.]+).+?safari/i],
  ['chrome', /chrome\/v?([\w.]+)/i],
  ['firefox', /firefox\/([\w.-]+)$/i],
  ['ie', /(?:ms|\()ie\s([\w.]+)/i],
  ['ie', /trident.+rv[:\s]([\w.]+).+like\sgecko/i],
]

const SYSTEMS: readonly Pattern[] = [
  ['iOS', /iPhone|iPad|iPod/],
  ['Android', /Android [0-9.]+;/],
  ['linux', / Linux /],
  ['Unix', /FreeBSD|OpenBSD|CrOS/],
  ['windows', /[( ]Windows /],
  ['mac', /Macintosh;/],
]

/** Those that client hints name, by Target's order. */
const BRANDS = ['chrome', 'edge', 'safari', 'firefox']

const UNKNOWN = 'unknown'

/** What Target calls a browser and its operating system. */
export interface User {
  browserType: string
  platform: string
  locale: string
  /** Major version; -1 when there is none. */
  browserVersion: number
}

/** Characters that are looked at: patterns with two open ends take long over long texts. */
const LONGEST = 1000

interface Browser {
  name?: string
  version: number
}

const NONE: Browser = { version: -1 }

const browserBy = (patterns: readonly Pattern[], text: string): Browser => {
  for (const [name, pattern] of patterns) {
    const found = pattern.exec(text.slice(0, LONGEST))
    if (found) return { name, version: Number.parseInt(found[1] as string, 10) }
  }
  return NONE
}

const brandPattern = (name: string): Pattern => [name, new RegExp(`${name}";v="([\\d.]+)"`, 'i')]

const platformOf = (userAgent: string, platform: string | undefined): string => {
  if (platform === undefined) return SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? UNKNOWN
  if (/^(Macintosh|Mac OS|macOS)$/.test(platform)) return 'mac'
  return /^(Windows|Linux)$/.test(platform) ? platform.toLowerCase() : platform
}

/** Client hints have the last word where they name something. */
export const userOf = (userAgent = '', hints: ClientHints = {}): User => {
  const agent = browserBy(AGENTS, userAgent)
  const hinted = hints.browserUAWithFullVersion || hints.browserUAWithMajorVersion
  const hint = hinted ? browserBy(BRANDS.map(brandPattern), hinted) : NONE
  return {
    browserType: hint.name ?? agent.name ?? UNKNOWN,
    platform: platformOf(userAgent, hints.platform),
    locale: 'en',
    browserVersion: [hint.version, agent.version].find((version) => version >= 0) ?? -1,
  }
}
