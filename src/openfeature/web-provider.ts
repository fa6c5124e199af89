import type {
  BaseHook,
  ClientProviderStatus,
  CommonProvider,
  EvaluationContext,
  FlagValue,
  JsonValue,
  ResolutionDetails,
} from '@openfeature/core'
import type { Client } from '../client/client.ts'
import type { VariationOptions } from '../client/flags.ts'
import { invalid } from '../delivery/error.ts'
import { watchArtifacts } from './artifact-watch.ts'
import { askedOf } from './asked.ts'
import { conversionOf } from './conversion.ts'
import { deviceFinding, unknownToRules } from './device-finding.ts'
import { createEmitter } from './emitter.ts'
import { asError, failure, isRefused } from './failure.ts'
import { offerFinding } from './offer-finding.ts'
import type { ProviderOptions } from './options.ts'
import { createPageOffers } from './page-offers.ts'
import { createPlaceOf, isMboxName, type Place } from './place.ts'
import { detailsOf, type Finding, failed, type Kind, type ResolveArguments } from './resolution.ts'
import { createTeller } from './teller.ts'

/** A hook of the SDK for pages. */
export type WebHook = BaseHook<FlagValue, Record<string, unknown>, void, void>

/** Options of the provider for pages. */
export interface WebProviderOptions extends ProviderOptions<WebHook> {
  /**
   * Mboxes whose flags are asked for when the page starts, and again when its context changes. All others are decided on the device, for
   * which the client has to be `on-device` or `hybrid`. @default none
   */
  mboxes?: readonly string[]
}

/** A provider for `@openfeature/web-sdk`. */
export interface WebProvider extends CommonProvider<ClientProviderStatus> {
  readonly runsOn: 'client'
  /** True: what it holds is for the context of one domain. */
  readonly domainScoped: true
  readonly hooks: WebHook[]
  /** Asks anew when the context of the page names somebody or something else. */
  onContextChange(oldContext: EvaluationContext, newContext: EvaluationContext): Promise<void> | void
  resolveBooleanEvaluation: WebResolve<boolean>
  resolveStringEvaluation: WebResolve<string>
  resolveNumberEvaluation: WebResolve<number>
  /** Resolves a flag whose value is an object or a list, at once. Never throws. */
  resolveObjectEvaluation<Value extends JsonValue>(...asked: ResolveArguments<Value>): ResolutionDetails<Value>
}

/** Resolves a flag for the context of the page, at once. Never throws. */
export type WebResolve<Value> = (...asked: ResolveArguments<Value>) => ResolutionDetails<Value>

const NOT_YET = failure('PROVIDER_NOT_READY', 'Nothing was answered yet for this visitor')

/** Keeps the context of the page, read once. */
const createPageContext = ({ attributes, display = true }: WebProviderOptions) => {
  const tell = createTeller()
  const now = { asked: askedOf(), call: { display } as VariationOptions }
  return {
    now,
    tell,
    turnTo(context: EvaluationContext | undefined): void {
      const asked = askedOf(context, attributes)
      const { parameters } = asked
      now.asked = asked
      now.call = { ...asked.call, display, ...(Object.keys(parameters).length && { parameters }) }
      tell(asked.problems)
    },
  }
}

/** Brings flags up to date with the context of the page. */
const createPageFlags = (target: Client, options: WebProviderOptions) => {
  const { mboxes = [], display = true } = options
  const page = createPageContext(options)
  const offers = createPageOffers({ target, names: mboxes })
  const placeOf = createPlaceOf(options)
  const method = target.decisioningMethod
  let isReady = false

  const inOffers = (place: Place): Finding => {
    const held = offers.get(place.mbox)
    if (!held) return failed(NOT_YET, place.mbox)
    const found = offerFinding(held.answer, place)
    if (display) offers.show(place.mbox)
    return held.isOld ? { ...found, reason: 'STALE' } : found
  }
  const onDevice = (place: Place): Finding => {
    const { mbox } = place
    if (method === 'server-side')
      return failed(failure('FLAG_NOT_FOUND', `Nobody asks for ${mbox}: name it in mboxes`), mbox)
    return deviceFinding(target, place, page.now.call) ?? failed(isReady ? unknownToRules(mbox) : NOT_YET, mbox)
  }
  return {
    page,
    isAsking: mboxes.length > 0,
    /** Asks for the flags of the context. Rejects as the client does, and for a context that cannot be. */
    async ask(): Promise<void> {
      const { asked } = page.now
      if (asked.failure) throw invalid(asked.failure.message)
      if (mboxes.length) await offers.ask(asked)
    },
    /** Waits for rules, and rejects where nothing else can decide. */
    async rules(): Promise<void> {
      if (method === 'server-side') return
      try {
        await target.ready()
        isReady = true
      } catch (error) {
        if (!isRefused(error) && (method === 'on-device' || !mboxes.length)) throw error
      }
    },
    find(flagKey: string): Finding {
      const place = placeOf(flagKey)
      if (!place) return failed(failure('FLAG_NOT_FOUND', `${flagKey} names no mbox`))
      const { asked } = page.now
      if (asked.failure) return failed(asked.failure, place.mbox)
      return offers.has(place.mbox) ? inOffers(place) : onDevice(place)
    },
    forget(): void {
      offers.forget()
      isReady = false
    },
  }
}

/** Starts, follows and ends what a provider does for a page. */
const createLife = (target: Client, { page, ask, rules, forget, isAsking }: ReturnType<typeof createPageFlags>) => {
  const events = createEmitter()
  let watch: ReturnType<typeof watchArtifacts> | undefined
  return {
    events,
    async initialize(context?: EvaluationContext): Promise<void> {
      watch?.end()
      page.turnTo(context)
      watch = target.decisioningMethod === 'server-side' ? undefined : watchArtifacts(target, events, ask)
      try {
        await Promise.all([rules(), ask()])
        watch?.begin(true)
      } catch (error) {
        watch?.begin(false)
        throw asError(error)
      }
    },
    onContextChange(_: EvaluationContext, context: EvaluationContext): Promise<void> | undefined {
      page.turnTo(context)
      if (!isAsking && !page.now.asked.failure) return undefined
      return ask().catch((error) => {
        throw asError(error)
      })
    },
    async onClose(): Promise<void> {
      watch?.end()
      watch = undefined
      forget()
      await target.flush()
    },
  }
}

/**
 * Makes a provider for `@openfeature/web-sdk`: flags of one page, for the context that is set for it. They are read from the JSON offers
 * of mboxes. The client stays the caller's own: the provider flushes it when it is closed, and no more. Throws a `TargetError` when
 * one of `mboxes` cannot be.
 *
 * @example
 * await OpenFeature.setProviderAndWait(webProvider(target, { mboxes: ['flags'] }))
 */
export const webProvider = (target: Client, options: WebProviderOptions = {}): WebProvider => {
  const { hooks = [], conversion = (name) => name, mboxes = [] } = options
  const misnamed = mboxes.find((name) => !isMboxName(name))
  if (misnamed !== undefined) throw invalid(`${misnamed} in mboxes cannot be the name of an mbox`, { path: 'mboxes' })
  const flags = createPageFlags(target, options)
  const { page, find } = flags
  const resolve =
    <Value>(kind: Kind): WebResolve<Value> =>
    (...[flagKey, defaultValue, , logger]) => {
      page.tell([], logger)
      return detailsOf(find(flagKey), kind, defaultValue)
    }

  return {
    metadata: { name: 'isotarget' },
    runsOn: 'client',
    domainScoped: true,
    hooks,
    ...createLife(target, flags),
    resolveBooleanEvaluation: resolve('boolean'),
    resolveStringEvaluation: resolve('string'),
    resolveNumberEvaluation: resolve('number'),
    resolveObjectEvaluation: resolve('object') as WebProvider['resolveObjectEvaluation'],
    track(name, _, event) {
      const { asked } = page.now
      const { details, problems } = conversionOf(event, asked)
      page.tell(problems)
      if (!asked.failure) target.track(conversion(name), details, asked.call)
    },
  }
}
