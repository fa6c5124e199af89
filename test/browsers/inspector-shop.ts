import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, EngineName, Page } from './engines/engine.ts'
import { openPageSite, type PageSource, scriptTag } from './page-site.ts'

// A page with a script element, the inspector's file beside the script, and the edge that both know of.

export const edge = createEmulator({
  client: 'acme',
  offers: {
    activities: [
      {
        id: 1,
        name: 'Summer hero',
        experiences: [
          { name: 'Sun', offers: { hero: '<b>Sun</b>' } },
          { name: 'Rain', share: 0, offers: { hero: '<b>Rain</b>' } },
        ],
        clicks: { hero: 'html' },
      },
      {
        id: 2,
        name: 'Banner',
        experiences: [
          {
            name: 'Blue',
            pageLoad: [
              { type: 'setText', selector: '#title', content: 'Summer' },
              { type: 'insertAfter', selector: '#title', content: '<p id="banner">Free returns</p>' },
            ],
          },
        ],
      },
    ],
  },
})

/** A built file, served as it is. */
const built = (name: string) => async (_: unknown, response: import('node:http').ServerResponse) => {
  const file = new URL(`../../${name}`, import.meta.url)
  response.writeHead(200, { 'content-type': 'text/javascript' }).end(await readFile(file))
}

const inspector = built('dist/isotarget.inspector.global.js')

/** The ESM build, and what it imports, as an import map names it. */
export const MODULES = {
  isotarget: '/dist/browser.js',
  'isotarget/inspector': '/dist/inspector.js',
  'isotarget/dom': '/dist/dom.js',
  nanoid: '/node_modules/nanoid/index.browser.js',
  valibot: '/node_modules/valibot/dist/index.mjs',
}

let server: Listening
export const port = (): number => server.port

export const tag = (attributes: Record<string, unknown> = {}): string =>
  scriptTag({
    client: 'acme',
    'organization-id': 'ABC@AdobeOrg',
    'server-domain': `127.0.0.1:${server.port}`,
    secure: false,
    mboxes: 'hero',
    views: false,
    'notification-delay': 10,
    ...attributes,
  })

const BODY = '<h1 id="title">Hello</h1><div data-mbox="hero">default</div>'

/** What opens pages. */
export interface Opening {
  engine: EngineName
  /** Opens a page, which is closed when the test is over. */
  open(source: PageSource, query?: string): Promise<Page>
}

export const describeInspector = (title: string, declare: (opening: Opening) => void): void => {
  let site: Awaited<ReturnType<typeof openPageSite>>
  let count = 0
  beforeAll(async () => {
    server = await edge.listen(0)
    site = await openPageSite(
      { '/isotarget.inspector.global.js': inspector, '/js/isotarget.inspector.global.js': inspector },
      (path) =>
        /^\/(dist\/[\w.-]+|node_modules\/(nanoid|valibot)\/[\w./-]+)\.m?js$/.test(path)
          ? built(path.slice(1))
          : undefined,
    )
  })
  afterAll(async () => {
    site.close()
    await server.close()
  })
  beforeEach(() => edge.reset())

  describeEngines(title, (engine) => {
    let browser: Browser
    beforeAll(async () => {
      browser = await engine.launch()
    })
    afterAll(() => browser?.close())
    declare({
      engine: engine.name,
      async open(source, query = '') {
        const path = `/${++count}`
        site.pages.set(path, { body: BODY, ...source })
        const page = await browser.open(site.url + path + query, { profile: `inspector ${path}` })
        onTestFinished(() => page.close())
        return page
      },
    })
  })
}

/** The text of what a selector finds in the inspector and is to be seen, one text for each element. */
export const seen = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate((selector) => {
    const root = document.querySelector('isotarget-inspector')?.shadowRoot
    const found = [...(root?.querySelectorAll<HTMLElement>(selector) ?? [])]
    return found.filter((element) => element.getClientRects().length).map((element) => element.innerText.trim())
  }, selector)

/** Does something to the first element that a selector finds in the inspector and that has a text. */
export const act = async (page: Page, [selector, text]: readonly [string, string], event: string): Promise<void> => {
  const acting = page.evaluate(
    (selector, text, event) => {
      const root = document.querySelector('isotarget-inspector')?.shadowRoot
      const found = [...(root?.querySelectorAll<HTMLElement>(selector) ?? [])].find((element) =>
        `${element.innerText} ${element.ariaLabel}`.includes(text),
      )
      if (!found) throw new Error(`nothing like ${selector} says ${text}`)
      if (event === 'click') found.click()
      // The page is left by it, after the answer.
      else if (event === 'go') setTimeout(() => found.click())
      else if (event === 'focus') found.focus()
      else found.dispatchEvent(new Event(event))
    },
    selector,
    text,
    event,
  )
  // The answer may get lost with the page.
  await (event === 'go' ? acting.catch(() => {}) : acting)
}

/** Presses a key where the focus is. */
export const press = (page: Page, key: string, more: KeyboardEventInit = {}): Promise<void> =>
  page.evaluate(
    (key, more) => {
      let at: Element = document.activeElement ?? document.body
      while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
      at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...more }))
    },
    key,
    more,
  )
