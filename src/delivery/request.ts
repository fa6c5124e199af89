import * as v from 'valibot'
import { ExperienceCloud } from './analytics.ts'
import { Context } from './context.ts'
import { RequestDetails } from './details.ts'
import { invalid } from './error.ts'
import { Mboxes } from './mbox.ts'
import { Notification } from './notification.ts'
import { Preview, QAMode } from './preview.ts'
import { Property } from './property.ts'
import { fields, list, opaque, text, where, whole } from './schema.ts'
import type { TelemetryEntry } from './telemetry.ts'
import { Trace } from './trace.ts'
import { ViewRequest } from './view.ts'
import { VisitorId } from './visitor.ts'

interface Parts {
  pageLoad?: unknown
  mboxes?: unknown[] | undefined
  views?: unknown[] | undefined
}

const hasAny = (part: Parts): boolean => Boolean(part.pageLoad || part.mboxes?.length || part.views?.length)

/** Decided and counted at once. */
export const ExecuteRequest = v.pipe(
  fields({ pageLoad: RequestDetails, mboxes: Mboxes }),
  where((part) => hasAny(part), 'Either pageLoad or mboxes is required in execute'),
)
export type ExecuteRequest = v.InferInput<typeof ExecuteRequest>

/** Decided now, counted when its display is reported. */
export const PrefetchRequest = v.pipe(
  fields({
    views: list(ViewRequest),
    pageLoad: RequestDetails,
    mboxes: Mboxes,
  }),
  where((part) => hasAny(part), 'Either views, pageLoad or mboxes is required in prefetch'),
)
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

/** A value as an error shows it. */
const shown = (value: unknown): string => {
  try {
    return `${typeof value === 'object' ? JSON.stringify(value) : String(value)}`.slice(0, 60)
  } catch {
    return typeof value
  }
}

/**
 * Checks a request against the wire contract and writes it as the wire wants it.
 * Throws a {@link TargetError} `INVALID_ARGUMENT` with the path, the limit and the value.
 */
export const parseRequest = (input: DeliveryRequestInput): DeliveryRequest => {
  const { success, output, issues } = v.safeParse(DeliveryRequest, input, { abortEarly: true })
  if (success) return output
  const [{ path = [], message, requirement: limit, input: received }] = issues
  const dotted = path.map(({ key }) => key).join('.')
  const bound = Number.isFinite(limit) ? `, limit ${limit}` : ''
  // Sentences stand for themselves; the others say what the field must be.
  const subject = /^[A-Z]/.test(message) || !dotted ? '' : `${dotted}: `
  throw invalid(`${subject}${message}${bound}, but received ${shown(received)}`, { path: dotted, limit, received })
}
