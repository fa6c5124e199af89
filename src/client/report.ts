import { parseRequest } from '../delivery/contract.ts'
import type { Notification } from '../delivery/notification.ts'
import { clicked, converted, displayed, type NotificationDetails, type Shown } from '../delivery/shown.ts'
import type { Endings } from '../notification/accounts.ts'
import { stamp } from '../notification/build.ts'
import type { Visit } from './ask.ts'
import { type Core, closed } from './core.ts'
import { createEnvelopeNow } from './envelope.ts'
import type { CallOptions } from './options.ts'
import { detailsOf, type Origin } from './origin.ts'

/** Whoever reports a display is in the middle of showing it: a mistake is told, and never thrown into the page. */
const createAttempt =
  ({ onRejected }: Endings) =>
  <Made>(work: () => Made, about: () => Notification): Made | undefined => {
    try {
      return work()
    } catch (error) {
      onRejected(about(), error)
      return undefined
    }
  }

/** Reports displays, clicks and conversions: builds each notification and queues it for the visitor whom it is about. */
export const createReport = (core: Core, visit: Visit) => {
  const { origins, endings } = core
  const { platform, consent } = visit
  const { now } = platform
  const attempt = createAttempt(endings)
  /** What a page says of a display may throw as soon as it is read. */
  const guarded =
    <Said extends unknown[]>(type: 'display' | 'click', report: (...said: Said) => Notification | undefined) =>
    (...said: Said): Notification | undefined =>
      attempt(
        () => report(...said),
        () => ({ ...stamp(now()), type }),
      )

  const envelopeNow = createEnvelopeNow(core, visit)

  const enqueue = (notification: Notification, origin: Origin | undefined, call: CallOptions) =>
    attempt(
      () => {
        if (core.closed) throw closed()
        if (consent.isOut()) return undefined
        const { notifications } = (platform.parseRequest ?? parseRequest)({ notifications: [notification] })
        const [checked] = notifications as [Notification]
        const since = now()
        const add = () => {
          visit.report(checked, origin?.envelope() ?? envelopeNow(call))
        }
        if (consent.isIn()) add()
        else {
          consent.keep({
            send: () => attempt(add, () => checked),
            drop: (reason) => endings.onDropped(checked, reason, Math.max(0, now() - since)),
          })
        }
        return checked
      },
      () => notification,
    )

  const report =
    (build: typeof displayed, isDisplay: boolean) =>
    (given: Shown, extra: NotificationDetails = {}): Notification | undefined => {
      // What was not answered cannot be shown: `const [home] = mboxes` may well be undefined.
      const [shown, details] = [given ?? {}, extra ?? {}]
      const origin = origins.get(shown)
      if (isDisplay && origin?.executed) return undefined
      const impressionId = details.impressionId ?? origin?.impressionId
      const all = { ...(origin && isDisplay && detailsOf(shown, origin)), ...details }
      const stamped = { ...stamp(now(), impressionId), prefetched: Boolean(origin) }
      const notification = build(shown, stamped, all)
      return notification && enqueue(notification, origin, {})
    }

  return {
    display: guarded('display', report(displayed, true)),
    click: guarded('click', report(clicked, false)),
    track: guarded('display', (mbox: string, details?: NotificationDetails, call?: CallOptions) =>
      enqueue(converted(mbox, stamp(now(), details?.impressionId), details ?? {}), undefined, call ?? {}),
    ),
    notify: (notification: Notification, call?: CallOptions) => enqueue(notification, undefined, call ?? {}),
  }
}
