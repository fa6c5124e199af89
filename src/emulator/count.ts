import type { Order } from '../delivery/order.ts'
import { type Activity, place } from './activity.ts'
import type { Decision } from './decide.ts'
import type { Call } from './edge.ts'
import { takesPart } from './environment.ts'
import type { Happening } from './happening.ts'
import { once } from './visitors.ts'

/** Where and by which notification something happened. */
export interface Occasion {
  mbox?: string
  view?: string
  notification?: string
  /** Epoch ms, as the notification says. */
  timestamp?: number
  impressionId?: string
}

type Outcome = Omit<Happening, keyof Occasion | 'visitor' | 'request' | 'qa'>

/** Live traffic and that of QA mode know nothing of each other. */
const scopeOf = ({ qa }: Call): string => (qa ? 'qa' : 'live')

/** Writes what happened. */
export const note = ({ edge, qa, visitor, requestId }: Call, happening: Occasion & Outcome): void =>
  edge.book.write({ ...happening, visitor: visitor.tntId, request: requestId, ...(qa && { qa: true }) })

/** Why an activity does not count for this call: property and environment belong on every call, also on that of a notification. */
const foreign = ({ property, environments, id }: Activity, { request, environment, qa }: Call): string | undefined => {
  if (qa?.forced.has(id)) return undefined
  if (property !== undefined && property !== request.property?.token) return 'the request names another property'
  return takesPart(environments, environment) ? undefined : 'the request is of another environment'
}

/** The outcome, and whether it is the first of its kind of this visitor in the activity. */
const firstly = (
  call: Call,
  { kind, activity }: { kind: 'clicker' | 'converter'; activity: Activity },
  why: string | undefined,
) => ({
  ...outcome(why),
  ...(why === undefined && { isFirst: once(call.visitor, scopeOf(call), kind, activity.id) }),
})

const outcome = (why: string | undefined): Pick<Happening, 'counted' | 'why'> =>
  why === undefined ? { counted: true } : { counted: false, why }

/** Something that a decision is to be credited with. */
interface Credit {
  decision: Decision
  occasion: Occasion
}

/** An impression counts once for each impression id. */
export const countImpression = (call: Call, { decision, occasion }: Credit): void => {
  const { visitor, sessionId } = call
  const { activity, experience } = decision
  const scope = scopeOf(call)
  const name = activity.experiences[experience]?.name ?? ''
  const { impressionId } = occasion
  const isRepeat = () => impressionId !== undefined && !once(visitor, scope, 'impression', activity.id, impressionId)
  const why = foreign(activity, call) ?? (isRepeat() ? 'this impressionId has counted before' : undefined)
  const said = { what: 'impression', activity: activity.id, experience, ...occasion, ...outcome(why) } as const
  if (why) {
    note(call, said)
    return
  }
  visitor.entered.set(`${scope} ${activity.id}`, experience)
  note(call, {
    ...said,
    newVisitor: once(visitor, scope, 'visitor', activity.id, name),
    newVisit: once(visitor, scope, 'visit', activity.id, name, sessionId),
  })
}

/** Every click counts. */
export const countClick = (call: Call, { decision, occasion }: Credit): void => {
  const { activity, experience } = decision
  note(call, {
    what: 'click',
    activity: activity.id,
    experience,
    ...occasion,
    ...firstly(call, { kind: 'clicker', activity }, foreign(activity, call)),
  })
}

const converts = ({ conversions, places }: Activity, mbox: string): boolean =>
  conversions === true ? !places.has(place.mbox(mbox)) : conversions.includes(mbox)

const orderOf = (order: Order | undefined): Pick<Happening, 'order'> => {
  if (!order) return {}
  const { id, total } = order
  return { order: { ...(id !== undefined && { id }), ...(total !== undefined && { total }) } }
}

/** An mbox that was reached. */
interface Reached {
  mbox: string
  order: Order | undefined
  occasion: Occasion
}

/** Why a conversion does not count. A request that is sent again carries the same impression id. */
const noConversion = (activity: Activity, call: Call, { mbox, order, occasion }: Reached): string | undefined => {
  const { visitor } = call
  const { notification, impressionId } = occasion
  const scope = scopeOf(call)
  const property = foreign(activity, call)
  if (property) return property
  if (notification === undefined && !once(visitor, scope, 'conversion', activity.id, mbox, impressionId ?? ''))
    return 'this impressionId has counted before'
  if (order?.id !== undefined && !once(visitor, scope, 'order', activity.id, order.id))
    return 'this order has counted before'
  return undefined
}

/**
 * A conversion counts for the activities that the visitor has entered by an impression, and an order once. Returns how many
 * activities heard of it.
 */
export const countConversion = (call: Call, reached: Reached): number => {
  const { mbox, order, occasion } = reached
  const stay = ({ id }: Activity) => call.visitor.entered.get(`${scopeOf(call)} ${id}`)
  const entered = call.edge.settings.activities.filter((activity) => {
    return converts(activity, mbox) && stay(activity) !== undefined
  })
  for (const activity of entered) {
    const experience = stay(activity) ?? 0
    const said = {
      what: 'conversion',
      activity: activity.id,
      experience,
      ...occasion,
      ...orderOf(order),
      mbox,
    } as const
    note(call, { ...said, ...firstly(call, { kind: 'converter', activity }, noConversion(activity, call, reached)) })
  }
  return entered.length
}
