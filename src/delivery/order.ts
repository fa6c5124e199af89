import * as v from 'valibot'
import { dated, joined } from './rules.ts'
import { fields, filled, fitting, flag, list, number, text, whole, written } from './schema.ts'
import { date } from './tests.ts'

/** An order, for conversions. */
export const Order = fields({
  /** At most 250 characters; Adobe recommends at most 120. */
  id: text(250),
  /** Amount of money, 0 or more. */
  total: number(0),
  /** Ids of what was bought; at most 250 characters when joined by commas. */
  purchasedProductIds: v.pipe(list(filled(250)), written(joined)),
  /** When it was placed: a `Date` or ISO 8601 text. */
  time: v.pipe(fitting<string | Date>(date), written(dated)),
  experienceLocalId: whole(0, 2147483647),
  duplicate: flag(),
  outlier: flag(),
})
export type Order = v.InferInput<typeof Order>

/** The product that a page is about. */
export const Product = fields({
  /** At most 128 characters. */
  id: filled(128),
  /** At most 256 characters. */
  categoryId: filled(256),
})
export type Product = v.InferInput<typeof Product>
