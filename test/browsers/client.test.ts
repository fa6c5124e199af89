import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type * as Door from '../../src/browser.ts'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import { openSite } from './site.ts'

// The built files in real browsers, against an edge of another origin; what counts is what arrives there.

declare const isotarget: typeof Door

const edge = createEmulator({ offers: { hero: '<b>Hello</b>', flags: { newCheckout: true } } })
let edgeServer: Listening
let site: Awaited<ReturnType<typeof openSite>>

beforeAll(async () => {
  edgeServer = await edge.listen(0)
  site = await openSite()
})
afterAll(async () => {
  site.close()
  await edgeServer.close()
})
beforeEach(() => edge.reset())

type Members = Record<string, unknown>
const bodies = () => edge.requests.map(({ body }) => body as Members & { context: Members; notifications?: Members[] })
const notified = () => bodies().filter(({ notifications }) => notifications)

/** Prefetches and displays the hero; nothing is sent until something sends it. */
const show = (page: Page, port: number, options: Members = {}) =>
  page.evaluate(
    async (port, options) => {
      const target = isotarget.TargetClient.create({
        client: 'acme',
        organizationId: 'ABC@AdobeOrg',
        serverDomain: `127.0.0.1:${port}`,
        secure: false,
        notificationDelay: 60_000,
        ...options,
      })
      Object.assign(globalThis, { target })
      const { response } = await target.getOffers({
        request: { prefetch: { mboxes: isotarget.mboxes('hero') } },
      })
      const [hero] = response.prefetch?.mboxes ?? []
      return { content: hero?.options?.[0]?.content, id: hero && target.display(hero)?.id, cookie: document.cookie }
    },
    port,
    options,
  )

const flush = (page: Page) => page.evaluate(() => (globalThis as unknown as { target: Door.Client }).target.flush())

/** Leaves nothing that could arrive in the middle of the next test. */
const leave = async (page: Page) => {
  await flush(page)
  await page.close()
}

describeEngines('the client', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  const open = (path: string, profile?: string) =>
    browser.open(`http://127.0.0.1:${site.port}${path}`, profile ? { profile } : {})

  test.for(['/script-tag', '/esm'])('%s: offers are asked for and shown without a preflight', async (path) => {
    const page = await open(path, `fresh ${path}`)
    await expect.poll(() => page.evaluate(() => 'isotarget' in globalThis)).toBe(true)
    const { content, cookie } = await show(page, edgeServer.port)
    expect(content).toBe('<b>Hello</b>')
    expect(edge.preflights).toBe(0)

    const [request] = edge.requests
    expect(request?.headers['content-type']).toMatch(/^text\/plain/)
    expect(Object.keys(request?.headers ?? {}).filter((name) => name.startsWith('x-'))).toEqual([])
    expect(bodies()[0]?.context).toMatchObject({
      channel: 'web',
      userAgent: expect.any(String),
      timeOffsetInMinutes: expect.any(Number),
      screen: { width: expect.any(Number), orientation: expect.stringMatching(/^(portrait|landscape)$/) },
      window: { width: expect.any(Number) },
      browser: { host: '127.0.0.1' },
      address: { url: `http://127.0.0.1:${site.port}${path}` },
    })
    expect(cookie).toMatch(/mbox=session#[\da-f]{32}#\d+\|PC#[\da-f]{32}\.35_\d+#\d+/)
    expect(cookie).toContain('mboxEdgeCluster=35')
    await leave(page)
  })

  test('82 the visitor of a page is the visitor of the next page', async () => {
    const page = await open('/script-tag', 'twice')
    await show(page, edgeServer.port)
    await page.goto(`http://127.0.0.1:${site.port}/script-tag?again`)
    await show(page, edgeServer.port)
    const [first, last] = [edge.requests[0], edge.requests.at(-1)]
    expect(new URL(last?.url ?? '').searchParams.get('sessionId')).toBe(
      new URL(first?.url ?? '').searchParams.get('sessionId'),
    )
    expect((last?.body as Members | undefined)?.id).toMatchObject({ tntId: expect.stringMatching(/\.35_\d+$/) })
    await leave(page)
  })

  test('a display is acknowledged by its id', async () => {
    const page = await open('/script-tag', 'flush')
    await show(page, edgeServer.port)
    expect(await flush(page)).toEqual({ sent: 1, rejected: 0, pending: 0 })
    expect(edge.ledger.total('impression')).toBe(1)
    await page.close()
  })

  test.for(['close', 'navigate'] as const)('what waits leaves once when the page goes away: %s', async (way) => {
    const page = await open('/script-tag', `leave by ${way}`)
    const { id } = await show(page, edgeServer.port)
    expect(notified()).toEqual([])
    if (way === 'close') await page.close()
    else await page.goto(`http://127.0.0.1:${site.port}/elsewhere`)
    await expect.poll(notified).toHaveLength(1)
    expect(notified()[0]).toMatchObject({ notifications: [{ id, type: 'display' }] })
    // A tab of Firefox hides before it closes, and might live on: there a fetch goes, and here a beacon.
    const isHeard = engine.name === 'firefox' && way === 'close'
    expect([edge.requests.at(-1)?.status, notified()[0]?.context.beacon]).toEqual(
      isHeard ? [200, undefined] : [204, true],
    )
    expect(edge.ledger.total('impression')).toBe(1)
    expect(edge.preflights).toBe(0)
    if (way === 'navigate') await page.close()
  })

  test('69 70 a beacon is text/plain and says that it is one; reports of one task are one call, in order', async () => {
    const page = await open('/script-tag', 'beacon')
    await show(page, edgeServer.port)
    const ids = await page.evaluate(() => {
      const { target } = globalThis as unknown as { target: Door.Client }
      return ['one', 'two', 'three'].map((name) => target.track(name)?.id)
    })
    await page.goto(`http://127.0.0.1:${site.port}/elsewhere`)
    await expect.poll(notified).toHaveLength(1)
    const { context, notifications = [] } = notified()[0] ?? { context: {} }
    expect(notifications.slice(1).map(({ id }) => id)).toEqual(ids)
    expect(new Set(notifications.map(({ id }) => id)).size).toBe(4)
    expect(notifications.every(({ timestamp }) => Number.isInteger(timestamp))).toBe(true)
    const isHeard = edge.requests.at(-1)?.status === 200
    expect(context.beacon).toBe(isHeard ? undefined : true)
    expect(edge.requests.at(-1)?.headers['content-type']).toMatch(/^text\/plain/)
    await page.close()
  })

  test.for(['refused', 'absent'] as const)(
    '68 where the beacon is %s, a fetch that outlives the page takes it',
    async (how) => {
      const page = await open('/script-tag', how)
      const { id } = await show(page, edgeServer.port)
      await page.evaluate((how) => {
        if (how === 'refused') navigator.sendBeacon = () => false
        else Object.assign(navigator, { sendBeacon: undefined })
        // Nothing may hold the page up while it goes.
        XMLHttpRequest.prototype.open = () => (document.cookie = 'xhr=1')
      }, how)
      await page.goto(`http://127.0.0.1:${site.port}/elsewhere`)
      await expect.poll(notified).toHaveLength(1)
      expect(notified()[0]?.notifications).toMatchObject([{ id }])
      expect(await page.evaluate(() => document.cookie)).not.toContain('xhr')
      expect(edge.preflights).toBe(0)
      await page.close()
    },
  )

  test('72 a call that takes too long is aborted on the wire and says so', async () => {
    edge.fail({ delay: 5000, times: 1 })
    const page = await open('/script-tag', 'slow')
    const error = await page.evaluate(async (port) => {
      const target = isotarget.TargetClient.create({
        client: 'acme',
        organizationId: 'ABC@AdobeOrg',
        serverDomain: `127.0.0.1:${port}`,
        secure: false,
      })
      const start = performance.now()
      const failure = await target
        .getOffers({ request: { execute: { pageLoad: {} } }, timeout: 200 })
        .catch((error: Door.TargetError) => ({ code: error.code, is: isotarget.isTargetError(error) }))
      return { failure, early: performance.now() - start < 3000 }
    }, edgeServer.port)
    expect(error).toEqual({ failure: { code: 'TIMEOUT', is: true }, early: true })
    await page.close()
  })
})
