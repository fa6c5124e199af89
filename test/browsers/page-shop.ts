import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import { openPageSite, type PageSource } from './page-site.ts'

// Pages with nothing but a script element, as an author writes it, and the edge that they ask.

export const edge = createEmulator({
  offers: {
    activities: [
      {
        id: 1,
        name: 'Shop',
        experiences: [
          {
            name: 'Sun',
            offers: { hero: '<b>Sun</b>' },
            views: {
              home: [{ type: 'setText', selector: '#view', content: 'at home' }],
              cart: [{ type: 'setText', selector: '#view', content: 'your cart' }],
            },
            pageLoad: [{ type: 'setText', selector: '#title', content: 'Summer' }],
          },
        ],
        clicks: { pageLoad: '#title' },
      },
    ],
  },
})
const body = '<h1 id="title">Hello</h1><div data-mbox="hero">default</div><p id="view">none</p>'

let edgeServer: Listening
let site: Awaited<ReturnType<typeof openPageSite>>
let count = 0

/** What says whose page it is, as attributes. */
export const account = () => ({
  client: 'acme',
  'organization-id': 'ABC@AdobeOrg',
  'server-domain': `127.0.0.1:${edgeServer.port}`,
  secure: false,
  'notification-delay': 10,
  retries: 0,
})
export const posts = () => edge.requests.map(({ body }) => body as Record<string, unknown>)
export const text = (page: Page, selector: string) =>
  page.evaluate((selector) => document.querySelector(selector)?.textContent, selector)
export const opacity = (page: Page) => page.evaluate(() => getComputedStyle(document.body).opacity)

/** What opens pages. */
export interface Opening {
  /** Opens a page, which is closed when the test is over. */
  open(source: PageSource, query?: string): Promise<Page>
  /** Serves a page, and gives its path. */
  serve(source: PageSource): string
}

/** Declares tests of pages for every engine. */
export const describePages = (title: string, declare: (opening: Opening) => void): void => {
  beforeAll(async () => {
    edgeServer = await edge.listen(0)
    site = await openPageSite()
  })
  afterAll(async () => {
    site.close()
    await edgeServer.close()
  })
  beforeEach(() => edge.reset())

  describeEngines(title, (engine) => {
    let browser: Browser
    beforeAll(async () => {
      browser = await engine.launch()
    })
    afterAll(() => browser?.close())

    const serve: Opening['serve'] = (source) => {
      const path = `/${++count}`
      site.pages.set(path, { body, ...source })
      return path
    }
    const open: Opening['open'] = async (source, query = '') => {
      const path = serve(source)
      const page = await browser.open(site.url + path + query, { profile: `page ${path}` })
      onTestFinished(() => page.close())
      return page
    }
    declare({ open, serve })
  })
}
