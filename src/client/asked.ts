import type { Notification } from '../delivery/notification.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { DecisioningMethod } from '../delivery/telemetry.ts'
import type { Identity } from './identity.ts'
import type { RequestOptions } from './options.ts'

/** A call, filled. */
export interface Asked {
  call: RequestOptions
  identity: Identity
  /** As it was sent in the end. */
  request: DeliveryRequest
}

/** What was decided, and where. */
export interface Delivered {
  response: DeliveryResponse
  method: DecisioningMethod
  /** What only the edge could decide. */
  remote: { remoteMboxes: string[]; remoteViews: string[] }
  /** Displays that nobody has counted yet. */
  shown: Notification[]
}
