import * as v from 'valibot'
import { fields } from './schema.ts'

/** How decisions are made. On-device and hybrid decisions are not part of this version. */
export const DecisioningMethod = v.picklist(['on-device', 'server-side', 'hybrid'])
export type DecisioningMethod = v.InferInput<typeof DecisioningMethod>

/** What one earlier call took; it rides on the next request. All durations in ms. */
export const TelemetryEntry = fields({
  requestId: v.optional(v.string()),
  /** Epoch ms. */
  timestamp: v.optional(v.number()),
  mode: v.optional(v.picklist(['edge', 'local'])),
  execution: v.optional(v.number()),
  parsing: v.optional(v.number()),
  features: v.optional(
    fields({
      decisioningMethod: v.optional(DecisioningMethod),
      executeMboxCount: v.optional(v.number()),
      executePageLoad: v.optional(v.boolean()),
      prefetchMboxCount: v.optional(v.number()),
      prefetchPageLoad: v.optional(v.boolean()),
      prefetchViewCount: v.optional(v.number()),
    }),
  ),
  request: v.optional(
    fields({
      dns: v.optional(v.number()),
      tls: v.optional(v.number()),
      timeToFirstByte: v.optional(v.number()),
      download: v.optional(v.number()),
      /** Bytes. */
      responseSize: v.optional(v.number()),
    }),
  ),
  /** Copied from the answer that the entry describes. */
  telemetryServerToken: v.optional(v.string()),
})
export type TelemetryEntry = v.InferInput<typeof TelemetryEntry>

export const Telemetry = fields({ entries: v.optional(v.array(TelemetryEntry)) })
export type Telemetry = v.InferInput<typeof Telemetry>
