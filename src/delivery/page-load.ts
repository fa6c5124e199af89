import type * as v from 'valibot'
import { AnalyticsResponse } from './analytics.ts'
import { Metric } from './metric.ts'
import { Option } from './offer.ts'
import { fields, list, text } from './schema.ts'
import { TraceResponse } from './trace.ts'

/** The members that every answered place has. */
export const container = {
  options: list(Option),
  metrics: list(Metric),
  analytics: AnalyticsResponse,
  trace: TraceResponse,
}

/** What was decided for the page load, which at.js called the global mbox. */
export const PageLoadResponse = fields({
  ...container,
  /** Goes back in the display notification; prefetched content only. */
  state: text(),
})
export type PageLoadResponse = v.InferOutput<typeof PageLoadResponse>
