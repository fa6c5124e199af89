import type { EvaluationContext, FlagMetadata, Logger, ResolutionDetails } from '@openfeature/core'
import { type Failure, failure } from './failure.ts'

/** The type that is asked for. */
export type Kind = 'boolean' | 'string' | 'number' | 'object'

/** What the SDKs ask with. */
export type ResolveArguments<Value> = [
  flagKey: string,
  defaultValue: Value,
  context: EvaluationContext,
  logger?: Logger,
]

/** What was found out about a flag. */
export interface Finding {
  /** Undefined when there is none. */
  value?: unknown
  reason: 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DEFAULT' | 'STALE'
  /** Name of the experience. */
  variant?: string | undefined
  metadata: FlagMetadata
  failure?: Failure | undefined
}

/** Response tokens, or what a rule says of itself, and the metadata that they become. */
const NAMES = ['activity', 'experience', 'offer', 'option'].flatMap((what) => [
  [`${what}.id`, `${what}Id`] as const,
  [`${what}.name`, `${what}Name`] as const,
])

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/** All of it is text, as it is in response tokens. The mbox is the set to which a flag belongs, by the name that telemetry knows. */
export const metadataOf = (mbox: string, tokens: Readonly<Record<string, unknown>> = {}): FlagMetadata => {
  const metadata: FlagMetadata = { flagSetId: mbox }
  for (const [token, name] of NAMES) {
    const value = tokens[token]
    if (isScalar(value)) metadata[name] = `${value}`
  }
  return metadata
}

/** The experience that was shown. */
export const variantOf = (tokens: Readonly<Record<string, unknown>> = {}): string | undefined => {
  const variant = tokens['experience.name'] ?? tokens['experience.id']
  return isScalar(variant) ? `${variant}` : undefined
}

/** A finding without a value, because of a failure. */
export const failed = (why: Failure, mbox?: string): Finding => ({
  reason: 'DEFAULT',
  metadata: mbox === undefined ? {} : metadataOf(mbox),
  failure: why,
})

const kindOf = (value: unknown): string => (value === null ? 'null' : typeof value)

/** A finding as the SDKs take it. A value of another type is a failure: nothing is converted. */
export const detailsOf = <Value>(
  { value, reason, variant, metadata, failure: known }: Finding,
  kind: Kind,
  defaultValue: Value,
): ResolutionDetails<Value> => {
  const isThere = value !== undefined && value !== null
  const mismatch =
    isThere && kindOf(value) !== kind
      ? failure('TYPE_MISMATCH', `The flag is a ${kindOf(value)}, and was read as a ${kind}`)
      : undefined
  const why = known ?? mismatch
  const common = { flagMetadata: metadata, ...(variant !== undefined && { variant }) }
  if (why) return { value: defaultValue, reason: 'ERROR', errorCode: why.code, errorMessage: why.message, ...common }
  return { value: isThere ? (value as Value) : defaultValue, reason: isThere ? reason : 'DEFAULT', ...common }
}
