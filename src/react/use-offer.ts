import { type RefCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { OfferDetails } from '../offers/asked.ts'
import type { ReportMode } from '../offers/presence.ts'
import type { OfferContent, OfferName } from '../offers/registered.ts'
import type { OfferSnapshot } from '../offers/snapshot.ts'
import { useProvided } from './provider.ts'
import type { Register } from './register.ts'

/** How an offer is waited for. */
export interface WaitingOptions {
  /** Waits for the answer in a `Suspense`; on a server the page waits too. @default false */
  suspense?: boolean | undefined
  /** Throws the error of an offer that has failed, for an error boundary. @default false: the default content stays */
  throwOnError?: boolean | undefined
}

/** How an offer is asked for and reported. */
export interface UseOfferOptions extends OfferDetails, WaitingOptions {
  /**
   * When its display is reported: `mount`, with the component; `visible`, when the element with `ref` is seen; `false`, by your own
   * `target.display(mbox)`. @default that of the provider
   */
  report?: ReportMode | undefined
}

/** What is known of an offer, and where it is shown. */
export interface Offer<Content> extends OfferSnapshot {
  readonly content: Content | undefined
  /** Put it on the element that shows the offer: clicks on that are those on the mbox, and `visible` watches it. */
  readonly ref: RefCallback<Element>
}

/** The snapshot of an offer; asks for it when the component is there, or when it waits. */
export const useSnapshot = (name: string, options: OfferDetails & WaitingOptions) => {
  const { offers } = useProvided()
  const { suspense = false, throwOnError = false } = options
  const entry = offers.entry(name, options)
  const snapshot = useSyncExternalStore(
    offers.subscribe,
    () => entry.snapshot,
    () => offers.rendered(entry, suspense),
  )
  if (suspense && snapshot.status === 'pending') throw offers.wait(entry)
  if (throwOnError && snapshot.error) throw snapshot.error
  useEffect(() => void offers.ask(entry), [offers, entry])
  return { offers, entry, snapshot }
}

/**
 * The offer of an mbox. All that is asked for in the same turn is asked by one call. It never throws of itself: until the answer is there,
 * and when there is none, you show your default content.
 *
 * @example
 * const { content = { title: 'Summer' }, ref } = useOffer('promo')
 * return <h2 ref={ref}>{content.title}</h2>
 */
export const useOffer = <Name extends OfferName<Register>>(
  name: Name,
  options: UseOfferOptions = {},
): Offer<OfferContent<Register, Name>> => {
  const { report: usual } = useProvided()
  const { report = usual } = options
  const { offers, entry, snapshot } = useSnapshot(name, options)
  const [element, ref] = useState<Element | null>(null)
  useEffect(() => offers.show(entry, { report, element }), [offers, entry, snapshot, report, element])
  return { ...snapshot, content: snapshot.content as OfferContent<Register, Name> | undefined, ref }
}
