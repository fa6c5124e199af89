/**
 * The tea shop on Hono, in Node.js.
 *
 *   npm run demo -- hono                                               with a local edge
 *   TARGET_EDGE=https://target.shop.example npm start -w demo/hono     with yours
 */
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { mboxes, TargetClient } from 'isotarget/server'
import { home, tasting, thanks } from './pages.js'

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

const app = new Hono()

/** One visitor per request: cookies in, and whatever answers takes `Set-Cookie` along. */
const visitors = async (c, next) => {
  const { address } = getConnInfo(c).remote
  const visitor = target.visitor(c.req.raw, { ipAddress: address })
  c.set('visitor', visitor)
  await next()
  for (const cookie of visitor.setCookies()) c.header('set-cookie', cookie, { append: true })
}

app.get('/', visitors, async (c) => {
  const answer = await c.var.visitor
    .getAttributes(['delivery'], { request: { prefetch: { mboxes: mboxes('hero', 'delivery') } } })
    .catch(() => undefined)
  const { prefetch } = answer?.getResponse().response ?? {}
  c.header('cache-control', 'private, no-cache') // this page is for one visitor
  return c.html(
    home({
      hero: prefetch?.mboxes?.find(({ name }) => name === 'hero')?.options?.[0]?.content,
      freeFrom: answer?.getValue('delivery', 'freeFrom', 40) ?? 40,
      account,
      serverState: c.var.visitor.dehydrate(),
    }),
  )
})

app.get('/tasting/', (c) => c.html(tasting()))

app.post('/order', visitors, (c) => {
  const order = { id: randomUUID(), total: 24, purchasedProductIds: ['tasting-set'] }
  c.var.visitor.track('order-confirmed', { order }) // sent in the background
  return c.redirect('/thanks/', 303)
})

app.get('/thanks/', (c) => c.html(thanks()))

const files = (folder, prefix = '') =>
  serveStatic({
    root: fileURLToPath(new URL(folder, import.meta.url)),
    rewriteRequestPath: (path) => path.slice(prefix.length),
  })
app.get('/page.js', files('public'))
app.get('/assets/*', files('../assets', '/assets'))
app.get('/js/*', files(new URL('.', import.meta.resolve('isotarget/server')), '/js'))

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(`Larkmoor Tea on Hono: http://localhost:${port}/`)
})

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    server.close()
    server.closeIdleConnections()
    await target.close({ timeout: 5000 }) // what is queued goes first
  })
}
