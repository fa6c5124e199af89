// The server that everybody reports to: it counts what arrived, whoever sent it.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { openWire } from './wire.mjs'

const MARKER = /evt-[a-z-]+\d+/g

const parsed = (body) => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** An answer of the Delivery API: every notification is acknowledged by its id, but not by the closing exit. */
const deliveryAnswer = (body) => {
  const request = parsed(body)
  if (!request) return { status: 400 }
  if (request.context?.beacon) return { status: 204 }
  return {
    status: 200,
    json: {
      status: 200,
      requestId: request.requestId,
      client: 'acme',
      id: { ...request.id, tntId: 'visitor.35_0' },
      edgeHost: 'mboxedge35.tt.omtrdc.net',
      ...(request.notifications && { notifications: request.notifications.map(({ id }) => ({ id })) }),
    },
  }
}

/** What an Experience Edge answers to somebody new: who that is, and that it may be kept in a cookie. */
const edgeAnswer = () => ({
  status: 200,
  json: {
    requestId: 'r',
    handle: [
      { type: 'identity:result', payload: [{ id: '12345678901234567890', namespace: { code: 'ECID' } }] },
      { type: 'state:store', payload: [{ key: 'kndctr_ABC_AdobeOrg_identity', value: 'x', maxAge: 34_128_000 }] },
    ],
  },
})

/** What the backends of the field answer, by the path that their SDKs call. */
const answerTo = (path, body) => {
  if (path.startsWith('/rest/v1/delivery')) return deliveryAnswer(body)
  if (path.includes('/v1/interact')) return edgeAnswer()
  if (path.startsWith('/track')) return { status: 200, json: {} }
  if (path.startsWith('/events/')) return { status: 202 }
  return { status: 204 }
}

const crossOrigin = (request) => ({
  'access-control-allow-origin': request.headers.origin ?? '*',
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'retry-after',
})

const allowed = (request) => ({
  ...crossOrigin(request),
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
})

/** The text of a body, or undefined when it broke off. */
const textOf = async (request) => {
  const chunks = []
  try {
    for await (const chunk of request) chunks.push(chunk)
  } catch {
    return undefined
  }
  return request.complete ? Buffer.concat(chunks).toString() : undefined
}

/** A time in which every POST is refused; it begins now, or with the first one. */
const createOutage = ({ status, seconds, retryAfter, knownAfter }) => {
  let begin
  return {
    status,
    /** Undefined when it is over. */
    refusal(now) {
      begin ??= now
      const left = begin + seconds * 1000 - now
      if (left <= 0) return undefined
      return { 'retry-after': retryAfter ? String(Math.ceil(left / 1000)) : undefined }
    },
    /** Whether somebody who was told when to come back came before. */
    isEarly: (now) => Boolean(retryAfter) && now > begin + knownAfter && now < begin + seconds * 1000,
  }
}

/** What arrived, each marker with its moments. */
const createTally = () => {
  const arrivals = new Map()
  return {
    add(body, now) {
      for (const marker of new Set(body.match(MARKER))) arrivals.set(marker, [...(arrivals.get(marker) ?? []), now])
    },
    distinct: () => arrivals.size,
    /** Copies beyond the first, up to a moment. */
    copies: (until = Number.POSITIVE_INFINITY) =>
      [...arrivals.values()].reduce((sum, times) => sum + times.slice(1).filter((time) => time <= until).length, 0),
  }
}

const writeAnswer = (response, headers, { status, json }) => {
  const type = json && { 'content-type': 'application/json' }
  response.writeHead(status, { ...headers, ...type }).end(json && JSON.stringify(json))
}

/** Times in ms. */
export const openCollector = async ({ roundTrip, handshake }) => {
  const tally = createTally()
  const seen = { preflights: 0, posts: 0, refused: 0, early: 0, aborted: 0 }
  let outage
  const take = (request, response, body) => {
    const now = performance.now()
    seen.posts++
    const refusal = outage?.refusal(now)
    if (!refusal) {
      tally.add(body, now)
      writeAnswer(response, crossOrigin(request), answerTo(request.url, body))
      return
    }
    seen.refused++
    if (outage.isEarly(now)) seen.early++
    const known = Object.entries(refusal).filter(([, value]) => value)
    response.writeHead(outage.status, { ...crossOrigin(request), ...Object.fromEntries(known) }).end()
  }
  const server = createServer(async (request, response) => {
    const body = await textOf(request)
    if (body === undefined) seen.aborted++
    else if (request.method === 'OPTIONS') {
      seen.preflights++
      response.writeHead(204, allowed(request)).end()
    } else if (request.method === 'POST') take(request, response, body)
    else writeAnswer(response, crossOrigin(request), { status: 200, json: {} })
  })
  server.keepAliveTimeout = 120_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const wire = await openWire({ port: server.address().port, roundTrip, handshake })
  return {
    port: wire.port,
    seen,
    ...tally,
    down: wire.down,
    up: wire.up,
    /** Refuses every POST for some seconds after the first one. */
    refuse(options) {
      outage = createOutage({ ...options, knownAfter: 2 * roundTrip + 100 })
    },
    close() {
      wire.close()
      server.closeAllConnections()
      server.close()
    },
  }
}
