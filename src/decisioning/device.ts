import type { Geo } from '../delivery/context.ts'
import type { Decide } from '../delivery/decide.ts'
import type { Notification } from '../delivery/notification.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DecisioningMethod } from '../delivery/telemetry.ts'
import type { VisitorId } from '../delivery/visitor.ts'
import { createId } from '../platform/platform.ts'
import { decide } from './decide.ts'
import { createDisplays } from './displays.ts'
import type { Decision } from './engine.ts'
import { type Flag, type FlagQuestion, flagOf } from './flag.ts'
import { mergeResponses, splitRequest } from './hybrid.ts'
import { createLocator } from './locate.ts'
import { createOnce } from './once.ts'
import type { DomainOf } from './page.ts'
import { type Remote, remoteOf } from './remote.ts'
import { compileArtifact, type Ruleset } from './ruleset.ts'
import { createSource, type SourceOptions, type SourceParts } from './source.ts'
import { identified, visitorOf } from './visitor.ts'

/** What a device works with. */
export interface DeviceParts extends Omit<SourceParts<Ruleset>, 'compile'> {
  options: SourceOptions
  /** Finds the domain of a host by a list of public suffixes. @default by counting labels */
  domainOf?: DomainOf | undefined
  /** True where the device that decides is the visitor's own. @default false */
  isVisitors?: boolean
}

/** Who asks, for the answer's own use. */
interface Asking {
  sessionId?: string
  /** The visitor's edge cluster, digits. */
  cluster?: string | undefined
}

/** How a hybrid decision is made. */
interface HybridParts extends Asking {
  edge: Decide
  /** True asks the edge only for what the rules do not hold; false for all of a request of which they do not hold a part. */
  isSplit?: boolean | undefined
  signal?: AbortSignal | undefined
}

/** What was decided, and where: `hybrid` when a part of it came from the edge. */
export interface Decided extends Decision {
  method: DecisioningMethod
}

/** Who asks for a value. */
interface FlagAsking extends Pick<Asking, 'cluster'> {
  /** Whose displays are counted; none are without it. */
  visit?: string | undefined
}

/** A value, and the displays by which it counts. */
interface Flagged extends Flag {
  /** The ids that were given, or new ones for a visitor who is known by none. */
  id: VisitorId
  notifications: Notification[]
}

/** Decides on the device. */
export interface Device {
  /** The rules as of now; undefined before the first artifact. */
  rules(): Ruleset | undefined
  /** Waits for the first artifact. Rejects with a `TargetError` `NOT_READY`. */
  ready(): Promise<Ruleset>
  /** Decides on the device. Rejects with a `TargetError` `NOT_READY` when no artifact comes in time. */
  onDevice(request: DeliveryRequest, asking?: Asking): Promise<Decided>
  /** Decides on the device what it can, and asks the edge for the rest. Rejects as the edge does. */
  hybrid(request: DeliveryRequest, parts: HybridParts): Promise<Decided>
  /**
   * Decides on one value at once, without looking up where the visitor is; undefined before the first artifact. Displays
   * count once for each visit.
   */
  flag(question: FlagQuestion, asking: FlagAsking): Flagged | undefined
  /** Ends the download and the polling; what has come can still be used. The copy for the next page is removed if it shall be. */
  close(isForgotten?: boolean): void
}

const nothing: Remote = { remoteMboxes: [], remoteViews: [] }

/** Asks the edge for all of a request. */
const fromEdge = async (
  request: DeliveryRequest,
  { edge, signal }: HybridParts,
  remote = nothing,
): Promise<Decided> => ({
  response: await edge(request, signal),
  notifications: [],
  method: 'server-side',
  ...remote,
})

/** Joins what the device has decided with the answer of the edge. What the edge does not answer is left out, and listed. */
const createJoin =
  (request: DeliveryRequest, { edge, signal }: HybridParts) =>
  async (near: Decision, far: DeliveryRequest): Promise<Decided> => {
    try {
      const answer = await edge({ ...far, id: near.response.id }, signal)
      return { ...near, response: mergeResponses(request, near.response, answer), method: 'hybrid' }
    } catch (error) {
      // Whoever gave up wants no half of an answer.
      if (signal?.aborted) throw error
      return { ...near, response: { ...near.response, status: 206 }, method: 'on-device' }
    }
  }

/** Makes a device that decides, which begins to download its rules at once. */
export const createDevice = (parts: DeviceParts): Device => {
  const { options, domainOf, isVisitors, now, emit } = parts
  let here: Geo | undefined
  const source = createSource<Ruleset>({
    ...parts,
    compile: (artifact) => compileArtifact(artifact, { client: options.client, ...(domainOf && { domainOf }) }),
    emit(name, event) {
      if (isVisitors && 'geoContext' in event) here = event.geoContext
      emit(name, event)
    },
  })
  const once = createOnce()
  const locate = createLocator({
    fetchApi: parts.fetchApi,
    here: () => here,
    onTrouble: (message) => emit('warning', { message }),
  })

  const decideBy = (ruleset: Ruleset, request: DeliveryRequest, { sessionId, cluster }: Asking): Decision =>
    decide(ruleset, request, {
      now: now(),
      sessionId,
      targetLocationHint: cluster,
      origin: request.trace && source.status(),
    })
  const located = async (ruleset: Ruleset, request: DeliveryRequest, asking: Asking): Promise<Decision> =>
    decideBy(ruleset, ruleset.artifact.geoTargetingEnabled ? await locate(request) : request, asking)

  return {
    rules: source.current,
    ready: source.ready,
    async onDevice(request, asking = {}) {
      const ruleset = source.current() ?? (await source.ready())
      return { ...(await located(ruleset, request, asking)), method: 'on-device' }
    },
    async hybrid(request, parts) {
      const ruleset = source.current()
      if (!ruleset) return fromEdge(request, parts)
      const remote = remoteOf(ruleset, request)
      const isLocal = !remote.remoteMboxes.length && !remote.remoteViews.length
      if (isLocal) return { ...(await located(ruleset, request, parts)), method: 'on-device' }
      const { near, far } = parts.isSplit ? splitRequest(ruleset, request) : {}
      if (!near || !far) return fromEdge(request, parts, remote)
      return createJoin(request, parts)({ ...(await located(ruleset, near, parts)), ...remote }, far)
    },
    flag(question, { visit, cluster }) {
      const ruleset = source.current()
      if (!ruleset) return undefined
      const at = now()
      const id = visitorOf(question.id) ? question.id : identified(question.id, createId, cluster)
      const flag = flagOf(ruleset, id === question.id ? question : { ...question, id }, at)
      const notifications: Notification[] = []
      if (visit !== undefined) {
        const displays = createDisplays({ list: notifications, timestamp: at, createId })
        for (const offer of flag.shown) if (once(`${offer.displayTokens[0]}`, visit, at)) displays.note(offer)
      }
      return { ...flag, id, notifications }
    },
    close: source.close,
  }
}
