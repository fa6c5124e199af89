import { parseRequest } from '../delivery/contract.ts'
import type { Notification } from '../delivery/notification.ts'
import { clicked, converted, displayed, type NotificationDetails, type Shown } from '../delivery/shown.ts'
import type { DropReason } from '../notification/accounts.ts'
import { stamp } from '../notification/build.ts'
import type { Visit } from './ask.ts'
import { type Core, closed } from './core.ts'
import { createEnvelopeNow } from './envelope.ts'
import type { Events } from './events.ts'
import type { CallOptions } from './options.ts'
import { detailsOf, type Origin } from './origin.ts'

/** Whoever reports a display is in the middle of showing it: a mistake is told, and never thrown into the page. */
const createAttempt =
  ({ log, emit }: Events) =>
  <Made>(notification: Notification, work: () => Made): Made | undefined => {
    try {
      return work()
    } catch (error) {
      log('error', 'a notification was rejected', error)
      emit('notificationRejected', { notification, error })
      return undefined
    }
  }

/** What a page says of a display may throw as soon as it is read. */
const createGuard =
  (attempt: ReturnType<typeof createAttempt>, now: () => number) =>
  <Said extends unknown[]>(type: 'display' | 'click', report: (...said: Said) => Notification | undefined) =>
  (...said: Said): Notification | undefined => {
    try {
      return report(...said)
    } catch (error) {
      return attempt({ ...stamp(now()), type }, () => {
        throw error
      })
    }
  }

/** Tells that a notification never came into the queue. */
const createDrop = ({ events, platform: { now } }: Core, notification: Notification) => {
  const since = now()
  return (reason: DropReason): void => {
    events.log('error', `a notification was dropped: ${reason}`)
    events.emit('notificationDropped', { notification, reason, age: Math.max(0, now() - since) })
  }
}

/** Reports displays, clicks and conversions: builds each notification and queues it for the visitor whom it is about. */
export const createReport = (core: Core, visit: Visit) => {
  const { origins, queue, events } = core
  const { platform, consent } = visit
  const attempt = createAttempt(events)
  const guarded = createGuard(attempt, platform.now)

  const envelopeNow = createEnvelopeNow(core, visit)

  const enqueue = (notification: Notification, origin: Origin | undefined, call: CallOptions) =>
    attempt(notification, () => {
      if (core.closed) throw closed()
      if (consent.isOut()) return undefined
      const { notifications } = (platform.parseRequest ?? parseRequest)({ notifications: [notification] })
      const [checked] = notifications as [Notification]
      const add = () => {
        queue.add(checked, origin?.envelope() ?? envelopeNow(call))
        events.emit('notificationQueued', { notification: checked })
      }
      if (consent.isIn()) add()
      else consent.keep({ send: () => attempt(checked, add), drop: createDrop(core, checked) })
      return checked
    })

  const report =
    (build: typeof displayed, isDisplay: boolean) =>
    (given: Shown, extra: NotificationDetails = {}): Notification | undefined => {
      // What was not answered cannot be shown: `const [home] = mboxes` may well be undefined.
      const [shown, details] = [given ?? {}, extra ?? {}]
      const origin = origins.get(shown)
      if (isDisplay && origin?.executed) return undefined
      const impressionId = details.impressionId ?? origin?.impressionId
      const all = { ...(origin && isDisplay && detailsOf(shown, origin)), ...details }
      const stamped = { ...stamp(platform.now(), impressionId), prefetched: Boolean(origin) }
      const notification = build(shown, stamped, all)
      return notification && enqueue(notification, origin, {})
    }

  return {
    display: guarded('display', report(displayed, true)),
    click: guarded('click', report(clicked, false)),
    track: guarded('display', (mbox: string, details?: NotificationDetails, call?: CallOptions) =>
      enqueue(converted(mbox, stamp(platform.now(), details?.impressionId), details ?? {}), undefined, call ?? {}),
    ),
    notify: (notification: Notification, call?: CallOptions) => enqueue(notification, undefined, call ?? {}),
  }
}
