import type { TrackingEventDetails } from '@openfeature/core'
import type { Order } from '../delivery/order.ts'
import type { NotificationDetails } from '../delivery/shown.ts'
import { createId } from '../platform/platform.ts'
import type { Asked } from './asked.ts'
import { sortParameters } from './parameters.ts'

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? `${value}` || undefined : undefined

const orderOf = ({ value, orderId, purchasedProductIds }: TrackingEventDetails): Order | undefined => {
  const total = typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined
  const bought = Array.isArray(purchasedProductIds) ? purchasedProductIds : [purchasedProductIds]
  const ids = bought.flatMap((id) => textOf(id) ?? [])
  const id = textOf(orderId)
  if (total === undefined && !id && !ids.length) return undefined
  return {
    // An order that has no id of its own is one of its own.
    id: id ?? createId(),
    ...(total !== undefined && { total }),
    ...(ids.length && { purchasedProductIds: ids }),
  }
}

/** What a tracking event says of a conversion: its `value` is the total of an order, the rest are parameters. */
export const conversionOf = (
  event: TrackingEventDetails,
  asked: Asked,
): { details: NotificationDetails; problems: string[] } => {
  const { value, orderId, purchasedProductIds, productId, categoryId, ...rest } = event
  const own = sortParameters(rest)
  const order = orderOf(event)
  const [id, category] = [textOf(productId), textOf(categoryId)]
  const isBad = value !== undefined && order?.total === undefined
  return {
    details: {
      parameters: { ...asked.parameters, ...own.parameters },
      profileParameters: { ...asked.profileParameters, ...own.profileParameters },
      ...(order && { order }),
      ...((id || category) && { product: { ...(id && { id }), ...(category && { categoryId: category }) } }),
    },
    problems: [...own.problems, ...(isBad ? [`The value ${value} is not sent: it must be 0 or more`] : [])],
  }
}
