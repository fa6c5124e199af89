// Ways of reporting: each lets a visitor come, reports what happened to him and gives the id of that, and settles in the end.
import { createRequire } from 'node:module'
import { click, conversion, display, TargetClient } from 'isotarget/server'
import { enterBy, FIRST_REQUEST, placesIn } from './shop.mjs'

const ACCOUNT = { client: 'acme', organizationId: 'ABC@AdobeOrg', secure: false, telemetryEnabled: false }
/** How long anybody waits for an answer, in ms. */
const TIMEOUT = 600
/** Calls under way at once of those who send one for each notification. */
const WIDTH = 64
/** How long isotarget may go on, in ms. */
const PATIENCE = 180_000

const pathOf = (sessionId) => `/rest/v1/delivery?imsOrgId=ABC%40AdobeOrg&sessionId=${sessionId}`

const built = (event, { places }) => {
  if (event.kind === 'conversion') return conversion(event.mbox, event.order)
  return (event.kind === 'click' ? click : display)(places[event.mbox])
}

/** Runs work, so many at a time; `idle` resolves when all of it has ended. What fails is nobody's business. */
const createGate = (width) => {
  const waiting = []
  let running = 0
  let whenIdle = () => {}
  const run = async (work) => {
    running++
    await work().catch(() => {})
    running--
    if (waiting.length) run(waiting.shift())
    else if (!running) whenIdle()
  }
  return {
    add: (work) => (running < width ? void run(work) : void waiting.push(work)),
    idle: () =>
      new Promise((resolve) => {
        whenIdle = resolve
        if (!running) resolve()
      }),
  }
}

/** Somebody who sends a call for each notification, and is done with it whatever comes of it. */
const oneByOne =
  (send) =>
  ({ edge, proxy }) => {
    const gate = createGate(WIDTH)
    const sending = send(proxy)
    return {
      enter: (sessionId) => enterBy(edge, sessionId),
      report(event, visitor) {
        const notification = built(event, visitor)
        gate.add(() => sending(notification, visitor))
        return notification.id
      },
      settle: async () => {
        await gate.idle()
        return {}
      },
    }
  }

const bare = oneByOne((proxy) => async (notification, { sessionId, id }) => {
  const { context } = FIRST_REQUEST
  const response = await fetch(`${proxy.url}${pathOf(sessionId)}`, {
    method: 'POST',
    body: JSON.stringify({ id, context, notifications: [notification] }),
    signal: AbortSignal.timeout(TIMEOUT),
  })
  await response.json()
})

const beacon = oneByOne((proxy) => async (notification, { sessionId, id }) => {
  const context = { ...FIRST_REQUEST.context, beacon: true }
  await fetch(`${proxy.url}${pathOf(sessionId)}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify({ id, context, notifications: [notification] }),
    signal: AbortSignal.timeout(TIMEOUT),
  })
})

const adobe = oneByOne((proxy) => {
  const sdk = createRequire(import.meta.url)('@adobe/target-nodejs-sdk')
  // After the first answer it calls the visitor's edge cluster, wherever it was told to go.
  const fetchApi = (url, init) => fetch(new URL(new URL(url).pathname + new URL(url).search, proxy.url), init)
  const client = sdk.create({ ...ACCOUNT, fetchApi, timeout: TIMEOUT })
  return (notification, { sessionId, id }) => {
    const { context } = FIRST_REQUEST
    return client.sendNotifications({ sessionId, request: { id, context, notifications: [notification] } })
  }
})

const isotarget = ({ proxy }) => {
  const client = TargetClient.create({
    ...ACCOUNT,
    serverDomain: `127.0.0.1:${proxy.port}`,
    timeout: TIMEOUT,
    notificationDelay: 20,
  })
  const ended = { rejected: [], dropped: [], trouble: [] }
  client.on('notificationRejected', ({ notification, error }) => ended.rejected.push([notification.id, `${error}`]))
  client.on('notificationDropped', ({ notification, reason }) => ended.dropped.push([notification.id, reason]))
  client.on('warning', ({ message }) => ended.trouble.push(message))
  return {
    async enter(sessionId) {
      const target = client.visitor(new Request('https://shop.example/'))
      const { response } = await target.getOffers({ sessionId, request: structuredClone(FIRST_REQUEST) })
      return { target, sessionId, places: placesIn(response.prefetch) }
    },
    report({ kind, mbox, order }, { target, places }) {
      return kind === 'conversion' ? target.track(mbox, { order }).id : target[kind](places[mbox]).id
    },
    async settle() {
      const until = performance.now() + PATIENCE
      let result = await client.flush()
      while (result.pending && performance.now() < until) result = await client.flush()
      const { pending } = await client.close({ timeout: 1000 })
      return { ...ended, pending }
    },
  }
}

export const CONTENDERS = {
  isotarget,
  '@adobe/target-nodejs-sdk': adobe,
  'bare fetch': bare,
  'beacon, as at.js': beacon,
}
