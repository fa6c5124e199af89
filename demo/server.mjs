import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { createFeed, edge } from './edge.mjs'
import { fileOf, sendFile } from './files.mjs'
import { landing } from './pages/landing.mjs'
import { missing } from './pages/missing.mjs'
import { security } from './pages/page.mjs'
import { scriptTagHome, scriptTagTasting } from './pages/script-tag.mjs'
import { app } from './pages/spa.mjs'
import { ssrHome, ssrTasting } from './pages/ssr.mjs'

/** Pages by path; each is given the request and its response, whose headers it may set, and gives HTML. */
const pages = new Map([
  ['/', landing],
  ['/script-tag/', scriptTagHome],
  ['/script-tag/tasting/', scriptTagTasting],
  ['/spa/', app],
  ['/ssr/', ssrHome],
  ['/ssr/tasting/', ssrTasting],
])

const sendPage = async (request, response, page) => {
  const html = await page(request, response)
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.setHeader('cache-control', 'private, no-cache')
  response.setHeader('content-security-policy', security)
  response.end(html)
}

/** Hands a call to the edge, which speaks `fetch`. */
const sendDecision = async (request, response) => {
  const { method, headers, url } = request
  const body = method === 'POST' ? { body: Readable.toWeb(request), duplex: 'half' } : {}
  const answer = await edge(`http://${headers.host}${url}`, { method, headers, ...body })
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(Buffer.from(await answer.arrayBuffer()))
}

const route = (request, response, feed) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  if (pathname === '/rest/v1/delivery') return sendDecision(request, response)
  if (pathname === '/demo/events') return feed(request, response)
  const file = fileOf(pathname)
  if (file) return sendFile(response, file)
  if (pages.has(`${pathname}/`)) return response.writeHead(301, { location: `${pathname}/` }).end()
  // Every address below /spa/ is a view of one and the same page.
  const page = pathname.startsWith('/spa/') ? app : pages.get(pathname)
  if (!page) response.statusCode = 404
  return sendPage(request, response, page ?? missing)
}

/** The shop and its edge on one server. */
export const createShop = () => {
  const feed = createFeed()
  return createServer(async (request, response) => {
    try {
      await route(request, response, feed)
    } catch (error) {
      console.error(error)
      response.destroy()
    }
  })
}
