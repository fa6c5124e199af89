import { copyOf } from '../decisioning/content.ts'
import type { PageLoadResponse } from '../delivery/page-load.ts'
import { lacks } from './device-finding.ts'
import type { Place } from './place.ts'
import { type Finding, metadataOf, variantOf } from './resolution.ts'

type Named = Record<string, unknown>

/** The JSON offers of a place, all that is shown there as one. */
const offerOf = ({ options = [] }: PageLoadResponse): Named | undefined => {
  const offers = options.flatMap(({ type, content }) =>
    type === 'json' && typeof content === 'object' && content !== null && !Array.isArray(content) ? [content] : [],
  )
  return offers.length ? Object.assign(Object.create(null), ...offers) : undefined
}

/**
 * What an answer says of a flag. Without an offer in JSON it is the default: no activity is for this visitor, or the experience has
 * none. Target does not tell that from an mbox that nobody fills. Why it decided so, it does not tell either.
 */
export const offerFinding = (answer: PageLoadResponse | undefined, { mbox, key }: Place): Finding => {
  const offer = answer && offerOf(answer)
  const tokens = answer?.options?.find(({ responseTokens }) => responseTokens)?.responseTokens
  const metadata = metadataOf(mbox, tokens)
  const finding = { metadata, variant: variantOf(tokens) }
  if (!offer) return { ...finding, reason: 'DEFAULT' }
  const value = key === undefined ? { ...offer } : offer[key]
  if (value === undefined) return { ...finding, reason: 'DEFAULT', failure: lacks(mbox, key) }
  // Others read the same answer.
  return { ...finding, reason: 'TARGETING_MATCH', value: copyOf(value) }
}
