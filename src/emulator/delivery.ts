import { clusterOfHost } from '../delivery/endpoint.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import { isSessionId } from '../delivery/session.ts'
import type { VisitorId } from '../delivery/visitor.ts'
import { execute, prefetch } from './content.ts'
import type { Call, Edge } from './edge.ts'
import { environmentOf } from './environment.ts'
import { notify } from './notify.ts'
import type { EdgeRequest } from './options.ts'
import { qaOf } from './qa.ts'
import { refusal } from './refusal.ts'
import type { Reply } from './reply.ts'
import { geoOf } from './situation.ts'
import { isTraced, traceOfCall } from './trace.ts'
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

const adviseOnCustomer = ({ customerIds, marketingCloudVisitorId, thirdPartyId }: VisitorId, warn: Warn): void => {
  if (!customerIds?.length) return
  if (!marketingCloudVisitorId) warn('id.customerIds: not looked at without a marketingCloudVisitorId')
  if (thirdPartyId) warn('id.customerIds: not looked at beside a thirdPartyId')
}

const advise = (call: Call, warn: Warn): void => {
  const { request } = call
  const isBeacon = request.context.beacon
  if (isBeacon && (request.execute || request.prefetch))
    warn('context.beacon: the content of this request is lost, and what it executes has counted')
  if (request.trace && !isTraced(call)) warn('trace: the authorizationToken may not see traces')
  adviseOnCustomer(request.id ?? {}, warn)
  if ((request.notifications?.length ?? 0) > 50) warn('notifications: Adobe recommends at most 50 in one call')
}

const traced = (call: Call) => isTraced(call) && { trace: traceOfCall(call) }

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
  const environment = environmentOf(request, { list: settings.environments, usual: settings.environment })
  const qa = qaOf(request, settings.activities, warn)
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
    environment,
    geo: geoOf(request, settings, arrived),
    qa,
  }
  advise(call, warn)
  return replyOf(call)
}
