import * as v from 'valibot'
import { fields, filled, whole } from './schema.ts'

/** A bare host: a scheme in front of it is dropped. */
const host = v.pipe(
  v.string(),
  v.transform((input) => input.replace(/^\w+:\/\//, '')),
)

/** Who reports to Analytics: Target (`server_side`) or the page (`client_side`). */
export const LoggingType = v.picklist(['server_side', 'client_side'])
export type LoggingType = v.InferInput<typeof LoggingType>

/** Analytics for Target (A4T). */
export const AnalyticsRequest = fields({
  /** @default 'server_side' */
  logging: v.optional(LoggingType),
  /** 16 hex digits, `-`, 16 hex digits; the same value belongs on the Analytics hit. */
  supplementalDataId: v.optional(v.string()),
  trackingServer: v.optional(host),
  trackingServerSecure: v.optional(host),
})
export type AnalyticsRequest = v.InferInput<typeof AnalyticsRequest>

/** Audience Manager's region and encrypted metadata; both come from the `AMCV_` cookie. */
export const AudienceManager = fields({
  locationHint: v.optional(whole(1)),
  /** 1 to 1024 characters. */
  blob: v.optional(filled(1024)),
  uuid: v.optional(v.string()),
  dataPartnerId: v.optional(v.string()),
  dataPartnerUserId: v.optional(v.string()),
})
export type AudienceManager = v.InferInput<typeof AudienceManager>

/** The Experience Cloud solutions that take part. */
export const ExperienceCloud = fields({
  analytics: v.optional(AnalyticsRequest),
  audienceManager: v.optional(AudienceManager),
  /** The Experience Platform sandbox; both members together. */
  platform: v.optional(fields({ sandboxId: v.optional(v.string()), sandboxName: v.optional(v.string()) })),
})
export type ExperienceCloud = v.InferInput<typeof ExperienceCloud>

/** The payload for the Analytics hit, with `logging: 'client_side'`. Hand it over untouched. */
export const AnalyticsResponse = fields({
  payload: v.optional(fields({ pe: v.optional(v.string()), tnta: v.optional(v.string()) })),
})
export type AnalyticsResponse = v.InferOutput<typeof AnalyticsResponse>
