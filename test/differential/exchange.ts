import { type DeliveryRequest, TargetClient } from '../../src/server.ts'
import { type AdobeClient, loadAdobe } from '../server-sdks/adobe.ts'
import type { RecordingServer } from '../server-sdks/recording-server.ts'
import type { Given } from './arbitraries.ts'

/** What went over the wire, without what is random. */
export interface Wire {
  url: string
  query: Record<string, string>
  body: DeliveryRequest
}

const ID = /^[\da-f]{32}$/
const SDID = /^[0-7][\dA-F]{15}-[0-7][\dA-F]{15}$/

const adobe = loadAdobe()

/** A copy that keeps dates and the members of objects, as the other SDK writes into what it is given. */
const copyOf = (given: Given): Given => structuredClone(given)

const run = async (create: typeof adobe.create | typeof TargetClient.create, given: Given, server: RecordingServer) => {
  const { method, client, names, call } = copyOf(given)
  const target = create({
    client: 'acme',
    organizationId: 'ORG@AdobeOrg',
    telemetryEnabled: false,
    fetchApi: server.fetchApi,
    ...client,
  }) as AdobeClient
  server.reset()
  if (method === 'getAttributes') await target.getAttributes(names, call)
  else await target[method](call)
  const { scheme, host, path, query, body } = server.only()
  return { url: `${scheme}://${host}${path}`, query, body }
}

/** Replaces ids that were made up on the way, once it is sure that they are ids. */
const withoutChance = ({ url, query, body }: Wire, { call }: Given): Wire => {
  const { requestId, impressionId, experienceCloud, ...rest } = structuredClone(body)
  const { analytics } = experienceCloud ?? {}
  const mine = call.request.experienceCloud?.analytics?.supplementalDataId
  if (analytics?.supplementalDataId !== mine && SDID.test(analytics?.supplementalDataId ?? '')) {
    Object.assign(analytics ?? {}, { supplementalDataId: 'RANDOM' })
  }
  const { sessionId = '' } = query
  return {
    url,
    query: { ...query, sessionId: ID.test(sessionId) ? 'RANDOM' : sessionId },
    body: {
      ...rest,
      ...(requestId && { requestId: call.request.requestId ?? requestId.replace(ID, 'RANDOM') }),
      ...(impressionId && { impressionId: call.request.impressionId ?? impressionId.replace(ID, 'RANDOM') }),
      ...(experienceCloud && { experienceCloud }),
    },
  }
}

/** Sends the same call through both SDKs. */
export const exchange = async (given: Given, server: RecordingServer): Promise<{ ours: Wire; theirs: Wire }> => ({
  ours: withoutChance(await run(TargetClient.create, given, server), given),
  theirs: withoutChance(await run(adobe.create, given, server), given),
})
