import { isPlainObject } from './clean.ts'

/** A notification, as far as it is looked at. */
interface Reported {
  id?: string
  tokens?: unknown[]
  mbox?: { state?: unknown }
  view?: { state?: unknown }
  pageLoad?: { state?: unknown }
}

/** The notifications of a request. */
export const notificationsIn = (body: unknown): Reported[] => {
  const { notifications } = Object(body) as { notifications?: unknown }
  return Array.isArray(notifications) ? (notifications as Reported[]) : []
}

/** Every event token and state that the recorded answers hold. */
export const tokensIn = (value: unknown, found = new Set<unknown>()): Set<unknown> => {
  if (Array.isArray(value)) for (const item of value) tokensIn(item, found)
  else if (isPlainObject(value))
    for (const [name, inner] of Object.entries(value)) {
      if ((name === 'eventToken' || name === 'state') && typeof inner === 'string') found.add(inner)
      else tokensIn(inner, found)
    }
  return found
}

/** Why notifications cannot be of what was recorded; undefined for good ones. */
export const badReport = (body: unknown, known: ReadonlySet<unknown>): string | undefined => {
  for (const { id, tokens, mbox, view, pageLoad } of notificationsIn(body)) {
    const state = (mbox ?? view ?? pageLoad)?.state
    const strange = [...(Array.isArray(tokens) ? tokens : []), ...(state === undefined ? [] : [state])].find(
      (token) => !known.has(token),
    )
    if (strange !== undefined)
      return `Invalid Notification ${id}: its token ${`${strange}`.slice(0, 24)} is in no answer of the recording`
  }
  return undefined
}
