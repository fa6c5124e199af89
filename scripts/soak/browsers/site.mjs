// The pages, and what they say that they have reported. No fault is between this server and them.
import { once } from 'node:events'
import { createServer } from 'node:http'

const bodyOf = async (request) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

/** Who has reported what, by the pages' own word. */
const createJournal = () => {
  const rounds = new Map()
  const reported = new Map()
  const hooks = new Map()
  const endings = { rejected: [], dropped: [], trouble: [] }
  return {
    endings,
    /** Announces a round: `{ visitor, act, mode }`. */
    expect: (id, about) => void rounds.set(id, about),
    /** Runs work at the moment at which the page of a round tells what it has reported; false leaves the page without an answer. */
    hook: (id, work) => void hooks.set(id, work),
    add(id, list) {
      for (const entry of list) reported.set(entry.id, { ...entry, round: id, ...rounds.get(id) })
      const hook = hooks.get(id)
      hooks.delete(id)
      return hook?.() ?? true
    },
    /** Takes back what the pages of a browser said that came to no end. */
    forget(rounds) {
      for (const [id, { round }] of reported) if (round.startsWith(rounds)) reported.delete(id)
    },
    /** In the order in which it was reported. */
    all: () => [...reported.values()].sort((one, other) => one.at - other.at),
  }
}

/** `scripts` by path, and `/page/<way>` for each of `ways`, which tells at `/<way>/record` and `/<way>/ending`. */
export const openSite = async ({ scripts, ways }) => {
  const journals = new Map(ways.map((way) => [way, createJournal()]))
  const html = (body) => ({ type: 'text/html', text: `<!doctype html><title>Soak</title>${body}` })
  const files = new Map([
    ...Object.entries(scripts).map(([path, text]) => [path, { type: 'text/javascript', text }]),
    ...ways.map((way) => [
      `/page/${way}`,
      html(`<script src="/isotarget.js"></script><script src="/soak-${way}.js"></script>`),
    ]),
    ['/elsewhere', html('<p>Another page.</p>')],
  ])
  const note = async ({ pathname, searchParams }, request) => {
    const [, way, what] = pathname.split('/')
    const journal = journals.get(way)
    const said = await bodyOf(request)
    if (what === 'record') return journal.add(searchParams.get('round'), said)
    for (const [ending, what] of Object.entries(said)) journal.endings[ending].push(what)
    return true
  }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1')
    const file = files.get(url.pathname)
    if (request.method === 'POST') {
      const isAnswered = await note(url, request).catch(() => true)
      if (isAnswered) response.writeHead(204).end()
    } else if (file) response.writeHead(200, { 'content-type': file.type }).end(file.text)
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  return {
    journals,
    url: (path) => `http://127.0.0.1:${port}${path}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
