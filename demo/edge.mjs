import { readFileSync } from 'node:fs'
import { createEmulator } from 'isotarget/emulator'

/** Calls that a new page is told of: enough to see what the page before it left behind. */
const KEPT = 30

const offers = JSON.parse(readFileSync(new URL('offers.json', import.meta.url), 'utf8'))

/** The edge of this demo. It takes 40 ms to answer, as one nearby would. */
export const edge = createEmulator({ client: 'demo', organizationId: 'DEMO@AdobeOrg', offers, latency: 40 })

const pathOf = (address) => (URL.canParse(address) ? new URL(address).pathname : undefined)

const namesOf = ({ mboxes = [], views = [] } = {}) => [
  ...mboxes.map(({ name }) => name),
  ...views.map(({ name }) => (name === undefined ? 'all views' : `${name} view`)),
]

const placeOf = ({ mbox, view }) => mbox?.name ?? `${view?.name} view`

/** `+2 impressions`: what a call has changed in the ledger. */
const countsOf = (entries) => {
  const counts = new Map()
  for (const { what, counted } of entries) if (counted) counts.set(what, (counts.get(what) ?? 0) + 1)
  return [...counts].map(([what, count]) => `+${count} ${what}${count > 1 ? 's' : ''}`)
}

/** What the panel shows of a call. */
const rowOf = ({ at, status, message, headers, body = {} }) => {
  const { requestId, context, prefetch, execute, notifications = [] } = body
  const caller = headers['x-exc-sdk'] ? 'server' : 'browser'
  return {
    at,
    status,
    ...(message && { message }),
    way: context?.beacon ? 'beacon' : caller,
    page: pathOf(context?.address?.url),
    asked: [...namesOf(execute), ...namesOf(prefetch)],
    reported: notifications.map((notification) => `${notification.type} ${placeOf(notification)}`),
    counted: countsOf(edge.ledger.entries.filter(({ request }) => request === requestId)),
  }
}

/** Sends what happens at the edge to whoever listens, as Server-Sent Events: calls as they arrive, and the counts they change. */
export const createFeed = () => {
  const pages = new Set()
  const rows = []
  const send = (page, name, data) => page.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  const tell = (name, data) => {
    for (const page of pages) send(page, name, data)
  }

  edge.on((event) => {
    if (event.type !== 'request') return
    const row = rowOf(event.request)
    rows.push(row)
    if (rows.length > KEPT) rows.shift()
    tell('call', row)
    tell('ledger', edge.ledger.activities())
  })

  return (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    send(response, 'history', rows)
    send(response, 'ledger', edge.ledger.activities())
    pages.add(response)
    request.on('close', () => pages.delete(response))
  }
}
