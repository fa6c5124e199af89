import * as v from 'valibot'
import { ExperienceCloud } from './analytics.ts'
import { Context } from './context.ts'
import { RequestDetails } from './details.ts'
import { Mboxes } from './mbox.ts'
import { Notification } from './notification.ts'
import { Preview, QAMode } from './preview.ts'
import { Property } from './property.ts'
import { refusal } from './refusal.ts'
import { executed, prefetched } from './rules.ts'
import { fields, list, opaque, text, whole, written } from './schema.ts'
import type { TelemetryEntry } from './telemetry.ts'
import { Trace } from './trace.ts'
import { ViewRequest } from './view.ts'
import { VisitorId } from './visitor.ts'

const execute = fields({ pageLoad: RequestDetails, mboxes: Mboxes })

/** Decided and counted at once. */
export const ExecuteRequest = v.pipe(execute, written(executed<v.InferOutput<typeof execute>>))
export type ExecuteRequest = v.InferInput<typeof ExecuteRequest>

const prefetch = fields({
  views: list(ViewRequest),
  pageLoad: RequestDetails,
  mboxes: Mboxes,
})

/** Decided now, counted when its display is reported. */
export const PrefetchRequest = v.pipe(prefetch, written(prefetched<v.InferOutput<typeof prefetch>>))
export type PrefetchRequest = v.InferInput<typeof PrefetchRequest>

/** The body of a Delivery API call. Source: `DeliveryRequest.yaml`. */
export const DeliveryRequest = fields(
  {
    /** Echoed in the answer; at most 128 characters. @default a new id */
    requestId: text(128),
    /** Second and later requests of the same value add no impression; at most 128 characters. */
    impressionId: text(128),
    id: VisitorId,
    environmentId: whole(),
    property: Property,
    trace: Trace,
    experienceCloud: ExperienceCloud,
    execute: ExecuteRequest,
    prefetch: PrefetchRequest,
    notifications: list(Notification),
    qaMode: QAMode,
    preview: Preview,
    // The client writes most of it itself, on every call: checking that again would cost more than the rest.
    telemetry: fields({ entries: list(opaque<TelemetryEntry>()) }),
  },
  { context: v.optional(Context, {}) },
)

/** A request as callers write it: defaults may be missing, parameter values may be numbers and booleans. */
export type DeliveryRequestInput = v.InferInput<typeof DeliveryRequest>

/** A request as it goes over the wire. */
export type DeliveryRequest = v.InferOutput<typeof DeliveryRequest>

/** Checks a request, and writes it as it travels. */
export type ParseRequest = (input: DeliveryRequestInput) => DeliveryRequest

/**
 * Checks a request against the wire contract and writes it as the wire wants it.
 * Throws a {@link TargetError} `INVALID_ARGUMENT` with the path, the limit and the value.
 */
export const parseRequest: ParseRequest = (input) => {
  const { success, output, issues } = v.safeParse(DeliveryRequest, input, { abortEarly: true })
  if (success) return output
  const [{ path = [], message, requirement, input: received }] = issues
  throw refusal(path.map(({ key }) => key).join('.'), message, { limit: requirement, received })
}
