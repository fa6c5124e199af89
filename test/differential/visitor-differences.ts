import type { CustomerId } from '../../src/server.ts'
import type { Given } from './arbitraries.ts'
import type { Difference } from './difference.ts'
import type { Wire } from './exchange.ts'

const WHOLE = /^[^#]*%23/

/** The live items of a cookie that is encoded as a whole. */
const wholeCookieOf = ({ call: { targetCookie = '' } }: Given): Record<string, string> => {
  if (!WHOLE.test(targetCookie)) return {}
  const items = decodeURIComponent(targetCookie)
    .split('|')
    .map((item) => item.split('#') as [string, string, string])
    .filter(([, , expires]) => Number(expires) > 2e9)
  return Object.fromEntries(items.map(([name, value]) => [name, decodeURIComponent(value)]))
}

const hostOf = (wire: Wire, host: string) => {
  wire.url = wire.url.replace(/\/\/[^/]+/, `//${host}`)
}

/** Who asks, and where. */
export const visitorDifferences: Difference[] = [
  {
    name: 'a cookie that is encoded as a whole is understood',
    reason: 'frameworks differ in who decodes a cookie, and a visitor that is not recognised is a new one',
    settle(theirs, given) {
      const { session, PC } = wholeCookieOf(given)
      if (session) theirs.query.sessionId = session
      if (PC && !theirs.body.id?.tntId) theirs.body.id = { tntId: PC, ...theirs.body.id }
    },
  },
  {
    name: "the caller's session wins over the cookie's",
    reason: 'the wire contract lists the order caller, cookie, new one; the Java and .NET SDKs have it',
    settle(theirs, { call: { sessionId } }) {
      if (sessionId) theirs.query.sessionId = sessionId
    },
  },
  {
    name: 'the cluster is that of the device id which is sent',
    reason: "a caller's own tntId is as good as that of the cookie: the profile lives on its cluster",
    settle(theirs, { client, call }) {
      const cluster = /\.(\d+)_\d+$/.exec(theirs.body.id?.tntId ?? '')?.[1]
      const hint = cluster ?? call.targetLocationHint ?? client.targetLocationHint
      hostOf(theirs, hint ? `mboxedge${hint}.tt.omtrdc.net` : (client.serverDomain ?? 'acme.tt.omtrdc.net'))
    },
  },
  {
    name: 'a server domain keeps its calls when a cluster is known',
    reason: 'a CNAME or a proxy has a reason, and Adobe itself tells CNAME customers to switch the clusters off',
    settle(theirs, { client }) {
      if (client.serverDomain) hostOf(theirs, client.serverDomain)
    },
  },
  {
    name: 'an Experience Cloud ID of NONE is none',
    reason: 'it is how the ID service writes that it has no id, and would make one visitor of all who have none',
    settle({ body }, { call }) {
      if (body.id?.marketingCloudVisitorId !== 'NONE' || call.request.id?.marketingCloudVisitorId) return
      delete body.id.marketingCloudVisitorId
      if (!Object.keys(body.id).length) delete (body as { id?: unknown }).id
    },
  },
  {
    name: 'customer ids may be a list',
    reason: 'the documentation has it so, and Adobe drops it in silence',
    settle({ body }, { call: { customerIds } }) {
      if (!Array.isArray(customerIds)) return
      body.id = { ...body.id, customerIds: [...customerIds, ...(body.id?.customerIds ?? [])] }
    },
  },
  {
    name: 'members of customer ids that Adobe does not know survive',
    reason: 'at.js sends type and primary, and the wire may know more tomorrow',
    settle({ body }, { call }) {
      const given = call.request.id?.customerIds ?? []
      const sent = body.id?.customerIds ?? []
      for (const [at, customerId] of given.entries()) {
        Object.assign(sent[sent.length - given.length + at] as CustomerId, customerId)
      }
    },
  },
]
