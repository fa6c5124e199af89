import { refusal } from './refusal.ts'

/** Where a page is that calls, as far as its browser says so. */
interface Caller {
  /** The `Origin` header; browsers send `null` for those that they hide. */
  origin: string | null
  /** `Sec-Fetch-Site`, which no page can forge; missing on plain http and in old browsers. */
  site: string | null
}

const hostOf = (origin: string): string | undefined => {
  try {
    return new URL(origin).host
  } catch {
    return undefined
  }
}

/** A beacon of a page that keeps its referrer to itself has the origin `null`: what the browser says of the site comes first. */
const isOwn = ({ origin, site }: Caller, host: string): boolean =>
  site ? site === 'same-origin' : origin !== null && hostOf(origin) === host

/**
 * The headers that let the page read the answer: none for one of this origin. Throws a refusal 403 for a page of an origin that is
 * not listed, and for a call that says of no page that it comes from there.
 */
export const admit = ({ headers }: Request, host: string, origins: readonly string[] = []): Record<string, string> => {
  const origin = headers.get('origin')
  if (isOwn({ origin, site: headers.get('sec-fetch-site') }, host)) return {}
  const isListed = origins.includes('*') || (origin !== null && origins.includes(origin))
  if (!isListed) throw refusal(403, `Pages of ${origin ? 'this' : 'no'} origin may not call: list it in origins`)
  if (origin === null) return {}
  return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', vary: 'Origin' }
}

/** The answer to a browser that asks before it posts. */
export const preflight = (cors: Record<string, string>): Response => {
  const allowed = {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '86400',
  }
  return new Response(null, { status: 204, headers: { allow: 'POST, OPTIONS', ...cors, ...allowed } })
}
