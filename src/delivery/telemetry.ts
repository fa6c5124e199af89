import type * as v from 'valibot'
import { fields, flag, list, number, oneOf, text } from './schema.ts'

/** How decisions are made. By the edge, by the device, or by both. */
export const DecisioningMethod = oneOf('on-device', 'server-side', 'hybrid')
export type DecisioningMethod = v.InferInput<typeof DecisioningMethod>

/** What one earlier call took; it rides on the next request. All durations in ms. */
export const TelemetryEntry = fields({
  requestId: text(),
  /** Epoch ms. */
  timestamp: number(),
  mode: oneOf('edge', 'local'),
  execution: number(),
  parsing: number(),
  features: fields({
    decisioningMethod: DecisioningMethod,
    executeMboxCount: number(),
    executePageLoad: flag(),
    prefetchMboxCount: number(),
    prefetchPageLoad: flag(),
    prefetchViewCount: number(),
  }),
  request: fields({
    dns: number(),
    tls: number(),
    timeToFirstByte: number(),
    download: number(),
    /** Bytes. */
    responseSize: number(),
  }),
  /** Copied from the answer that the entry describes. */
  telemetryServerToken: text(),
})
export type TelemetryEntry = v.InferInput<typeof TelemetryEntry>

/** Measurements of calls before, for Target. */
export const Telemetry = fields({ entries: list(TelemetryEntry) })
export type Telemetry = v.InferInput<typeof Telemetry>
