import type * as v from 'valibot'
import { AnalyticsResponse } from './analytics.ts'
import { fields, oneOf, text } from './schema.ts'

/** What is heard of: a click, or a display. */
export const MetricType = oneOf('click', 'display')
export type MetricType = v.InferOutput<typeof MetricType>

/** An event that Target wants to hear of. */
export const Metric = fields({
  type: MetricType,
  /** Where to listen; absent for a click on the whole mbox. */
  selector: text(),
  /** Goes back in the click notification. */
  eventToken: text(),
  /** The payload for the Analytics hit at click time. */
  analytics: AnalyticsResponse,
})
export type Metric = v.InferOutput<typeof Metric>
