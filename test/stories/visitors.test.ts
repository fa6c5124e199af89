import { createServer, type IncomingMessage } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { mboxes, TargetClient } from '../../src/server.ts'

// One client per process, one visitor per request: cookies in, Set-Cookie out.

const edge = createEmulator({ offers: { hero: '<h1>Hello</h1>', flags: { newCheckout: true, columns: '3' } } })
const target = TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', fetchApi: edge })

const listen = (handle: (request: IncomingMessage) => Promise<string[]>) =>
  new Promise<{ url: string; close: () => void }>((resolve) => {
    const server = createServer(async (request, response) => {
      response.setHeader('Set-Cookie', await handle(request)).end('ok')
    })
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      resolve({ url: `http://127.0.0.1:${port}/`, close: () => server.close() })
    })
  })

const shop = await listen(async (request) => {
  const visitor = target.visitor(request)
  await visitor.getOffers({ request: { execute: { mboxes: mboxes('hero') } } })
  return visitor.setCookies()
})
afterAll(shop.close)

const jar = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

test('a visitor who comes back with the cookies is the same visitor', async () => {
  edge.reset()
  const first = await fetch(shop.url)
  await fetch(shop.url, { headers: { cookie: jar(first) } })
  const [one, two] = edge.requests.map(({ body, url, host }) => ({
    id: (body as { id?: { tntId?: string } }).id?.tntId,
    session: new URL(url, 'http://edge').searchParams.get('sessionId'),
    host,
  }))
  expect(one?.id).toBeUndefined()
  expect(two?.id).toMatch(/\.35_\d+$/)
  expect(two?.session).toBe(one?.session)
  expect(two?.host).toBe('mboxedge35.tt.omtrdc.net')
})

test('visitors who ask at the same time never mix', async () => {
  edge.reset()
  const people = Array.from(
    { length: 20 },
    (_, index) => `mbox=session#s${index}#9999999999|PC#p${index}.${index}_0#9999999999`,
  )
  await Promise.all(
    people.map(async (cookie) => {
      const visitor = target.visitor(cookie)
      const { response } = await visitor.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
      const [hero] = response.prefetch?.mboxes ?? []
      if (hero) visitor.display(hero)
    }),
  )
  await target.flush()
  expect(edge.requests).toHaveLength(40)
  for (const { body, url } of edge.requests) {
    const session = new URL(url, 'http://edge').searchParams.get('sessionId')
    expect((body as { id: { tntId: string } }).id.tntId).toMatch(new RegExp(`^p${session?.slice(1)}\\.`))
  }
  expect(edge.ledger.total('impression')).toBe(20)
})

test('flags are read by the type of their default', async () => {
  const flags = await target.visitor('').getAttributes(['flags'])
  expect(flags.getValue('flags', 'newCheckout', false)).toBe(true)
  expect(flags.getValue('flags', 'columns', 1)).toBe(3)
  expect(flags.getValue('flags', 'missing', 'blue')).toBe('blue')
  expect(flags.getValue('nowhere', 'missing')).toBeUndefined()
  expect(flags.asObject('flags')).toEqual({ newCheckout: true, columns: '3' })
})

test('a purchase is recorded with its order', async () => {
  const edge = createEmulator({
    offers: {
      activities: [
        { id: 7, name: 'Hero', experiences: [{ name: 'A', offers: { hero: 'x' } }], conversions: ['orderConfirmPage'] },
      ],
    },
  })
  const target = TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', fetchApi: edge })
  const visitor = target.visitor('')
  await visitor.getOffers({ request: { execute: { mboxes: mboxes('hero') } } })
  visitor.track('orderConfirmPage', { order: { id: 'o-1', total: 19.5, purchasedProductIds: ['sku1'] } })
  await target.close()
  expect(edge.ledger.total('conversion')).toBe(1)
  expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ conversions: 1, revenue: 19.5 })
})
