import { parseRequest } from '../delivery/contract.ts'
import type { Notification } from '../delivery/notification.ts'
import type { DeliveryRequestInput } from '../delivery/request.ts'
import { compile } from '../dom/select.ts'
import type { FlushResult } from '../notification/queue.ts'
import type { Page } from '../page/page.ts'
import { createId } from '../platform/platform.ts'
import { refused, told } from './offers.ts'
import { placeParameters, readParameters } from './parameters.ts'

/** What `trackEvent` takes. */
export interface TrackOptions {
  mbox: string
  params?: unknown
  /** `display`, or with `selector` the event of the page that is waited for. @default 'display' */
  type?: string
  /** Reports whenever an element that it finds hears of the event, also one that comes later. @default reports now */
  selector?: string
  /** Nothing else comes of the event: a link is not followed. @default false */
  preventDefault?: boolean
  /** Lets the event go on in spite of `preventDefault`: what is reported is not lost with the page. @default false */
  resume?: boolean
  /** Called when it is kept to be sent. */
  success?(): void
  /** `status` is `error`. */
  error?(status: string, error: unknown): void
}

/** What `sendNotifications` takes. */
export interface NotificationsOptions {
  request: Pick<DeliveryRequestInput, 'notifications' | 'execute' | 'prefetch'>
}

const checkNotifications = ({ request }: NotificationsOptions): readonly Notification[] => {
  const { notifications, execute, prefetch } = request ?? {}
  if (execute || prefetch || !notifications?.length)
    throw refused('sendNotifications: notifications alone are required in request')
  return notifications
}

/** Queues notifications, if all of them can be sent. */
const queue = ({ target }: Page, notifications: readonly Notification[]): void => {
  parseRequest({ notifications: [...notifications] })
  for (const notification of notifications)
    if (!target.notify(notification)) throw refused('The visitor does not agree to be reported')
}

/** Listens for an event at elements that are there and at those that will be. */
const listen = (type: string, selector: string, heard: (event: Event) => void): void => {
  const select = compile(selector)
  addEventListener(
    type,
    (event) => {
      const path = event.composedPath()
      if (select().some((element) => path.includes(element))) heard(event)
    },
    true,
  )
}

/** The functions of at.js that report. Everything goes through the queue of the client, which survives the page. */
export const createTracking = (withPage: <Value>(work: (page: Page) => Value) => Value | Promise<Value>) => {
  const track = ({ mbox, params, type, success }: TrackOptions): void | Promise<void> => {
    const notification: Notification = {
      id: createId(),
      timestamp: Date.now(),
      type: type === 'click' ? type : 'display',
      mbox: { name: mbox },
      ...placeParameters(readParameters(params)).details,
    }
    return withPage((page) => {
      queue(page, [notification])
      success?.()
    })
  }

  // Until the first wait all is done at once: the page may be left by the next line.
  const begin = async (options: TrackOptions): Promise<void> => {
    const { mbox, type = 'click', selector, preventDefault, resume } = options
    if (!mbox) throw refused('trackEvent: mbox is required')
    if (!selector) return track(options)
    listen(type, selector, (event) => {
      if (preventDefault && !resume) event.preventDefault()
      heard(options, Promise.resolve(options).then(track))
    })
  }

  const heard = ({ error }: TrackOptions, work: Promise<void>): Promise<void> => {
    work.catch((reason) => error?.('error', reason))
    return told(work)
  }

  return {
    /** Resolves when it is kept to be sent, or when its listener is in place. */
    trackEvent: (options: TrackOptions): Promise<void> => heard(options ?? {}, begin(options ?? {})),
    /** Sends notifications that were built by hand; resolves when they are settled. */
    sendNotifications: (options: NotificationsOptions): Promise<FlushResult> =>
      told(
        (async () => {
          const notifications = checkNotifications(options ?? {})
          return withPage((page) => {
            queue(page, notifications)
            return page.target.flush()
          })
        })(),
      ),
  }
}
