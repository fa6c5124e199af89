import * as v from 'valibot'
import { fields } from './schema.ts'

/** Asks for a trace of the decision. */
export const Trace = fields({
  /** From the Target UI, valid for six hours. */
  authorizationToken: v.string(),
  usage: v.optional(v.record(v.string(), v.string())),
})
export type Trace = v.InferInput<typeof Trace>

/** A trace as Target answers it: free-form, per container. */
export const TraceResponse = v.record(v.string(), v.unknown())
export type TraceResponse = v.InferOutput<typeof TraceResponse>
