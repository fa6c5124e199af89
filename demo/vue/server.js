/**
 * The tea shop on Vue, rendered on a server of Node.js.
 *
 *   npm run demo -- vue                                                                          with a local edge
 *   npm run build -w demo/vue && TARGET_EDGE=https://target.shop.example npm start -w demo/vue     with yours
 */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname } from 'node:path'
import { mboxes, TargetClient } from 'isotarget/server'
import { render } from './dist/server/entry-server.js'

const edge = new URL(process.env.TARGET_EDGE ?? 'http://localhost:8787')
const account = {
  client: 'demo',
  organizationId: 'DEMO@AdobeOrg',
  serverDomain: edge.host, // without it Target's own edge is asked
  secure: edge.protocol === 'https:',
}

/** One client for the whole process; whoever waits longer than half a second sees the default content. */
const target = TargetClient.create({ ...account, timeout: 500 })
target.on('requestFailed', ({ error }) => console.error('The default content is shown:', error.message))

const template = await readFile(new URL('dist/client/index.html', import.meta.url), 'utf8')

/** JSON in a script element: `<` is escaped, so that no text in it can end the element. */
const json = (value) => JSON.stringify(value).replaceAll('<', '\\u003c')

/** A page with what it was rendered with, so that the browser takes it over as it is. */
const send = async (response, props, visitor) => {
  const html = await render(props, visitor)
  const state = { account: json(account), props: json(props), 'server-state': visitor?.dehydrate() ?? 'null' }
  const scripts = Object.entries(state).map(
    ([id, text]) => `<script type="application/json" id="${id}">${text}</script>`,
  )
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(template.replace('<!--html-->', () => html).replace('<!--state-->', () => scripts.join('')))
}

const home = async (request, response) => {
  const visitor = target.visitor(request)
  const answer = await visitor
    .getAttributes(['delivery'], { request: { prefetch: { mboxes: mboxes('hero', 'delivery') } } })
    .catch(() => undefined)
  response.setHeader('set-cookie', visitor.setCookies())
  response.setHeader('cache-control', 'private, no-cache') // this page is for one visitor
  return send(response, { page: 'home', freeFrom: answer?.getValue('delivery', 'freeFrom', 40) ?? 40 }, visitor)
}

const buy = (request, response) => {
  const visitor = target.visitor(request)
  const order = { id: randomUUID(), total: 24, purchasedProductIds: ['tasting-set'] }
  visitor.track('order-confirmed', { order }) // sent in the background
  response.setHeader('set-cookie', visitor.setCookies())
  response.writeHead(303, { location: '/thanks/' }).end()
}

const TYPES = { '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' }

const file = async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost') // without `..`
  const type = TYPES[extname(pathname)]
  const content = type && (await readFile(new URL(`dist/client${pathname}`, import.meta.url)).catch(() => undefined))
  if (!content) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(content)
}

const routes = {
  'GET /': home,
  'GET /tasting/': (_, response) => send(response, { page: 'tasting' }),
  'POST /order': buy,
  'GET /thanks/': (_, response) => send(response, { page: 'thanks' }),
}

const server = createServer(async (request, response) => {
  try {
    await (routes[`${request.method} ${request.url.split('?')[0]}`] ?? file)(request, response)
  } catch (error) {
    console.error(error)
    response.destroy()
  }
})
server.listen(process.env.PORT ?? 3000, () => {
  console.log(`Larkmoor Tea on Vue: http://localhost:${server.address().port}/`)
})

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    server.close()
    server.closeIdleConnections()
    await target.close({ timeout: 5000 }) // what is queued goes first
  })
}
