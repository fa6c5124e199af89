// Who takes part, and the script of their page: it ends with a global `track(name, pad)`. Each runs with its defaults; only
// addresses are changed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { installInto } from '../installed.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const home = join(root, 'node_modules', '.cache', 'isotarget', 'field')

const ISOTARGET = `
const target = isotarget.TargetClient.create({
  client: 'acme',
  organizationId: 'ABC@AdobeOrg',
  serverDomain: collector.replace('http://', ''),
  secure: false,
})
globalThis.track = (name, pad) => target.track(name, { parameters: { pad } })`

/** As at.js does it: no queue, no store, a beacon for each as the page goes. */
const BEACON = `
const seen = []
globalThis.track = (name, pad) => seen.push(JSON.stringify({ name, pad }))
addEventListener('pagehide', () => {
  for (const body of seen.splice(0)) navigator.sendBeacon(collector + '/beacon', body)
})`

const field = [
  {
    name: 'GrowthBook',
    package: '@growthbook/growthbook',
    version: '1.8.0',
    source: `
import { GrowthBook } from '@growthbook/growthbook'
import { growthbookTrackingPlugin } from '@growthbook/growthbook/plugins'
const growthbook = new GrowthBook({
  apiHost: location.origin,
  clientKey: 'sdk-abc',
  plugins: [growthbookTrackingPlugin({ ingestorHost: collector })],
})
globalThis.track = (name, pad) => growthbook.logEvent(name, { pad })`,
  },
  {
    name: 'Optimizely',
    package: '@optimizely/optimizely-sdk',
    version: '6.6.1',
    source: `
import { createBatchEventProcessor, createInstance, createStaticProjectConfigManager } from '@optimizely/optimizely-sdk'
const events = names.map((key, index) => ({ id: String(index + 1), key, experimentIds: [] }))
const nothing = ['rollouts', 'audiences', 'typedAudiences', 'experiments', 'groups', 'attributes', 'variables', 'featureFlags']
const datafile = JSON.stringify({
  ...Object.fromEntries(nothing.map((key) => [key, []])),
  version: '4', projectId: '1', accountId: '1', revision: '1', anonymizeIP: true, botFiltering: false, events,
})
const client = createInstance({
  projectConfigManager: createStaticProjectConfigManager({ datafile }),
  eventProcessor: createBatchEventProcessor(),
})
client.onReady().then(() => {
  globalThis.track = (name, pad) => client.track(name, 'visitor', {}, { pad })
})`,
    addresses: ['https://logx.optimizely.com'],
  },
  {
    name: 'LaunchDarkly',
    package: '@launchdarkly/js-client-sdk',
    version: '4.10.3',
    source: `
import { createClient } from '@launchdarkly/js-client-sdk'
const client = createClient('0123456789abcdef', { kind: 'user', key: 'visitor' }, {
  baseUri: location.origin,
  streamUri: location.origin,
  eventsUri: collector,
})
client.start().then(() => {
  globalThis.track = (name, pad) => client.track(name, { pad })
})`,
  },
  {
    name: 'Adobe Web SDK',
    package: '@adobe/alloy',
    version: '2.33.1',
    source: `
import { createInstance } from '@adobe/alloy'
const alloy = createInstance({ name: 'alloy' })
alloy('configure', { datastreamId: 'd', orgId: 'ABC@AdobeOrg' })
globalThis.track = (name, pad) => alloy('sendEvent', { xdm: { eventType: name, pad } }).catch(() => {})`,
    // Its addresses are made of https and a domain, whatever is configured.
    addresses: [`https://\${endpointDomain}`],
  },
]

const bundle = async ({ source, addresses = [] }) => {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: home },
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'error',
  })
  const [{ text }] = outputFiles
  return (collector) => addresses.reduce((script, from) => script.replaceAll(from, collector), text)
}

/** The field's SDKs, installed and bundled; none when they cannot be, and `say` tells why. */
export const fieldContenders = async (say) => {
  try {
    await installInto(home, field)
    return await Promise.all(
      field.map(async (entry) => ({ name: entry.name, version: entry.version, script: await bundle(entry) })),
    )
  } catch (error) {
    say(`going on without the field, which cannot be installed: ${error.message.split('\n')[0]}`)
    return []
  }
}

/** Its build is read once, so that a later one does not change sides in the middle. */
export const isotarget = () => {
  const script = readFileSync(join(root, 'dist', 'isotarget.global.js'), 'utf8') + ISOTARGET
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return { name: 'isotarget', version, script: () => script, isOurs: true }
}

export const bareBeacon = { name: 'sendBeacon at pagehide', version: '', script: () => BEACON, isLeaveOnly: true }
