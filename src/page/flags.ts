import { cookieIn } from '../platform/platform.ts'

/** What the address or a cookie of the page says for those who look into it. */
export interface PageFlags {
  /** `mboxDisable`: nothing is asked. */
  isDisabled: boolean
  /** `mboxDebug`: everything is told to the console. */
  isDebugged: boolean
  /** `authorization`, beside `mboxDebug`: the answers are traced. */
  authorizationToken: string | undefined
  /** `mboxSession`: the session that another site of the customer has handed over. */
  sessionId: string | undefined
}

const isOn = (value: string | null | undefined): boolean => Boolean(value && value !== 'false' && value !== '0')

/** The value of a cookie of the page. */
export const cookie = (name: string): string | undefined => {
  try {
    return cookieIn(document.cookie, name)
  } catch {
    // A sandboxed frame may not even look.
    return undefined
  }
}

/** Reads the flags of the page. Those that may be cookies hold for the page to which one leads too, as in at.js. */
export const readFlags = (): PageFlags => {
  const query = new URLSearchParams(location.search)
  const before = new URLSearchParams(document.referrer.split('?')[1])
  const flag = (name: string): boolean => [query.get(name), before.get(name), cookie(name)].some(isOn)
  const isDebugged = flag('mboxDebug')
  return {
    isDisabled: flag('mboxDisable'),
    isDebugged,
    authorizationToken: (isDebugged && query.get('authorization')) || undefined,
    sessionId: query.get('mboxSession') || undefined,
  }
}
