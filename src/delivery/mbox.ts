import * as v from 'valibot'
import { details } from './details.ts'
import { container } from './page-load.ts'
import { numbered } from './rules.ts'
import { fields, fitting, list, number, text, whole, written } from './schema.ts'
import { mboxName } from './tests.ts'

/** The name of an mbox: at most 250 characters, not blank, none that Target keeps for itself. */
export const MboxName = fitting<string>(mboxName)

/** Asks for one mbox. */
export const MboxRequest = fields(
  {
    /** Tells mboxes of one name apart; 0 or more, unique in its list. @default the lowest unused one */
    index: whole(0, 2147483647),
    ...details,
  },
  { name: MboxName },
)
export type MboxRequest = v.InferInput<typeof MboxRequest>

/** Up to 50 mboxes, each with an index of its own. */
export const Mboxes = v.pipe(list(MboxRequest, 50), written(numbered<v.InferOutput<typeof MboxRequest>>))

/** What was decided for an mbox. Without `options` there is nothing to show but the default content. */
export const MboxResponse = fields({
  index: number(),
  name: text(),
  ...container,
})
export type MboxResponse = v.InferOutput<typeof MboxResponse>

/** What was decided for a prefetched mbox: nothing counts until its display is reported. */
export const PrefetchMboxResponse = fields({
  index: number(),
  name: text(),
  ...container,
  /** Goes back in the display notification. */
  state: text(),
})
export type PrefetchMboxResponse = v.InferOutput<typeof PrefetchMboxResponse>
