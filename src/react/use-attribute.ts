import { useEffect, useSyncExternalStore } from 'react'
import { readAs } from '../delivery/json-value.ts'
import type { OfferDetails } from '../offers/asked.ts'
import type { AttributeDefault, AttributeKey, AttributeMbox, AttributeValue } from '../offers/registered.ts'
import { useProvided } from './provider.ts'
import type { Register } from './register.ts'
import type { WaitingOptions } from './use-offer.ts'

/** How a value is asked for and reported. */
export interface UseAttributeOptions extends OfferDetails, WaitingOptions {
  /** False reads a value without counting that it was shown. @default true */
  report?: boolean | undefined
}

/**
 * A value of the JSON offer of an mbox, read as the type of the default; the default until it is there, and when there is none. A client
 * of a page that decides on the device gives it at once, and again with new rules; for all others it comes with the offers.
 *
 * @example
 * const columns = useAttribute('flags', 'columns', 3)
 */
export const useAttribute = <
  Mbox extends AttributeMbox<Register>,
  Key extends AttributeKey<Register, Mbox>,
  Default extends AttributeDefault<Register, Mbox, Key>,
>(
  ...[mbox, key, defaultValue, options = {}]: [
    mbox: Mbox,
    key: Key,
    defaultValue: Default,
    options?: UseAttributeOptions,
  ]
): AttributeValue<Register, Mbox, Key, Default> => {
  const { offers, report: usual } = useProvided()
  const { suspense = false, throwOnError = false, report = usual !== false } = options
  const entry = offers.entry(mbox, options)
  const reading = useSyncExternalStore(
    offers.subscribe,
    () => offers.read(entry, key),
    () => offers.readRendered(entry, key, suspense),
  )
  if (suspense && reading.isPending) throw offers.wait(entry)
  if (throwOnError && reading.error) throw reading.error
  useEffect(() => {
    if (!reading.isByDevice) offers.ask(entry)
    if (report) offers.useValue(entry, key, reading)
  }, [offers, entry, key, reading, report])
  return (readAs(reading.value, defaultValue) ?? defaultValue) as AttributeValue<Register, Mbox, Key, Default>
}
