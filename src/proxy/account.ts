import type { Endpoint } from '../delivery/endpoint.ts'
import { isSessionId } from '../delivery/session.ts'
import type { ProxyOptions } from './options.ts'
import { refusal } from './refusal.ts'

/** What the query of a call says. */
export interface Asked {
  sessionId: string
  /** Where Target is, for this call. */
  endpoint: Endpoint
}

/** Reads the query of a call; nothing else of it is handed on. Throws a refusal 400 for another account, and without a session. */
export const askedIn = ({ searchParams }: URL, options: ProxyOptions): Asked => {
  const { client, organizationId, serverDomain, overrideMboxEdgeServer, secure } = options
  const code = searchParams.get('client')
  const organization = searchParams.get('imsOrgId')
  if (code === null && organization === null) {
    throw refusal(400, 'Invalid request: imsOrgId or client must name the account')
  }
  if ((code ?? client) !== client || (organization ?? organizationId) !== organizationId) {
    throw refusal(400, 'Invalid request: this route serves another account')
  }
  const sessionId = searchParams.get('sessionId')
  if (!isSessionId(sessionId)) {
    throw refusal(400, 'Invalid request: sessionId must be 1 to 128 printable characters without space, ?, /, { and }')
  }
  const version = /^[\w.+-]{1,40}$/.exec(searchParams.get('version') ?? '')?.[0]
  const tenant = organization === null ? 'client' : 'imsOrgId'
  const endpoint = { client, organizationId, serverDomain, overrideMboxEdgeServer, secure, tenant, version } as const
  return { sessionId, endpoint }
}
