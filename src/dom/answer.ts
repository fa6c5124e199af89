import { listed } from '../delivery/json-value.ts'
import type { Option } from '../delivery/offer.ts'
import type { PageLoadResponse } from '../delivery/page-load.ts'
import type { DeliveryResponse } from '../delivery/response.ts'

/** What `getOffers` resolves with, or the answer in it, or one that a server left in the page. */
export type Given = DeliveryResponse | { response: DeliveryResponse }

/** A place of an answer, such as an mbox. */
export interface Place {
  kind: 'pageLoad' | 'mbox' | 'view'
  name?: string
  /** Tells it from the others, also from answer to answer. */
  id: string
  /** As it was answered: a client knows it again. */
  place: PageLoadResponse
  prefetched: boolean
}

export const answerOf = (given: Given): DeliveryResponse =>
  (given as { response?: DeliveryResponse })?.response ?? (given as DeliveryResponse) ?? {}

const placeOf = (kind: Place['kind'], place: PageLoadResponse, prefetched: boolean): Place => {
  const { name, index } = place as { name?: unknown; index?: unknown }
  const named = typeof name === 'string' ? { name } : {}
  return { kind, ...named, id: JSON.stringify([kind, prefetched, name, index]), place, prefetched }
}

/** The places of an answer in the order of their rendering. Views wait to be triggered. */
export const placesOf = ({ execute, prefetch }: DeliveryResponse): Place[] =>
  [execute, prefetch].flatMap((part, at) => [
    ...listed<PageLoadResponse>([part?.pageLoad]).map((place) => placeOf('pageLoad', place, at === 1)),
    ...listed<PageLoadResponse>(part?.mboxes).map((place) => placeOf('mbox', place, at === 1)),
  ])

export const viewsOf = ({ prefetch }: DeliveryResponse): Place[] =>
  listed<PageLoadResponse>(prefetch?.views).map((place) => placeOf('view', place, true))

export const optionsOf = ({ place }: Place): Option[] => listed(place.options)
