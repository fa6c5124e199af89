// Whole clients that decide on the device, and report what they show to a real server.
import { createRequire } from 'node:module'
import { TargetClient } from 'isotarget/server'
import { CLIENT } from './engines.mjs'

const adobe = createRequire(import.meta.url)('@adobe/target-nodejs-sdk')

const optionsOf = (artifactPayload, { domain }) => ({
  client: CLIENT,
  organizationId: 'ABC@AdobeOrg',
  decisioningMethod: 'on-device',
  artifactPayload,
  pollingInterval: 0,
  serverDomain: domain,
  secure: false,
})

const isotarget = async (artifact, collector, options) => {
  const client = TargetClient.create({ ...optionsOf(artifact, collector), ...options })
  await client.ready()
  return { name: 'isotarget', getOffers: client.getOffers, flush: () => client.flush(), close: () => client.close() }
}

/** Adobe's SDK has no way to wait for what it sends: the calls that are under way are counted here. */
const published = async (artifact, collector) => {
  const underWay = new Set()
  const fetchApi = (url, init) => {
    const call = fetch(url, init)
    const done = () => underWay.delete(call)
    underWay.add(call)
    call.then(done, done)
    return call
  }
  const client = await new Promise((resolve) => {
    const made = adobe.create({
      ...optionsOf(artifact, collector),
      fetchApi,
      events: { clientReady: () => queueMicrotask(() => resolve(made)) },
    })
  })
  const flush = async () => {
    // It sends from a timer.
    await new Promise((resolve) => setTimeout(resolve, 2))
    while (underWay.size) await Promise.allSettled(underWay)
  }
  return { name: '@adobe/target-nodejs-sdk', getOffers: (options) => client.getOffers(options), flush, close() {} }
}

/** Both clients on one artifact, ours with more `options`; `flush` resolves when all that was shown so far has been reported. */
export const clientsFor = async (artifact, collector, options) => [
  await isotarget(artifact, collector, options),
  await published(artifact, collector),
]
