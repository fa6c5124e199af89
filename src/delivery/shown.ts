import type { RequestDetails } from './details.ts'
import type { PrefetchMboxResponse } from './mbox.ts'
import type { Metric } from './metric.ts'
import type { Notification } from './notification.ts'
import type { Option } from './offer.ts'
import type { PageLoadResponse } from './page-load.ts'
import type { View } from './view.ts'

/** A place as Target answered it: an mbox, a view or the page load. */
export type Shown = PrefetchMboxResponse | View | PageLoadResponse | Pick<PageLoadResponse, 'metrics'>

/** What a notification may say beyond what was shown. */
export interface NotificationDetails extends RequestDetails {
  /** Only these options were shown. @default all of them */
  options?: readonly Option[]
  /** Only these metrics were clicked. @default all click metrics */
  metrics?: readonly Metric[]
  /** Ties the notification to a page view. @default one of its own */
  impressionId?: string
}

/** The id and the moment of a new notification. */
export interface Stamp {
  id: string
  /** Epoch ms. */
  timestamp: number
  impressionId?: string
  /** It is known to be prefetched; without that its `state` tells. */
  prefetched?: boolean
}

const tokensOf = (items: readonly { eventToken?: string | undefined }[] | undefined): string[] => [
  ...new Set((Array.isArray(items) ? items : []).flatMap((item) => item?.eventToken || [])),
]

type Place = Pick<Notification, 'mbox' | 'view' | 'pageLoad'>

/** An mbox has an index, a view has none, the page load has no name. */
const placeOf = (shown: Shown, withState: boolean): Place => {
  const { name, key, index, state } = shown as Partial<PrefetchMboxResponse & View>
  const held = withState && state !== undefined ? { state } : {}
  if (name === undefined && key === undefined) return withState ? { pageLoad: held } : {}
  if (index !== undefined) return { mbox: { name: name as string, ...held } }
  return { view: { ...(name !== undefined && { name }), ...(withState && key !== undefined && { key }), ...held } }
}

const rest = ({ options, metrics, ...details }: NotificationDetails): RequestDetails => details

/**
 * Says that prefetched content was shown. Undefined when there is nothing to say: content that came by `execute` has counted
 * itself, and an mbox without event tokens takes part in no activity. A view counts as visited even without offers.
 */
export const displayed = (shown: Shown, stamp: Stamp, details: NotificationDetails = {}): Notification | undefined => {
  const { prefetched, ...when } = stamp
  const { options, state } = shown as PageLoadResponse
  const tokens = tokensOf(details.options ?? options)
  const place = placeOf(shown, true)
  if (!place.view && !(tokens.length && (prefetched || state !== undefined))) return undefined
  return { ...when, type: 'display', ...place, ...(tokens.length && { tokens }), ...rest(details) }
}

/** Says that content was clicked. Undefined when no click metric wants to hear of it. */
export const clicked = (shown: Shown, stamp: Stamp, details: NotificationDetails = {}): Notification | undefined => {
  const { impressionId, prefetched, ...when } = stamp
  const metrics = details.metrics ?? shown.metrics
  const tokens = tokensOf(Array.isArray(metrics) ? metrics.filter((metric) => metric?.type === 'click') : [])
  if (!tokens.length) return undefined
  return { ...when, type: 'click', ...placeOf(shown, false), tokens, ...rest(details) }
}

/** Says that a conversion mbox was reached; this is how purchases are recorded. */
export const converted = (name: string, stamp: Stamp, details: NotificationDetails = {}): Notification => ({
  ...stamp,
  type: 'display',
  mbox: { name },
  ...rest(details),
})
