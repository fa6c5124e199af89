import * as v from 'valibot'
import { details } from './details.ts'
import { container } from './page-load.ts'
import { fields, list, number, pattern, text, whole } from './schema.ts'

/** The name of an mbox: at most 250 characters, not blank, none that Target keeps for itself. */
export const MboxName = pattern(
  /^(?=.*\S)(?!.*-clicked$|(display mboxes|any mbox|click from display mbox)$).{1,250}$/,
  'must name an mbox: not blank, not reserved, not ending in -clicked',
  250,
)

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
export const Mboxes = v.pipe(
  list(MboxRequest, 50),
  v.rawTransform(({ dataset, addIssue }) => {
    const taken = new Set<number>()
    dataset.value.forEach(({ index }, key) => {
      if (index === undefined) return
      if (taken.has(index)) {
        const path = [{ type: 'array' as const, origin: 'value' as const, input: dataset.value, key, value: index }]
        addIssue({ message: 'must not use an index twice', path: path as never })
      }
      taken.add(index)
    })
    let next = 0
    const unused = () => {
      while (taken.has(next)) next++
      taken.add(next)
      return next
    }
    return dataset.value.map(({ index = unused(), ...item }) => ({ ...item, index }))
  }),
)

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

/** Asks for one mbox: `mbox('hero', { parameters: { sku: 'a1' } })`. */
export const mbox = (name: string, details: Omit<MboxRequest, 'name'> = {}): MboxRequest => ({ ...details, name })

/** Asks for several mboxes, numbered in order; each is a name or an mbox. */
export const mboxes = (...items: (string | MboxRequest)[]): (MboxRequest & { index: number })[] =>
  items.map((item, index) =>
    typeof item === 'string' ? { name: item, index } : { ...item, index: item.index ?? index },
  )
