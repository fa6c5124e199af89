import type { Client } from '../client/client.ts'
import type { Option } from '../delivery/offer.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import { type Offer, offersOf } from './offer.ts'
import type { Outline } from './outline.ts'
import type { Call, Journal } from './record.ts'

/** Finds the elements that show the options of an answer. */
export type Finder = (answer: DeliveryResponse) => Map<Option, Element[]>

/** What every tab looks at. */
export interface Scene {
  target: Client
  journal: Journal
  outline: Outline
  find: Finder
  /** Draws anew what has changed. */
  refresh(): void
}

/** An offer, the call that brought it, and the elements that show it. */
export interface Placed {
  /** Tells it from all others. */
  key: string
  offer: Offer
  call: Call
  elements: Element[]
}

/** Where an mbox is that somebody else has filled: a component, or the page's own code. */
const fallback = ({ name, type }: Offer): Element[] =>
  name !== undefined && type !== 'json' ? [...document.querySelectorAll(`[data-mbox="${CSS.escape(name)}"]`)] : []

/** The offers that a call has brought. */
export const placedOf = (call: Call, { find }: Scene): Placed[] => {
  const { response } = call
  if (!response) return []
  const found = find(response)
  return offersOf(response).map((offer, at) => {
    const known = found.get(offer.option) ?? []
    return { key: `${call.id} ${at}`, offer, call, elements: known.length ? known : fallback(offer) }
  })
}
