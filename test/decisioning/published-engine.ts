import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Artifact } from '../../src/decisioning/artifact.ts'
import type { DomainOf } from '../../src/decisioning/page.ts'
import type { DeliveryRequest } from '../../src/delivery/request.ts'
import type { DeliveryResponse } from '../../src/delivery/response.ts'

/** What the published engine answers: the response, and what it left to the edge within it. */
type PublishedResponse = DeliveryResponse & { remoteMboxes: string[]; remoteViews: string[] }

/** What the published engine hands over to be sent. */
interface Sent {
  request: { notifications?: { mbox: { name: string }; tokens: string[] }[] } & Partial<DeliveryRequest>
}

interface PublishedEngine {
  getOffers(options: {
    request: unknown
    sessionId?: string | undefined
    targetLocationHint?: string | undefined
  }): Promise<PublishedResponse>
}

interface PublishedOptions {
  client: string
  artifactPayload: Artifact
  /** @default by counting labels */
  parseDomainImpl?: DomainOf | undefined
}

const require = createRequire(import.meta.url)
const path = require.resolve('@adobe/target-decisioning-engine')
const create: (options: object, telemetry: object) => Promise<PublishedEngine> = require(path)
const { parseDomainPsl }: { parseDomainPsl: DomainOf } = require('@adobe/target-tools')

/** The published engine's own domain parser, as its Node.js SDK uses it. */
export const publishedDomain = parseDomainPsl

/** Folder of the published cases and their artifacts. */
export const schemaFolder = join(dirname(path), '../test/schema')

/** Starts the published engine with an artifact, and collects what it sends. */
export const startPublished = async (options: PublishedOptions) => {
  const sent: Sent[] = []
  const engine = await create(
    {
      organizationId: 'ORG@AdobeOrg',
      pollingInterval: 0,
      telemetryEnabled: false,
      sendNotificationFunc: async (notification: Sent) => sent.push(notification),
      ...options,
    },
    { addArtifactRequestEntry() {} },
  )
  return {
    async decide(request: unknown, more: { sessionId?: string; targetLocationHint?: string } = {}) {
      sent.length = 0
      const response = await engine.getOffers({ request, ...more })
      // It sends from a timer of its own.
      await new Promise((resolve) => setTimeout(resolve))
      return { response, notifications: sent.flatMap((notification) => notification.request.notifications ?? []) }
    },
  }
}
