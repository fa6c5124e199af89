/**
 * The tea shop on Next.js.
 *
 *   npm run demo -- next                                                                           with a local edge
 *   npm run build -w demo/next && TARGET_EDGE=https://target.shop.example npm start -w demo/next     with yours
 */

import type { OffersState } from 'isotarget/react'
import { type Client, mboxes, TargetClient } from 'isotarget/server'
import { headers } from 'next/headers'

const edge = new URL(process.env.TARGET_EDGE ?? 'http://localhost:8787')

/** Also for the client of the page. */
export const account = {
  client: 'demo',
  organizationId: 'DEMO@AdobeOrg',
  serverDomain: edge.host, // without it Target's own edge is asked
  secure: edge.protocol === 'https:',
}

/** One client for the whole process; whoever waits longer than half a second sees the default content. */
export const target = TargetClient.create({ ...account, timeout: 500 })
target.on('requestFailed', ({ error }) => console.error('The default content is shown:', error.message))

/** The header of the request in which the proxy hands on what it was answered. */
export const ANSWER = 'x-target-answer'

/** Asks as a visitor for what the page shows at first; undefined where there is no answer in time. */
export const ask = (visitor: Client): Promise<OffersState | undefined> =>
  visitor
    .getOffers({ request: { prefetch: { mboxes: mboxes('hero', 'delivery') } } })
    .then(({ response: { prefetch } }) => ({ response: { prefetch } }))
    .catch(() => undefined)

/** The same for server components. */
export const answer = async (): Promise<OffersState | undefined> => {
  const text = (await headers()).get(ANSWER)
  return text ? JSON.parse(decodeURIComponent(text)) : undefined
}
