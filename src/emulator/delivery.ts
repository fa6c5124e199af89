import { clusterOfHost } from '../delivery/endpoint.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import { isSessionId } from '../delivery/session.ts'
import { execute, prefetch } from './content.ts'
import type { Qa } from './decide.ts'
import type { Call, Edge } from './edge.ts'
import { notify } from './notify.ts'
import type { EdgeRequest, Settings } from './options.ts'
import { refusal } from './refusal.ts'
import type { Reply } from './reply.ts'
import { readBody } from './validate.ts'
import { bareId } from './visitors.ts'

type Warn = (text: string) => void

/** The client code that a host names, unless it is that of a cluster: `acme.tt.omtrdc.net` gives `acme`. */
const clientOfHost = (host: string): string | undefined =>
  clusterOfHost(host) ? undefined : /^([^.]+)\.tt\.omtrdc\.net$/.exec(host)?.[1]

/** The client code of a request that names exactly one tenant, and one that is configured. */
const tenantOf = (query: URLSearchParams, { settings, published }: Edge, host: string): string => {
  const { client, organizationId } = settings
  const asked = query.get('client')
  const org = query.get('imsOrgId')
  if (Boolean(asked) === Boolean(org))
    throw refusal(400, 'Invalid request: exactly one of imsOrgId and client must name the tenant')
  if (org && organizationId !== undefined && org !== organizationId)
    throw refusal(400, `Invalid request: Invalid imsOrg - ${org}`)
  if (asked && client !== undefined && asked !== client)
    throw refusal(400, `Invalid request: Invalid client - ${asked}`)
  return client ?? asked ?? published.client() ?? clientOfHost(host) ?? 'emulator'
}

const sessionOf = (query: URLSearchParams): string => {
  const sessionId = query.get('sessionId')
  if (isSessionId(sessionId)) return sessionId
  throw refusal(400, 'Invalid request: sessionId must be 1 to 128 printable characters without space, ?, /, { and }')
}

const qaOf = ({ qaMode }: DeliveryRequest, { activities }: Settings, warn: Warn): Qa | undefined => {
  if (!qaMode) return undefined
  const forced: Qa['forced'] = new Map()
  for (const { activityIndex, experienceIndex } of qaMode.previewIndexes ?? []) {
    const activity = activities[(activityIndex ?? 0) - 1]
    if (!activity) {
      warn(`qaMode: there is no activity ${activityIndex}`)
      continue
    }
    const at = (experienceIndex ?? 0) - 1
    forced.set(activity.id, at in activity.experiences ? at : undefined)
  }
  return { forced, only: qaMode.listedActivitiesOnly ?? false }
}

const itemsOf = ({ execute, prefetch, notifications }: DeliveryRequest) => [
  ...[execute, prefetch].flatMap((part) => [part?.pageLoad ?? [], part?.mboxes ?? []].flat()),
  ...(prefetch?.views ?? []),
  ...(notifications ?? []),
]

/** Profile parameters take effect at once, wherever in the request they are. */
const remember = ({ request, visitor }: Call): void => {
  for (const { profileParameters = {} } of itemsOf(request))
    for (const [name, value] of Object.entries(profileParameters)) visitor.profile.set(name, `${value}`)
}

const advise = ({ request }: Call, warn: Warn): void => {
  const isBeacon = request.context.beacon
  if (isBeacon && (request.execute || request.prefetch))
    warn('context.beacon: the content of this request is lost, and what it executes has counted')
  if ((request.notifications?.length ?? 0) > 50) warn('notifications: Adobe recommends at most 50 in one call')
}

const traced = ({ request, client, visitor }: Call) =>
  request.trace && { trace: { clientCode: client, profile: { visitorId: { tntId: visitor.tntId } } } }

const replyOf = (call: Call): Reply => {
  const { request, visitor, cluster } = call
  const acknowledged = notify(call)
  remember(call)
  const content = { execute: execute(call), prefetch: prefetch(call) }
  if (request.context.beacon) return { status: 204 }
  const tntId = `${request.id?.tntId ? bareId(request.id.tntId) : visitor.tntId}.${cluster}_0`
  const body = {
    status: 200,
    requestId: call.requestId,
    client: call.client,
    id: { ...request.id, tntId },
    edgeHost: `mboxedge${cluster}.tt.omtrdc.net`,
    ...(content.execute && { execute: content.execute }),
    ...(content.prefetch && { prefetch: content.prefetch }),
    ...(request.notifications && { notifications: acknowledged.map((id) => ({ id, ...traced(call) })) }),
    ...(request.telemetry && { telemetryServerToken: call.edge.createId() }),
  }
  return { status: 200, body }
}

/** Answers one Delivery API call. Throws a refusal for a call that Target would refuse; nothing of it is counted then. */
export const deliver = (edge: Edge, arrived: EdgeRequest): Reply => {
  const { settings, createId } = edge
  const query = new URL(arrived.url).searchParams
  const client = tenantOf(query, edge, arrived.host)
  const sessionId = sessionOf(query)
  const { request, dropped } = readBody(arrived.text, settings.lenientNotifications)
  const warn = (text: string) => void arrived.warnings.push(text)
  if (dropped) warn(`notifications: ${dropped} malformed`)
  const { visitor, shared } = edge.visitors.identify(request.id ?? {}, sessionId)
  if (shared) warn('sessionId: another visitor has used this session')
  const call: Call = {
    edge,
    request,
    visitor,
    sessionId,
    client,
    requestId: request.requestId ?? createId(),
    impressionId: request.impressionId ?? createId(),
    cluster: clusterOfHost(arrived.host) ?? settings.cluster,
    qa: qaOf(request, settings, warn),
  }
  advise(call, warn)
  return replyOf(call)
}
