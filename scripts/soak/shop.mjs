import { randomOf } from '../../test/faults/fault-plan.ts'

/** Everybody enters by these when they come, so that no conversion depends on a display that was lost. */
const ENTRIES = ['entry', 'start']
const SHOWN = ['home', 'banner', 'product1', 'product2', 'basket']
const CONVERSIONS = ['orderConfirmPage', 'newsletter']

/** Every display, click and conversion concerns exactly one activity: one notification is one count. */
export const OFFERS = {
  activities: [
    {
      id: 101,
      name: 'Home',
      experiences: [{ name: 'Sun', offers: { entry: 'Welcome', home: '<h1>Sun</h1>', banner: '<p>Sale</p>' } }],
      clicks: { home: true, banner: true },
      conversions: ['orderConfirmPage'],
    },
    {
      id: 102,
      name: 'Products',
      experiences: [
        { name: 'Plain', share: 50, offers: { product1: '<b>Tea</b>', product2: '<b>Pot</b>' } },
        { name: 'Bold', share: 50, offers: { product1: '<i>Tea</i>', product2: '<i>Pot</i>' } },
      ],
      clicks: { product1: true, product2: true },
    },
    {
      id: 103,
      name: 'Basket',
      experiences: [{ name: 'Short', offers: { start: 'Hello', basket: { json: { steps: 1 } } } }],
      clicks: { basket: true },
      conversions: ['newsletter'],
    },
  ],
}

/** What a visitor asks for when he comes. */
export const FIRST_REQUEST = {
  context: { channel: 'web', userAgent: 'soak', address: { url: 'https://shop.example/' } },
  execute: { mboxes: ENTRIES.map((name, index) => ({ index, name })) },
  prefetch: { mboxes: SHOWN.map((name, index) => ({ index, name })) },
}

/** A visitor of an edge by plain `fetch`: who he is, and the places that he may see by their names. */
export const enterBy = async (edge, sessionId) => {
  const response = await fetch(`${edge}/rest/v1/delivery?imsOrgId=ABC%40AdobeOrg&sessionId=${sessionId}`, {
    method: 'POST',
    body: JSON.stringify(FIRST_REQUEST),
  })
  const { id, prefetch } = await response.json()
  return { sessionId, id: { tntId: id.tntId }, places: placesIn(prefetch) }
}

export const placesIn = ({ mboxes }) => Object.fromEntries(mboxes.map((mbox) => [mbox.name, mbox]))

/** A generator of what happens: `next(visitor)` is one page view, a list of what is to be reported of it. */
export const createHappenings = (seed) => {
  const random = randomOf(seed)
  const upTo = (count) => Math.floor(random() * count)
  let orders = 0
  return {
    random,
    upTo,
    next(visitor) {
      const shown = SHOWN.filter(() => random() < 0.6)
      const events = shown.flatMap((mbox) => {
        const clicks = random() < 0.3 ? [{ visitor, kind: 'click', mbox }] : []
        return [{ visitor, kind: 'display', mbox }, ...clicks]
      })
      if (random() < 0.25) {
        const order = { id: `o-${seed}-${++orders}`, total: 1 + upTo(100), purchasedProductIds: ['tea'] }
        events.push({ visitor, kind: 'conversion', mbox: CONVERSIONS[upTo(CONVERSIONS.length)], order })
      }
      return events
    },
  }
}

/** Bursts of page views of many visitors, `total` events together; `pause` in ms. The same for the same seed. */
export const burstsOf = ({ seed, total, visitors }) => {
  const { next, upTo } = createHappenings(seed)
  const bursts = []
  for (let left = total; left > 0; ) {
    const events = Array.from({ length: 1 + upTo(60) }, () => next(upTo(visitors))).flat()
    bursts.push({ events: events.slice(0, left), pause: upTo(40) })
    left -= events.length
  }
  return bursts
}
