import type { Context } from '../delivery/context.ts'
import type { Notification } from '../delivery/notification.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import { answer, roundOf } from './answer.ts'
import type { Artifact } from './artifact.ts'
import { createDisplays } from './displays.ts'
import type { Moment } from './moment.ts'
import { type Remote, remoteOf } from './remote.ts'
import { visitTokens } from './response-tokens.ts'
import { type Ruleset, rulesetOf } from './ruleset.ts'
import type { Mode, TracerOf } from './trace.ts'
import { identified, visitorOf } from './visitor.ts'

/** What was decided. */
export interface Decision extends Remote {
  response: DeliveryResponse
  /** What `execute` showed: it counts when it is reported. */
  notifications: Notification[]
}

/** What the engine is lent. */
export interface EngineParts {
  /** Makes random ids, for requests, visitors and notifications. */
  createId(): string
  /** Makes tracers for the requests that ask for a trace. @default none, and no traces */
  tracerOf?: TracerOf
}

/**
 * Decides on a request by the rules of an artifact, without a network and at once. Neither of the two is changed, and the
 * answer is the caller's own. What the rules do not hold is listed beside the answer, which then has the status 206.
 */
export type DecideByRules = (rules: Artifact | Ruleset, request: DeliveryRequest, now: number | Moment) => Decision

/** Makes an engine. It holds no state but the number of its notifications. */
export const createDecide = ({ createId, tracerOf }: EngineParts): DecideByRules => {
  let base: string | undefined
  let number = 0
  /** One random id for all of them, numbered: a random one for each costs more than to decide. */
  const notificationId = () => {
    base ??= createId()
    number++
    return `${base}-${number}`
  }
  return (rules, request, now) => {
    const moment: Moment = typeof now === 'number' ? { now } : now
    const ruleset = rulesetOf(rules)
    const { context = {} as Partial<Context>, property, execute, prefetch } = request
    const id = identified(request.id, createId, moment.targetLocationHint)
    const { remoteMboxes, remoteViews } = remoteOf(ruleset, request)
    const notifications: Notification[] = []
    const response: DeliveryResponse = {
      status: remoteMboxes.length || remoteViews.length ? 206 : 200,
      requestId: request.requestId || createId(),
      id,
      client: ruleset.client,
    }
    const visitor = visitorOf(id)
    const round = roundOf(ruleset, { context, visitor, now: moment.now, property: property?.token })
    round.tokens = visitTokens(ruleset.geoTokens, round)
    const trace = (mode: Mode) => request.trace && tracerOf?.(mode, ruleset, { id, ...moment })
    if (execute) {
      round.displays = createDisplays({
        list: notifications,
        timestamp: moment.now,
        createId: notificationId,
        impressionId: request.impressionId,
      })
      round.tracer = trace('execute')
      response.execute = answer(round, execute)
    }
    if (prefetch) {
      round.displays = undefined
      round.tracer = trace('prefetch')
      response.prefetch = answer(round, prefetch)
    }
    return { response, remoteMboxes, remoteViews, notifications }
  }
}
