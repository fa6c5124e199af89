import { TargetError } from '../delivery/error.ts'
import { listed } from '../delivery/json-value.ts'
import type { PrefetchMboxResponse } from '../delivery/mbox.ts'
import type { Option } from '../delivery/offer.ts'

/**
 * How far an offer is: `pending`, not answered yet; `ready`, there is something to show; `none`, the default content is to be shown;
 * `failed`, nobody could be asked, and the default content stays.
 */
export type OfferStatus = 'pending' | 'ready' | 'none' | 'failed'

/** What is known of an offer. It is never changed: what is new is another one. */
export interface OfferSnapshot {
  readonly status: OfferStatus
  /** HTML as text, several offers joined; of any other kind what the first offer holds. Undefined unless `ready`. */
  readonly content: unknown
  /** All that was decided for the mbox. */
  readonly options: readonly Option[]
  /** The mbox as it was answered, for `target.display` and `target.click`. */
  readonly mbox: PrefetchMboxResponse | undefined
  /** Why it has `failed`. */
  readonly error: TargetError | undefined
}

export const PENDING: OfferSnapshot = {
  status: 'pending',
  content: undefined,
  options: [],
  mbox: undefined,
  error: undefined,
}

/** Nobody could be asked. */
export const failed = (error: unknown): OfferSnapshot => ({
  ...PENDING,
  status: 'failed',
  error: error instanceof TargetError ? error : new TargetError('NETWORK_ERROR', `${error}`, { cause: error }),
})

/** Whether the answer is there, whatever it says. */
export const isAnswered = ({ status }: OfferSnapshot): boolean => status === 'ready' || status === 'none'

const isHtml = ({ type, content }: Option): boolean => type === 'html' && typeof content === 'string'

/** What was answered. An mbox without content stands for the default content. */
export const answered = (mbox: PrefetchMboxResponse): OfferSnapshot => {
  const options = listed<Option>(mbox.options)
  const filled = options.filter(({ content }) => content !== undefined)
  const content = filled.some(isHtml)
    ? filled
        .filter(isHtml)
        .map((option) => option.content)
        .join('')
    : filled[0]?.content
  return { status: filled.length ? 'ready' : 'none', content, options, mbox, error: undefined }
}

/** The HTML that fills the element of an mbox; undefined for offers of another kind, and where a part has yet to be fetched. */
export const htmlOf = ({ options, content }: OfferSnapshot): string | undefined =>
  options.some(isHtml) && !options.some(({ type }) => type === 'dynamic') ? (content as string) : undefined

/** The value of a key in the JSON offers of an mbox; later offers win, as in `getAttributes`. */
export const keyIn = ({ options }: OfferSnapshot, key: string): unknown => {
  const contents = options.flatMap(({ type, content }) =>
    type === 'json' && typeof content === 'object' ? content : [],
  )
  const holders = (contents as Record<string, unknown>[]).filter((content) => content && Object.hasOwn(content, key))
  return holders.at(-1)?.[key]
}

/**
 * Where an offer of an mbox goes: `inside`, into its element, which is nobody's then; `around`, to elements that its actions name, or
 * elsewhere by a redirect; undefined, nowhere, so that the default content stays.
 */
export const placementOf = ({ options, status }: OfferSnapshot): 'inside' | 'around' | undefined => {
  if (status !== 'ready') return undefined
  if (options.some(({ type }) => type === 'html' || type === 'dynamic')) return 'inside'
  return options.some(({ type }) => type === 'actions' || type === 'redirect') ? 'around' : undefined
}
