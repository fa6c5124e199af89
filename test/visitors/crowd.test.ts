import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { type Client, mboxes, TargetClient } from '../../src/server.ts'

// A thousand visitors at once in one process, over real sockets, each answered when it pleases the edge.

const CROWD = 1_000

interface Body {
  id?: { tntId?: string; thirdPartyId?: string; customerIds?: { id: string; integrationCode: string }[] }
  property?: { token: string }
  context: { userAgent?: string; address?: { url: string }; geo?: { city?: string } }
  experienceCloud: { analytics: { supplementalDataId: string } }
  prefetch?: { mboxes: { parameters: { who: string } }[] }
  notifications?: { mbox: { name: string }; parameters?: { who: string }; tokens?: string[] }[]
}

// The latency is made of what arrived, so that a run can be repeated.
const edge = createEmulator({
  offers: { hero: 'Sun' },
  maxRequests: 10 * CROWD,
  latency: ({ url, body }) =>
    ([...url].reduce((sum, char) => sum + char.charCodeAt(0), 0) * 7 + JSON.stringify(body).length) % 50,
})
let listening: Listening
let target: Client
let shop: Server

/** Where a request was meant to go. */
const MEANT = 'x-meant-host'
const fetchApi: typeof fetch = (input, init = {}) => {
  const { host, pathname, search } = new URL(`${input}`)
  const headers = { ...(init.headers as Record<string, string>), [MEANT]: host }
  return fetch(`http://127.0.0.1:${listening.port}${pathname}${search}`, { ...init, headers })
}

const answer = async (request: IncomingMessage): Promise<{ cookies: string[]; state: string }> => {
  const who = new URL(request.url ?? '', 'http://shop').searchParams.get('who') ?? ''
  const visitor = target.visitor(request)
  const details = { parameters: { who } }
  const { response } = await visitor.getOffers({
    customerIds: { crm: { id: `crm-${who}`, authState: 1 } },
    request: {
      id: { thirdPartyId: `third-${who}` },
      property: { token: `property-${who}` },
      prefetch: { mboxes: mboxes({ name: 'hero', ...details }) },
    },
  })
  for (const mbox of response.prefetch?.mboxes ?? []) visitor.display(mbox)
  visitor.track('seen', details)
  return { cookies: visitor.setCookies(), state: visitor.dehydrate() }
}

beforeAll(async () => {
  listening = await edge.listen(0)
  const options = { client: 'acme', organizationId: 'ABC@AdobeOrg', timeout: 60_000, geoFrom: 'vercel' as const }
  target = TargetClient.create({ ...options, fetchApi })
  shop = createServer((request, response) => {
    answer(request).then(
      ({ cookies, state }) => response.setHeader('set-cookie', cookies).end(state),
      (error) => response.writeHead(500).end(`${error}`),
    )
  })
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  shop.closeAllConnections()
  shop.close()
  await listening.close()
})

/** Half of the visitors come for the first time. */
const isKnown = (who: number): boolean => who % 2 === 0
const clusterOf = (who: number): string => `${30 + (who % 9)}`

const visit = async (who: number) => {
  const later = 9596233214
  const device = `device-${who}.${clusterOf(who)}_0`
  const cookie = `mbox=session#session-${who}#${later}|PC#${device}#${later}; mboxEdgeCluster=${clusterOf(who)}`
  const { port } = shop.address() as AddressInfo
  const headers = { 'user-agent': `agent-${who}`, 'x-vercel-ip-city': `city-${who}`, ...(isKnown(who) && { cookie }) }
  const response = await fetch(`http://127.0.0.1:${port}/?who=${who}`, { headers })
  expect(response.status).toBe(200)
  return {
    who: `${who}`,
    cookies: response.headers.getSetCookie().join('\n'),
    state: JSON.parse(await response.text()),
  }
}

interface Arrived {
  session: string
  host: string
  body: Body
}

/** What arrived at the edge, by the visitor that the user agent names. */
const arrived = () => {
  const by = new Map<string, Arrived[]>()
  for (const { url, body, headers, status } of edge.requests) {
    expect(status).toBe(200)
    const { context } = body as Body
    const who = /^agent-(\d+)$/.exec(context.userAgent ?? '')?.[1] ?? ''
    const session = new URL(url, 'http://edge').searchParams.get('sessionId') ?? ''
    by.set(who, [...(by.get(who) ?? []), { session, host: headers[MEANT] ?? '', body: body as Body }])
  }
  return by
}

/** Whatever names a visitor in a request names the same one. */
const expectOne = (who: string, { id, property, context, prefetch, notifications }: Body): void => {
  const customerIds = [{ id: `crm-${who}`, integrationCode: 'crm' }]
  expect(id).toMatchObject({ thirdPartyId: `third-${who}`, customerIds })
  expect(property).toEqual({ token: `property-${who}` })
  expect(context.geo).toEqual({ city: `city-${who}` })
  expect(context.address?.url).toMatch(new RegExp(`\\?who=${who}$`))
  for (const { parameters } of [...(prefetch?.mboxes ?? []), ...(notifications ?? [])])
    expect(parameters).toEqual({ who })
}

/** What one visitor was told and what arrived for them belong together; gives the names under which they came. */
const expectWhole = ({ who, cookies, state }: Awaited<ReturnType<typeof visit>>, asked: Arrived[]) => {
  const [first, ...rest] = asked as [Arrived, ...Arrived[]]
  for (const { body } of asked) expectOne(who, body)
  const { session, body } = first
  expect(new Set(asked.map((one) => one.session)), 'one session each').toEqual(new Set([session]))
  expect(cookies).toContain(`session#${session}#`)

  const known = isKnown(Number(who)) ? clusterOf(Number(who)) : undefined
  expect(first.host).toBe(known ? `mboxedge${known}.tt.omtrdc.net` : 'acme.tt.omtrdc.net')
  expect(body.id?.tntId).toBe(known && `device-${who}.${known}_0`)
  if (known) expect(session).toBe(`session-${who}`)
  // Target may answer the device id with another cluster behind the dot; from then on that is the visitor's.
  const [, device = ''] = /PC#([^#]*)#/.exec(cookies) ?? []
  if (known) expect(device).toBe(`device-${who}.35_0`)
  for (const later of rest) expect([later.body.id?.tntId, later.host]).toEqual([device, 'mboxedge35.tt.omtrdc.net'])

  expectOne(who, { ...body, prefetch: state.request.prefetch, property: state.request.property })
  // The token that goes back is the one that was handed to this visitor.
  const [{ eventToken }] = state.response.prefetch.mboxes[0].options
  const notified = rest.flatMap(({ body }) => body.notifications ?? [])
  expect(notified.flatMap(({ tokens = [] }) => tokens)).toEqual([eventToken])
  return { session, device, pageView: body.experienceCloud.analytics.supplementalDataId }
}

it('none is given the session, id, token, cluster, cookie or answer of another', { timeout: 120_000 }, async () => {
  const all = await Promise.all(Array.from({ length: CROWD }, (_, who) => visit(who)))
  expect(await target.close()).toMatchObject({ rejected: 0, pending: 0 })
  const by = arrived()
  const names = all.map((one) => expectWhole(one, by.get(one.who) ?? []))
  for (const name of ['session', 'device', 'pageView'] as const) {
    expect(new Set(names.map((one) => one[name])).size, name).toBe(CROWD)
  }
  expect(by.size).toBe(CROWD)
  expect(edge.ledger.total('impression')).toBe(CROWD)
})
