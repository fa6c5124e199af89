// Usage: node adobe-on-device.mjs '<JSON of mbox parameters>'
// Decides on the device with Adobe's SDK, in a process of its own because that may change the prototype of everything.
// Prints JSON: { outcome: 'decided' | name of the error, polluted: value of ({}).polluted }.
import { createRequire } from 'node:module'

const { create } = createRequire(import.meta.url)('@adobe/target-nodejs-sdk')

const meta = { 'activity.id': 1, 'experience.id': 0, 'offer.id': 1, 'audience.ids': [] }
const rule = { ruleKey: '1', seq: 0, condition: true, consequence: { name: 'home', options: [], metrics: [] }, meta }
const artifactPayload = {
  version: '1.0.0',
  meta: { environment: 'production' },
  globalMbox: 'target-global-mbox',
  responseTokens: [],
  remoteMboxes: [],
  remoteViews: [],
  localMboxes: ['home'],
  localViews: [],
  rules: { mboxes: { home: [rule] }, views: {} },
}

const decide = async (target) => {
  const parameters = JSON.parse(process.argv[2])
  const outcome = await target.getOffers({ request: { prefetch: { mboxes: [{ name: 'home', parameters }] } } }).then(
    () => 'decided',
    (error) => error.name,
  )
  const { polluted } = {}
  process.stdout.write(JSON.stringify({ outcome, polluted }), () => process.exit())
}

const target = create({
  client: 'acme',
  organizationId: 'ORG@AdobeOrg',
  decisioningMethod: 'on-device',
  artifactPayload,
  pollingInterval: 0,
  targetLocationHint: '28',
  telemetryEnabled: false,
  fetchApi: async () => new Response('{}'),
  events: { clientReady: () => decide(target) },
})
