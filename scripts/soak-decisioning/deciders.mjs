// Who decides for one new visitor after another, until there have been millions. Each is started in a process of its own, with
// `decide(visitor)`, which gives the arm of the experiment, and `rest()`, which lets what was begun come to its end.
import { createRequire } from 'node:module'
import { compileArtifact, decide } from 'isotarget/decisioning'
import { TargetClient } from 'isotarget/server'
import { COUNTRY, EXPERIMENTS, experimentsArtifact } from '../bench-decisioning/experiments.mjs'

const ACCOUNT = { client: 'acme', organizationId: 'ABC@AdobeOrg' }

const experimentOf = (visitor) => EXPERIMENTS[visitor % EXPERIMENTS.length]
const contextOf = () => ({ channel: 'web', geo: { countryCode: COUNTRY } })
const requestOf = (visitor) => ({
  id: { tntId: `soak-${visitor}` },
  context: contextOf(),
  execute: { mboxes: [{ name: experimentOf(visitor), index: 0, parameters: { plan: 'pro' } }] },
})
const armIn = ({ execute }) => execute.mboxes[0].options[0].content.arm

const nothing = () => {}

const engine = () => {
  const rules = compileArtifact(experimentsArtifact(), { client: ACCOUNT.client })
  return {
    decide: (visitor) => armIn(decide(rules, requestOf(visitor), Date.now()).response),
    rest: nothing,
  }
}

/** A client whose notifications are acknowledged at once. */
const clientOf = async () => {
  const fetchApi = async (_, { body }) => {
    const { notifications = [] } = JSON.parse(body)
    return Response.json({ status: 200, client: 'acme', notifications: notifications.map(({ id }) => ({ id })) })
  }
  const client = TargetClient.create({
    ...ACCOUNT,
    decisioningMethod: 'on-device',
    artifactPayload: experimentsArtifact(),
    pollingInterval: 0,
    fetchApi,
  })
  await client.ready()
  return client
}

const offers = async () => {
  const client = await clientOf()
  return {
    decide: async (visitor) => {
      const sessionId = `session-${visitor}`
      const { response } = await client.getOffers({ request: requestOf(visitor), sessionId })
      return armIn(response)
    },
    rest: () => client.flush(),
  }
}

const flags = async () => {
  const client = await clientOf()
  return {
    decide(visitor) {
      const request = { id: { tntId: `soak-${visitor}` }, context: contextOf() }
      return client.variation(experimentOf(visitor), 'arm', 'off', { request, parameters: { plan: 'pro' } })
    },
    rest: () => client.flush(),
  }
}

const published = async () => {
  const create = createRequire(import.meta.url)('@adobe/target-decisioning-engine')
  const options = {
    ...ACCOUNT,
    artifactPayload: experimentsArtifact(),
    pollingInterval: 0,
    telemetryEnabled: false,
    sendNotificationFunc: async () => {},
  }
  const decider = await create(options, { addArtifactRequestEntry() {} })
  return {
    decide: async (visitor) => armIn(await decider.getOffers({ request: requestOf(visitor) })),
    // It tells of displays from timers.
    rest: () => new Promise((resolve) => setTimeout(resolve, 2)),
  }
}

/** By name; `share` of the decisions that are asked for, because not all are as fast. */
export const DECIDERS = {
  'isotarget decide': { start: engine, share: 1, isOurs: true },
  'isotarget variation': { start: flags, share: 1, isOurs: true },
  'isotarget getOffers': { start: offers, share: 1, isOurs: true },
  'published engine': { start: published, share: 0.1, isOurs: false },
}
