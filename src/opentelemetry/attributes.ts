import type { Attributes } from '@opentelemetry/api'
import type { Result } from '../client/result.ts'
import { isTargetError } from '../delivery/error.ts'

/** Where a call went and what came back. */
export interface Exchange {
  url: string
  /** HTTP status. */
  status?: number
}

/** Where a call goes, by the HTTP conventions; the address without its query, in which the account and the session are. */
export const addressOf = (url: string, base?: string): Attributes => {
  try {
    const { origin, pathname, hostname, port, protocol } = new URL(url, base)
    return {
      'url.full': origin + pathname,
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'http:' ? 80 : 443),
    }
  } catch {
    // A path of the page that calls.
    return { 'url.full': url.split('?')[0] ?? '' }
  }
}

/** A call over HTTP. */
export const httpOf = ({ url, status }: Exchange): Attributes => ({
  'http.request.method': 'POST',
  ...addressOf(url, globalThis.location?.href),
  ...(status !== undefined && { 'http.response.status_code': status }),
})

/** What went wrong, in a word of few values: the HTTP status, or the code of the error. Messages may hold what a caller has sent. */
export const errorOf = (error: unknown): Attributes => {
  if (!isTargetError(error)) return { 'error.type': (error as Error)?.name ?? '_OTHER' }
  const { status, code, attempts = 1 } = error
  return {
    'error.type': status === undefined ? code : `${status}`,
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(attempts > 1 && { 'http.request.resend_count': attempts - 1 }),
  }
}

/** What was decided, and by whom. */
export const decisionOf = ({ request, status, meta }: Result): Attributes => {
  const { execute, prefetch, notifications } = request
  const mboxes = (execute?.mboxes?.length ?? 0) + (prefetch?.mboxes?.length ?? 0)
  return {
    'isotarget.decisioning_method': meta.decisioningMethod,
    'isotarget.status': status.status,
    ...(mboxes && { 'isotarget.mboxes': mboxes }),
    ...(prefetch?.views?.length && { 'isotarget.views': prefetch.views.length }),
    ...(notifications?.length && { 'isotarget.notifications': notifications.length }),
  }
}
