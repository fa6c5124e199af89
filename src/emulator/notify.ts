import { GLOBAL_MBOX } from '../delivery/asking.ts'
import type { Notification } from '../delivery/notification.ts'
import { place } from './activity.ts'
import { countClick, countConversion, countImpression, note, type Occasion } from './count.ts'
import type { Decision } from './decide.ts'
import type { Call } from './edge.ts'
import type { Happening } from './happening.ts'
import { isRefusal, refusal } from './refusal.ts'
import type { Seal } from './tokens.ts'
import { once } from './visitors.ts'

/** How far ahead of the emulator's clock an event may be, in ms. */
const AHEAD_MS = 5 * 60 * 1000

/** A notification that may be counted, with the decisions that its tokens stand for. */
interface Verified {
  notification: Notification
  decisions: Decision[]
}

const bad = ({ id }: Notification, text: string) => refusal(400, `Invalid Notification ${id}: ${text}`)

const placeOf = ({ mbox, view, pageLoad }: Notification): string | undefined => {
  if (mbox?.name !== undefined) return place.mbox(mbox.name)
  if (view?.name !== undefined) return place.view(view.name)
  return pageLoad && place.pageLoad
}

/** A device reports the page load under the name of an mbox. */
const isPageLoad = (where: string, seal: Seal): boolean =>
  where === place.mbox(GLOBAL_MBOX) && seal.place === place.pageLoad

/** What a token or state says, if it was issued to this visitor, or published for all, for this place. */
const opened = (
  { edge, visitor }: Call,
  { text, where }: { text: string; where: string | undefined },
): Seal | undefined => {
  const own = edge.tokens.open(text)
  const seal = own && visitor.keys.has(own.visitor) ? own : edge.published.open(text)
  if (!seal) return undefined
  return !where || where === seal.place || seal.place === place.anywhere || isPageLoad(where, seal) ? seal : undefined
}

const decisionOf = ({ edge }: Call, { activity: id, experience }: Seal): Decision | undefined => {
  const activity = edge.settings.activities.find((one) => one.id === id)
  return activity && experience !== undefined && experience in activity.experiences
    ? { activity, experience }
    : undefined
}

const checkState = (call: Call, notification: Notification): void => {
  const { mbox, view, pageLoad } = notification
  const state = (mbox ?? view ?? pageLoad)?.state
  if (state === undefined) return
  const seal = opened(call, { text: state, where: placeOf(notification) })
  if (seal?.kind !== 'state') throw bad(notification, 'its state was not issued to this visitor for this place')
}

/** Throws a refusal when something was not issued by this emulator, or cannot be true. */
const verify = (call: Call, notification: Notification): Verified => {
  const { timestamp, type, tokens = [] } = notification
  if (timestamp > call.edge.settings.now() + AHEAD_MS) throw bad(notification, 'its timestamp is in the future')
  checkState(call, notification)
  const decisions = [...new Set(tokens)].map((text) => {
    const seal = opened(call, { text, where: placeOf(notification) })
    const decision = seal && decisionOf(call, seal)
    if (!decision)
      throw bad(notification, `unknown token ${text.slice(0, 12)}…: not issued to this visitor for this place`)
    if (seal.kind !== type) throw bad(notification, `a ${type} notification with a ${seal.kind} token`)
    return decision
  })
  return { notification, decisions }
}

/** One credit for each activity: two options of one activity that are shown together are one impression. */
const perActivity = (decisions: readonly Decision[]): Decision[] => [
  ...new Map(decisions.map((decision) => [decision.activity.id, decision])).values(),
]

const occasionOf = ({ request }: Call, notification: Notification): Occasion => {
  const { id, timestamp, mbox, view } = notification
  const impressionId = notification.impressionId ?? request.impressionId
  return {
    notification: id,
    timestamp,
    ...(mbox?.name !== undefined && { mbox: mbox.name }),
    ...(view?.name !== undefined && { view: view.name }),
    ...(impressionId !== undefined && { impressionId }),
  }
}

/** What is said of a display that no activity is credited with. */
const uncredited = ({ mbox, view }: Notification): Pick<Happening, 'what' | 'counted' | 'why'> => {
  if (mbox) return { what: 'conversion', counted: false, why: 'a conversion of no activity that the visitor is in' }
  if (view) return { what: 'view', counted: true }
  return { what: 'impression', counted: false, why: 'no tokens' }
}

const countDisplay = (call: Call, { notification, decisions }: Verified): void => {
  const { mbox, order } = notification
  const occasion = occasionOf(call, notification)
  for (const decision of perActivity(decisions)) countImpression(call, { decision, occasion })
  const name = mbox?.name === GLOBAL_MBOX ? undefined : mbox?.name
  const conversions = name === undefined ? 0 : countConversion(call, { mbox: name, order, occasion })
  if (!decisions.length && !conversions) note(call, { ...occasion, ...uncredited(notification) })
}

const countClicks = (call: Call, { notification, decisions }: Verified): void => {
  const occasion = occasionOf(call, notification)
  for (const decision of perActivity(decisions)) countClick(call, { decision, occasion })
  if (!decisions.length) note(call, { ...occasion, what: 'click', counted: false, why: 'no tokens' })
}

const countOne = (call: Call, verified: Verified): void => {
  const { id, type } = verified.notification
  if (once(call.visitor, 'notification', id)) {
    const count = type === 'click' ? countClicks : countDisplay
    count(call, verified)
    return
  }
  call.edge.book.repeat()
  const what = type === 'click' ? 'click' : 'impression'
  const why = 'this notification has counted before'
  note(call, { ...occasionOf(call, verified.notification), what, counted: false, why })
}

/**
 * Verifies the notifications of a call, then counts them, and returns the ids to acknowledge. A bad one throws a refusal, so that
 * nothing of the call is counted; a lenient emulator passes over it instead.
 */
export const notify = (call: Call): string[] => {
  const verified = ((call.request.notifications ?? []) as Notification[]).flatMap((notification) => {
    try {
      return verify(call, notification)
    } catch (error) {
      if (call.edge.settings.lenientNotifications && isRefusal(error)) return []
      throw error
    }
  })
  for (const one of verified) countOne(call, one)
  return verified.map(({ notification }) => notification.id)
}
