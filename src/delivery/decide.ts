import type { DeliveryRequest } from './request.ts'
import type { DeliveryResponse } from './response.ts'

/** The joint of the house: whoever answers a request, near or far, has this shape. */
export type Decide = (request: DeliveryRequest, signal?: AbortSignal) => Promise<DeliveryResponse>
