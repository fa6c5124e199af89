import type * as v from 'valibot'
import { fields, text } from './schema.ts'

/** Scopes which activities are eligible. It is no authentication. */
export const Property = fields({}, { token: text() })
export type Property = v.InferInput<typeof Property>

/** The token that a call uses: its own over the client's; a blank one stands for none. */
export const propertyOf = (call: Property | undefined, configured: string | undefined): Property | undefined => {
  const token = call?.token ?? configured
  return token?.trim() ? { ...call, token } : undefined
}
