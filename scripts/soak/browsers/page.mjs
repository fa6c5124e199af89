// What runs in the pages. It travels as text: these functions see each other, and nothing else of this file.

/** Tells the site something, without waiting. */
const tell = (way, what, said) => navigator.sendBeacon(`/${way}/${what}`, JSON.stringify(said))

const placesIn = ({ mboxes }) => Object.fromEntries(mboxes.map((mbox) => [mbox.name, mbox]))

/** Offers come from the edge itself, so that only reports go wrong. */
const createOurs = ({ way, edge, proxy, request }) => {
  const target = globalThis.isotarget.TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    secure: false,
    serverDomain: new URL(proxy).host,
    fetchApi: (url, init) => fetch(init.body.includes('"notifications":[') ? url : url.replace(proxy, edge), init),
  })
  /** The last that happened, for who asks why something is left. */
  const recent = []
  const note = (what) => recent.push(`${Math.round(performance.now())} ms: ${what}`) > 20 && recent.shift()
  target.on('notificationBatch', ({ notifications, way }) => note(`${notifications.length} go by ${way}`))
  target.on('notificationRetry', ({ error, wait }) => note(`${error}, again in ${wait} ms`))
  target.on('notificationRejected', ({ error }) => tell(way, 'ending', { rejected: `${error}` }))
  target.on('notificationDropped', ({ reason }) => tell(way, 'ending', { dropped: reason }))
  target.on('warning', ({ message }) => tell(way, 'ending', { trouble: message }))
  return {
    enter: async () => placesIn((await target.getOffers({ request })).response.prefetch),
    report: ({ kind, mbox, order }, places) =>
      kind === 'conversion' ? target.track(mbox, { order }).id : target[kind](places[mbox]).id,
    left: () => ({
      pending: target.pending(),
      stored: Object.keys(localStorage).filter((key) => /^isotarget:acme:\d+:/.test(key)).length,
      recent,
    }),
  }
}

/** Somebody who hands each notification to `send`, with a function that makes an address and a body of some. */
const createOther = ({ edge, proxy, request }, send, isBeacon) => {
  const { isotarget } = globalThis
  const visitor = new URLSearchParams(location.search).get('visitor')
  const addressOf = (base) => `${base}/rest/v1/delivery?imsOrgId=ABC%40AdobeOrg&sessionId=${visitor}`
  let id
  const callOf = (notifications) => {
    const context = { ...request.context, ...(isBeacon && { beacon: true }) }
    return [addressOf(proxy), JSON.stringify({ id, context, notifications })]
  }
  const build = ({ kind, mbox, order }, places) =>
    kind === 'conversion' ? isotarget.conversion(mbox, order) : isotarget[kind](places[mbox])
  return {
    async enter() {
      const response = await fetch(addressOf(edge), { method: 'POST', body: JSON.stringify(request) })
      const answer = await response.json()
      id = { tntId: answer.id.tntId }
      return placesIn(answer.prefetch)
    },
    report(event, places) {
      const notification = build(event, places)
      send(notification, callOf)
      return notification.id
    },
    left: () => ({ pending: 0, stored: 0 }),
  }
}

const byFetch = (notification, callOf) => {
  const [url, body] = callOf([notification])
  fetch(url, { method: 'POST', body }).catch(() => {})
}

const byBeacon = (notification, callOf) => navigator.sendBeacon(...callOf([notification]))

/** Collects, and sends when the page hides; what comes after that at once. */
const createCollector = () => {
  const waiting = []
  let isLeaving = false
  let leave = () => {}
  const leaveNow = () => {
    isLeaving = true
    leave()
  }
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && leaveNow())
  addEventListener('pagehide', leaveNow)
  return (notification, callOf) => {
    waiting.push(notification)
    leave = () => waiting.length && navigator.sendBeacon(...callOf(waiting.splice(0)))
    if (isLeaving) leave()
  }
}

const createReporter = (settings) => {
  const ways = {
    isotarget: () => createOurs(settings),
    fetch: () => createOther(settings, byFetch, false),
    sendBeacon: () => createOther(settings, createCollector(), true),
    'at.js': () => createOther(settings, byBeacon, true),
  }
  return ways[settings.way]()
}

/** Makes `soak`: a page that reports in one way, and tells the site what it has reported. */
const begin = (settings) => {
  const { way } = settings
  const { enter, report, left } = createReporter(settings)
  let places
  const queue = (events) => events.map((event) => ({ id: report(event, places), kind: event.kind, at: Date.now() }))
  const record = (round, list) => {
    const call = new XMLHttpRequest()
    call.open('POST', `/${way}/record?round=${round}`, false)
    try {
      call.send(JSON.stringify(list))
    } catch {
      // The page is about to die.
    }
  }
  globalThis.soak = {
    ready: enter().then((found) => {
      places = found
    }),
    queue,
    record,
    report: (round, events) => record(round, queue(events)),
    /** In a page that ends nobody may wait for an answer: two ways, each of which may fail. */
    reportLate(round, events) {
      const list = queue(events)
      localStorage.setItem(`soak:${round}`, JSON.stringify(list))
      tell(way, `record?round=${round}`, list)
    },
    /** What the pages of this profile wrote down in their last moments. */
    written: () =>
      Object.keys(localStorage).flatMap((key) => {
        const [name, round] = key.split(/:(.*)/)
        return name === 'soak' ? [{ round, list: JSON.parse(localStorage.getItem(key)) }] : []
      }),
    left,
  }
}

const parts = { tell, placesIn, createOurs, createOther, byFetch, byBeacon, createCollector, createReporter, begin }

export const scriptOf = (settings) => `{
${Object.entries(parts)
  .map(([name, part]) => `const ${name} = ${part}`)
  .join('\n')}
begin(${JSON.stringify(settings)})
}`
