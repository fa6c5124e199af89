import type { Client, Notification, PrefetchMboxResponse } from '../../src/server.ts'

/** Somebody who came to the shop, with what they may see. */
export interface Guest {
  target: Client
  home: PrefetchMboxResponse
  product: PrefetchMboxResponse
  /** As the server knows it. */
  sessionId: string
}

/** A notification that was reported, and what it has to count as. */
export interface Reported {
  id: string
  as: string
}

/** What may happen, over and over: displays, clicks and orders of two activities. */
const HAPPENINGS: readonly [as: string, happen: (guest: Guest) => Notification | undefined][] = [
  ['101 impression', ({ target, home }) => target.display(home)],
  ['102 impression', ({ target, product }) => target.display(product)],
  ['102 click', ({ target, product }) => target.click(product)],
  ['101 impression', ({ target, home }) => target.display(home)],
  ['101 conversion', ({ target }) => target.track('order', { order: { id: crypto.randomUUID() } })],
]

/** Reports so much of what happens to a guest. */
export const report = (guest: Guest, count: number): Reported[] =>
  Array.from({ length: count }, (_, turn) => {
    const [as, happen] = HAPPENINGS[turn % HAPPENINGS.length]!
    const { id = '' } = happen(guest) ?? {}
    return { id, as }
  })
