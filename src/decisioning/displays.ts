import type { Notification } from '../delivery/notification.ts'
import type { Offer } from './offer.ts'

/** Notes what is shown at once, each event token once for each name. */
export interface Displays {
  /** The notification that counts an offer; undefined when there is nothing left to count. */
  note(offer: Offer): Notification | undefined
}

/** What the displays of one answer have in common. */
export interface DisplayParts {
  /** Takes them. */
  list: Notification[]
  /** Epoch ms. */
  timestamp: number
  createId(): string
  /** Lets Target count one impression of an activity that is shown at several places. @default one of its own for each */
  impressionId?: string | undefined
}

/** Notes the displays of one answer. */
export const createDisplays = ({ list, timestamp, createId, impressionId }: DisplayParts): Displays => {
  const noted = new Map<string, readonly string[]>()
  return {
    note({ name, displayTokens }) {
      const known = noted.get(name)
      const tokens = known ? displayTokens.filter((token) => !known.includes(token)) : [...displayTokens]
      if (!tokens.length) return undefined
      noted.set(name, known ? [...known, ...tokens] : displayTokens)
      const id = createId()
      const impression = impressionId ?? id
      const notification: Notification = {
        id,
        impressionId: impression,
        timestamp,
        type: 'display',
        mbox: { name },
        tokens,
      }
      list.push(notification)
      return notification
    },
  }
}
