import type { Notification } from '../delivery/notification.ts'
import type { Order } from '../delivery/order.ts'
import { clicked, converted, displayed, type NotificationDetails, type Shown } from '../delivery/shown.ts'
import { createId } from '../platform/platform.ts'

/** Id, moment and impression of a new notification; `now` in epoch ms. */
export const stamp = (now: number, impressionId?: string) => ({
  id: createId(),
  timestamp: now,
  impressionId: impressionId ?? createId(),
})

/**
 * The notification which says that prefetched content was shown: target object, `state`, every event token, a new id and the
 * moment. Undefined when there is nothing to report: content that came by `execute` has counted itself.
 */
export const display = (shown: Shown, details?: NotificationDetails): Notification | undefined =>
  displayed(shown, stamp(Date.now(), details?.impressionId), details)

/** The notification which says that content was clicked. Undefined when no click metric wants to hear of it. */
export const click = (shown: Shown, details?: NotificationDetails): Notification | undefined =>
  clicked(shown, stamp(Date.now()), details)

/** The notification which records a conversion, such as a purchase: `conversion('orderConfirmPage', { id: 'o-1', total: 19.5 })`. */
export const conversion = (name: string, order?: Order, details?: NotificationDetails): Notification =>
  converted(name, stamp(Date.now(), details?.impressionId), { ...details, ...(order && { order }) })
