import * as v from 'valibot'
import { Address } from './context.ts'
import { Order, Product } from './order.ts'
import { fields, map, type Scalar } from './schema.ts'

const RESERVED = /^(orderId|orderTotal|productPurchasedIds?)$/

const faultOf = (name: string, value: unknown, mbox: boolean): string | undefined => {
  if (!name.trim() || name.length > 128) return 'must have a name of 1 to 128 characters'
  if (name.startsWith('profile.')) return 'must be in profileParameters, without the prefix profile.'
  if (mbox && RESERVED.test(name)) return 'must be in order: this name is reserved'
  if (!['string', 'number', 'boolean'].includes(typeof value)) return 'must be text, a number or a boolean'
  if (`${value}`.length > 5000) return 'must have at most 5000 characters'
  return undefined
}

/** A map of parameters. The result has no prototype, so that no name, not even `__proto__`, reaches one. */
// @__NO_SIDE_EFFECTS__
const parameters = (max: number, mbox: boolean) =>
  v.pipe(
    map<Record<string, Scalar>>(),
    v.rawTransform(({ dataset, addIssue, NEVER }): Record<string, string> => {
      const input = dataset.value
      const output: Record<string, string> = Object.create(null)
      const entries = Object.entries(input).filter(([, value]) => value != null)
      if (entries.length > max) addIssue({ message: `must have at most ${max} entries` })
      for (const [key, value] of entries) {
        const message = faultOf(key, value, mbox)
        if (message) addIssue({ message, path: [{ type: 'object', origin: 'value', input, key, value }] })
        else output[key] = `${value}`
      }
      return dataset.issues ? NEVER : output
    }),
  )

/** Parameters of an mbox, a view or the page load: up to 100 (Target warns above 50), values as text. */
export const Parameters = parameters(100, true)
export type Parameters = v.InferInput<typeof Parameters>

/** Profile parameters: up to 50, names without the prefix `profile.`. */
const ProfileParameters = parameters(50, false)

/** What every requested item and every notification may carry. */
export const details = {
  address: Address,
  parameters: Parameters,
  profileParameters: ProfileParameters,
  order: Order,
  product: Product,
}

/** The page load of an `execute` or a `prefetch`; `{}` is meaningful. */
export const RequestDetails = fields(details)
export type RequestDetails = v.InferInput<typeof RequestDetails>
