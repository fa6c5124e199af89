import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { createProxy, nodeListener } from '../../src/server.ts'
import { samples } from '../docs/markdown.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import { openPageSite, scriptTag } from './page-site.ts'

// A page whose site hands its calls on: it knows no other host than its own, and its cookies come from there.

const edge = createEmulator({ offers: { hero: '<b>Sun</b>' } })
const account = { client: 'acme', organizationId: 'ABC@AdobeOrg' }
const tag = { client: 'acme', 'organization-id': 'ABC@AdobeOrg', endpoint: '/offers', 'notification-delay': 60_000 }
/** Forbids every connection but to the page's own origin, and tells what the page writes by itself. */
const head = `<meta http-equiv="Content-Security-Policy" content="connect-src 'self'">
<script>
  violations = []
  written = []
  addEventListener('securitypolicyviolation', function (event) { violations.push(event.blockedURI) })
  ;(function () {
    var own = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')
    Object.defineProperty(document, 'cookie', {
      get: function () { return own.get.call(document) },
      set: function (text) { written.push(text); own.set.call(document, text) },
    })
  })()
</script>`

interface Here {
  violations: string[]
  written: string[]
}

let edgeServer: Listening
let site: Awaited<ReturnType<typeof openPageSite>>
/** The address of the site, as its visitors see it. */
let home: string
let count = 0

beforeAll(async () => {
  edgeServer = await edge.listen(0)
  const proxy = createProxy({ ...account, serverDomain: `127.0.0.1:${edgeServer.port}`, secure: false })
  site = await openPageSite({ '/offers': nodeListener(proxy) })
  home = site.url.replace('127.0.0.1', 'www.shop.example')
})
afterAll(async () => {
  site.close()
  await edgeServer.close()
})
beforeEach(() => edge.reset())

const text = (page: Page) => page.evaluate(() => document.querySelector('[data-mbox]')?.textContent)
const cookies = (page: Page) =>
  page.evaluate(() => Object.fromEntries(document.cookie.split('; ').map((item) => item.split('='))))
const here = (page: Page): Promise<Here> =>
  page.evaluate(() => {
    const { violations, written } = globalThis as unknown as Here
    return { violations, written }
  })
/** Origins that the page has talked to. */
const origins = (page: Page) =>
  page.evaluate(() => [...new Set(performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin))])

describeEngines('a page whose site hands its calls on', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    // A name, not an address: cookies are for the whole domain, and a page and its server must agree which that is.
    browser = await engine.launch({ hosts: 'loopback' })
  })
  afterAll(() => browser?.close())

  const open = async (body = '<div data-mbox="hero">default</div>') => {
    const path = `/${++count}`
    site.pages.set(path, { head: head + scriptTag({ ...tag, mboxes: 'hero' }), body })
    site.pages.set('/elsewhere', { body: 'Another page.' })
    return browser.open(home + path, { profile: `proxy ${count}` })
  }
  const shown = async () => {
    const page = await open()
    await expect.poll(() => text(page)).toBe('Sun')
    return page
  }

  test('asks and shows without a request to another host', async () => {
    const page = await shown()
    expect(await origins(page)).toEqual([home])
    expect((await here(page)).violations).toEqual([])
    expect(edge.requests.map(({ headers }) => headers['x-exc-sdk'])).toEqual(['isotarget'])
    expect(edge.requests[0]?.headers).not.toHaveProperty('cookie')
    expect(edge.preflights).toBe(0)
    await page.close()
  })

  test('has cookies of the server, and leaves them as they are', async () => {
    const page = await shown()
    const asked = Date.now()
    await expect.poll(async () => (await cookies(page)).mbox).toContain('PC#')
    const { mbox, mboxEdgeCluster } = await cookies(page)
    expect(mbox).toMatch(/^session#[\da-f]{32}#\d+\|PC#.+\.35_0#\d+$/)
    expect(mboxEdgeCluster).toBe('35')
    // By then the page has looked whether it has to write them by itself.
    await expect.poll(() => Date.now() - asked).toBeGreaterThan(1_500)
    const { written } = await here(page)
    expect(written.filter((line) => line.includes('PC#'))).toEqual([])
    await page.close()
  })

  test('goes on as the same visitor with the next page', async () => {
    const page = await shown()
    await page.goto(`${home}/${count}?again`)
    await expect.poll(() => text(page)).toBe('Sun')
    const asked = edge.requests.filter(({ body }) => Object(body).prefetch || Object(body).execute)
    // What the page before has left may still arrive.
    const [first, second] = asked.slice(-2).map(({ url, body }) => {
      return { session: new URL(url).searchParams.get('sessionId'), id: Object(body).id }
    })
    expect(second).toEqual({ session: first?.session, id: { tntId: expect.stringMatching(/\.35_0$/) } })
    await page.close()
  })

  test('hands over what was shown when it is left', async () => {
    const page = await shown()
    expect(edge.ledger.total('impression')).toBe(0)
    await page.goto(`${home}/elsewhere`)
    await expect.poll(() => edge.ledger.total('impression')).toBe(1)
    const [report] = edge.requests.filter(({ body }) => Object(body).notifications)
    expect([report?.headers['x-exc-sdk'], report?.headers['content-type']]).toEqual(['isotarget', 'application/json'])
    await page.close()
  })

  test('is made by the element that the documentation shows', async () => {
    const { code = '' } = samples.find(({ name }) => name === 'route-tag') ?? {}
    site.pages.set('/sample', { head, body: code.replace('/js/', '/') })
    const page = await browser.open(`${home}/sample`, { profile: 'proxy sample' })
    await expect.poll(() => text(page)).toBe('Sun')
    expect(await origins(page)).toEqual([home])
    await page.close()
  })

  test('hands it over when its tab is closed', async () => {
    const page = await shown()
    await page.close()
    await expect.poll(() => edge.ledger.total('impression')).toBe(1)
  })
})
