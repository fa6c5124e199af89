import * as v from 'valibot'
import { AnalyticsResponse } from './analytics.ts'
import { fields } from './schema.ts'

export const MetricType = v.picklist(['click', 'display'])
export type MetricType = v.InferOutput<typeof MetricType>

/** An event that Target wants to hear of. */
export const Metric = fields({
  type: v.optional(MetricType),
  /** Where to listen; absent for a click on the whole mbox. */
  selector: v.optional(v.string()),
  /** Goes back in the click notification. */
  eventToken: v.optional(v.string()),
  /** The payload for the Analytics hit at click time. */
  analytics: v.optional(AnalyticsResponse),
})
export type Metric = v.InferOutput<typeof Metric>
