import type { EvaluationContext } from '@openfeature/core'
import type { AttributesOptions } from '../client/options.ts'
import type { Context } from '../delivery/context.ts'
import type { VisitorId } from '../delivery/visitor.ts'
import { type Failure, failure } from './failure.ts'
import { type Sorted, sortParameters } from './parameters.ts'

/** An evaluation context as Target reads it. */
export interface Asked extends Sorted {
  /** Whose flags, and where. */
  call: Pick<AttributesOptions, 'request' | 'sessionId' | 'targetCookie' | 'targetLocationHint' | 'visitorCookie'>
  /** Why nobody can be asked for. */
  failure?: Failure | undefined
}

/** Attributes that name the visitor, by what they are called in a request. */
const IDS = {
  targetingKey: 'thirdPartyId',
  tntId: 'tntId',
  marketingCloudVisitorId: 'marketingCloudVisitorId',
} as const
/** Attributes that are options of a call. */
const CALL = ['sessionId', 'targetCookie', 'targetLocationHint', 'visitorCookie'] as const
/** Attributes that say where the visitor is, and on what. */
const PAGE = ['url', 'referringUrl', 'userAgent', 'language', 'ipAddress', 'geo'] as const

const KNOWN = new Set<string>([...Object.keys(IDS), ...CALL, ...PAGE])

const textIn = (context: EvaluationContext, name: string): string | undefined => {
  const value = context[name]
  return typeof value === 'string' && value ? value : undefined
}

const contextOf = (given: EvaluationContext): Partial<Context> | undefined => {
  const text = (name: string) => textIn(given, name)
  const [url, referringUrl, userAgent] = [text('url'), text('referringUrl'), text('userAgent')]
  const [language, ipAddress] = [text('language'), text('ipAddress')]
  const place = typeof given.geo === 'object' && given.geo !== null ? given.geo : undefined
  const context = {
    ...((url || referringUrl) && { address: { ...(url && { url }), ...(referringUrl && { referringUrl }) } }),
    ...(userAgent && { userAgent }),
    ...(language && { browser: { language } }),
    ...((place || ipAddress) && { geo: { ...place, ...(ipAddress && { ipAddress }) } }),
  }
  return Object.keys(context).length ? context : undefined
}

const idOf = (context: EvaluationContext): VisitorId | undefined => {
  const id = Object.entries(IDS).flatMap(([name, key]) => {
    const value = textIn(context, name)
    return value === undefined ? [] : [[key, value]]
  })
  return id.length ? Object.fromEntries(id) : undefined
}

/** Attributes that have a meaning here, and are no text. */
const misread = (context: EvaluationContext): string[] =>
  [...KNOWN].filter(
    (name) => name !== 'geo' && !['string', 'undefined'].includes(typeof context[name]) && context[name] !== null,
  )

const read = (context: EvaluationContext, attributes: readonly string[] | undefined): Asked => {
  const rest = Object.entries(context).filter(([name]) => !KNOWN.has(name) && (attributes?.includes(name) ?? true))
  const sorted = sortParameters(Object.fromEntries(rest))
  const [id, place] = [idOf(context), contextOf(context)]
  const wrong = misread(context)
  const isNobody = wrong.some((name) => name in IDS)
  return {
    ...sorted,
    problems: [...sorted.problems, ...wrong.map((name) => `The attribute ${name} is not sent: it must be text`)],
    call: {
      ...((id || place) && { request: { ...(id && { id }), ...(place && { context: place }) } }),
      ...Object.fromEntries(CALL.flatMap((name) => (textIn(context, name) ? [[name, textIn(context, name)]] : []))),
    },
    failure: isNobody ? failure('INVALID_CONTEXT', `${wrong.join()} must be text: it names the visitor`) : undefined,
  }
}

/** Reads an evaluation context. Never throws, whatever is in it. */
export const askedOf = (context: EvaluationContext = {}, attributes?: readonly string[]): Asked => {
  try {
    return read(context, attributes)
  } catch (error) {
    const why = failure('INVALID_CONTEXT', `The context cannot be read: ${(error as Error)?.message ?? error}`)
    return { call: {}, parameters: {}, profileParameters: {}, problems: [], failure: why }
  }
}
