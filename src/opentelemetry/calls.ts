import { type Attributes, context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import type { Client } from '../client/client.ts'
import type { Result } from '../client/result.ts'
import { decisionOf, type Exchange, errorOf, httpOf } from './attributes.ts'

/** Ends a span that went wrong. */
export const fail = (span: Span, error: unknown): void => {
  span.setAttributes(errorOf(error))
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

/** Knows where the calls of a client went: an event tells it, and a result or an error shows which it was. */
const createExchanges = (target: Client) => {
  const seen = new WeakMap<object, Exchange>()
  target.on('request', ({ request, url }) => seen.set(request, { url }))
  target.on('response', ({ request, status }) => {
    const exchange = seen.get(request)
    if (exchange) exchange.status = status
  })
  target.on('requestFailed', ({ request, error }) => {
    const exchange = seen.get(request)
    if (exchange) seen.set(error, exchange)
  })
  /** Undefined for what was decided without a call, or failed before it. */
  return (subject: unknown): Exchange | undefined =>
    typeof subject === 'object' && subject ? seen.get(subject) : undefined
}

/** Runs each call of a client in a span of its own, which is a child of the caller's. */
export const createCalls = (target: Client, tracer: Tracer) => {
  const exchangeOf = createExchanges(target)
  const toldBy = (subject: unknown): Attributes => {
    const exchange = exchangeOf(subject)
    return exchange ? httpOf(exchange) : {}
  }
  return async <Answer>(name: string, work: () => Promise<Answer>, resultOf: (answer: Answer) => Result) => {
    const span = tracer.startSpan(`target.${name}`, { kind: SpanKind.CLIENT })
    try {
      const answer = await context.with(trace.setSpan(context.active(), span), work)
      const result = resultOf(answer)
      span.setAttributes({ ...toldBy(result.request), ...decisionOf(result) })
      span.end()
      return answer
    } catch (error) {
      span.setAttributes(toldBy(error))
      fail(span, error)
      throw error
    }
  }
}
