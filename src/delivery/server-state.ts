import type { DeliveryRequest, DeliveryRequestInput } from './request.ts'
import type { DeliveryResponse } from './response.ts'
import type { DecisioningMethod } from './telemetry.ts'

/** What a server has asked for and hands over to the page: the text that `visitor.dehydrate()` gives, read as JSON. */
export interface ServerState {
  /** Client code of the account that answered; a state of another is not used. */
  client?: string
  /** What was asked, so that the page knows which of its questions are answered; without it no call is answered from the state. */
  request?: DeliveryRequestInput
  response: DeliveryResponse
  /** How it was decided. */
  meta?: { decisioningMethod: DecisioningMethod; remoteMboxes: string[]; remoteViews: string[] }
}

/** An item of a request, or a place of an answer. */
interface Item {
  index?: number | undefined
  name?: string | undefined
}

const PARTS = ['execute', 'prefetch'] as const
const KINDS = ['pageLoad', 'mboxes', 'views'] as const

/** A list of a request or of an answer; what may be there but once is a list of one. */
export type Where = [part: (typeof PARTS)[number], kind: (typeof KINDS)[number]]

/** A request or an answer, as far as its lists go. */
export type Parts = { [Part in Where[0]]?: { [Kind in Where[1] | 'metrics']?: unknown } }

const listOf = (of: object, [part, kind]: Where): Item[] => [(of as Parts)[part]?.[kind] ?? []].flat() as Item[]

/** A request or an answer with other items in its lists. */
export const withItems = (of: object, itemsFor: (item: Item, where: Where) => readonly object[]): Parts => {
  const parts: Parts = {}
  for (const part of PARTS) {
    for (const kind of KINDS) {
      const items = listOf(of, [part, kind]).flatMap((item) => itemsFor(item, [part, kind]))
      if (items.length) parts[part] = { ...parts[part], [kind]: kind === 'pageLoad' ? items[0] : items }
    }
  }
  return parts
}

/** The places of an answer that answer an item; a view without a name asks for all. Answers may hold anything. */
export const placesFor = (response: object, { index, name }: Item, where: Where): Item[] =>
  listOf(response, where).filter((place) => place?.index === index && (!name || place.name === name))

/** Members in order, so that what says the same is the same text. */
const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value

/**
 * What an item asks, wherever it stands in its list: answers to another property, environment, QA link or trace are other answers.
 * Profile parameters are told with it, and are no part of the question.
 */
export const questionOf = (
  { property, environmentId, qaMode, preview, trace }: Partial<DeliveryRequest>,
  item: Item,
  where: Where,
): string =>
  JSON.stringify(
    [property, environmentId, qaMode, preview, trace, where, { ...item, index: 0, profileParameters: 0 }],
    inOrder,
  )
