import type * as v from 'valibot'
import { fields, text } from './schema.ts'

/** Scopes which activities are eligible. It is no authentication. */
export const Property = fields({}, { token: text() })
export type Property = v.InferInput<typeof Property>
