import type { Preview, QAMode } from '../delivery/preview.ts'
import { previewOf, qaModeOf } from '../delivery/preview-link.ts'
import { SESSION_SECONDS } from '../delivery/session.ts'
import type { CookieJar, Platform } from '../platform/platform.ts'

/** Names of the cookies in which a QA link and a preview link live on, as at.js names them. */
const COOKIES = { qaMode: 'at_qa_mode', preview: 'at_preview_mode' } as const

const parsed = (text: string | undefined): Record<string, unknown> | undefined => {
  // Most visitors have none, and an error costs more than a call.
  if (!text) return undefined
  try {
    return Object(JSON.parse(decodeURIComponent(text)))
  } catch {
    return undefined
  }
}

/** Keeps what was asked for, or forgets it. */
const keep = (cookies: CookieJar | undefined, name: string, said: object | undefined): void => {
  if (said) cookies?.set({ name, value: encodeURIComponent(JSON.stringify(said)), maxAge: SESSION_SECONDS })
  else if (cookies?.get(name)) cookies.set({ name, value: '', maxAge: 0 })
}

/**
 * What the last QA or preview link asks for: that of the address, else of the cookie in which it was kept, for 31 minutes after the last
 * call. An address with an empty `at_preview_token` ends it.
 */
export const qaOf = ({ search, cookies }: Platform): { qaMode?: QAMode; preview?: Preview } => {
  const query = search?.() ?? ''
  if (!cookies && !query) return {}
  const asked = previewOf(query)
  const isOver = /[?&]at_preview_token=(&|$)/.test(query)
  const found: { qaMode?: QAMode; preview?: Preview } = {}
  for (const key of ['qaMode', 'preview'] as const) {
    const name = COOKIES[key]
    const said: { token?: unknown } | undefined = isOver ? undefined : (asked[key] ?? parsed(cookies?.get(name)))
    keep(cookies, name, said)
    const token = said?.token
    if (token && typeof token === 'string') found[key] = key === 'qaMode' ? qaModeOf({ ...said }) : { token }
  }
  return found
}
