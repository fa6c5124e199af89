import * as v from 'valibot'
import { passing, written } from '../delivery/schema.ts'

/** How items are chosen from the catalogue by the `entity.id` of a call, and how they are written. */
export interface Recommend {
  /** Attribute of the item that lists the ids to show. */
  list?: string
  /** Attribute that the items to show have in common with it, such as `category`. */
  same?: string
  /** Ids that are shown after these, and for an item that nobody knows. */
  items?: readonly string[]
  /** How many are shown. @default 4 */
  most?: number
  /** HTML of one item, with attributes such as `${name}`. @default none: the offer is JSON, `{ items: [...] }` */
  html?: string
  /** HTML around them, with `${items}` where they belong. */
  around?: string
}

/** An offer as it goes over the wire, without its tokens. */
export interface WireOffer {
  type?: string
  content?: unknown
  /** What is chosen anew for every call; then there is neither type nor content. */
  recommend?: Recommend
  id?: string
  name?: string
}

/** What every offer may say of itself; both show up as response tokens, `option.id` and `option.name`. */
interface OfferNames {
  id?: string | undefined
  name?: string | undefined
}

/**
 * One offer. Text is HTML, `null` is the default content of the page, and the others say what they are:
 * `{ html }`, `{ json }`, `{ redirect }`, `{ dynamic }`, `{ actions }`, `{ recommend }`, or as on the wire `{ type, content }`.
 */
export type OfferInput =
  | string
  | null
  | (OfferNames & { html: string })
  | (OfferNames & { json: unknown })
  | (OfferNames & { redirect: string })
  | (OfferNames & { dynamic: string })
  | (OfferNames & { actions: readonly object[] })
  | (OfferNames & { recommend: Recommend })
  | (OfferNames & { type: string; content: unknown })

const CONTENT: Record<string, (content: unknown) => boolean> = {
  html: (content) => typeof content === 'string',
  json: (content) => content !== undefined,
  redirect: (content) => typeof content === 'string',
  dynamic: (content) => typeof content === 'string',
  actions: (content) => Array.isArray(content),
}

/** An object that is no list. */
export const isPlain = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' && input !== null && !Array.isArray(input)

const isText = (value: unknown): boolean => typeof value === 'string'

const RECOMMEND: Readonly<Record<keyof Recommend, (value: unknown) => boolean>> = {
  ...{ list: isText, same: isText, html: isText, around: isText },
  items: (value) => Array.isArray(value) && value.every(isText),
  most: (value) => Number.isInteger(value) && Number(value) >= 1,
}

/** Says at least where the items come from, and nothing that is not known. */
const isRecommend = (value: unknown): value is Recommend =>
  isPlain(value) &&
  ['list', 'same', 'items'].some((name) => name in value) &&
  Object.entries(value).every(
    ([name, member]) => Object.hasOwn(RECOMMEND, name) && RECOMMEND[name as keyof Recommend](member),
  )

/** The offer that a value describes; undefined when it is none. */
export const offerOf = (input: unknown): WireOffer | undefined => {
  if (input === null) return {}
  if (typeof input === 'string') return { type: 'html', content: input }
  if (!isPlain(input)) return undefined
  const { id, name, ...rest } = input
  if ([id, name].some((named) => named !== undefined && typeof named !== 'string')) return undefined
  const names = { ...(id !== undefined && { id: `${id}` }), ...(name !== undefined && { name: `${name}` }) }
  const members = Object.keys(rest).sort().join()
  if (members === 'recommend') return isRecommend(rest.recommend) ? { recommend: rest.recommend, ...names } : undefined
  const [type, content] = members === 'content,type' ? [rest.type, rest.content] : [members, rest[members]]
  if (typeof type !== 'string' || !Object.hasOwn(CONTENT, type) || !CONTENT[type]?.(content)) return undefined
  return { type, content, ...names }
}

const FORMS = '{ html }, { json }, { redirect }, { dynamic }, { actions }, { recommend } or { type, content }'

const Offer = v.pipe(
  passing<OfferInput>(
    (input) => offerOf(input) !== undefined,
    `must be HTML text, null for the default content, ${FORMS}`,
  ),
  written((input) => offerOf(input) ?? {}),
)

const offersOf = (input: unknown): WireOffer[] | undefined => {
  const found = (Array.isArray(input) ? input : [input]).map(offerOf)
  return found.every((offer) => offer !== undefined) && found.length ? found : undefined
}

/** An mbox takes one offer or several. */
export const MboxOffers = v.pipe(
  passing<OfferInput | readonly OfferInput[]>(
    (input) => offersOf(input) !== undefined,
    `must be one offer or a list of offers: HTML text, null for the default content, ${FORMS}`,
  ),
  written((input) => offersOf(input) ?? []),
)

/** A view and the page load take actions, or one offer. */
export const PageOffer = v.union(
  [
    v.pipe(
      passing<readonly object[]>((input) => Array.isArray(input) && input.every(isPlain), 'must be a list of actions'),
      written((content): WireOffer => ({ type: 'actions', content })),
    ),
    Offer,
  ],
  `must be a list of actions, HTML text, null for the default content, ${FORMS}`,
)
