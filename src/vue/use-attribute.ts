import { type ComputedRef, computed, type MaybeRefOrGetter, onMounted, toValue, watch } from 'vue'
import { readAs } from '../delivery/json-value.ts'
import type { OfferDetails } from '../offers/asked.ts'
import type { Reading } from '../offers/reading.ts'
import type { AttributeDefault, AttributeKey, AttributeMbox, AttributeValue } from '../offers/registered.ts'
import { useProvided } from './plugin.ts'
import type { Register } from './register.ts'
import { useKnown, type WaitingOptions } from './use-offer.ts'

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
    options?: MaybeRefOrGetter<UseAttributeOptions>,
  ]
): ComputedRef<AttributeValue<Register, Mbox, Key, Default>> => {
  const { offers, report: usual } = useProvided()
  const asked = () => ({ name: mbox, options: toValue(options) })
  const { entry, known } = useKnown<Reading>(asked, {
    rendered: (one, isWaiting) => offers.readRendered(one, key, isWaiting),
    now: (one) => offers.read(one, key),
    isAsked: ({ isByDevice }) => !isByDevice,
  })
  onMounted(() => {
    const use = (reading: Reading): void => {
      if (toValue(options).report ?? usual !== false) offers.useValue(entry.value, key, reading)
    }
    watch(known, use, { immediate: true, flush: 'post' })
  })
  return computed(
    () => (readAs(known.value.value, defaultValue) ?? defaultValue) as AttributeValue<Register, Mbox, Key, Default>,
  )
}
