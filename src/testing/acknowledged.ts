import { invalid } from '../delivery/error.ts'
import { type MatcherResult, resultOf, seenEdge } from './seen.ts'

/** Ids of notifications: one, or a list. */
export type AcknowledgedIds = string | readonly string[]

/**
 * Passes when Target has taken every one of these notifications: nothing is lost. `.not` passes when it has taken none of them. One that
 * came again is taken once. Throws a {@link TargetError} `INVALID_ARGUMENT` for an empty list, which would say nothing.
 */
export function toHaveAcknowledged(
  this: { isNot?: boolean } | undefined,
  received: unknown,
  ids: AcknowledgedIds,
): MatcherResult {
  const edge = seenEdge(received)
  const wanted = [...new Set([ids].flat())]
  if (!wanted.length)
    throw invalid('toHaveAcknowledged: needs the id of a notification', { path: 'ids', received: ids })
  const taken = new Set(edge.ledger.entries.flatMap(({ notification = [] }) => notification))
  const lost = wanted.filter((id) => !taken.has(id))
  const kept = wanted.filter((id) => taken.has(id))
  const pass = this?.isNot ? kept.length > 0 : !lost.length
  const findings = pass
    ? [`acknowledged: ${kept.join(', ')}`]
    : [`${lost.length} of ${wanted.length} lost: ${lost.join(', ')}`]
  return resultOf(edge, { said: `toHaveAcknowledged(${JSON.stringify(ids)})`, pass, findings })
}
