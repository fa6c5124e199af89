import type * as v from 'valibot'
import { fields, map, opaque, text } from './schema.ts'

/** Asks for a trace of the decision. */
export const Trace = fields(
  { usage: opaque<Record<string, string>>() },
  {
    /** From the Target UI, valid for six hours. */
    authorizationToken: text(),
  },
)
export type Trace = v.InferInput<typeof Trace>

/** A trace as Target answers it: free-form, per container. */
export const TraceResponse = map()
export type TraceResponse = v.InferOutput<typeof TraceResponse>
