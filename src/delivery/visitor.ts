import type * as v from 'valibot'
import { fields, flag, list, oneOf, text } from './schema.ts'

/** Whether the visitor is signed in under a customer id. Source: Delivery API `AuthenticatedState`. */
export const AuthenticatedState = oneOf('unknown', 'authenticated', 'logged_out')
export type AuthenticatedState = v.InferInput<typeof AuthenticatedState>

/** One of the customer's own ids, bound to an ECID. */
export const CustomerId = fields(
  {
    /** Name space or data source; sent by at.js 2.4 and later. */
    type: oneOf('NS', 'DS'),
    primary: flag(),
  },
  {
    /** At most 128 characters. */
    id: text(128),
    /** Alias of the Customer Attributes data source, at most 50 characters. */
    integrationCode: text(50),
    authenticatedState: AuthenticatedState,
  },
)
export type CustomerId = v.InferInput<typeof CustomerId>

/** Who the visitor is. With none of the ids, Target makes a `tntId`. */
export const VisitorId = fields({
  /** Target's device id, at most 128 characters: `<id>.<cluster>_<node>`. Store it whole. */
  tntId: text(128),
  /** The customer's own id (`mbox3rdPartyId`), at most 256 characters. */
  thirdPartyId: text(256),
  /** Experience Cloud ID, at most 128 characters. */
  marketingCloudVisitorId: text(128),
  /** At most 50; they need a `marketingCloudVisitorId`. */
  customerIds: list(CustomerId, 50),
})
export type VisitorId = v.InferInput<typeof VisitorId>
