import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest'
import type { GlobalSettings } from '../../src/atjs.ts'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { type AtjsHere, type AtjsSource, type Heard, openAtjsSite } from './atjs-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

export const edge = createEmulator({
  offers: {
    activities: [
      {
        id: 1,
        name: 'Shop',
        experiences: [
          {
            name: 'Sun',
            offers: {
              hero: '<b>Sun</b>',
              flags: { json: { columns: 4 } },
              broken: { actions: [{ type: 'setHtml', selector: '#nowhere', content: 'x' }] },
            },
            views: {
              home: [{ type: 'appendHtml', selector: '#view', content: '<i>home</i>' }],
              cart: [{ type: 'setText', selector: '#view', content: 'your cart' }],
              half: [
                { type: 'setText', selector: '#view', content: 'half' },
                { type: 'setText', selector: '#nowhere', content: 'half' },
              ],
            },
            pageLoad: [{ type: 'setText', selector: '#title', content: 'Summer' }],
          },
        ],
        clicks: { pageLoad: '#title', hero: true },
        conversions: ['orderConfirmPage', 'clicked-cta'],
      },
    ],
  },
})
const BODY =
  '<h1 id="title">Hello</h1><div id="hero">default</div><p id="view"></p><a id="cta" href="/elsewhere">go</a>'

let edgeServer: Listening
let site: Awaited<ReturnType<typeof openAtjsSite>>
let count = 0
/** The first page of the test. */
let first = 1

const account = (): GlobalSettings => ({
  clientCode: 'acme',
  imsOrgId: 'ABC@AdobeOrg',
  serverDomain: `127.0.0.1:${edgeServer.port}`,
  overrideMboxEdgeServer: false,
  selectorsPollingTimeout: 200,
})

type Members = Record<string, unknown>
type Body = Members & { context: Members; execute?: Members; notifications?: (Members & { mbox?: Members })[] }
/** Of the pages of this test: one that was left before may still be sending. */
export const requests = () =>
  edge.requests.filter(({ body }) => {
    const { address } = (body as Body).context as { address: { url: string } }
    return Number(new URL(address.url).pathname.slice(1)) >= first
  })
export const bodies = () => requests().map(({ body }) => body as Body)
export const asked = () => bodies().filter(({ execute, prefetch }) => execute || prefetch)
export const notified = () => bodies().flatMap(({ notifications = [] }) => notifications)

export const text = (page: Page, selector: string) =>
  page.evaluate((selector) => document.querySelector(selector)?.textContent, selector)
export const html = (page: Page, selector: string) =>
  page.evaluate((selector) => document.querySelector(selector)?.innerHTML, selector)
export const opacity = (page: Page) => page.evaluate(() => getComputedStyle(document.body).opacity)
export const heard = (page: Page): Promise<Heard[]> => page.evaluate(() => (globalThis as unknown as AtjsHere).heard)
export const names = async (page: Page) => (await heard(page)).map(({ type }) => type.slice(3))
export const uncaught = (page: Page) => page.evaluate(() => (globalThis as unknown as AtjsHere).uncaught)
export const warnings = (page: Page) => page.evaluate(() => (globalThis as unknown as AtjsHere).warnings.join('\n'))

/** Where the edge listens. */
export const edgePort = (): number => edgeServer.port

/** What opens pages. */
interface Opening {
  open(settings?: GlobalSettings, source?: AtjsSource, query?: string): Promise<Page>
  /** A page that asks for nothing by itself. */
  quiet(settings?: GlobalSettings, source?: AtjsSource, query?: string): Promise<Page>
  site(): Awaited<ReturnType<typeof openAtjsSite>>
}

/** Declares tests of pages that have changed one address, for every engine; what counts is what arrives at the edge. */
export const describeAtjs = (title: string, declare: (opening: Opening) => void): void => {
  beforeAll(async () => {
    edgeServer = await edge.listen(0)
    site = await openAtjsSite()
  })
  afterAll(async () => {
    site.close()
    await edgeServer.close()
  })
  beforeEach(() => {
    edge.reset()
    first = count + 1
  })

  describeEngines(title, (engine) => {
    let browser: Browser
    beforeAll(async () => {
      browser = await engine.launch()
    })
    afterAll(() => browser?.close())

    const open: Opening['open'] = async (settings = {}, source = {}, query = '') => {
      const path = `/${++count}`
      site.pages.set(path, { body: BODY, settings: { ...account(), ...settings }, ...source })
      const page = await browser.open(site.url + path + query, { profile: `atjs ${count}` })
      onTestFinished(() => page.close())
      return page
    }
    const quiet: Opening['quiet'] = (settings, source, query) =>
      open({ pageLoadEnabled: false, ...settings }, source, query)
    declare({ open, quiet, site: () => site })
  })
}
