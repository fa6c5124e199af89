import type {
  BaseHook,
  CommonProvider,
  EvaluationContext,
  FlagValue,
  JsonValue,
  Logger,
  ResolutionDetails,
  ServerProviderStatus,
} from '@openfeature/core'
import type { Client } from '../client/client.ts'
import { parseTargetCookie } from '../delivery/session.ts'
import { watchArtifacts } from './artifact-watch.ts'
import { type Asked, askedOf } from './asked.ts'
import { conversionOf } from './conversion.ts'
import { deviceFinding, unknownToRules } from './device-finding.ts'
import { createEdgeAsker } from './edge-asker.ts'
import { createEmitter } from './emitter.ts'
import { asError, type Failure, failure, failureOf, isRefused } from './failure.ts'
import { offerFinding } from './offer-finding.ts'
import type { ProviderOptions } from './options.ts'
import { createPlaceOf, type Place } from './place.ts'
import { detailsOf, type Finding, failed, type Kind, metadataOf, type ResolveArguments } from './resolution.ts'
import { createSessions, type Session } from './sessions.ts'
import { createTeller } from './teller.ts'

// biome-ignore lint/suspicious/noConfusingVoidType: the SDK has it so
type Given = EvaluationContext | void

/** A hook of the SDK for servers. */
export type ServerHook = BaseHook<FlagValue, Record<string, unknown>, Promise<Given> | Given, Promise<void> | void>

/** Options of the provider for servers. */
export interface ServerProviderOptions extends ProviderOptions<ServerHook> {
  /**
   * True takes a context that names nobody for a new visitor, each time. False gives the default, with the code `TARGETING_KEY_MISSING`:
   * such a visitor would be given another experience with each evaluation. @default false
   */
  anonymous?: boolean
}

/** A provider for `@openfeature/server-sdk`. */
export interface ServerProvider extends CommonProvider<ServerProviderStatus> {
  readonly runsOn: 'server'
  readonly hooks: ServerHook[]
  resolveBooleanEvaluation: ServerResolve<boolean>
  resolveStringEvaluation: ServerResolve<string>
  resolveNumberEvaluation: ServerResolve<number>
  /** Resolves a flag whose value is an object or a list. Never rejects. */
  resolveObjectEvaluation<Value extends JsonValue>(...asked: ResolveArguments<Value>): Promise<ResolutionDetails<Value>>
}

/** Resolves a flag for whoever the context names. Never rejects. */
export type ServerResolve<Value> = (...asked: ResolveArguments<Value>) => Promise<ResolutionDetails<Value>>

const NOBODY =
  'Whose flag is it? Pass targetingKey, tntId, marketingCloudVisitorId, sessionId or targetCookie, or create the provider with anonymous: true'

/** The visitor of a context, in a session. */
interface Visit {
  asked: Asked
  session: Session | undefined
  failure?: Failure | undefined
}

const createVisitOf = ({ attributes, anonymous }: ServerProviderOptions) => {
  const sessionOf = createSessions(Date.now)
  return (context: EvaluationContext): Visit => {
    const asked = askedOf(context, attributes)
    const { call } = asked
    const id = call.request?.id
    if (asked.failure) return { asked, session: undefined, failure: asked.failure }
    const { targetCookie, visitorCookie } = call
    if (call.sessionId || parseTargetCookie(targetCookie, Date.now()).session) return { asked, session: undefined }
    if (!(id || targetCookie || visitorCookie))
      return { asked, session: undefined, failure: anonymous ? undefined : failure('TARGETING_KEY_MISSING', NOBODY) }
    // A cookie outlives the session in it: what is asked for its visitor belongs to one new session.
    const session = sessionOf([id, targetCookie, visitorCookie])
    const { sessionId, targetLocationHint } = session
    return { asked: { ...asked, call: { sessionId, targetLocationHint, ...call } }, session }
  }
}

/** Finds out about flags: on the device what its rules hold, by the edge else. */
const createFind = (target: Client, { display = true }: ServerProviderOptions) => {
  const askEdge = createEdgeAsker({ target, isDisplay: display })
  const method = target.decisioningMethod
  return async (place: Place, { asked, session }: Visit): Promise<Finding> => {
    const { mbox } = place
    if (method !== 'server-side') {
      const read = () => deviceFinding(target, place, { ...asked.call, parameters: asked.parameters, display })
      const found = read()
      if (found) return found
      if (method === 'on-device') {
        await target.ready()
        return read() ?? failed(unknownToRules(mbox), mbox)
      }
    }
    return offerFinding(await askEdge(mbox, asked, session), place)
  }
}

/**
 * Makes a provider for `@openfeature/server-sdk`: each evaluation is decided for the visitor whom its context names. Flags are read
 * from the JSON offers of mboxes. The client stays the caller's own: the provider flushes it when it is closed, and no more.
 *
 * @example
 * await OpenFeature.setProviderAndWait(serverProvider(TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg' })))
 */
export const serverProvider = (target: Client, options: ServerProviderOptions = {}): ServerProvider => {
  const { hooks = [], conversion = (name) => name } = options
  const events = createEmitter()
  const placeOf = createPlaceOf(options)
  const visitOf = createVisitOf(options)
  const find = createFind(target, options)
  const tell = createTeller()
  const isOnDevice = target.decisioningMethod === 'on-device'
  let watch: ReturnType<typeof watchArtifacts> | undefined

  const findingOf = async (flagKey: string, context: EvaluationContext, logger?: Logger): Promise<Finding> => {
    const place = placeOf(flagKey)
    if (!place) return failed(failure('FLAG_NOT_FOUND', `${flagKey} names no mbox`))
    const visit = visitOf(context)
    tell(visit.asked.problems, logger)
    if (visit.failure) return failed(visit.failure, place.mbox)
    try {
      return await find(place, visit)
    } catch (error) {
      if (isRefused(error)) return { reason: 'DEFAULT', metadata: metadataOf(place.mbox) }
      return failed(failureOf(error), place.mbox)
    }
  }
  const resolve =
    <Value>(kind: Kind): ServerResolve<Value> =>
    async (...[flagKey, defaultValue, context, logger]) =>
      detailsOf(await findingOf(flagKey, context, logger), kind, defaultValue)

  return {
    metadata: { name: 'isotarget' },
    runsOn: 'server',
    hooks,
    events,
    async initialize() {
      watch?.end()
      if (target.decisioningMethod === 'server-side') return
      // It may be closed while it waits, and begun again.
      const own = watchArtifacts(target, events)
      watch = own
      try {
        if (isOnDevice) await target.ready()
        own.begin(true)
      } catch (error) {
        own.begin(isRefused(error))
        if (!isRefused(error)) throw asError(error)
      }
    },
    async onClose() {
      watch?.end()
      watch = undefined
      await target.flush()
    },
    resolveBooleanEvaluation: resolve('boolean'),
    resolveStringEvaluation: resolve('string'),
    resolveNumberEvaluation: resolve('number'),
    resolveObjectEvaluation: resolve('object') as ServerProvider['resolveObjectEvaluation'],
    track(name, context, event) {
      const { asked, failure: why } = visitOf(context)
      const { details, problems } = conversionOf(event, asked)
      tell([...asked.problems, ...problems, ...(why ? [`${name} is not tracked: ${why.message}`] : [])])
      if (!why) target.track(conversion(name), details, asked.call)
    },
  }
}
