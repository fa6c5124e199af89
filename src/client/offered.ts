import { parseRequest } from '../delivery/contract.ts'
import type { DeliveryRequestInput } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { Visit } from './ask.ts'
import type { Core } from './core.ts'
import { createEnvelopeNow } from './envelope.ts'
import { asksForPlaces, NO_PLACES } from './held.ts'
import { rememberOrigin } from './origin.ts'

/** Gives what is held at once. */
export const createOffered = (core: Core, visit: Visit) => {
  const envelopeNow = createEnvelopeNow(core, visit)
  return (given?: DeliveryRequestInput): DeliveryResponse | undefined => {
    const held = visit.held()
    if (!held) return undefined
    const request = parseRequest({ ...held.request, ...NO_PLACES, ...(given ?? held.request) })
    if (asksForPlaces(held.restOf(request) ?? request)) return undefined
    const response = held.answerTo(request, given ? {} : held.response)
    rememberOrigin(core.origins, { request, executed: false, envelope: () => envelopeNow({ request }) }, response)
    return response
  }
}
