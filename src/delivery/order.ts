import * as v from 'valibot'
import { fields, filled, text, whole } from './schema.ts'

/** An order, for conversions. */
export const Order = fields({
  /** At most 250 characters; Adobe recommends at most 120. */
  id: v.optional(text(250)),
  /** Amount of money, 0 or more. */
  total: v.optional(v.pipe(v.number(), v.minValue(0))),
  /** Ids of what was bought; at most 250 characters when joined by commas. */
  purchasedProductIds: v.optional(
    v.pipe(
      v.array(filled(250)),
      v.check((ids) => ids.join().length <= 250, 'the joined ids have at most 250 characters'),
    ),
  ),
  /** When it was placed: a `Date` or ISO 8601 text. */
  time: v.optional(
    v.pipe(
      v.union([v.pipe(v.string(), v.isoTimestamp()), v.date()]),
      v.transform((time) => (typeof time === 'string' ? time : time.toISOString())),
    ),
  ),
  experienceLocalId: v.optional(v.pipe(whole(0), v.maxValue(2147483647))),
  duplicate: v.optional(v.boolean()),
  outlier: v.optional(v.boolean()),
})
export type Order = v.InferInput<typeof Order>

/** The product that a page is about. */
export const Product = fields({
  /** At most 128 characters. */
  id: v.optional(filled(128)),
  /** At most 256 characters. */
  categoryId: v.optional(filled(256)),
})
export type Product = v.InferInput<typeof Product>
