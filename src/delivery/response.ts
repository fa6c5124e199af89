import * as v from 'valibot'
import { MboxResponse, PrefetchMboxResponse } from './mbox.ts'
import { Metric } from './metric.ts'
import { PageLoadResponse } from './page-load.ts'
import { fields } from './schema.ts'
import { TraceResponse } from './trace.ts'
import { View } from './view.ts'
import { VisitorId } from './visitor.ts'

export const ExecuteResponse = fields({
  pageLoad: v.optional(PageLoadResponse),
  mboxes: v.optional(v.array(MboxResponse)),
})
export type ExecuteResponse = v.InferOutput<typeof ExecuteResponse>

export const PrefetchResponse = fields({
  views: v.optional(v.array(View)),
  pageLoad: v.optional(PageLoadResponse),
  mboxes: v.optional(v.array(PrefetchMboxResponse)),
  /** Click metrics of activities with views that belong to no one view. */
  metrics: v.optional(v.array(Metric)),
})
export type PrefetchResponse = v.InferOutput<typeof PrefetchResponse>

/** The answer of a Delivery API call; every member may be missing. Source: `DeliveryResponse.yaml`. */
export const DeliveryResponse = fields({
  status: v.optional(v.number()),
  requestId: v.optional(v.string()),
  /** Store its `tntId` whole: the part after the dot may have changed. */
  id: v.optional(VisitorId),
  client: v.optional(v.string()),
  /** The edge that answered, such as `mboxedge35.tt.omtrdc.net`. */
  edgeHost: v.optional(v.string()),
  execute: v.optional(ExecuteResponse),
  prefetch: v.optional(PrefetchResponse),
  /** The notifications that were processed; their order says nothing. */
  notifications: v.optional(
    v.array(fields({ id: v.optional(v.string()), trace: v.optional(TraceResponse) })),
  ),
  telemetryServerToken: v.optional(v.string()),
})
export type DeliveryResponse = v.InferOutput<typeof DeliveryResponse>
