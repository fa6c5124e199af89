import type { VisitorId } from '../delivery/visitor.ts'

const customerOf = ({ customerIds }: VisitorId): string | undefined =>
  customerIds?.find(({ authenticatedState }) => authenticatedState === 'authenticated')?.id

/**
 * The one id by which a visitor falls into experiences; empty for who is known by none. A customer id counts only for a visitor who
 * has no other: with it the choice stays the same, on every device.
 */
export const visitorOf = (id: VisitorId): string => {
  const { tntId, marketingCloudVisitorId, thirdPartyId } = id
  return marketingCloudVisitorId || tntId?.split('.', 1)[0] || thirdPartyId || customerOf(id) || tntId || ''
}

/**
 * The ids of an answer: those of the request, and a new device id for a visitor who is known by none. `hint` is the edge cluster
 * that the device id shall name.
 */
export const identified = (id: VisitorId = {}, createId: () => string, hint?: string): VisitorId =>
  visitorOf(id) ? { ...id } : { ...id, tntId: createId() + (hint?.trim() ? `.${hint}_0` : '') }
