import { onTestFinished } from 'vitest'
import type { Client, ClientOptions } from '../../src/browser.ts'
import type { OffersState } from '../../src/react.ts'
import { openTestSite } from './dom-site.ts'
import type { Browser, Page } from './engines/engine.ts'
import type { PageOfParts, Part } from './hydration/parts.ts'
import { type Edge, LISTENER } from './hydration-shop.ts'

/** A framework whose binding is tested, as code that is bundled. */
export interface Binding {
  name: 'React' | 'Vue'
  /** Defines the global `start`, which mounts or hydrates a page of parts, and gives the way to draw other parts. */
  client: string
  /** What a server renders, when all that it waits for is there. */
  toHtml(page: PageOfParts, client: Client | undefined): Promise<string>
  /** What the page goes on with after that. */
  offersState(client: Client): OffersState
}

/** What stands in the globals of a page of these tests. */
interface Here {
  target: Client
  ran?: number
  start(page: PageOfParts, isHydrating: boolean): Promise<(page: PageOfParts) => Promise<void>>
  draw?: (page: PageOfParts) => Promise<void>
}

/** How a page begins. */
interface Opened {
  /** Of the binding, bundled. */
  code: string
  edge: Edge
  /** HTML of a server, which is hydrated. */
  html?: string
  /** In the page behind it. */
  state?: unknown
  client?: Partial<ClientOptions>
  headers?: Record<string, string>
}

/** A page of one test, with the code of a binding and a client of the edge. */
export const openParts = async (browser: Browser, { code, edge, ...opened }: Opened): Promise<Page> => {
  const { html = '', client, headers } = opened
  const options = {
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    serverDomain: `127.0.0.1:${edge.port}`,
    secure: false,
    retries: 0,
    notificationDelay: 10,
    ...client,
  }
  const state = JSON.stringify(opened.state ?? null).replaceAll('<', '\\u003c')
  const text = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${LISTENER}
<script>options = ${JSON.stringify(options)}; state = ${state} ?? undefined; ran = globalThis.ran ?? 0</script>
<body><div id="root">${html}</div><script type="module" src="/client.js"></script></body>`
  const site = await openTestSite({
    '/shop': { text, type: 'text/html', ...(headers && { headers }) },
    '/client.js': { text: code },
  })
  const page = await browser.open(`${site.url}/shop`)
  onTestFinished(() => page.close())
  return page
}

/** Mounts parts, or takes over the HTML of the server. */
export const startIn = (page: Page, parts: Part[], more: Omit<PageOfParts, 'parts'> & { hydrate?: boolean } = {}) =>
  page.evaluate(
    async (parts, { hydrate = false, ...more }) => {
      const here = globalThis as unknown as Here & { state: unknown }
      here.draw = await here.start({ parts, state: here.state, ...more }, hydrate)
    },
    parts,
    more,
  )

/** Draws other parts. */
export const drawPartsIn = (page: Page, parts: Part[], more: Omit<PageOfParts, 'parts'> = {}): Promise<void> =>
  page.evaluate(async (parts, more) => (globalThis as unknown as Here).draw?.({ parts, ...more }), parts, more)

/** Mboxes of each call for offers that has arrived. */
export const askedOf = ({ edge }: Edge): (string[] | undefined)[] =>
  edge.requests.flatMap(({ body }) => {
    const { prefetch } = (body ?? {}) as { prefetch?: { mboxes?: { name: string }[] } }
    return prefetch ? [prefetch.mboxes?.map(({ name }) => name)] : []
  })

/** Names of what was displayed, as it arrived. */
export const displaysOf = ({ arrived }: Edge): string[] =>
  arrived()
    .filter(({ type }) => type === 'display')
    .map(({ mbox, view }) => mbox?.name ?? `view ${view?.name}`)
    .sort()

export const clicksOf = ({ arrived }: Edge): (string | undefined)[] =>
  arrived()
    .filter(({ type }) => type === 'click')
    .map(({ mbox }) => mbox?.name)
    .sort()

export const flushParts = (page: Page): Promise<unknown> =>
  page.evaluate(() => (globalThis as unknown as Here).target.flush())
