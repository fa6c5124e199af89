/**
 * The tea shop on Express 5.
 *
 *   npm run demo -- express                                               with a local edge
 *   TARGET_EDGE=https://target.shop.example npm start -w demo/express     with yours
 */
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import express from 'express'
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

const app = express()
app.set('trust proxy', 'loopback') // so that req.ip is the visitor's
app.use(express.static(fileURLToPath(new URL('public', import.meta.url))))
app.use('/assets', express.static(fileURLToPath(new URL('../assets', import.meta.url))))
app.use('/js', express.static(fileURLToPath(new URL('.', import.meta.resolve('isotarget/server')))))

/** One visitor per request. */
const visitorOf = (req) => target.visitor(req, { ipAddress: req.ip })

app.get('/', async (req, res) => {
  const visitor = visitorOf(req)
  const answer = await visitor
    .getAttributes(['delivery'], { request: { prefetch: { mboxes: mboxes('hero', 'delivery') } } })
    .catch(() => undefined)
  const { prefetch } = answer?.getResponse().response ?? {}
  res.append('set-cookie', visitor.setCookies())
  res.set('cache-control', 'private, no-cache') // this page is for one visitor
  res.send(
    home({
      hero: prefetch?.mboxes?.find(({ name }) => name === 'hero')?.options?.[0]?.content,
      freeFrom: answer?.getValue('delivery', 'freeFrom', 40) ?? 40,
      account,
      serverState: visitor.dehydrate(),
    }),
  )
})

app.get('/tasting/', (_, res) => res.send(tasting()))

app.post('/order', (req, res) => {
  const visitor = visitorOf(req)
  const order = { id: randomUUID(), total: 24, purchasedProductIds: ['tasting-set'] }
  visitor.track('order-confirmed', { order }) // sent in the background
  res.append('set-cookie', visitor.setCookies())
  res.redirect(303, '/thanks/')
})

app.get('/thanks/', (_, res) => res.send(thanks()))

const server = app.listen(process.env.PORT ?? 3000, (error) => {
  if (error) throw error
  console.log(`Larkmoor Tea on Express: http://localhost:${server.address().port}/`)
})

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    server.close()
    server.closeIdleConnections()
    await target.close({ timeout: 5000 }) // what is queued goes first
  })
}
