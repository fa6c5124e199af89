import type { Notification } from '../delivery/notification.ts'
import type { Offer } from './offer.ts'

/** Notes what is shown at once, each event token once for each name. */
export interface Displays {
  /** The notification that counts an offer; undefined when there is nothing left to count. */
  note(offer: Offer): Notification | undefined
}

/** Adds the displays of one answer to a list; `timestamp` in epoch ms. */
export const createDisplays = (list: Notification[], timestamp: number, createId: () => string): Displays => {
  const noted = new Map<string, readonly string[]>()
  return {
    note({ name, displayTokens }) {
      const known = noted.get(name)
      const tokens = known ? displayTokens.filter((token) => !known.includes(token)) : [...displayTokens]
      if (!tokens.length) return undefined
      noted.set(name, known ? [...known, ...tokens] : displayTokens)
      const id = createId()
      const notification: Notification = { id, impressionId: id, timestamp, type: 'display', mbox: { name }, tokens }
      list.push(notification)
      return notification
    },
  }
}
