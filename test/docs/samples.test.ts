import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { pino } from 'pino'
import { createStorage } from 'unstorage'
import memoryDriver from 'unstorage/drivers/memory'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEmulator, type Emulator, type Fault } from '../../src/emulator.ts'
import { type Client, fileStorage as storeFiles, TargetClient } from '../../src/server.ts'
import { openPage } from '../delivery-api/page.ts'
import { root, samples } from './markdown.ts'
import { ran, runSample } from './run-sample.ts'

const ACCOUNT = { client: 'acme', organizationId: 'ABC@AdobeOrg' }
const offers = {
  activities: [
    {
      id: 1,
      name: 'Shop',
      experiences: [
        {
          name: 'Sun',
          offers: {
            home: '<h1>Home</h1>',
            product1: '<p>Pot</p>',
            hero: '<h1>Sun</h1>',
            teaser: '<p>Tea</p>',
            flags: { json: { newCheckout: true } },
            limits: { json: { maxItems: '3' } },
          },
          views: { checkout: [{ type: 'setText', selector: '#pay', content: 'Pay now' }] },
          pageLoad: [{ type: 'setText', selector: 'h1', content: 'Summer' }],
        },
      ],
      clicks: { hero: true, product1: true },
      conversions: ['orderConfirmPage'],
    },
  ],
}

const realFetch = globalThis.fetch
let edge: Emulator
const counted = (what: 'impression' | 'click' | 'conversion' | 'view') => expect.poll(() => edge.ledger.total(what))
const visit = (headers = {}) => new Request('https://www.shop.example/shoes?size=9', { headers })

beforeEach(() => {
  edge = createEmulator({ ...ACCOUNT, offers })
  vi.stubGlobal('fetch', edge)
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** A client, and one visitor of it, as samples take them for granted. */
const someone = () => {
  const target = TargetClient.create({ ...ACCOUNT, notificationDelay: 5 })
  return { target, visitor: target.visitor(visit()) }
}

describe('README', () => {
  it('shows offers and counts them', async () => {
    const shown: unknown[] = []
    await runSample('readme', { scope: { show: (...parts: unknown[]) => shown.push(parts) } })
    expect(shown).toEqual([
      ['home', '<h1>Home</h1>'],
      ['product1', '<p>Pot</p>'],
    ])
    await counted('impression').toBe(2)
    expect(edge.requests).toHaveLength(2)
  })

  it('has a single-page app', async () => {
    openPage()
    const isotarget = await import('../../src/browser.ts')
    expect(await runSample('readme-spa', { modules: { isotarget } })).toMatchObject({ newCheckout: true })
  })

  it.each(['readme-server', 'server'])('and server.md answer a request: %s', async (name) => {
    const { handle } = await runSample(name)
    const answer = await (handle as (request: Request) => Promise<Response>)(visit())
    expect(await answer.text()).toBe('<main><h1>Sun</h1></main>')
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^mbox=session#.+; Path=\/; Domain=shop\.example; SameSite=Lax; Secure$/),
      expect.stringMatching(/^mboxEdgeCluster=35; Max-Age=1860; /),
    ])
    expect(edge.ledger.total('impression')).toBe(1)
  })
})

describe('client.md', () => {
  it('creates a client, without a call', async () => {
    const { target } = await runSample('create')
    expect(target).toMatchObject({ getOffers: expect.any(Function) })
    expect(edge.requests).toEqual([])
  })

  it('asks', async () => {
    const { target } = someone()
    expect(await runSample('get-offers', { scope: { target } })).toMatchObject({ hero: '<h1>Sun</h1>' })
    expect(edge.requests[0]?.body).toMatchObject({ prefetch: { views: [{ name: 'checkout' }] } })
  })

  it('reads attributes as the type of the default', async () => {
    const { target } = someone()
    expect(await runSample('get-attributes', { scope: { target } })).toMatchObject({
      newCheckout: true,
      maxItems: 3,
      everything: { flags: { newCheckout: true }, limits: { maxItems: '3' } },
    })
  })

  it('logs', async () => {
    const lines: string[] = []
    const write = (line: string) => void lines.push(JSON.parse(line).msg)
    const { target } = await runSample('logger', {
      modules: { pino: { pino: (options: object) => pino(options, { write }) } },
    })
    await (target as Client).getOffers({ request: { prefetch: { mboxes: [{ name: 'hero' }] } } })
    expect(lines).toEqual(['AT: clientReady', 'AT: request', 'AT: response'])
  })

  it('listens', async () => {
    const { target, visitor } = someone()
    const { stop } = await runSample('events', { scope: { target } })
    visitor.track('')
    expect(console.warn).toHaveBeenCalledTimes(1)
    ;(stop as () => void)()
    visitor.track('')
    expect(console.warn).toHaveBeenCalledTimes(1)
  })

  it('catches errors', async () => {
    const { target } = someone()
    const showDefault = vi.fn()
    edge.fail({ status: 400, body: { status: 400, message: 'Invalid request' } })
    await runSample('errors', { scope: { target, showDefault } })
    expect(showDefault).toHaveBeenCalled()
    expect(console.warn).toHaveBeenCalledWith('HTTP_ERROR', 400, 'Invalid request', expect.any(String))
  })

  it('aborts', async () => {
    const { target } = someone()
    edge.fail({ delay: 500 })
    const { controller, offers } = await runSample('abort', { scope: { target } })
    ;(controller as AbortController).abort()
    await expect(offers).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

describe.each(['server', 'browser'])('what client.md says of retries, on the platform %s', (platform) => {
  const attempts = async (fault: Fault, retries?: number) => {
    openPage()
    const { TargetClient } =
      platform === 'browser' ? await import('../../src/browser.ts') : await import('../../src/server.ts')
    const own = createEmulator({ offers })
    own.fail({ ...fault, times: 2 })
    const target = TargetClient.create({ ...ACCOUNT, fetchApi: own, ...(retries !== undefined && { retries }) })
    const request = { execute: { mboxes: [{ name: 'hero' }] } }
    const status = await target.getOffers({ request }).then(
      (result) => result.status.status,
      (error) => error.status ?? error.code,
    )
    return [status, own.requests.length, own.ledger.total('impression')]
  }

  it.each([408, 420, 425, 429, 500, 503, 599])('%i is repeated', async (status) => {
    expect(await attempts({ status })).toEqual([200, 3, 1])
  })

  it('a broken connection is repeated, and counts once when only the answer was lost', async () => {
    expect(await attempts({ reset: true })).toEqual([200, 3, 1])
    expect(await attempts({ reset: true, after: true })).toEqual([200, 3, 1])
  })

  it.each([400, 401, 403, 404, 413])('%i is not', async (status) => {
    expect(await attempts({ status })).toEqual([status, 1, 0])
  })

  it('nothing is without retries', async () => {
    expect(await attempts({ status: 503 }, 0)).toEqual([503, 1, 0])
    expect(await attempts({ reset: true }, 0)).toEqual(['NETWORK_ERROR', 1, 0])
  })
})

describe('browser.md', () => {
  it('enters views', async () => {
    openPage()
    const setTitle = vi.fn()
    const isotarget = await import('../../src/browser.ts')
    const { enter } = await runSample('views', { modules: { isotarget }, scope: { setTitle } })
    ;(enter as (name: string) => void)('checkout')
    ;(enter as (name: string) => void)('nowhere')
    expect(setTitle.mock.calls).toEqual([['#pay', 'Pay now']])
    await counted('impression').toBe(1)
  })

  it('goes on after a server, as the same visitor', async () => {
    const { target } = someone()
    const { html, visitor } = await runSample('hand-over', { scope: { target, request: visit() } })
    const [, serverState] = /serverState = (.*)<\/script>/.exec(String(html)) ?? []
    const [, mbox = ''] = /^mbox=([^;]+)/.exec((visitor as typeof target).setCookies()[0] ?? '') ?? []

    const page = openPage()
    page.cookies.set('mbox', { value: mbox, attributes: {} })
    const show = vi.fn()
    await runSample('after-a-server', { scope: { serverState, show } })
    expect(show).toHaveBeenCalledWith('<h1>Sun</h1>')
    await counted('impression').toBe(1)
    expect(edge.requests).toHaveLength(2)
    expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ visitors: 1, visits: 1 })
    expect(html).toContain('<main><h1>Sun</h1></main>')
  })

  it('has the offers of a server at once, and others in time', async () => {
    const { target, visitor } = someone()
    await visitor.getOffers({ request: { prefetch: { mboxes: [{ name: 'hero' }] } } })
    openPage()
    const { TargetClient } = await import('../../src/browser.ts')
    for (const serverState of [visitor.dehydrate(), null]) {
      const target = TargetClient.create({ ...ACCOUNT, serverState, notificationDelay: 5 })
      await runSample('offered', { scope: { target } })
      await target.flush()
    }
    const asked = edge.requests.map(({ body }) => Object.hasOwn(body as object, 'prefetch'))
    expect(asked).toEqual([true, false, true, false])
    await target.close()
  })
})

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<unknown>

/** What the sample needs of Express, over Node's own requests and responses. */
const expressLike = () => {
  const handlers: Handler[] = []
  const app = { set: () => app, get: (_: string, handler: Handler) => handlers.push(handler), listen: () => {} }
  const listener: RequestListener = (req, res) => {
    Object.assign(req, { ip: '203.0.113.7', originalUrl: req.url })
    Object.assign(res, { append: res.appendHeader, send: res.end })
    void handlers[0]?.(req, res)
  }
  return { express: { default: () => app }, listener }
}

/** What the sample needs of Hono. */
class HonoLike {
  handlers: ((c: object) => Promise<Response>)[] = []
  get(_: string, handler: (c: object) => Promise<Response>) {
    this.handlers.push(handler)
  }
  request(url: string) {
    const headers = new Headers()
    return this.handlers[0]?.({
      req: { raw: new Request(url) },
      header: (name: string, value: string) => headers.append(name, value),
      html: (body: string) => new Response(body, { headers }),
    })
  }
}

describe('server.md', () => {
  it('believes you about the address', async () => {
    const { target } = someone()
    const { visitor } = await runSample('behind-a-proxy', {
      scope: { target, request: new Request('http://10.0.0.1/a?b=1') },
    })
    await (visitor as typeof target).getOffers({ request: { execute: { mboxes: [{ name: 'hero' }] } } })
    expect(edge.requests[0]?.body).toMatchObject({ context: { address: { url: 'https://www.shop.example/a?b=1' } } })
  })

  it('runs in Express', async () => {
    const { express, listener } = expressLike()
    await runSample('express', { modules: { express } })
    const server = createServer(listener).listen(0)
    const answer = await realFetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?a=1`)
    server.close()
    expect(await answer.text()).toBe('<main><h1>Sun</h1></main>')
    expect(answer.headers.getSetCookie()).toHaveLength(2)
    const { context } = edge.requests[0]!.body as { context: { geo: object; address: { url: string } } }
    expect(context.geo).toEqual({ ipAddress: '203.0.113.7' })
    expect(context.address.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?a=1$/)
  })

  it('runs in Hono', async () => {
    const { default: app } = await runSample('hono', { modules: { hono: { Hono: HonoLike } } })
    const answer = await (app as HonoLike).request('https://www.shop.example/')
    expect(await answer?.text()).toBe('<new-checkout></new-checkout>')
    expect(answer?.headers.getSetCookie()).toHaveLength(2)
  })

  it('runs in a route of Next.js', async () => {
    const { GET } = await runSample('next')
    const answer = await (GET as (request: Request) => Promise<Response>)(visit())
    expect(await answer.json()).toMatchObject([{ name: 'hero' }, { name: 'teaser' }])
    expect(answer.headers.getSetCookie()).toHaveLength(2)
  })

  it('needs nothing of Node in a worker', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(root, 'src/server.ts')],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      conditions: ['worker', 'browser'],
    })
    expect(outputFiles[0]?.text).not.toMatch(/\b(document|window|navigator)\./)
  })

  it("sends the visitor's address", async () => {
    const { target } = someone()
    const { visitor } = await runSample('geo', { scope: { target, request: visit() } })
    await (visitor as typeof target).getOffers({ request: { execute: { mboxes: [{ name: 'hero' }] } } })
    expect(edge.requests[0]?.body).toMatchObject({ context: { geo: { ipAddress: '203.0.113.7' } } })
  })

  it('believes the host that the client names, and what you say of a place', async () => {
    const { target } = (await runSample('geo-from')) as { target: Client }
    const headers = { 'cf-ipcountry': 'DE', 'x-vercel-ip-country': 'BR', 'x-country': 'CL' }
    await target.visitor(visit(headers)).getOffers({ request: { execute: { mboxes: [{ name: 'hero' }] } } })
    const { visitor } = await runSample('geo-by-hand', { scope: { target: someone().target, request: visit(headers) } })
    await (visitor as Client).getOffers({ request: { execute: { mboxes: [{ name: 'hero' }] } } })
    expect(edge.requests.map(({ body }) => (body as { context: { geo: object } }).context.geo)).toEqual([
      { countryCode: 'DE' },
      { countryCode: 'CL' },
    ])
  })

  it('asks for nobody who has not agreed', async () => {
    const { target } = someone()
    for (const consent of ['pending', 'out', 'in']) {
      const scope = { target, request: visit(), consentOf: () => consent }
      const { cookies } = await runSample('visitor-consent', { scope })
      expect([edge.requests.length, (cookies as string[]).length]).toEqual(consent === 'in' ? [1, 2] : [0, 0])
    }
  })

  it('need not ask for crawlers', async () => {
    for (const [userAgent, calls] of [
      ['Twitterbot/1.0', 0],
      ['Mozilla/5.0', 1],
    ] as const) {
      await runSample('crawlers', { scope: { request: visit({ 'user-agent': userAgent }) } })
      expect(edge.requests).toHaveLength(calls)
    }
  })

  it('goes through a proxy', async () => {
    const inits: object[] = []
    const fetch = (input: string, init: RequestInit) => {
      const { dispatcher, ...rest } = init as RequestInit & { dispatcher: object }
      inits.push(dispatcher)
      return edge(input, rest)
    }
    class ProxyAgent {}
    const { target } = await runSample('proxy', { modules: { undici: { ProxyAgent } }, scope: { fetch } })
    await (target as ReturnType<typeof TargetClient.create>).getOffers({
      request: { execute: { mboxes: [{ name: 'hero' }] } },
    })
    expect(inits).toEqual([expect.any(ProxyAgent)])
  })

  it('shuts down', async () => {
    const { target, visitor } = someone()
    const signals = new Map<string, () => Promise<void>>()
    const server = { close: vi.fn() }
    const process = { once: (name: string, listener: () => Promise<void>) => signals.set(name, listener) }
    await runSample('shut-down', { scope: { target, server, process } })
    visitor.track('orderConfirmPage')
    await signals.get('SIGTERM')?.()
    expect(server.close).toHaveBeenCalled()
    expect(edge.requests).toHaveLength(1)
    await expect(visitor.getOffers({ request: { execute: { pageLoad: {} } } })).rejects.toMatchObject({
      code: 'CLOSED',
    })
  })

  it('closes at the end of a block', async () => {
    await runSample('dispose')
    expect(edge.requests.map(({ body }) => body)).toMatchObject([{ notifications: [{ mbox: { name: 'imported' } }] }])
  })

  it('lets a worker wait', async () => {
    const { target, visitor } = someone()
    const render = async () => {
      visitor.track('orderConfirmPage')
      return new Response('')
    }
    const { default: worker } = await runSample('wait-until', { scope: { target, render } })
    const works: Promise<unknown>[] = []
    const context = { waitUntil: (work: Promise<unknown>) => works.push(work) }
    await (worker as { fetch(...parts: unknown[]): Promise<Response> }).fetch(visit(), {}, context)
    expect(await Promise.all(works)).toEqual([{ sent: 1, rejected: 0, pending: 0 }])
  })

  it('keeps notifications in files', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'notifications-'))
    const fileStorage = () => storeFiles(directory)
    const modules = { 'isotarget/server': { TargetClient, fileStorage } }
    const { target } = (await runSample('file-storage', { modules })) as { target: Client }
    edge.fail({ status: 503, headers: { 'retry-after': '60' }, times: 1 })
    target.visitor('').track('orderConfirmPage')
    expect(await target.close()).toMatchObject({ pending: 1 })
    expect(readdirSync(directory).filter((name) => name.includes('acme%3A1%3A'))).toHaveLength(1)
    rmSync(directory, { recursive: true })
  })

  it('keeps notifications in a store that servers share, from which the next one sends them', async () => {
    const driver = memoryDriver()
    const redis = { default: () => driver }
    const start = async () => {
      const modules = { unstorage: { createStorage }, 'unstorage/drivers/redis': redis }
      return (await runSample('shared-storage', { modules, scope: { url: '' } })) as { target: Client }
    }
    const first = await start()
    edge.fail({ status: 503, times: 3 })
    first.target.visitor('').track('orderConfirmPage')
    expect(await first.target.close()).toMatchObject({ pending: 1 })
    edge.reset()
    const second = await start()
    await expect.poll(() => edge.requests.length, { timeout: 5000 }).toBe(1)
    await second.target.close()
    expect(await driver.getKeys('', {})).toEqual([])
  })

  it('takes and gives cookies one by one', async () => {
    const { target } = someone()
    const setCookie = vi.fn()
    await runSample('long-form', { scope: { target, setCookie, cookies: { mbox: 'session#s1#9596233214' } } })
    expect(setCookie.mock.calls).toEqual([
      ['mbox', expect.stringMatching(/^session#s1#/), 63244800],
      ['mboxEdgeCluster', '35', 1860],
    ])
    expect(edge.requests[0]?.url).toContain('sessionId=s1')
  })
})

describe('notifications.md', () => {
  const ask = async () => {
    const { visitor } = someone()
    const { response } = await visitor.getOffers({ request: { prefetch: { mboxes: [{ name: 'product1' }] } } })
    return { target: visitor, product1: response.prefetch!.mboxes![0]! }
  }

  it('reports a display', async () => {
    const { target } = someone()
    const show = vi.fn()
    await runSample('display', { scope: { target, show } })
    expect(show).toHaveBeenCalledWith('<p>Pot</p>')
    await counted('impression').toBe(1)
  })

  it('reports a click', async () => {
    const scope = await ask()
    let press = () => {}
    const button = { addEventListener: (_: string, listener: () => void) => (press = listener) }
    await runSample('click', { scope: { ...scope, button } })
    scope.target.display(scope.product1)
    press()
    await counted('click').toBe(1)
  })

  it('reports an order', async () => {
    const { target, product1 } = await ask()
    target.display(product1)
    await runSample('track', { scope: { target } })
    await counted('conversion').toBe(1)
    expect(edge.ledger.activities()[0]?.experiences[0]?.revenue).toBe(19.5)
  })

  it('reports what was built by hand', async () => {
    const { target, product1 } = await ask()
    const { state } = product1
    await runSample('notify', { scope: { target, state, eventToken: product1.options?.[0]?.eventToken } })
    await counted('impression').toBe(1)
  })

  it('waits for an answer', async () => {
    let answer = (_agreed: boolean): unknown => undefined
    const banner = { onAnswer: (listener: typeof answer) => (answer = listener) }
    const page = openPage()
    await runSample('consent', { modules: { isotarget: await import('../../src/browser.ts') }, scope: { banner } })
    expect([edge.requests.length, page.cookies.size]).toEqual([0, 0])
    answer(true)
    await expect.poll(() => edge.requests.length).toBe(1)
  })

  it('flushes', async () => {
    // Nothing leaves by itself before the sample does it.
    const target = TargetClient.create({ ...ACCOUNT, notificationDelay: 60_000 }).visitor(visit())
    const { response } = await target.getOffers({ request: { prefetch: { mboxes: [{ name: 'product1' }] } } })
    const product1 = response.prefetch!.mboxes![0]!
    target.display(product1)
    expect(await runSample('flush', { scope: { target } })).toEqual({ sent: 1, rejected: 0, pending: 0 })
  })

  it('sends at once', async () => {
    const { target } = someone()
    expect(await runSample('send-notifications', { scope: { target, sessionId: 's1' } })).toMatchObject({
      acknowledged: ['n-1'],
    })
    expect(edge.ledger.total('impression')).toBe(1)
  })

  it('counts a page view once', async () => {
    const { target } = someone()
    await runSample('impressions', { scope: { target } })
    await expect.poll(() => edge.requests.length).toBe(2)
    await counted('impression').toBe(1)
  })
})

it('migrate-from-nodejs-sdk.md asks as before', async () => {
  const { response, targetCookie } = await runSample('migrate', { scope: { cookies: {} } })
  expect(response).toMatchObject({ execute: { mboxes: [{ name: 'hero', options: [{ content: '<h1>Sun</h1>' }] }] } })
  expect(targetCookie).toMatchObject({ name: 'mbox', maxAge: 63244800 })
})

it('every sample has run', () => {
  // These pages have tests of their own, and what is HTML runs in browsers.
  const pages = [
    'emulator.md',
    'testing.md',
    'decisioning.md',
    'dom.md',
    'frameworks.md',
    'react.md',
    'vue.md',
    'cli.md',
    'workers.md',
    'proxy.md',
    'inspector.md',
    'opentelemetry.md',
    'openfeature.md',
    'migrate-from-atjs.md',
    'migrate-from-alloy.md',
    'troubleshooting.md',
    'security.md',
  ]
  const others = pages.map((name) => join('docs', name))
  const folders = ['start', 'concepts', 'recipes'].map((name) => join('docs', name, '/'))
  const isElsewhere = (page: string) => others.includes(page) || folders.some((folder) => page.startsWith(folder))
  const mine = samples.filter(({ page, language }) => !isElsewhere(page) && language !== 'html')
  expect(mine.filter(({ name }) => name === undefined)).toEqual([])
  expect(mine.flatMap(({ name = '' }) => (ran.has(name) ? [] : [name]))).toEqual([])
})
