import * as v from 'valibot'
import { bareHost } from './rules.ts'
import { fields, filled, oneOf, text, whole, written } from './schema.ts'

/** A bare host: a scheme in front of it is dropped. */
const host = v.pipe(text(), written(bareHost))

/** Who reports to Analytics: Target (`server_side`) or the page (`client_side`). */
export const LoggingType = oneOf('server_side', 'client_side')
export type LoggingType = v.InferInput<typeof LoggingType>

/** Analytics for Target (A4T). */
export const AnalyticsRequest = fields({
  /** @default 'server_side' */
  logging: LoggingType,
  /** 16 hex digits, `-`, 16 hex digits; the same value belongs on the Analytics hit. */
  supplementalDataId: text(),
  trackingServer: host,
  trackingServerSecure: host,
})
export type AnalyticsRequest = v.InferInput<typeof AnalyticsRequest>

/** Audience Manager's region and encrypted metadata; both come from the `AMCV_` cookie. */
export const AudienceManager = fields({
  locationHint: whole(1),
  /** 1 to 1024 characters. */
  blob: filled(1024),
  uuid: text(),
  dataPartnerId: text(),
  dataPartnerUserId: text(),
})
export type AudienceManager = v.InferInput<typeof AudienceManager>

/** The Experience Cloud solutions that take part. */
export const ExperienceCloud = fields({
  analytics: AnalyticsRequest,
  audienceManager: AudienceManager,
  /** The Experience Platform sandbox; both members together. */
  platform: fields({ sandboxId: text(), sandboxName: text() }),
})
export type ExperienceCloud = v.InferInput<typeof ExperienceCloud>

/** The payload for the Analytics hit, with `logging: 'client_side'`. Hand it over untouched. */
export const AnalyticsResponse = fields({
  payload: fields({ pe: text(), tnta: text() }),
})
export type AnalyticsResponse = v.InferOutput<typeof AnalyticsResponse>
