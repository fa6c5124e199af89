import type { Context } from '../../delivery/context.ts'

/** Looked at in this order; the first that is found names the browser, and its group the version. */
const BROWSERS: Readonly<Record<string, readonly RegExp[]>> = {
  edge: [/edg(?:e|ios|a)?\/([\w.]+)/i],
  'mobile safari': [/version\/([\w.]+).+?mobile\/\w+\ssafari/i],
  safari: [/version\/([\w.]+).+?safari/i],
  chrome: [/chrome\/v?([\w.]+)/i],
  firefox: [/firefox\/([\w.-]+)$/i],
  ie: [/(?:ms|\()ie\s([\w.]+)/i, /trident.+rv[:\s]([\w.]+).+like\sgecko/i],
}

const SYSTEMS: Readonly<Record<string, RegExp>> = {
  iOS: /iPhone|iPad|iPod/,
  Android: /Android [0-9.]+;/,
  linux: / Linux /,
  Unix: /FreeBSD|OpenBSD|CrOS/,
  windows: /[( ]Windows /,
  mac: /Macintosh;/,
}

/** What client hints call a system, where rules have another name for it. */
const RENAMED: Readonly<Record<string, string>> = {
  ...{ Windows: 'windows', Linux: 'linux' },
  ...{ Macintosh: 'mac', 'Mac OS': 'mac', macOS: 'mac' },
}

/** Brands of client hints, in the order in which they are looked for. */
const BRANDS = ['chrome', 'edge', 'safari', 'firefox']

/** Characters of a text that are looked at. */
const MOST = 1000

interface Browser {
  name?: string
  /** Major version; none is not a number. */
  version: number
}

const browserIn = (text: string, patterns: Iterable<readonly [string, RegExp]>): Browser => {
  for (const [name, pattern] of patterns) {
    const found = pattern.exec(text.slice(0, MOST))
    if (found) return { name, version: Number.parseInt(found[1] ?? '', 10) }
  }
  return { version: Number.NaN }
}

const AGENTS = Object.entries(BROWSERS).flatMap(([name, patterns]) =>
  patterns.map((pattern) => [name, pattern] as const),
)
const HINTS = BRANDS.map((name) => [name, new RegExp(`${name}";v="([\\d.]+)"`, 'i')] as const)

const platformOf = (agent: string, hint: string | undefined): string => {
  if (hint !== undefined) return Object.hasOwn(RENAMED, hint) ? `${RENAMED[hint]}` : hint
  return Object.entries(SYSTEMS).find(([, pattern]) => pattern.test(agent))?.[0] ?? 'unknown'
}

/** What rules say `user` to: the browser and its system, by the user agent, and by client hints where they name one. */
export const userOf = ({ userAgent = '', clientHints = {} }: Context) => {
  const { browserUAWithFullVersion, browserUAWithMajorVersion, platform } = clientHints
  const agent = browserIn(userAgent, AGENTS)
  const hint = browserIn(browserUAWithFullVersion || browserUAWithMajorVersion || '', HINTS)
  return {
    browserType: hint.name ?? agent.name ?? 'unknown',
    platform: platformOf(userAgent, platform),
    locale: 'en',
    browserVersion: [hint.version, agent.version].find((version) => version >= 0) ?? -1,
  }
}
