import { TargetError } from '../delivery/error.ts'
import type { Batch } from '../notification/batch.ts'
import { createQueue } from '../notification/queue.ts'
import { type Exits, leaveBatch, sendBatch } from '../notification/send.ts'
import type { Platform } from '../platform/platform.ts'
import { createEdge } from '../transport/edge.ts'
import { createLanes } from '../transport/lanes.ts'
import { createEvents } from './events.ts'
import type { ClientOptions } from './options.ts'
import type { Origin } from './origin.ts'
import { createTelemetry } from './timed.ts'

/** The error of a call after `close()`. */
export const closed = (): TargetError => new TargetError('CLOSED', 'The client is closed: create another')

/** What all visitors of a client share. */
export const createCore = (options: ClientOptions, platform: Platform) => {
  const events = createEvents(options.events, options.logger)
  const { emit, log } = events
  const timeout = options.timeout || 3000
  const retries = options.retries ?? 2
  const edge = createEdge(options, platform)
  const onBatch = ({ items }: Batch, way: 'fetch' | 'beacon') =>
    emit('notificationBatch', { notifications: items.map(({ notification }) => notification), way })
  const exits: Exits = { endpoint: options, platform, edge, timeout, retries, onBatch }
  // Many visitors at once would open as many connections.
  const lane = createLanes(32)
  const send = sendBatch(exits)
  const queue = createQueue({
    send: (batch) => lane('', () => send(batch)),
    leave: leaveBatch(exits),
    delay: options.notificationDelay ?? 250,
    onSent: (notification) => emit('notificationSent', { notification }),
    onRejected: (notification, error) => {
      log('error', 'a notification was rejected', error)
      emit('notificationRejected', { notification, error })
    },
  })
  return {
    options,
    platform,
    timeout,
    retries,
    events,
    edge,
    queue,
    telemetry: createTelemetry(options.telemetryEnabled),
    /** Where the places of answers came from; they are forgotten with the answers. */
    origins: new WeakMap<object, Origin>(),
    unhide: platform.onHide?.(queue.leave),
    closed: false,
  }
}

export type Core = ReturnType<typeof createCore>
