import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** Each its own site to a browser, so that pages side by side do not share a process. */
const LANES = ['127.0.0.1', '127.0.0.11', '127.0.0.12', '127.0.0.13', '127.0.0.14', '127.0.0.15']

/** A page without automation asks for what to do, as the only way in. */
const DRIVEN = `<script>
const ask = async () => {
  for (;;) {
    const { id, code } = await (await fetch('/order' + location.search)).json()
    const json = await (0, eval)(code)
    await fetch('/result?id=' + id, { method: 'POST', body: json })
  }
}
onload = () => setTimeout(ask)
</script>`

/** What gives a page a finer clock. */
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

const textOf = async (request) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Takes whatever arrives whole, and keeps when it did, and when the call ended. */
const createCollector = () => {
  const arrivals = new Map()
  const collect = async (request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    const { searchParams } = new URL(request.url, 'http://collector')
    const body = await textOf(request).catch(() => undefined)
    if (body === undefined) return
    const id = searchParams.get('id')
    const arrival = { body, at: performance.now(), ended: undefined }
    arrivals.set(id, [...(arrivals.get(id) ?? []), arrival])
    response.on('close', () => {
      arrival.ended = performance.now()
    })
    await sleep(Number(searchParams.get('wait')), undefined, { ref: false })
    response.writeHead(200, { 'content-type': 'text/plain' }).end('taken')
  }
  return { collect, arrivals }
}

/** What is told to pages that ask for it, and what they answer. */
const createDesk = () => {
  const orders = new Map()
  const answers = new Map()
  const arrived = new Set()
  let count = 0
  const queueOf = (tab) => {
    if (!orders.has(tab)) orders.set(tab, { codes: [], asking: undefined })
    return orders.get(tab)
  }
  const hand = (queue) => {
    if (!queue.asking || queue.codes.length === 0) return
    queue.asking.end(JSON.stringify(queue.codes.shift()))
    queue.asking = undefined
  }
  return {
    arrived,
    ask(tab, response) {
      arrived.add(tab)
      const queue = queueOf(tab)
      queue.asking = response
      hand(queue)
    },
    answer: (id, json) => answers.get(id)?.(json),
    tell: (tab, code) =>
      new Promise((resolve) => {
        const id = String(++count)
        answers.set(id, resolve)
        const queue = queueOf(tab)
        queue.codes.push({ id, code })
        hand(queue)
      }),
  }
}

const createSite = (desk) => {
  const hooks = new Map()
  const scripts = new Map([['/driven', DRIVEN]])
  const listener = async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://site')
    response.setHeader('cache-control', 'no-cache')
    if (pathname === '/order') return desk.ask(searchParams.get('tab'), response)
    if (pathname === '/hook') hooks.get(searchParams.get('name'))?.()
    if (pathname === '/result') desk.answer(searchParams.get('id'), await textOf(request))
    if (pathname === '/isolated') for (const [name, value] of Object.entries(ISOLATED)) response.setHeader(name, value)
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><title>${pathname}</title><p>${pathname}</p>${scripts.get(pathname) ?? ''}`)
  }
  return { hooks, scripts, listener }
}

const listen = async (server, host, port = 0) => {
  server.listen(port, host)
  await once(server, 'listening')
  return server.address().port
}

/** One port of as many hosts as there are; some systems know only one address of the loopback. */
const listenOnAll = async (listener) => {
  const servers = []
  const origins = []
  let port = 0
  for (const host of LANES) {
    const server = createServer(listener)
    const opened = await listen(server, host, port).catch(() => undefined)
    if (!opened) break
    port = opened
    servers.push(server)
    origins.push(`http://${host}:${port}`)
  }
  return { servers, origins, port }
}

/** A site of several hosts, and a collector on another port: another origin for each of them. */
export const openLab = async () => {
  const desk = createDesk()
  const { hooks, scripts, listener } = createSite(desk)
  const { collect, arrivals } = createCollector()
  const site = await listenOnAll(listener)
  const collector = await listenOnAll(collect)
  const elsewhere = createServer(listener)
  await listen(elsewhere, 'localhost', 0)
  let count = 0
  const newId = () => `n${++count}`
  return {
    desk,
    /** What is done when a page asks for `/hook?name=…`. */
    hooks,
    newId,
    newIds: (length) => Array.from({ length }, newId),
    /** Runs the function in every page of this path, before its load event. */
    script: (path, fn) => scripts.set(path, `<script>(${fn})()</script>`),
    arrivals,
    lanes: site.origins,
    site: site.origins[0],
    elsewhere: `http://localhost:${elsewhere.address().port}`,
    /** Where something is sent to, which is answered after `wait` ms. */
    url: (id, wait = 0, host = 0) => `${collector.origins[host % collector.origins.length]}/c?wait=${wait}&id=${id}`,
    arrived: (ids) => ids.filter((id) => arrivals.has(id)).length,
    close() {
      for (const server of [...site.servers, ...collector.servers, elsewhere]) {
        server.closeAllConnections()
        server.close()
      }
    },
  }
}
