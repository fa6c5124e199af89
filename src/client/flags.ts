import type { Rule } from '../decisioning/artifact.ts'
import type { Device } from '../decisioning/device.ts'
import type { Flag, FlagReason } from '../decisioning/flag.ts'
import type { Context } from '../delivery/context.ts'
import type { Widened } from '../delivery/json-value.ts'
import type { Notification } from '../delivery/notification.ts'
import type { VisitorId } from '../delivery/visitor.ts'
import type { Envelope } from '../notification/batch.ts'
import { createId, type Platform } from '../platform/platform.ts'
import type { Events } from './events.ts'
import type { Identity, identify, remember } from './identity.ts'
import type { AttributesOptions, ClientOptions } from './options.ts'

/** Options of `variation`. */
export interface VariationOptions extends AttributesOptions {
  /** Mbox parameters, for rules that ask for them. */
  parameters?: Record<string, string> | undefined
  /** False reads a value without counting that it was shown. @default true */
  display?: boolean | undefined
}

/** A value, and why it is that. */
export interface Variation<Value = unknown> {
  value: Value
  /** `MATCH`, or why it is the default. */
  reason: FlagReason
  /** Of the rule that matches. */
  ruleKey?: string
  /** Of that rule, in JsonLogic. */
  condition?: unknown
  /** True when other rules of the mbox come before it, and did not match. */
  isRest?: boolean
  activity?: { id: unknown; name: unknown; type: unknown }
  experience?: { id: unknown; name: unknown }
  offer?: { id: unknown; name: unknown }
}

/** Values of JSON offers, decided at once. */
export interface Variations {
  /**
   * The value of a key in the JSON offer of an mbox, decided on the device, at once and without a network: what `getAttributes` gives,
   * read as the type of the default; without a key the whole offer. The default when there is none, and before the first artifact
   * (`await ready()`). The first time that a visit sees an experience, its display is queued. Never throws.
   */
  variation<Value>(
    mbox: string,
    key: string | undefined,
    defaultValue: Value,
    options?: VariationOptions,
  ): Widened<Value>
  /** The same, with the activity and the experience that it comes from, or why it is the default. */
  variationDetails<Value>(
    mbox: string,
    key: string | undefined,
    defaultValue: Value,
    options?: VariationOptions,
  ): Variation<Widened<Value>>
}

/** What the client lends, so that it is not loaded twice. */
interface Lent extends Pick<FlagsParts, 'identify' | 'remember' | 'device'> {
  core: {
    options: ClientOptions
    closed: boolean
    events: Events
  }
  visit: {
    platform: Platform
    consent: { isIn(): boolean }
    envelope?: Envelope | undefined
    report(notification: Notification, envelope: Envelope): void
  }
  /** Finds the visitor of a call. */
  envelopeNow(call: VariationOptions): Envelope
}

/** What values are decided with. */
interface FlagsParts {
  options: ClientOptions
  platform: Platform
  identify: typeof identify
  remember: typeof remember
  device(): Device | undefined
  isIn(): boolean
  /** The visitor as of the last answer. */
  envelope(): object | undefined
  warn(message: string): void
  /** Queues what was shown, for the visitor of a call. */
  add(notifications: readonly Notification[], call: VariationOptions): void
}

/** Whose value it is. */
interface Who {
  id: VisitorId
  /** Names the visit for which displays count once. */
  visit: string
  /** Absent for a visitor whom the caller names by the id that decides. */
  identity?: Identity
}

/** How long the visitor of a platform with cookies is taken for the same, in ms. */
const FRESH = 1_000
const NONE: VariationOptions = {}

/** The visitor whom the caller names by the id that decides; whoever is named otherwise has to be looked up. */
const namedBy = (call: VariationOptions): Who | undefined => {
  const { request, sessionId, visitor, visitorCookie, targetCookie } = call
  const id = request?.id
  // A cookie may name the visitor by an id that comes before.
  const third = targetCookie ? undefined : id?.thirdPartyId
  const name = id?.marketingCloudVisitorId || (visitor || visitorCookie ? undefined : id?.tntId || third)
  return id && name ? { id, visit: sessionId ?? name } : undefined
}

/** True when a call says nothing of the visitor. */
const isOwn = ({ request, customerIds, visitor, visitorCookie, sessionId, targetCookie }: VariationOptions): boolean =>
  !(request?.id || customerIds || visitor || visitorCookie || sessionId || targetCookie)

/** Finds out whose value is asked for. */
const createWho = ({ options, platform, identify, ...parts }: FlagsParts) => {
  const { now } = platform
  let known: (Who & { until: number; envelope: unknown }) | undefined
  const lookUp = (call: VariationOptions): Who => {
    const identity = identify(call, options, platform)
    return { identity, id: identity.id ?? {}, visit: identity.sessionId }
  }
  return (call: VariationOptions): Who => {
    if (!platform.cookies) return namedBy(call) ?? lookUp(call)
    if (!isOwn(call)) return lookUp(call)
    const envelope = parts.envelope()
    // An answer may have taught more of the visitor, and another page may have changed the cookies.
    if (!known || known.envelope !== envelope || known.until < now()) {
      known = { ...lookUp(call), envelope, until: now() + FRESH }
    }
    return known
  }
}

/** What the platform knows. Sizes of a page in the middle of a change are dear to ask for, and no rule reads them: only its address is new each time. */
const createContext = ({ context, address, now }: Platform): (() => Context | undefined) => {
  let known: { context: Context | undefined; until: number } | undefined
  return () => {
    if (!address) return context?.()
    const at = now()
    if (!known || known.until < at) known = { context: context?.(), until: at + FRESH }
    return { ...(known.context as Context), address: address() }
  }
}

const contextOf = (given: Partial<Context> | undefined, own: Context | undefined): Partial<Context> =>
  given && own ? { ...own, ...given } : (given ?? own ?? {})

const originOf = (rule: Rule, rules: readonly { rule: Rule }[]) => {
  const { meta, ruleKey, condition } = rule
  const named = (what: string) => ({ id: meta[`${what}.id`], name: meta[`${what}.name`] })
  return {
    ...(ruleKey !== undefined && { ruleKey }),
    condition,
    isRest: rules[0]?.rule !== rule,
    activity: { ...named('activity'), type: meta['activity.type'] },
    experience: named('experience'),
    offer: named('offer'),
  }
}

type Asked = [mbox: string, key: string | undefined, like: unknown, call?: VariationOptions | undefined]

const flagsOf = (parts: FlagsParts): Variations => {
  const { options, platform, device, remember } = parts
  const whoOf = createWho(parts)
  const contextNow = createContext(platform)

  /** Keeps the new id of a visitor who had none. */
  const learn = (who: Who, { id }: { id: VisitorId }): void => {
    who.id = id
    if (who.identity) remember(who.identity, { id }, parts)
  }

  /** Counts a display for the visitor whom it is about. */
  const count = (notifications: readonly Notification[], { id, identity }: Who, call: VariationOptions): void => {
    const { request } = call
    const own = request ? { request } : {}
    const sessionId = identity?.sessionId ?? call.sessionId ?? createId()
    parts.add(
      notifications,
      platform.cookies && isOwn(call) ? own : { ...call, sessionId, request: { ...request, id } },
    )
  }

  const decide = (...[mbox, key, like, call]: Asked): Flag | FlagReason => {
    if (!parts.isIn()) return 'NO_CONSENT'
    const { request, parameters, display = true } = call ?? NONE
    const who = whoOf(call ?? NONE)
    const context = contextOf(request?.context, contextNow())
    const property = request?.property?.token ?? options.propertyToken
    const question = { mbox, key, like, id: who.id, context, property, details: { parameters } }
    const flag = device()?.flag(question, { cluster: who.identity?.cluster, visit: display ? who.visit : undefined })
    if (!flag) return 'NOT_READY'
    if (flag.id !== who.id) learn(who, flag)
    if (flag.notifications.length) count(flag.notifications, who, call ?? NONE)
    return flag
  }

  const attempt: typeof decide = (...asked) => {
    try {
      return decide(...asked)
    } catch (error) {
      parts.warn(`variation(): ${(error as Error)?.message}`)
      return 'ERROR'
    }
  }

  return {
    variation: ((...asked: Asked) => {
      const flag = attempt(...asked)
      return typeof flag === 'string' || flag.reason !== 'MATCH' ? asked[2] : flag.value
    }) as Variations['variation'],
    variationDetails: ((...asked: Asked) => {
      const flag = attempt(...asked)
      if (typeof flag === 'string') return { value: asked[2], reason: flag }
      const { reason, rule, rules } = flag
      const value = reason === 'MATCH' ? flag.value : asked[2]
      return { value, reason, ...(rule && originOf(rule, rules)) }
    }) as Variations['variationDetails'],
  }
}

/** Decides on values at once. */
export const createFlags = ({ core, visit, envelopeNow, ...functions }: Lent): Variations => {
  const { options, events } = core
  const { platform, consent } = visit
  return flagsOf({
    ...functions,
    options,
    platform,
    isIn: consent.isIn,
    envelope: () => visit.envelope,
    warn: (message) => events.emit('warning', { message }),
    add(notifications, call) {
      // A client that is closed counts nothing any more.
      if (core.closed) return
      const envelope = envelopeNow(call)
      for (const notification of notifications) visit.report(notification, envelope)
    },
  })
}
