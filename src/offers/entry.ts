import type { Option } from '../delivery/offer.ts'
import type { OfferDetails } from './asked.ts'
import { answered, type OfferSnapshot, PENDING } from './snapshot.ts'
import type { Held } from './state.ts'

/** One mbox of a page, however many components show it. */
export interface Entry {
  readonly name: string
  readonly details: OfferDetails
  /** Names it among the others. */
  readonly id: string
  /** What was answered elsewhere. */
  readonly held: Held | undefined
  /** As it was before anybody asked. */
  readonly initial: OfferSnapshot
  snapshot: OfferSnapshot
  /** What is rendered where a server had no answer. */
  missed: OfferSnapshot | undefined
  /** Settles with the answer, and does not reject. */
  asking: Promise<void> | undefined
  isReported: boolean
  /** What of it was put into the page, where that is known. */
  inPage: readonly Option[] | undefined
  /** Called when something of it was put into the page. */
  readonly onInPage: Set<() => void>
  /** Where it is shown. */
  readonly elements: Set<Element>
  /** Ends the counting of clicks. */
  unwatch: (() => void) | undefined
}

export const entryOf = (asked: Pick<Entry, 'name' | 'details' | 'id' | 'held'>): Entry => {
  const initial = asked.held ? answered(asked.held.mbox) : PENDING
  return {
    ...asked,
    initial,
    snapshot: initial,
    missed: undefined,
    asking: undefined,
    isReported: false,
    inPage: undefined,
    onInPage: new Set(),
    elements: new Set(),
    unwatch: undefined,
  }
}
