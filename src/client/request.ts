import type { ExperienceCloud } from '../delivery/analytics.ts'
import { parseRequest } from '../delivery/contract.ts'
import type { Property } from '../delivery/property.ts'
import type { DeliveryRequest, DeliveryRequestInput } from '../delivery/request.ts'
import { createId, type Platform, timeOffset } from '../platform/platform.ts'
import { adviceOf } from './advice.ts'
import type { Events } from './events.ts'
import type { Identity } from './identity.ts'
import type { CallOptions, ClientOptions } from './options.ts'
import { qaOf } from './qa.ts'
import type { Visitor } from './supplemental-data.ts'

/** The name under which a call takes part in Analytics stitching unless it says otherwise. */
const CONSUMER = 'target-global-mbox'

const experienceCloudOf = (
  given: ExperienceCloud | undefined,
  { audienceManager }: Identity,
  sdidOf: () => string | undefined,
): ExperienceCloud => {
  const { logging = 'server_side', supplementalDataId, ...rest } = given?.analytics ?? {}
  const known = { ...audienceManager, ...given?.audienceManager }
  const sdid = supplementalDataId || (logging === 'server_side' ? sdidOf() : undefined)
  return {
    ...given,
    analytics: { logging, ...(sdid && { supplementalDataId: sdid }), ...rest },
    audienceManager: Object.keys(known).length ? known : undefined,
  }
}

/** The token that a call uses: its own over the client's; a blank one stands for none. */
const propertyOf = (call: Property | undefined, configured: string | undefined): Property | undefined => {
  const token = call?.token ?? configured
  return token?.trim() ? { ...call, token } : undefined
}

/** Everything that a request is made of. */
export interface RequestParts {
  call: CallOptions & { request?: DeliveryRequestInput | undefined }
  identity: Identity
  options: ClientOptions
  platform: Platform
  /** Keeps the supplemental data id. */
  visitor: Visitor
  /** Hears what is most likely not meant. */
  events?: Events
}

/** Fills a request with what the client, the visitor and the page know, and checks it. The caller's word always wins. */
export const buildRequest = (parts: RequestParts): DeliveryRequest => {
  const { call, identity, options, platform, visitor, events } = parts
  const { request = {}, consumerId = CONSUMER } = call
  const { execute, environmentId = options.environmentId } = request
  const own = request.property?.token
  const { propertyToken } = options
  if (own && propertyToken && own !== propertyToken) {
    const text = `The property token specified in the request "${own}" does not match the one specified in the config`
    events?.log('debug', `${text} "${propertyToken}".`)
  }
  const context = { timeOffsetInMinutes: timeOffset(), ...platform.context?.(), ...request.context }
  const checked = (platform.parseRequest ?? parseRequest)({
    requestId: createId(),
    // Set before the first attempt, so that a repeated `execute` counts once.
    ...(execute && { impressionId: createId() }),
    ...qaOf(platform),
    ...request,
    environmentId: environmentId || undefined,
    id: identity.id,
    property: propertyOf(request.property, propertyToken),
    // Only the closing exit of the queue asks for an answer without content.
    context: { ...context, beacon: undefined },
    experienceCloud: experienceCloudOf(request.experienceCloud, identity, () =>
      visitor.getSupplementalDataID?.(consumerId),
    ),
  })
  for (const message of adviceOf(checked, context.geo?.ipAddress)) events?.emit('warning', { message })
  return checked
}
