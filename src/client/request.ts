import type { ExperienceCloud } from '../delivery/analytics.ts'
import { previewOf } from '../delivery/preview.ts'
import { propertyOf } from '../delivery/property.ts'
import { type DeliveryRequest, type DeliveryRequestInput, parseRequest } from '../delivery/request.ts'
import { createId, type Platform, timeOffset } from '../platform/platform.ts'
import type { Identity } from './identity.ts'
import type { CallOptions, ClientOptions } from './options.ts'
import type { Visitor } from './supplemental-data.ts'

/** The name under which a call takes part in Analytics stitching unless it says otherwise. */
const CONSUMER = 'target-global-mbox'

const experienceCloudOf = (
  given: ExperienceCloud | undefined,
  { audienceManager }: Identity,
  sdidOf: () => string | undefined,
): ExperienceCloud => {
  const { logging = 'server_side', supplementalDataId, ...rest } = given?.analytics ?? {}
  const sdid = supplementalDataId || (logging === 'server_side' ? sdidOf() : undefined)
  return {
    ...given,
    analytics: { logging, ...(sdid && { supplementalDataId: sdid }), ...rest },
    ...((audienceManager || given?.audienceManager) && {
      audienceManager: { ...audienceManager, ...given?.audienceManager },
    }),
  }
}

/** Everything that a request is made of. */
export interface RequestParts {
  call: CallOptions & { request?: DeliveryRequestInput | undefined }
  identity: Identity
  options: ClientOptions
  platform: Platform
  /** Keeps the supplemental data id. */
  visitor: Visitor
}

/** Fills a request with what the client, the visitor and the page know, and checks it. The caller's word always wins. */
export const buildRequest = (parts: RequestParts): DeliveryRequest => {
  const { call, identity, options, platform, visitor } = parts
  const { request = {}, consumerId = CONSUMER } = call
  const { execute, environmentId = options.environmentId } = request
  const property = propertyOf(request.property, options.propertyToken)
  return parseRequest({
    requestId: createId(),
    // Set before the first attempt, so that a repeated `execute` counts once.
    ...(execute && { impressionId: createId() }),
    ...previewOf(platform.search?.() ?? ''),
    ...request,
    environmentId: environmentId || undefined,
    id: identity.id,
    property,
    context: { timeOffsetInMinutes: timeOffset(), ...platform.context?.(), ...request.context },
    experienceCloud: experienceCloudOf(request.experienceCloud, identity, () =>
      visitor.getSupplementalDataID?.(consumerId),
    ),
  })
}
