import type { RequestDetails } from '../delivery/details.ts'
import type { DeliveryRequestInput } from '../delivery/request.ts'
import type { Scalar } from '../delivery/schema.ts'

/** Parameters of at.js, flat: everything that a page says of itself is in one map. */
export type Flat = Record<string, Scalar>

const flattened = (given: object, prefix = ''): [string, Scalar][] =>
  Object.entries(given).flatMap(([key, value]): [string, Scalar][] =>
    typeof value === 'object' && value ? flattened(value, `${prefix + key}.`) : [[prefix + key, value ?? '']],
  )

/** Reads parameters in each form that at.js takes: a query string, a list of `name=value`, an object. Anything else is empty. */
export const readParameters = (given: unknown): Flat => {
  const list = typeof given === 'string' ? given.split('&') : given
  if (Array.isArray(list))
    return Object.fromEntries(new URLSearchParams(list.filter((text) => /^[^=]+=/.test(text)).join('&')))
  // What JSON does not know is no parameter.
  return Object.fromEntries(flattened(JSON.parse(JSON.stringify(Object(list)))))
}

/** Parameters in the places where the Delivery API wants them. */
export interface Placed extends Pick<DeliveryRequestInput, 'id' | 'property'> {
  details: RequestDetails
}

/** The members that say something; undefined without any. */
const filled = <Members extends object>(members: Members): Members | undefined => {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined)
  return entries.length ? (Object.fromEntries(entries) as Members) : undefined
}

const text = (value: Scalar | undefined): string | undefined => (value === undefined ? value : `${value}`) || undefined

/** at.js names some parameters by a prefix or a name of their own. */
export const placeParameters = (flat: Flat): Placed => {
  const { mbox3rdPartyId, at_property, orderId, orderTotal, productPurchasedId, productId, categoryId, ...rest } = flat
  const parameters: Flat = {}
  const profileParameters: Flat = {}
  for (const [name, value] of Object.entries(rest))
    if (name.startsWith('profile.')) profileParameters[name.slice(8)] = value
    else parameters[name] = value
  const total = Number.parseFloat(`${orderTotal}`)
  const details = {
    parameters: filled(parameters),
    profileParameters: filled(profileParameters),
    order: filled({
      id: text(orderId),
      total: total >= 0 ? total : undefined,
      purchasedProductIds: text(productPurchasedId)
        ?.split(/\s*,\s*/)
        .filter(Boolean),
    }),
    product: filled({ id: text(productId), categoryId: text(categoryId) }),
  }
  return {
    details: { ...filled(details) },
    id: filled({ thirdPartyId: text(mbox3rdPartyId) }),
    property: filled({ token: text(at_property) }),
  } as Placed
}

/** Joins details; those of the caller win, parameter by parameter. */
export const joinDetails = <Details extends RequestDetails>(known: RequestDetails, given: Details): Details => {
  const all = { ...known, ...given }
  for (const name of ['parameters', 'profileParameters'] as const)
    if (all[name]) all[name] = { ...known[name], ...given?.[name] }
  return all
}
