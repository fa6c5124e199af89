import { onTestFinished } from 'vitest'
import type * as Client from '../../src/browser.ts'
import type * as Dom from '../../src/dom.ts'
import { createEmulator, type EmulatorOptions } from '../../src/emulator.ts'
import type { Arrived } from './dom-shop.ts'
import { openTestSite } from './dom-site.ts'
import type { Browser, Page } from './engines/engine.ts'
import type { ShopProps } from './hydration/shop-props.ts'
import { bundleForPage, loadOnServer } from './hydration-build.ts'
import type { Framework } from './hydration-frameworks.ts'
import { scriptTag } from './page-site.ts'

/** What stands in the globals of a page of these tests. */
export interface Here {
  isotarget: ((command: string, ...args: unknown[]) => Promise<unknown>) & typeof Client & typeof Dom
  /** What was asked for in the head. */
  offers: Promise<Client.Result>
  props: ShopProps
  /** What the console and the window were told. */
  said: string[]
  hydrate(props: ShopProps): Promise<(next: ShopProps) => Promise<void>>
  draw?: (next: ShopProps) => Promise<void>
}

/** Before everything else: what a framework says against the page. */
export const LISTENER = `<script>
  said = []
  for (const level of ['error', 'warn']) console[level] = (...words) => said.push(level + ': ' + words.join(' '))
  addEventListener('error', ({ message }) => said.push('uncaught: ' + message))
  addEventListener('unhandledrejection', ({ reason }) => said.push('unhandled: ' + reason))
</script>`

const PROPS: ShopProps = {
  headline: 'Shop',
  items: ['Hat', 'Shoe'],
  hero: 'Our summer collection',
  kind: 'text',
  round: 0,
}

/** A framework whose code is bundled, which takes a while. */
export const prepare = async ({ server, client }: Framework) => ({
  client: await bundleForPage(client),
  ...(await loadOnServer<{ toHtml(props: ShopProps): string | Promise<string> }>(server)),
})
export type Prepared = Awaited<ReturnType<typeof prepare>>

/** An edge of one test, and what it was told. */
export const openEdge = async (experience: object, clicks: object = {}, options: EmulatorOptions = {}) => {
  const offers = { activities: [{ id: 1, name: 'One', experiences: [{ name: 'A', ...experience }], clicks }] }
  const edge = createEmulator({ offers, ...options } as EmulatorOptions)
  const { port, close } = await edge.listen(0)
  onTestFinished(close)
  const arrived = (): Arrived[] =>
    edge.requests.flatMap(({ body }) => (body as { notifications?: Arrived[] } | undefined)?.notifications ?? [])
  return { edge, port, arrived }
}
export type Edge = Awaited<ReturnType<typeof openEdge>>

/** What the page of a test is like. */
interface Written {
  /** Of the component, on the server and in the page. */
  props?: Partial<ShopProps>
  /** Attributes of the script tag. */
  tag: Record<string, unknown>
  /** In front of the script tag. */
  before?: string
  /** Behind it. */
  head?: string
  headers?: Record<string, string>
}

/** The attributes of a script tag for an edge. */
export const accountOf = ({ port }: Edge) => ({
  client: 'acme',
  'organization-id': 'ABC@AdobeOrg',
  'server-domain': `127.0.0.1:${port}`,
  secure: false,
  'notification-delay': 10,
})

/** A shop as the server has rendered it, which is not hydrated before `hydrateIn`. */
export const openShop = async (
  browser: Browser,
  framework: Prepared,
  { props, tag, before = '', head = '', headers }: Written,
) => {
  const given = { ...PROPS, ...props }
  const html = await framework.toHtml(given)
  const text = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${LISTENER}
${before}${scriptTag(tag).replace('/isotarget', '/dist/isotarget')}${head}<body><div id="root">${html}</div>
<script>props = ${JSON.stringify(given)}</script><script type="module" src="/client.js"></script></body>`
  const site = await openTestSite({
    '/shop': { text, type: 'text/html', ...(headers && { headers }) },
    '/client.js': { text: framework.client },
  })
  const page = await browser.open(`${site.url}/shop`)
  onTestFinished(() => page.close())
  return { page, html, props: given }
}

/** Takes over the HTML of the server. */
export const hydrateIn = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const here = globalThis as unknown as Here
    here.draw = await here.hydrate(here.props)
  })

/** Draws the component again. */
export const drawIn = (page: Page, next: ShopProps): Promise<void> =>
  page.evaluate(async (next) => (globalThis as unknown as Here).draw?.(next), next)

export const saidIn = (page: Page): Promise<string[]> => page.evaluate(() => (globalThis as unknown as Here).said)

export const htmlOf = (page: Page, selector: string): Promise<string | undefined> =>
  page.evaluate((selector) => document.querySelector(selector)?.innerHTML, selector)
