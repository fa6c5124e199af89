import { onTestFinished } from 'vitest'
import type { Artifact } from '../../src/decisioning/artifact.ts'
import { type ClientOptions, type Notification, TargetClient } from '../../src/server.ts'
import { artifactOf, rule } from '../decisioning/rules.ts'

/** Half of all visitors are in each of two experiences. */
export const share = (low: number, high: number) => ({
  and: [{ '<': [low, { var: 'allocation' }] }, { '>=': [high, { var: 'allocation' }] }],
})

const variant = (experience: number, content: object) =>
  rule({
    name: 'flags',
    type: 'json',
    activity: 7,
    experience,
    content: content as never,
    condition: share(experience * 50, experience * 50 + 50),
  })

/** Flags in two experiences, an mbox for gold members, one without an offer in JSON, and one that only the edge knows. */
export const flags: Artifact = artifactOf({
  mboxes: {
    flags: [variant(0, { columns: 3, theme: 'dark', isNew: true, menu: { items: ['a'] } }), variant(1, { columns: 4 })],
    members: [
      rule({
        name: 'members',
        type: 'json',
        activity: 8,
        content: { points: '12' } as never,
        condition: { '==': ['gold', { var: 'mbox.tier' }] },
      }),
      rule({ name: 'members', type: 'json', activity: 9, content: { points: 1 } as never, propertyTokens: ['shop'] }),
    ],
    html: [rule({ name: 'html', activity: 10 })],
    away: [],
  },
  remoteMboxes: ['away'],
})

/** A call that arrived. */
interface Call {
  session: string | null
  id?: { tntId?: string }
  property?: object
  notifications: Notification[]
}

/** An edge that acknowledges every notification. */
const createEdge = () => {
  const calls: Call[] = []
  const answer = async (input: unknown, init?: RequestInit): Promise<Response> => {
    const session = new URL(`${input}`).searchParams.get('sessionId')
    const { notifications = [], ...body } = JSON.parse(`${init?.body}`)
    calls.push({ ...body, session, notifications })
    return Response.json({ status: 200, notifications: notifications.map(({ id }: Notification) => ({ id })) })
  }
  return { calls, fetchApi: answer as typeof fetch }
}

/** A client with these rules, an edge that counts, and what the client told. */
export const shop = async (options: Partial<ClientOptions> = {}) => {
  const { calls, fetchApi } = createEdge()
  const warnings: string[] = []
  const target = TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    decisioningMethod: 'on-device',
    artifactPayload: flags,
    pollingInterval: 0,
    fetchApi,
    events: { warning: ({ message }) => void warnings.push(message) },
    ...options,
  })
  onTestFinished(async () => void (await target.close()))
  if (options.defaultConsent === undefined) await target.ready()
  /** What arrived, each with the session and the ids of the call that brought it. */
  const arrived = () =>
    calls.flatMap(({ notifications, ...call }) => notifications.map((notification) => ({ ...call, notification })))
  return { calls, target, warnings, arrived }
}

/** A visitor by the device id. */
export const by = (tntId: string, more: object = {}) => ({ request: { id: { tntId } }, ...more })
