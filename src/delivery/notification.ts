import * as v from 'valibot'
import { details } from './details.ts'
import { MboxName } from './mbox.ts'
import { MetricType } from './metric.ts'
import { either } from './rules.ts'
import { fields, filled, fitting, list, text, written } from './schema.ts'
import { moment } from './tests.ts'
import type { TraceResponse } from './trace.ts'

const notification = fields(
  {
    /** A repeat of the same value adds no impression; at most 128 characters. */
    impressionId: text(128),
    /** Event tokens of the options shown, or of the metrics clicked. */
    tokens: list(text()),
    mbox: fields({ name: MboxName, state: text() }),
    view: fields({ name: text(128), key: text(512), state: text() }),
    pageLoad: fields({ state: text() }),
    ...details,
  },
  {
    /** Unique per notification, at most 200 characters; the answer acknowledges by it. */
    id: filled(200),
    type: MetricType,
    /** When it happened, in epoch ms. */
    timestamp: fitting<number>(moment),
  },
)

/** Tells Target that something was shown or clicked. Source: Delivery API `Notification`. */
export const Notification = v.pipe(notification, written(either<v.InferOutput<typeof notification>>))
export type Notification = v.InferInput<typeof Notification>

/** Target's acknowledgement of one notification. */
export interface NotificationResponse {
  id?: string
  trace?: TraceResponse
}
