/**
 * The tea shop on Next.js.
 *
 *   npm run demo -- next                                                                           with a local edge
 *   npm run build -w demo/next && TARGET_EDGE=https://target.shop.example npm start -w demo/next     with yours
 */
import { mboxes, type PrefetchMboxResponse, TargetClient } from 'isotarget/server'
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

/** What the proxy has asked for, and hands on to the server components. */
export interface Decided {
  offers: PrefetchMboxResponse[]
  freeFrom: number
}

/** The header of the request in which it travels. */
export const DECIDED = 'x-target-decided'

export const decide = async (visitor: typeof target): Promise<Decided> => {
  const answer = await visitor
    .getAttributes(['delivery'], { request: { prefetch: { mboxes: mboxes('hero', 'delivery') } } })
    .catch(() => undefined)
  return {
    offers: answer?.getResponse().response.prefetch?.mboxes ?? [],
    freeFrom: answer?.getValue('delivery', 'freeFrom', 40) ?? 40,
  }
}

/** For server components. */
export const decided = async (): Promise<Decided> => {
  const text = (await headers()).get(DECIDED)
  return text ? JSON.parse(decodeURIComponent(text)) : { offers: [], freeFrom: 40 }
}
