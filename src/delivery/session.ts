import { invalid } from './error.ts'

/** Name of the cookie that holds the session and the device id. */
export const TARGET_COOKIE = 'mbox'
/** Name of the cookie that holds the number of the edge cluster. */
export const LOCATION_HINT_COOKIE = 'mboxEdgeCluster'
/** Seconds that a session lives after its last use: 30 minutes at Target, and one to spare. */
export const SESSION_SECONDS = 1860
/** How long the device id is kept, in ms: 732 days. */
const DEVICE_LIFETIME = 63_244_800_000

/** A cookie to be stored by the page or the server. */
export interface Cookie {
  name: string
  value: string
  /** Seconds. */
  maxAge: number
}

/** What the `mbox` cookie says. */
export interface Session {
  sessionId?: string
  tntId?: string
}

const tried = (coded: (text: string) => string, text: string): string | undefined => {
  try {
    return coded(text)
  } catch {
    return undefined
  }
}

const decoded = (text: string): string | undefined => tried(decodeURIComponent, text)

/**
 * Reads the `mbox` cookie: `name#value#expires` items joined by `|`, `expires` in epoch seconds. Both dialects are understood,
 * with encoded parts and with plain ones and a trailing `|`; what is expired or malformed is passed over.
 */
export const parseTargetCookie = (cookie: unknown, now: number): Record<string, string> => {
  const found: [string, string][] = []
  if (typeof cookie !== 'string') return {}
  for (const item of (cookie.includes('#') ? cookie : (decoded(cookie) ?? '')).split('|')) {
    const [name, value, expires] = item.split('#')
    const key = name && decoded(name)
    const content = value && decoded(value)
    if (key && content && Math.ceil(now / 1000) <= Number.parseInt(expires as string, 10)) found.push([key, content])
  }
  return Object.fromEntries(found)
}

/** Writes the `mbox` cookie. `now` in epoch ms, `lifetime` of the device id in ms. */
export const formatTargetCookie = (
  { sessionId, tntId }: Session,
  now: number,
  lifetime: number = DEVICE_LIFETIME,
): Cookie => {
  const seconds = Math.ceil(now / 1000)
  const device = Math.floor(lifetime / 1000)
  const item = (name: string, value = '', maxAge = 0) => {
    const encoded = tried(encodeURIComponent, value)
    return encoded ? [`${name}#${encoded}#${seconds + maxAge}`] : []
  }
  return {
    name: TARGET_COOKIE,
    value: [...item('session', sessionId, SESSION_SECONDS), ...item('PC', tntId, device)].join('|'),
    maxAge: tntId ? device : SESSION_SECONDS,
  }
}

/** A session id is 1 to 128 printable characters without space, `?`, `/`, `{` and `}`. */
export const isSessionId = (id: unknown): id is string => typeof id === 'string' && /^[^\s?/{}\p{C}]{1,128}$/u.test(id)

/** The session id as given, or a {@link TargetError} that says what is wrong with it. */
export const checkedSessionId = (id: unknown): string => {
  if (isSessionId(id)) return id
  throw invalid('sessionId: use 1 to 128 printable characters without space, ?, /, { or }', {
    path: 'sessionId',
    limit: 128,
    received: id,
  })
}
