import * as v from 'valibot'
import { ExperienceCloud } from './analytics.ts'
import { Context } from './context.ts'
import { RequestDetails } from './details.ts'
import { invalid } from './error.ts'
import { Mboxes } from './mbox.ts'
import { Notification } from './notification.ts'
import { Preview, QAMode } from './preview.ts'
import { Property } from './property.ts'
import { fields, text } from './schema.ts'
import { Telemetry } from './telemetry.ts'
import { Trace } from './trace.ts'
import { ViewRequest } from './view.ts'
import { VisitorId } from './visitor.ts'

const hasAny = (part: { pageLoad?: unknown; mboxes?: unknown[] | undefined; views?: unknown[] | undefined }): boolean =>
  Boolean(part.pageLoad || part.mboxes?.length || part.views?.length)

/** Decided and counted at once. */
export const ExecuteRequest = v.pipe(
  fields({ pageLoad: v.optional(RequestDetails), mboxes: v.optional(Mboxes) }),
  v.check((part) => hasAny(part), 'Either pageLoad or mboxes is required in execute'),
)
export type ExecuteRequest = v.InferInput<typeof ExecuteRequest>

/** Decided now, counted when its display is reported. */
export const PrefetchRequest = v.pipe(
  fields({
    views: v.optional(v.array(ViewRequest)),
    pageLoad: v.optional(RequestDetails),
    mboxes: v.optional(Mboxes),
  }),
  v.check((part) => hasAny(part), 'Either views, pageLoad or mboxes is required in prefetch'),
)
export type PrefetchRequest = v.InferInput<typeof PrefetchRequest>

/** The body of a Delivery API call. Source: `DeliveryRequest.yaml`. */
export const DeliveryRequest = fields({
  /** Echoed in the answer; at most 128 characters. @default a new id */
  requestId: v.optional(text(128)),
  /** Second and later requests of the same value add no impression; at most 128 characters. */
  impressionId: v.optional(text(128)),
  id: v.optional(VisitorId),
  environmentId: v.optional(v.pipe(v.number(), v.integer())),
  property: v.optional(Property),
  trace: v.optional(Trace),
  context: v.optional(Context, {}),
  experienceCloud: v.optional(ExperienceCloud),
  execute: v.optional(ExecuteRequest),
  prefetch: v.optional(PrefetchRequest),
  notifications: v.optional(v.array(Notification)),
  qaMode: v.optional(QAMode),
  preview: v.optional(Preview),
  telemetry: v.optional(Telemetry),
})

/** A request as callers write it: defaults may be missing, parameter values may be numbers and booleans. */
export type DeliveryRequestInput = v.InferInput<typeof DeliveryRequest>

/** A request as it goes over the wire. */
export type DeliveryRequest = v.InferOutput<typeof DeliveryRequest>

/** A copy without `null` and `undefined`: the wire knows neither, and the caller's object stays as it was. */
const pruned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.filter((item) => item != null).map(pruned)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const output: Record<string, unknown> = Object.create(null)
  for (const [key, item] of Object.entries(value)) if (item != null) output[key] = pruned(item)
  return output
}

/**
 * Checks a request against the wire contract and writes it as the wire wants it.
 * Throws a {@link TargetError} `INVALID_ARGUMENT` with the path, the limit and the value.
 */
export const parseRequest = (input: DeliveryRequestInput): DeliveryRequest => {
  const { success, output, issues } = v.safeParse(DeliveryRequest, pruned(input), { abortEarly: true })
  if (success) return output
  const [issue] = issues
  const path = v.getDotPath(issue) ?? ''
  throw invalid(`${path && `${path}: `}${issue.message}`, { path, limit: issue.requirement, received: issue.input })
}
