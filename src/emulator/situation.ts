import type { Geo } from '../delivery/context.ts'
import type { RequestDetails } from '../delivery/details.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import { allocationOf, type Draw } from './allocation.ts'
import type { Situation } from './audience.ts'
import type { Question } from './decide.ts'
import type { Call } from './edge.ts'
import type { EdgeRequest, Settings } from './options.ts'
import { factsOf } from './rule/facts.ts'
import { bareId } from './visitors.ts'

/** How content was asked for: counted at once, or when its display is reported. */
export type Mode = 'execute' | 'prefetch'

/** What is asked for one place. */
export interface Asked {
  /** Key of the place, such as `mbox:hero`. */
  place: string
  mode: Mode
  details: RequestDetails
}

/** Where a visitor is: as the call says, else as their address tells. */
export const geoOf = (
  { context }: DeliveryRequest,
  { geo: locate }: Settings,
  { headers }: EdgeRequest,
): Geo | undefined => {
  const { ipAddress, ...said } = context.geo ?? {}
  if (!locate || Object.keys(said).length) return context.geo
  return locate(ipAddress ?? headers['x-forwarded-for']) ?? context.geo
}

/** A device, which knows no more than what a call says, looks at the same id. */
const drawOf = ({ client, visitor, request, edge }: Call): Draw => {
  const { marketingCloudVisitorId, tntId, thirdPartyId } = request.id ?? {}
  const decisive = marketingCloudVisitorId || (tntId && bareId(tntId)) || thirdPartyId || visitor.tntId
  return { client, visitor: decisive, turn: edge.settings.turn }
}

const situationOf = ({ request, geo, edge }: Call, details: RequestDetails, draw: Draw): Situation => {
  const { context } = request
  const { now, domainOf } = edge.settings
  const address = details.address ?? context.address
  const parameters = (details.parameters ?? {}) as Record<string, string>
  const known = { context, address, parameters, geo, now: now(), domainOf }
  return {
    channel: context.channel,
    url: address?.url,
    parameters,
    facts: (activity) => factsOf({ ...known, allocation: allocationOf(draw, activity) }),
  }
}

/** What is asked of an activity when a call asks for a place. */
export const questionOf = (call: Call, details: RequestDetails): Question => {
  const draw = drawOf(call)
  return {
    situation: situationOf(call, details, draw),
    qa: call.qa,
    draw,
    property: call.request.property?.token,
    environment: call.environment,
  }
}
