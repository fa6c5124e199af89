import { onTestFinished } from 'vitest'
import { createEmulator, type EmulatorOptions } from '../../src/emulator.ts'
import { type Here, openDom } from './dom-page.ts'
import { openTestSite, type Served } from './dom-site.ts'
import type { Browser, Page } from './engines/engine.ts'

/** A notification as it arrived. */
export interface Arrived {
  type: string
  view?: { name: string; state?: string }
  mbox?: { name: string }
  tokens?: string[]
}

/** What an experience shows, and where clicks on it are measured. */
interface Offered {
  experience: object
  clicks?: Record<string, true | string | string[]>
}

/** Makes the client of a page. By itself it sends nothing within a minute. */
const startClient = (page: Page, port: number): Promise<void> =>
  page.evaluate((port) => {
    const here = globalThis as unknown as Here
    here.target = here.isotarget.TargetClient.create({
      client: 'acme',
      organizationId: 'ABC@AdobeOrg',
      serverDomain: `127.0.0.1:${port}`,
      secure: false,
      notificationDelay: 60_000,
    })
  }, port)

/** A site of one test with an edge behind it, and pages whose client is started. */
export const openDomShop = async (browser: Browser, offered: Offered, pages?: Record<string, Served>) => {
  const { experience, clicks = {} } = offered
  const offers = { activities: [{ id: 1, name: 'One', experiences: [{ name: 'A', ...experience }], clicks }] }
  const edge = createEmulator({ offers } as EmulatorOptions)
  const server = await edge.listen(0)
  onTestFinished(() => server.close())
  const site = await openTestSite(pages)
  const arrived = (): Arrived[] =>
    edge.requests.flatMap(({ body }) => (body as { notifications?: Arrived[] }).notifications ?? [])
  const open = async (path = '/'): Promise<Page> => {
    const page = await openDom(browser, site.url + path)
    await startClient(page, server.port)
    return page
  }
  return { edge, site, port: server.port, arrived, open }
}

export const flushIn = (page: Page): Promise<unknown> =>
  page.evaluate(() => (globalThis as unknown as Here).target.flush())
