import type { Client } from '../client/client.ts'
import { createOffers, type Offers, type Provided } from './offers.ts'
import type { OffersState } from './state.ts'

/** By client, which is that of a page, or on a server of one visitor: nobody is given what was decided for another. */
const known = /* @__PURE__ */ new WeakMap<Client, Offers>()

/**
 * The offers of a client. It has the same ones however often it is asked, since a component that waits is drawn from the start. The
 * client of all visitors of a server has new ones each time, and nobody is asked for them.
 */
export const offersOf = (client: Client | undefined, provided: Provided): Offers => {
  const theirs = client?.hasVisitor ? client : undefined
  const offers = (theirs && known.get(theirs)) ?? createOffers(theirs)
  if (theirs) known.set(theirs, offers)
  offers.provide(provided)
  return offers
}

/**
 * What the rendering of a page has asked for, as a state that the page goes on with: write it into the page as JSON behind what was
 * rendered. Nothing for a client that was asked nothing.
 */
export const offersState = (client: Client): OffersState => known.get(client)?.collect() ?? { response: {} }
