import type { Client } from '../client/client.ts'
import { isTargetError } from '../delivery/error.ts'
import type { PrefetchMboxResponse } from '../delivery/mbox.ts'
import type { PrefetchRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { OfferDetails } from './asked.ts'

/** Mboxes a call; Target takes no more. */
const COUNT = 50

interface Waiting {
  name: string
  index: number
  details: OfferDetails
  done(mbox: PrefetchMboxResponse): void
  fail(error: unknown): void
}

interface Views {
  done(answer: DeliveryResponse): void
  fail(error: unknown): void
}

/** All views of the page are asked for at once. */
const prefetchOf = (items: readonly Waiting[], viewsToo: Views | undefined): PrefetchRequest => ({
  ...(items.length && { mboxes: items.map(({ name, index, details }) => ({ ...details, name, index })) }),
  ...(viewsToo && { views: [{}] }),
})

/** Which mbox cannot be asked for, as the error of the request says. */
const culpritOf = (error: unknown): number => {
  const [, at = ''] = /^prefetch\.mboxes\.(\d+)/.exec((isTargetError(error) && error.path) || '') ?? []
  return at ? Number(at) : -1
}

const answerTo = ({ name, index }: Waiting, { prefetch }: DeliveryResponse): PrefetchMboxResponse => {
  const mboxes = Array.isArray(prefetch?.mboxes) ? prefetch.mboxes : []
  return mboxes.find((mbox) => mbox?.index === index && (mbox.name ?? name) === name) ?? { name, index }
}

/** Asks for everything that is wanted in the same turn with one call. */
export const createBatch = (getOffers: Client['getOffers'], highest: () => number) => {
  let next = 0
  let waiting: Waiting[] = []
  let views: Views | undefined
  let isPlanned = false

  const call = async (items: Waiting[], viewsToo: Views | undefined): Promise<void> => {
    try {
      const { response } = await getOffers({ request: { prefetch: prefetchOf(items, viewsToo) } })
      for (const item of items) item.done(answerTo(item, response))
      viewsToo?.done(response)
    } catch (error) {
      // It was never sent: the others are not to suffer from one that cannot be asked for.
      const culprit = culpritOf(error)
      const rest = items.filter((_, at) => at !== culprit)
      items[culprit]?.fail(error)
      if (rest.length < items.length) return rest.length || viewsToo ? call(rest, viewsToo) : undefined
      for (const item of items) item.fail(error)
      viewsToo?.fail(error)
    }
  }

  const flush = (): void => {
    const [items, viewsToo] = [waiting, views]
    waiting = []
    views = undefined
    isPlanned = false
    for (let start = 0; start === 0 || start < items.length; start += COUNT)
      void call(items.slice(start, start + COUNT), start ? undefined : viewsToo)
  }

  const plan = (): void => {
    if (!isPlanned) queueMicrotask(flush)
    isPlanned = true
  }

  return {
    /** Rejects with a {@link TargetError}. */
    mbox: (name: string, details: OfferDetails): Promise<PrefetchMboxResponse> =>
      new Promise((done, fail) => {
        // No two mboxes of a page share an index, whichever call they come by.
        next = Math.max(next, highest() + 1)
        waiting.push({ name, details, index: next++, done, fail })
        plan()
      }),
    /** Rejects with a {@link TargetError}. */
    views: (): Promise<DeliveryResponse> =>
      new Promise((done, fail) => {
        views = { done, fail }
        plan()
      }),
  }
}
