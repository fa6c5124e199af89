// An edge that speaks to everybody in their own words, and writes down whose displays it is told of.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { deliveryAnswer, edgeAnswer } from './offers.mjs'

/** How long it thinks, in ms. */
const THINKING = 50

const readBody = async (request) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Displays of the Delivery API: what is told, and what is executed, which counts when it is decided. An id counts once. */
const deliveryDisplays = ({ notifications = [], execute }, { offers, isNew }) => [
  ...notifications.filter(({ type, id }) => type === 'display' && isNew(id)).flatMap(({ tokens = [] }) => tokens),
  ...(execute?.pageLoad ? offers.filter(({ scope }) => scope === 'page').map(({ name }) => name) : []),
]

/** Displays of the Edge Network are events that say so. */
const edgeDisplays = ({ events = [] }) =>
  events
    .map(({ xdm }) => xdm?._experience?.decisioning)
    .filter((decisioning) => decisioning?.propositionEventType?.display)
    .flatMap(({ propositions = [] }) => propositions)
    .map(({ scopeDetails }) => scopeDetails?.characteristics?.eventToken)
    .filter(Boolean)

const protocols = {
  delivery: {
    displays: deliveryDisplays,
    answer: (body, offers) => deliveryAnswer(offers, body),
  },
  edge: {
    displays: edgeDisplays,
    answer: ({ events = [] }, offers) =>
      edgeAnswer(offers, {
        requestId: 'request',
        organizationId: 'ABC@AdobeOrg',
        isAsked: events.some(({ query }) => query?.personalization),
      }),
  },
}

const createIds = () => {
  const known = new Set()
  return (id) => known.size < known.add(id).size
}

const headersFor = ({ headers }) => ({
  'access-control-allow-origin': headers.origin ?? '*',
  'access-control-allow-credentials': 'true',
  'access-control-allow-headers': 'content-type',
  'cache-control': 'no-store',
})

/** `fault` is `hang`, `500` or nothing. */
export const openEdge = async ({ offers, fault }) => {
  const seen = { requests: 0, preflights: 0, sent: 0, displays: [] }
  const isNew = createIds()
  const server = createServer(async (request, response) => {
    if (request.method === 'OPTIONS') {
      seen.preflights++
      return response.writeHead(204, headersFor(request)).end()
    }
    const raw = await readBody(request).catch(() => undefined)
    // It was broken off on its way.
    if (!raw) return
    seen.requests++
    seen.sent += raw.length
    if (fault === 'hang') return
    if (fault === '500') return response.writeHead(500, headersFor(request)).end('{}')
    const body = JSON.parse(raw.toString() || '{}')
    const { displays, answer } = protocols[request.url.startsWith('/rest/') ? 'delivery' : 'edge']
    seen.displays.push(...displays(body, { offers, isNew }))
    await sleep(THINKING)
    const text = gzipSync(JSON.stringify(answer(body, offers)))
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    response.writeHead(200, { ...headersFor(request), ...headers }).end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: server.address().port,
    seen,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
