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
  // Most requests ask for one place, and a map costs more than all else here.
  let first: string | undefined
  let noted: Map<string, readonly string[]> | undefined
  let firstTokens: readonly string[] = []
  const remember = (name: string, tokens: readonly string[]): void => {
    if (first === undefined || first === name) {
      first = name
      firstTokens = tokens
    } else {
      noted ??= new Map()
      noted.set(name, tokens)
    }
  }
  return {
    note({ name, displayTokens }) {
      const known = name === first ? firstTokens : noted?.get(name)
      const tokens = known ? displayTokens.filter((token) => !known.includes(token)) : displayTokens.slice()
      if (!tokens.length) return undefined
      remember(name, known ? [...known, ...tokens] : displayTokens)
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
