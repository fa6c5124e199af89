import { TargetError } from '../delivery/error.ts'
import type { Endings } from '../notification/accounts.ts'
import { createQueue } from '../notification/queue.ts'
import { createExits, type Departure } from '../notification/send.ts'
import type { Moment, Platform } from '../platform/platform.ts'
import { createEdge } from '../transport/edge.ts'
import { createLanes } from '../transport/lanes.ts'
import { createDeviceLoader } from './device.ts'
import { createEvents, type Events } from './events.ts'
import type { ClientOptions } from './options.ts'
import type { Origin, Origins } from './origin.ts'
import { redacted } from './redaction.ts'
import { createSharing } from './supplemental-data.ts'
import { createTelemetry } from './timed.ts'

/** Notifications a call; Target recommends no more. */
const COUNT = 50
/** How long notifications are collected, in ms. */
const DELAY = 250
/** What a visitor does within so many ms may belong to one page view. */
const PAGE_VIEW = 10_000
/** Older notifications are dropped: three days, so that a clock that is a day wrong drops none. */
const MAX_AGE = 3 * 24 * 3_600_000

/** The error of a call after `close()`. */
export const closed = (): TargetError => new TargetError('CLOSED', 'The client is closed: create another')

/** Where notifications outlive the page or the process: where the caller says, or where the platform can. */
const storageOf = ({ notificationStorage: given }: ClientOptions, platform: Platform, { emit }: Events) => {
  if (given === false) return undefined
  const storage = given ?? platform.storage?.()
  if (!storage && platform.storage) {
    emit('warning', { message: 'The browser denies its storage: notifications wait in memory, and end with the page' })
  }
  return storage
}

/** Tells of the end of every notification. */
const endingsOf = ({ emit, log }: Events): Endings => ({
  onSent: (notification) => emit('notificationSent', { notification }),
  onRejected(notification, error) {
    log('error', 'a notification was rejected', error)
    emit('notificationRejected', { notification, error })
  },
  onDropped(notification, reason, age) {
    log('error', `a notification was dropped: ${reason}`)
    emit('notificationDropped', { notification, reason, age })
  },
})

interface Told {
  options: ClientOptions
  platform: Platform
  events: Events
  endings: Endings
  telemetry: ReturnType<typeof createTelemetry>
}

/** The queue of a client, and what it tells. */
const queueOf = (edge: ReturnType<typeof createEdge>, { options, platform, events, endings, telemetry }: Told) => {
  const { emit, log } = events
  const { timeout = 3000, notificationBatchSize = COUNT } = options
  const onBatch = ({ batch, ...departure }: Departure) =>
    emit('notificationBatch', { notifications: batch.items.map(({ notification }) => notification), ...departure })
  // Where the device decides, hardly any other call is made.
  const ride = (options.decisioningMethod ?? 'server-side') === 'server-side' ? undefined : telemetry.ride
  const exits = createExits({ endpoint: options, platform, edge, timeout: timeout || 3000, onBatch, ride })
  // Many visitors at once would open as many connections.
  const lane = createLanes(32)
  return createQueue({
    send: (batch, isAstray) => lane('', () => exits.send(batch, isAstray)),
    leave: exits.leave,
    isConfirmed: options.confirmBeacons ?? true,
    delay: options.notificationDelay ?? DELAY,
    count: Math.min(COUNT, Math.max(1, notificationBatchSize)),
    retries: options.retries ?? 2,
    patience: timeout,
    maxAge: options.notificationMaxAge ?? MAX_AGE,
    now: platform.now,
    isOnline: platform.isOnline ?? (() => true),
    idle: platform.idle ?? ((work) => work()),
    storage: () => storageOf(options, platform, events),
    client: options.client,
    onTrouble(message, error) {
      log('error', message, error)
      emit('warning', { message })
    },
    ...endings,
    onRetry: (notifications, error, wait) => emit('notificationRetry', { notifications, error, wait }),
  })
}

/** A page that was about to go and is still there after so many ms stays: it was a download, or somebody stopped it. */
const STAYS = 3_000

/** Follows the page's life, so that what waits leaves in time. */
const followLife = (queue: ReturnType<typeof createQueue>) => {
  let hasEnded = false
  let timer: ReturnType<typeof setTimeout> | undefined
  return (moment: Moment): void => {
    if (moment === 'online') {
      queue.resume()
      return
    }
    if (moment !== 'hidden') clearTimeout(timer)
    if (moment === 'leaving') {
      queue.suspend(true)
      timer = setTimeout(queue.restore, STAYS)
    } else if (moment === 'returns') {
      if (hasEnded) queue.restore()
      hasEnded = false
    } else if (moment === 'ends') {
      hasEnded = true
      queue.leave(true)
      // Whoever comes next may take over at once.
      queue.suspend(false)
    } else queue.leave(hasEnded)
  }
}

/** What all visitors of a client share. */
export const createCore = (
  options: ClientOptions,
  platform: Platform,
  createOrigins: () => Origins = () => new WeakMap<object, Origin>(),
) => {
  const { logger, logRedaction = true } = options
  const line = logger && platform.logger?.(logger)
  const events = createEvents(options.events, line ?? logger, logRedaction ? redacted : (value) => value)
  const edge = createEdge(options, platform)
  const telemetry = createTelemetry(options.telemetryEnabled)
  const endings = endingsOf(events)
  const queue = queueOf(edge, { options, platform, events, endings, telemetry })
  return {
    options,
    platform,
    timeout: options.timeout || 3000,
    retries: options.retries ?? 2,
    events,
    endings,
    edge,
    queue,
    telemetry,
    share: createSharing(Math.min(PAGE_VIEW, Math.max(DELAY, options.notificationDelay ?? 0)), platform.now),
    device: createDeviceLoader({ options, platform, events, telemetry }),
    /** Where the places of answers came from; they are forgotten with the answers. */
    origins: createOrigins(),
    unfollow: platform.onLife?.(followLife(queue)),
    closed: false,
  }
}

export type Core = ReturnType<typeof createCore>
