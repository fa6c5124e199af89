import * as v from 'valibot'
import { fields, map, text } from './schema.ts'

/** One change to a page. Known types: `setHtml`, `setText`, `appendHtml`, `insertAfter`, `setStyle`, `remove` and so on. */
export const Action = fields({
  type: text(),
  /** Where, in jQuery's dialect: it may hold `:eq(n)`. */
  selector: text(),
  /** Where, in plain CSS, for hiding before the change. */
  cssSelector: text(),
  content: v.union([text(), map<Record<string, unknown>>()]),
})
export type Action = v.InferOutput<typeof Action>
