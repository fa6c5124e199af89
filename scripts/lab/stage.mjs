// A page with a shop and an edge behind it, for one visit.
import { openEdge } from './edge.mjs'
import { CHANGED, offersOf } from './offers.mjs'
import { openSite } from './site.mjs'

export const SHOP = 'https://www.shop.example/'
const EDGES = /\.(omtrdc|adobedc|demdex)\.net$/

const planOf = (offers, { hasToLeave = false }) => ({
  signs: offers.map(({ name, sign }) => ({ name, ...sign })),
  changed: CHANGED,
  hasToLeave,
})

export const openStage = async ({ contender, fault, browser }) => {
  const offers = offersOf(fault.addition)
  const edge = await openEdge({ offers, fault: fault.edge })
  const head = contender.head(fault.consent)
  const site = await openSite({ head, plan: planOf(offers, fault), script: contender.bytes })
  // The browser has calls of its own, which go nowhere.
  const portOf = (name) => {
    if (name.endsWith('.example')) return site.port
    return EDGES.test(name) && !fault.isBlocked ? edge.port : undefined
  }
  const { page, close } = await browser.open(portOf)
  const session = await page.createCDPSession()
  await session.send('Network.enable')
  return {
    page,
    session,
    edge: edge.seen,
    requests: () => site.seen.requests + edge.seen.requests + edge.seen.preflights,
    count: offers.length,
    async close() {
      await close().catch(() => {})
      edge.close()
      site.close()
    },
  }
}
