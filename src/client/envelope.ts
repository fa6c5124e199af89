import { parseRequest } from '../delivery/contract.ts'
import { invalid } from '../delivery/error.ts'
import type { Envelope } from '../notification/batch.ts'
import type { Visit } from './ask.ts'
import type { Core } from './core.ts'
import { identify } from './identity.ts'
import { envelopeOf } from './origin.ts'
import { buildRequest, type RequestParts } from './request.ts'

/** Finds the visitor of now, for what no answer of this client led to. */
export const createEnvelopeNow = (core: Core, visit: Visit): ((call: RequestParts['call']) => Envelope) => {
  const { options } = core
  const { platform } = visit
  return (call) => {
    if (!platform.cookies && !call.sessionId && !call.targetCookie) {
      throw invalid('Whose notification is it? Use target.visitor(request), or pass { sessionId } or { targetCookie }')
    }
    const identity = identify(call, options, platform)
    const { envelope } = visit
    const isOwn = platform.cookies && !Object.keys(call).length
    if (isOwn && envelope?.sessionId === identity.sessionId) {
      const { cluster = envelope.cluster } = identity
      const id = identity.id && { ...envelope.request.id, ...identity.id }
      const { context: known } = envelope.request
      // What the page says of itself now is checked and cut like that of any request.
      const said = { ...known, ...platform.context?.(), ...visit.context }
      const { context } = (platform.parseRequest ?? parseRequest)({ context: said })
      return { ...envelope, cluster, key: '', request: { ...envelope.request, ...(id && { id }), context } }
    }
    // Elsewhere no supplemental data id is made up: a new one each time would tear apart what belongs in one call.
    const visitor = call.visitor ?? (isOwn ? visit.visitorOf(call) : {})
    const made = envelopeOf(buildRequest({ call, identity, options, platform, visitor }), identity)
    if (isOwn) visit.envelope = made
    return made
  }
}
