import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { Client } from '../client/client.ts'
import { addressOf, httpOf } from './attributes.ts'
import { fail } from './calls.ts'

/** Remembers in which span each notification was queued, until it has ended. */
const createQueued = (target: Client) => {
  const spans = new Map<string, SpanContext>()
  target.on('notificationQueued', ({ notification: { id } }) => {
    const known = trace.getSpanContext(context.active())
    if (known) spans.set(id, known)
  })
  for (const name of ['notificationSent', 'notificationRejected', 'notificationDropped'] as const) {
    target.on(name, ({ notification: { id } }) => void spans.delete(id))
  }
  return (id: string): SpanContext | undefined => spans.get(id)
}

/** Whose work a batch is: that of one span is its child, that of several is linked to each. */
const parentage = (known: readonly SpanContext[]): [SpanOptions, Context] => {
  const unique = [...new Map(known.map((span) => [span.spanId, span])).values()]
  const [only, ...others] = unique
  if (only && !others.length) return [{}, trace.setSpanContext(ROOT_CONTEXT, only)]
  return [{ links: unique.map((span) => ({ context: span })) }, ROOT_CONTEXT]
}

/** A span for each call with notifications that the queue makes. */
export const followBatches = (target: Client, tracer: Tracer): void => {
  const queuedIn = createQueued(target)
  target.on('notificationBatch', ({ notifications, way, url, answer }) => {
    const [options, parent] = parentage(notifications.flatMap(({ id }) => queuedIn(id) ?? []))
    const attributes = {
      ...httpOf({ url }),
      'isotarget.notifications': notifications.length,
      'isotarget.way': way,
    }
    const span = tracer.startSpan('target.notifications', { ...options, kind: SpanKind.CLIENT, attributes }, parent)
    if (!answer) return span.end()
    answer.then(
      ({ notifications: acknowledged = [], status }) => {
        span.setAttributes({
          'isotarget.acknowledged': acknowledged.length,
          ...(status !== undefined && { 'http.response.status_code': status }),
        })
        span.end()
      },
      (error) => fail(span, error),
    )
  })
}

/** A span for each download of rules. It belongs to no call: everybody waits for the same. */
export const followDownloads = (target: Client, tracer: Tracer): void => {
  const started = (location: string, since: number): Span =>
    tracer.startSpan(
      'target.artifact',
      {
        kind: SpanKind.CLIENT,
        root: true,
        startTime: since,
        attributes: { 'http.request.method': 'GET', ...addressOf(location) },
      },
      ROOT_CONTEXT,
    )
  target.on('artifactDownloadSucceeded', ({ artifactLocation, since }) => {
    const span = started(artifactLocation, since)
    span.setAttributes({ 'http.response.status_code': 200 })
    span.end()
  })
  target.on('artifactDownloadFailed', ({ artifactLocation, error, since }) => {
    if (since !== undefined) fail(started(artifactLocation, since), error)
  })
}
