import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type * as Door from '../../src/browser.ts'
import { artifactOf, rule } from '../decisioning/rules.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import { openSite } from './site.ts'

// The built files decide in real browsers; the rules and the edge are of another origin, and what counts is what arrives there.

declare const isotarget: typeof Door

const artifact = artifactOf({
  mboxes: {
    hero: [
      rule({ name: 'hero', content: 'on our page', condition: { in: ['127.0.0.1', { var: 'page.url' }] } }),
      rule({ name: 'hero', content: 'elsewhere' }),
    ],
    cart: [
      rule({
        name: 'cart',
        type: 'json',
        activity: 3,
        content: { sum: 1 } as never,
        condition: { in: ['?cart', { var: 'page.url' }] },
      }),
    ],
    flags: [
      rule({
        name: 'flags',
        type: 'json',
        activity: 2,
        content: { columns: 4 } as never,
        condition: { '!=': ['unknown', { var: 'user.browserType' }] },
      }),
    ],
  },
})

interface Arrived {
  method: string
  path: string
  session: string | null
  notifications: { id: string; mbox?: { name?: string } }[]
}

let arrived: Arrived[] = []
let isBroken = false
let edge: Server
let port: number
let site: Awaited<ReturnType<typeof openSite>>

beforeAll(async () => {
  site = await openSite()
  edge = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { pathname: path, searchParams } = new URL(request.url ?? '', 'http://edge')
    const { notifications = [] } = (text ? JSON.parse(text) : {}) as Partial<Arrived>
    arrived.push({ method: request.method ?? '', path, session: searchParams.get('sessionId'), notifications })
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*')
    response.setHeader('access-control-allow-credentials', 'true')
    response.setHeader('content-type', 'application/json')
    if (path === '/rules.json') {
      response.setHeader('cache-control', 'no-store')
      if (isBroken) response.writeHead(503)
      return response.end(isBroken ? '' : JSON.stringify(artifact))
    }
    return response.end(JSON.stringify({ status: 200, notifications: notifications.map(({ id }) => ({ id })) }))
  })
  await new Promise<void>((done) => edge.listen(0, '127.0.0.1', done))
  port = (edge.address() as AddressInfo).port
})
afterAll(() => {
  site.close()
  edge.closeAllConnections()
  edge.close()
})
beforeEach(() => {
  arrived = []
  isBroken = false
})

const create = (page: Page, options: object = {}) =>
  page.evaluate(
    async (port, options) => {
      const target = isotarget.TargetClient.create({
        client: 'acme',
        organizationId: 'ABC@AdobeOrg',
        serverDomain: `127.0.0.1:${port}`,
        secure: false,
        decisioningMethod: 'on-device',
        artifactLocation: `http://127.0.0.1:${port}/rules.json`,
        notificationDelay: 60_000,
        ...options,
      })
      Object.assign(globalThis, { target })
      const before = target.variationDetails('flags', 'columns', 1).reason
      await target.ready()
      return before
    },
    port,
    options,
  )

const decide = (page: Page) =>
  page.evaluate(async () => {
    const { target } = globalThis as unknown as { target: Door.Client }
    const { response, meta } = await target.getOffers({ request: { execute: { mboxes: isotarget.mboxes('hero') } } })
    const columns = [1, 2, 3].map(() => target.variation('flags', 'columns', 1))
    const content = response.execute?.mboxes?.[0]?.options?.[0]?.content
    return { content, method: meta.decisioningMethod, columns, cookie: document.cookie, id: response.id?.tntId }
  })

const flush = (page: Page) => page.evaluate(() => (globalThis as unknown as { target: Door.Client }).target.flush())

describeEngines('decisions on the device', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  const open = async (path: string, profile: string) => {
    const page = await browser.open(`http://127.0.0.1:${site.port}${path}`, { profile })
    await expect.poll(() => page.evaluate(() => 'isotarget' in globalThis)).toBe(true)
    return page
  }

  test.for(['/script-tag', '/esm'])(
    '%s: the engine is loaded when it is asked for, decides, and its displays arrive',
    async (path) => {
      const page = await open(path, `on-device ${path}`)
      const loaded = () =>
        page.evaluate(
          () => performance.getEntriesByType('resource').filter(({ name }) => /device|decisioning/.test(name)).length,
        )
      expect(await loaded()).toBe(0)
      expect(await create(page)).toBe('NOT_READY')
      expect(await loaded()).toBeGreaterThan(0)

      const { content, method, columns, cookie, id } = await decide(page)
      expect({ content, method, columns }).toEqual({ content: 'on our page', method: 'on-device', columns: [4, 4, 4] })
      expect(cookie).toContain(`PC#${id}`)
      expect(arrived.map(({ method, path }) => [method, path])).toEqual([['GET', '/rules.json']])

      expect(await flush(page)).toEqual({ sent: 2, rejected: 0, pending: 0 })
      const calls = arrived.filter(({ method }) => method !== 'GET')
      expect(calls.map(({ method }) => method)).toEqual(['POST'])
      expect(calls[0]?.notifications.map(({ mbox }) => mbox?.name)).toEqual(['hero', 'flags'])
      expect(cookie).toContain(`session#${calls[0]?.session}`)
      await page.close()
    },
  )

  test('a value follows the address of the page, also when that has just changed', async () => {
    const page = await open('/script-tag', 'on-device address')
    await create(page)
    const reasons = await page.evaluate(() => {
      const { target } = globalThis as unknown as { target: Door.Client }
      const reason = () => target.variationDetails('cart', 'sum', 0).reason
      const before = reason()
      history.pushState({}, '', '/script-tag?cart')
      return [before, reason()]
    })
    expect(reasons).toEqual(['NO_MATCH', 'MATCH'])
    await flush(page)
    await page.close()
  })

  test('the next page decides by the copy that this one has kept, though no rules can be had', async () => {
    const page = await open('/script-tag', 'on-device copy')
    await create(page)
    await flush(page)
    isBroken = true
    await page.goto(`http://127.0.0.1:${site.port}/script-tag?next`)
    await create(page)
    expect((await decide(page)).content).toBe('on our page')
    await flush(page)
    await page.close()
  })

  test('where the engine cannot be loaded, a call says so, and a hybrid client asks the edge', async () => {
    const page = await open('/script-tag', 'on-device missing')
    isBroken = true
    const codes = await page.evaluate(async (port) => {
      const options = {
        client: 'acme',
        organizationId: 'ABC@AdobeOrg',
        serverDomain: `127.0.0.1:${port}`,
        secure: false,
        artifactLocation: `http://127.0.0.1:${port}/rules.json`,
        maximumWaitReady: 300,
      }
      const request = { execute: { mboxes: isotarget.mboxes('hero') } }
      const near = isotarget.TargetClient.create({ ...options, decisioningMethod: 'on-device' })
      const code = await near
        .getOffers({ request })
        .catch((error: Door.TargetError) => [error.code, isotarget.isTargetError(error)])
      const hybrid = isotarget.TargetClient.create({ ...options, decisioningMethod: 'hybrid' })
      const { meta } = await hybrid.getOffers({ request })
      return [code, meta.decisioningMethod]
    }, port)
    expect(codes).toEqual([['NOT_READY', true], 'server-side'])
    await page.close()
  })
})
