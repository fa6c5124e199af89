import type { Notification } from '../delivery/notification.ts'
import type { Item } from './batch.ts'

/** Why a notification was dropped. */
export type DropReason = 'age' | 'overflow' | 'consent'

/** Told of the end of every notification. */
export interface Endings {
  onSent(notification: Notification): void
  onRejected(notification: Notification, error: unknown): void
  /** `age` in ms since it was queued. */
  onDropped(notification: Notification, reason: DropReason, age: number): void
}

/** What accounts work with. */
export interface AccountsParts extends Endings {
  /** Notifications that are held at most. */
  capacity: number
  /** Epoch ms. */
  now(): number
  /** An item has ended, and need not be stored any longer. */
  onEnd(item: Item): void
}

/** Displays go first when there is no room, then clicks, and conversions last. */
const rankOf = ({ notification }: Item): number => {
  const { type, tokens, order, mbox } = notification
  if (type === 'click') return 1
  return order || (mbox && !tokens?.length) ? 2 : 0
}

/** The oldest item of the lowest rank that is not under way. */
const least = (items: Iterable<Item>): Item | undefined => {
  let found: Item | undefined
  for (const item of items) {
    if (item.isOut || (found && rankOf(found) <= rankOf(item))) continue
    found = item
    if (rankOf(item) === 0) break
  }
  return found
}

/** Who is held, and what became of the others: each is told once. */
export const createAccounts = ({ capacity, now, onEnd, onSent, onRejected, onDropped }: AccountsParts) => {
  const held = new Set<Item>()
  const total = { sent: 0, rejected: 0 }
  /** Ends an item; false when it had ended before. */
  const end = (item: Item): boolean => {
    if (!held.delete(item)) return false
    onEnd(item)
    return true
  }
  const dropped = (item: Item, reason: DropReason): void => {
    if (end(item)) onDropped(item.notification, reason, Math.max(0, Math.round(now() - item.order)))
  }
  return {
    held: held as ReadonlySet<Item>,
    total,
    /** Holds an item, for which another may have to make room. */
    hold(item: Item): void {
      held.add(item)
      const victim = held.size > capacity ? least(held) : undefined
      if (victim) dropped(victim, 'overflow')
    },
    /** Lets go of an item that somebody else may hold now. */
    release: (item: Item): boolean => held.delete(item),
    sent(item: Item): void {
      if (!end(item)) return
      total.sent++
      onSent(item.notification)
    },
    rejected(item: Item, error: unknown): void {
      if (!end(item)) return
      total.rejected++
      onRejected(item.notification, error)
    },
    dropped,
  }
}

export type Accounts = ReturnType<typeof createAccounts>
