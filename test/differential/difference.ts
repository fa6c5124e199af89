import type { DeliveryRequest, RequestDetails } from '../../src/server.ts'
import type { Given } from './arbitraries.ts'
import type { Wire } from './exchange.ts'

/** One way in which the SDKs differ on purpose. */
export interface Difference {
  name: string
  reason: string
  /**
   * Rewrites, in place, what Adobe sent into what it would have sent without this difference. It goes by what both were given
   * and by what Adobe sent, never by what this SDK sent; where the difference is not at work, it leaves all as it is.
   */
  settle(theirs: Wire, given: Given): void
}

/** What is asked for or reported. */
export type Place = RequestDetails & { index?: number | undefined; name?: string | undefined }

type Request = Pick<DeliveryRequest, 'execute' | 'prefetch' | 'notifications'> | Given['call']['request']

/** Every place of a request, by a key that is the same on both sides. */
export const placesOf = ({ execute, prefetch, notifications }: Request): Map<string, Place> => {
  const places = new Map<string, Place>()
  const add = (key: string, list: readonly Place[] | null = []) => {
    for (const [at, place] of (list ?? []).entries()) places.set(`${key}.${at}`, place)
  }
  if (execute?.pageLoad) places.set('execute.pageLoad', execute.pageLoad)
  if (prefetch?.pageLoad) places.set('prefetch.pageLoad', prefetch.pageLoad)
  add('execute.mboxes', execute?.mboxes as Place[])
  add('prefetch.mboxes', prefetch?.mboxes as Place[])
  add('prefetch.views', prefetch?.views as Place[])
  add('notifications', notifications as Place[])
  return places
}
