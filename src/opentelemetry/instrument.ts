import { type Tracer, trace } from '@opentelemetry/api'
import type { Client } from '../client/client.ts'
import type { Result } from '../client/result.ts'
import { followBatches, followDownloads } from './background.ts'
import { createCalls } from './calls.ts'

/** How a client is instrumented. */
export interface InstrumentOptions {
  /** Makes the spans. @default the global provider's, by the name `isotarget` */
  tracer?: Tracer
}

/**
 * A client like the given one whose work is told by spans: one for each `getOffers`, `getAttributes` and `sendNotifications`, as a
 * child of the caller's, one for each call with notifications that the queue makes, and one for each download of rules. They hold no
 * ids and nothing that a caller has sent. Once is enough: what the queue does is told for all visitors of the client.
 */
export const instrument = (
  target: Client,
  { tracer = trace.getTracer('isotarget') }: InstrumentOptions = {},
): Client => {
  const call = createCalls(target, tracer)
  followBatches(target, tracer)
  followDownloads(target, tracer)
  const itself = (result: Result): Result => result

  const around = (client: Client): Client => {
    const made: Client = {
      ...client,
      getOffers: (options) => call('getOffers', () => client.getOffers(options), itself),
      getAttributes: (names, options) =>
        call(
          'getAttributes',
          () => client.getAttributes(names, options),
          (attributes) => attributes.getResponse(),
        ),
      sendNotifications: (options) => call('sendNotifications', () => client.sendNotifications(options), itself),
      visitor(request, details) {
        const one = client.visitor(request, details)
        // A page has one visitor, and so one client.
        return one === client ? made : around(one)
      },
    }
    return made
  }
  return around(target)
}
