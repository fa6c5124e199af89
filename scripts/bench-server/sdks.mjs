// One visitor of the shop asks for an offer: the same with each SDK, as its documentation says.
import { createRequire } from 'node:module'
import { TargetClient } from 'isotarget/server'

const MBOX = 'hero'

const none = async () => ({
  ask: async () => ({ content: 'Our summer collection', cookies: [] }),
  flush: async () => {},
})

const accountOf = ({ method, edge }) => ({
  client: 'acme',
  organizationId: 'ABC@AdobeOrg',
  decisioningMethod: method,
  serverDomain: `127.0.0.1:${edge}`,
  secure: false,
  ...(method === 'on-device' && { artifactLocation: `http://127.0.0.1:${edge}/acme/production/v1/rules.json` }),
})

const isotarget = async (given) => {
  const target = TargetClient.create(accountOf(given))
  await target.ready()
  return {
    async ask(request, visitorId) {
      const visitor = target.visitor(request)
      const { response } = await visitor.getOffers({
        request: { execute: { mboxes: [{ name: MBOX, index: 0, parameters: { visitor: visitorId } }] } },
      })
      return { content: response.execute?.mboxes?.[0]?.options?.[0]?.content, cookies: visitor.setCookies() }
    },
    flush: () => target.flush(),
  }
}

const cookieOf = (header = '', name) => new RegExp(`(?:^|; )${name}=([^;]*)`).exec(header)?.[1]

/** It reads no request, and has no way to wait for what it sends: calls that are under way are counted here. */
const adobe = async (given) => {
  const sdk = createRequire(import.meta.url)('@adobe/target-nodejs-sdk')
  const underWay = new Set()
  const fetchApi = (url, init) => {
    const call = fetch(url, init)
    const done = () => underWay.delete(call)
    underWay.add(call)
    call.then(done, done)
    return call
  }
  const client = await new Promise((resolve) => {
    const made = sdk.create({
      ...accountOf(given),
      fetchApi,
      events: { clientReady: () => queueMicrotask(() => resolve(made)) },
    })
  })
  return {
    async ask(request, visitorId) {
      const header = (name) => request.headers.get?.(name) ?? request.headers[name]
      const { response, targetCookie } = await client.getOffers({
        request: {
          context: {
            channel: 'web',
            userAgent: header('user-agent'),
            address: { url: `http://${header('host')}/?visitor=${visitorId}` },
          },
          execute: { mboxes: [{ name: MBOX, index: 0, parameters: { visitor: visitorId } }] },
        },
        targetCookie: cookieOf(header('cookie'), 'mbox'),
      })
      const { name, value, maxAge } = targetCookie
      return {
        content: response.execute?.mboxes?.[0]?.options?.[0]?.content,
        cookies: [`${name}=${value}; Max-Age=${maxAge}; Path=/`],
      }
    },
    async flush() {
      // It sends from a timer.
      await new Promise((resolve) => setTimeout(resolve, 2))
      while (underWay.size) await Promise.allSettled(underWay)
    },
  }
}

const sdks = { none, isotarget, adobe }

/** Resolves when it can decide: `ask(request, visitorId)`, and `flush()`, which waits until all has been reported. */
export const openSdk = (variant) => sdks[variant.sdk](variant)
