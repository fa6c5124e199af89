import type * as v from 'valibot'
import { details } from './details.ts'
import { container } from './page-load.ts'
import { fields, text } from './schema.ts'

/** Asks for one view, or with `{}` for all of them. */
export const ViewRequest = fields({
  /** Case-sensitive, at most 128 characters. */
  name: text(128),
  /** At most 512 characters. */
  key: text(512),
  ...details,
})
export type ViewRequest = v.InferInput<typeof ViewRequest>

/** What was decided for a view of a single-page app: nothing counts until its display is reported. */
export const View = fields({
  name: text(),
  key: text(),
  ...container,
  /** Goes back in the display notification. */
  state: text(),
})
export type View = v.InferOutput<typeof View>
