// Who decides by an artifact: isotarget, and the engine that Adobe publishes, with both of its ways to find a domain.
import { createRequire } from 'node:module'
import { compileArtifact, decide } from 'isotarget/decisioning'
import { hostParts } from '../../src/platform/server-host.ts'

export const CLIENT = 'acme'

const require = createRequire(import.meta.url)
const create = require('@adobe/target-decisioning-engine')
/** Adobe's Node.js SDK hands it to the engine: a walk through the list of public suffixes. */
const { parseDomainPsl } = require('@adobe/target-tools')

const published = async (artifactPayload, parseDomainImpl) => {
  const options = {
    client: CLIENT,
    organizationId: 'ABC@AdobeOrg',
    artifactPayload,
    pollingInterval: 0,
    telemetryEnabled: false,
    sendNotificationFunc: async () => {},
    parseDomainImpl,
  }
  const engine = await create(options, { addArtifactRequestEntry() {} })
  return { decide: (request) => engine.getOffers({ request }), isLater: true }
}

/** Our engine, as servers run it. */
export const isotarget = (artifact) => {
  const rules = compileArtifact(artifact, { client: CLIENT, domainOf: hostParts })
  return { name: 'isotarget', decide: (request) => decide(rules, request, Date.now()), isLater: false }
}

/** The field; `decide` takes a request, and `isLater` marks what answers with a promise. */
export const enginesFor = async (artifact) => [
  isotarget(artifact),
  { name: 'published engine, public suffixes', ...(await published(artifact, parseDomainPsl)) },
  { name: 'published engine, counting labels', ...(await published(artifact)) },
]
