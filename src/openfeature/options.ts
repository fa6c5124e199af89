import type { Place } from './place.ts'

/** Options of both providers. */
export interface ProviderOptions<Hook> {
  /**
   * Mbox of the flags whose key names none: `newCheckout` is the key `newCheckout` of its JSON offer. @default none: a flag key without
   * a dot is an mbox, and stands for its whole offer
   */
  mbox?: string
  /**
   * Where flags are, by their keys; undefined for those whose key says it. @default what is before the last dot is the mbox, what is
   * behind it the key of its JSON offer
   */
  place?(flagKey: string): Place | undefined
  /** Attributes of the context that are sent as parameters; what names the visitor, the page and the place is sent anyway. @default all */
  attributes?: readonly string[]
  /** False reads flags without counting that they were shown. @default true */
  display?: boolean
  /** The conversion mbox of a tracking event. @default the name of the event */
  conversion?(trackingEventName: string): string
  /** Run around every evaluation, behind those of the application. @default none */
  hooks?: Hook[]
}
