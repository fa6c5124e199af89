import type { Client } from '../client/client.ts'
import type { Variation, VariationOptions } from '../client/flags.ts'
import { failure } from './failure.ts'
import type { Place } from './place.ts'
import { type Finding, failed, metadataOf, variantOf } from './resolution.ts'
import { reasonOf } from './rule-reason.ts'

const tokensOf = ({ activity, experience, offer }: Variation): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries({ activity, experience, offer }).flatMap(([what, named]) => [
      [`${what}.id`, named?.id],
      [`${what}.name`, named?.name],
    ]),
  )

/** What the rules on the device say of a flag; undefined when only the edge can tell, or there are no rules yet. */
export const deviceFinding = (target: Client, { mbox, key }: Place, call: VariationOptions): Finding | undefined => {
  const found = target.variationDetails<unknown>(mbox, key, undefined, call)
  const { value, reason } = found
  if (reason === 'REMOTE' || reason === 'NOT_READY') return undefined
  if (reason === 'ERROR')
    return failed(failure('INVALID_CONTEXT', 'The visitor cannot be read from the context: a warning says why'), mbox)
  const tokens = tokensOf(found)
  const finding = { reason: reasonOf(found), variant: variantOf(tokens) }
  const metadata = metadataOf(mbox, tokens)
  if (reason !== 'NO_KEY') return { ...finding, metadata, value }
  // An experience without an offer in JSON stands for the default; one whose offer lacks the key is most likely misspelt.
  const isBare = target.variationDetails<unknown>(mbox, undefined, undefined, { ...call, display: false })
  return isBare.reason === 'NO_KEY' ? { ...finding, metadata } : { ...finding, metadata, failure: lacks(mbox, key) }
}

/** The failure of a flag whose key is not in the offer. */
export const lacks = (mbox: string, key: string | undefined) =>
  failure('FLAG_NOT_FOUND', `The JSON offer of the mbox ${mbox} has no key ${key}`)

/** The failure of a flag of which the rules know nothing. */
export const unknownToRules = (mbox: string) =>
  failure('FLAG_NOT_FOUND', `The rules hold no mbox ${mbox}: it is misspelt, or only the edge can decide on it`)
