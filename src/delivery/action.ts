import * as v from 'valibot'
import { fields } from './schema.ts'

/** One change to a page. Known types: `setHtml`, `setText`, `appendHtml`, `insertAfter`, `setStyle`, `remove` and so on. */
export const Action = fields({
  type: v.optional(v.string()),
  /** Where, in jQuery's dialect: it may hold `:eq(n)`. */
  selector: v.optional(v.string()),
  /** Where, in plain CSS, for hiding before the change. */
  cssSelector: v.optional(v.string()),
  content: v.optional(v.union([v.string(), v.record(v.string(), v.unknown())])),
})
export type Action = v.InferOutput<typeof Action>
