import type { View } from '../delivery/view.ts'
import { onAddress } from './address.ts'
import { answerOf, type Given, type Place, viewsOf } from './answer.ts'
import type { Rendered } from './outcome.ts'
import { othersOf, type RenderOptions, show } from './render.ts'
import type { Report } from './report.ts'

/** How a view is entered. */
export interface TriggerOptions {
  /** Whether the entry is an impression. `false` is for a page that has only been drawn again. @default true */
  page?: boolean
}

/** The views of a single-page app. */
export interface Views {
  /**
   * Shows a view, and reports its entry once, with the options that are really shown. The view that was shown before waits for no more
   * elements and counts no more clicks. A name that no activity has is reported too, which is how Target comes to know it. Entered before
   * the answer is there, it is shown as soon as it comes. Rejects without a name.
   */
  triggerView(name: string, options?: TriggerOptions): Promise<Rendered>
  /** Triggers the view of each address, now and when it changes, until the end that it gives. Addresses without a name have none. */
  follow(nameOf: (location: Location) => string | undefined): () => void
}

/** Names are compared as at.js does, and reported as Target answered them. */
const normal = (name: string): string => name.trim().toLowerCase()

const viewNamed = (places: readonly Place[], name: string): Place =>
  places.find((place) => normal(place.name ?? '') === name) ?? {
    kind: 'view',
    name,
    id: name,
    place: { name } as View,
    prefetched: true,
  }

/** Ends with the outer signal, or by itself. */
const childOf = (outer: AbortSignal | undefined): AbortController => {
  const inner = new AbortController()
  if (outer?.aborted) inner.abort()
  outer?.addEventListener('abort', () => inner.abort(), { signal: inner.signal })
  return inner
}

/**
 * Makes the views of an answer that has prefetched them, or of one that is still to come. An answer that fails has none.
 *
 * @example
 * const views = createViews(target.getOffers({ request: { prefetch: { views: [view()] } } }), target)
 * views.triggerView('checkout')
 */
export const createViews = (given: Given | PromiseLike<Given>, report: Report, options: RenderOptions = {}): Views => {
  let answer = 'then' in given ? undefined : given
  const ready = Promise.resolve(given).then(
    (come) => (answer = come),
    () => (answer = {}),
  )
  let current = childOf(options.signal)

  const enter = (come: Given, name: string, isVisit: boolean): Promise<Rendered> => {
    current.abort()
    current = childOf(options.signal)
    const places = [viewNamed(viewsOf(answerOf(come)), normal(name))]
    return show(report, { places, options: { ...options, signal: current.signal }, others: othersOf(come), isVisit })
  }

  const triggerView: Views['triggerView'] = async (name, { page = true } = {}) => {
    if (typeof name !== 'string' || !name.trim()) throw new TypeError('Failed to trigger a view: it has no name.')
    return answer ? enter(answer, name, page) : ready.then((come) => enter(come, name, page))
  }

  return {
    triggerView,
    follow(nameOf) {
      let last: string | undefined
      const step = (): void => {
        const name = nameOf(location)
        if (name === last) return
        last = name
        if (name) void triggerView(name)
        else current.abort()
      }
      step()
      return onAddress(step)
    },
  }
}
