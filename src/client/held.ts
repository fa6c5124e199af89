import { parseRequest } from '../delivery/contract.ts'
import { invalid } from '../delivery/error.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import { type Parts, placesFor, questionOf, type ServerState, withItems } from '../delivery/server-state.ts'
import type { Platform } from '../platform/platform.ts'
import type { Asked, Delivered } from './asked.ts'
import type { Core } from './core.ts'

/** A fresh one, because what is handed out belongs to the caller. */
const copy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value))

/** Reads a state. Throws for one that cannot be used. */
const readState = (given: unknown, client: string) => {
  const state: ServerState | null = JSON.parse(typeof given === 'string' ? given : JSON.stringify(given))
  if (!state) return undefined
  const { response, client: own = client } = state
  if (own !== client || typeof response !== 'object' || !response) throw invalid(`no response, or of the client ${own}`)
  const request = parseRequest(state.request ?? {})
  const answers = new Map<string, object[]>()
  withItems(request, (item, where) => {
    answers.set(questionOf(request, item, where), placesFor(response, item, where))
    return []
  })
  return {
    request,
    response,
    meta: { decisioningMethod: 'server-side' as const, remoteMboxes: [], remoteViews: [], ...state.meta },
    /** What of a request is not answered; undefined when nothing is. */
    restOf(asked: DeliveryRequest): Parts | undefined {
      let isHeld = false
      const rest = withItems(asked, (item, where) => {
        const has = answers.has(questionOf(asked, item, where))
        isHeld ||= has
        return has ? [] : [item]
      })
      return isHeld ? rest : undefined
    },
    /** The answer to a request, in the order in which it asks; `far` answers the rest. */
    answerTo(asked: DeliveryRequest, far: DeliveryResponse): DeliveryResponse {
      const whole = withItems(asked, (item, where) => {
        const places = answers.get(questionOf(asked, item, where))
        return places?.map((place) => copy({ ...place, index: item.index })) ?? placesFor(far, item, where)
      })
      const metrics = [...new Set([response, far])].flatMap(({ prefetch }) => prefetch?.metrics ?? [])
      if (whole.prefetch?.views && metrics.length) whole.prefetch.metrics = metrics
      return { status: response.status, ...far, ...whole } as DeliveryResponse
    },
  }
}

/** Reads what the page was handed, or on a server what a visitor was answered so far. */
export const createHeld = ({ options, events }: Core, { handOver }: Platform) => {
  let last: unknown
  let held: ReturnType<typeof readState>
  return () => {
    const given = handOver?.text() ?? (options.serverState || undefined)
    if (given === last) return held
    last = given
    try {
      held = readState(given, options.client)
    } catch (error) {
      events.emit('warning', { message: `serverState cannot be used: ${error}` })
    }
    return held
  }
}

export const NO_PLACES = { execute: undefined, prefetch: undefined }

export const asksForPlaces = ({ execute, prefetch }: { execute?: unknown; prefetch?: unknown }): boolean =>
  Boolean(execute || prefetch)

/** Whoever holds answers: the page, or a visitor of a server. */
export interface Holder {
  platform: Platform
  /** What has been asked for already: for a page by its server, for a visitor of a server in earlier calls. */
  held: ReturnType<typeof createHeld>
}

/** Takes from what is held, and has the rest decided. */
export const withHeld =
  ({ platform, held: heldNow }: Holder, deliver: (asked: Asked) => Promise<Delivered>) =>
  async (asked: Asked): Promise<Delivered> => {
    const { call, request } = asked
    const held = call.serverState === false || platform.handOver ? undefined : heldNow()
    const rest = held?.restOf(request)
    if (!held || !rest) return deliver(asked)
    const { execute, prefetch, notifications, experienceCloud } = request
    asked.request = { ...request, ...NO_PLACES, ...(rest as object) }
    // What belongs to one page view hangs together in Analytics by the server's supplemental data id.
    if (!call.request.experienceCloud)
      asked.request.experienceCloud = { ...experienceCloud, ...held.request.experienceCloud }
    const { decisioningMethod: method, ...remote } = held.meta
    const isAsking = asksForPlaces(rest) || notifications
    const delivered = isAsking ? await deliver(asked) : { response: {}, method, remote, shown: [] }
    asked.request = { ...asked.request, execute, prefetch }
    return { ...delivered, response: held.answerTo(request, delivered.response) }
  }
