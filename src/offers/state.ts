import { listed } from '../delivery/json-value.ts'
import type { PrefetchMboxResponse } from '../delivery/mbox.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import { keyOf, type OfferDetails } from './asked.ts'

/** What was answered elsewhere, such as on the server that has rendered the page: a result of `getOffers`, or a part of it. */
export interface OffersState {
  response: DeliveryResponse
  /** What was asked. Without it an mbox of the answer is given to the first who asks for its name, with whatever parameters. */
  request?: Pick<DeliveryRequest, 'prefetch'> | undefined
  /** Indexes of mboxes that were answered while the page was rendered: only what waited for them was rendered with them. */
  streamed?: readonly number[] | undefined
}

/** An mbox that was answered elsewhere. */
export interface Held {
  mbox: PrefetchMboxResponse
  isStreamed: boolean
}

interface Place extends Held {
  /** What was asked; undefined when nobody knows. */
  key: string | undefined
}

const placesOf = ({ response, request, streamed = [] }: OffersState): Place[] => {
  const asked = listed(request?.prefetch?.mboxes)
  return listed(response.prefetch?.mboxes).map((mbox) => {
    const question = asked.find(({ index }) => index === mbox.index)
    const isStreamed = mbox.index !== undefined && streamed.includes(mbox.index)
    return { mbox, isStreamed, key: question && keyOf(question as OfferDetails) }
  })
}

/**
 * What was answered elsewhere, until somebody asks for it. Whatever else knows answers without a request joins in here: `take` is
 * asked once for each mbox, and answers at once.
 */
export const createHeld = () => {
  const known = new WeakSet<object>()
  const places: Place[] = []
  let views: DeliveryResponse | undefined
  let highest = -1
  return {
    add(state: OffersState | undefined): void {
      const { response } = state ?? {}
      // Components hand over the same answer each time that they are drawn.
      if (!state || !response || known.has(response)) return
      known.add(response)
      places.push(...placesOf(state))
      highest = Math.max(highest, ...places.map(({ mbox }) => mbox.index ?? -1))
      if (response.prefetch?.views) views = response
    },
    take(name: string, details: OfferDetails): Held | undefined {
      const key = keyOf(details)
      const at = places.findIndex((place) => place.mbox.name === name && (place.key ?? key) === key)
      return at < 0 ? undefined : places.splice(at, 1)[0]
    },
    views: () => views,
    /** The highest index of an mbox so far, or -1. */
    highest: () => highest,
  }
}
