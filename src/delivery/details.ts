import * as v from 'valibot'
import { Address } from './context.ts'
import { Order, Product } from './order.ts'
import { mboxParameters, profileParameters } from './rules.ts'
import { fields, map, type Scalar, written } from './schema.ts'

/** Parameters of an mbox, a view or the page load: up to 100 (Target warns above 50), values as text. */
export const Parameters = v.pipe(
  map<Record<string, Scalar>>(),
  written<Record<string, Scalar>, Record<string, string>>(mboxParameters),
)
export type Parameters = v.InferInput<typeof Parameters>

/** Profile parameters: up to 50, names without the prefix `profile.`. */
const ProfileParameters = v.pipe(
  map<Record<string, Scalar>>(),
  written<Record<string, Scalar>, Record<string, string>>(profileParameters),
)

/** What every requested item and every notification may carry. */
export const details = {
  address: Address,
  parameters: Parameters,
  profileParameters: ProfileParameters,
  order: Order,
  product: Product,
}

/** The page load of an `execute` or a `prefetch`; `{}` is meaningful. */
export const RequestDetails = fields(details)
export type RequestDetails = v.InferInput<typeof RequestDetails>
