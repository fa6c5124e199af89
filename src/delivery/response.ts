import type * as v from 'valibot'
import { MboxResponse, PrefetchMboxResponse } from './mbox.ts'
import { Metric } from './metric.ts'
import { PageLoadResponse } from './page-load.ts'
import { fields, list, number, text } from './schema.ts'
import { TraceResponse } from './trace.ts'
import { View } from './view.ts'
import { VisitorId } from './visitor.ts'

/** What was decided, and counted as shown. */
export const ExecuteResponse = fields({
  pageLoad: PageLoadResponse,
  mboxes: list(MboxResponse),
})
export type ExecuteResponse = v.InferOutput<typeof ExecuteResponse>

/** What was decided for later: it counts when it is reported. */
export const PrefetchResponse = fields({
  views: list(View),
  pageLoad: PageLoadResponse,
  mboxes: list(PrefetchMboxResponse),
  /** Click metrics of activities with views that belong to no one view. */
  metrics: list(Metric),
})
export type PrefetchResponse = v.InferOutput<typeof PrefetchResponse>

/** The answer of a Delivery API call; every member may be missing. Source: `DeliveryResponse.yaml`. */
export const DeliveryResponse = fields({
  status: number(),
  requestId: text(),
  /** Store its `tntId` whole: the part after the dot may have changed. */
  id: VisitorId,
  client: text(),
  /** The edge that answered, such as `mboxedge35.tt.omtrdc.net`. */
  edgeHost: text(),
  execute: ExecuteResponse,
  prefetch: PrefetchResponse,
  /** The notifications that were processed; their order says nothing. */
  notifications: list(fields({ id: text(), trace: TraceResponse })),
  telemetryServerToken: text(),
})
export type DeliveryResponse = v.InferOutput<typeof DeliveryResponse>
