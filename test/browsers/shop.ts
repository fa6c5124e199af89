import { expect, onTestFinished } from 'vitest'
import type * as Door from '../../src/browser.ts'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator.ts'
import type { Browser, Page } from './engines/engine.ts'
import { openSite } from './site.ts'

declare const isotarget: typeof Door

/** What a page heard of its client. */
export interface Told {
  type: Door.EventName
  /** Of its notifications. */
  ids: string[]
  way?: string | undefined
  reason?: string | undefined
  message?: string | undefined
}

/** What stands in the globals of a page whose client was started. */
export interface Here {
  target: Door.Client
  hero: Door.PrefetchMboxResponse
  told: Told[]
  /** What nobody caught. */
  uncaught: string[]
}

/** How a page starts. */
export interface Start {
  options?: Partial<Door.ClientOptions>
  /** How far the page's clock is ahead, in ms. */
  later?: number
  /** Asks for the offer, so that it can be shown. @default true */
  asks?: boolean
  /** What the page has to be before its client starts. */
  before?: () => void
}

/** Long enough for what somebody left behind to be taken up at once, in ms. */
export const SOON = 2_000
/** Long enough for what left without an answer to be sent again, in ms. */
export const LATER = 31_000

/**
 * Starts the client of a page that has loaded the script. By itself it sends nothing within a minute. Without a port it asks
 * Target's own hosts.
 */
export const start = async (
  page: Page,
  port: number | undefined,
  { options = {}, later = 0, asks = true, before }: Start = {},
): Promise<void> => {
  if (before) await page.evaluate(before)
  await page.evaluate(
    async (port, options, { later, asks }) => {
      const here = globalThis as unknown as Here
      const { now } = Date
      Date.now = () => now() + later
      Object.assign(here, { told: [], uncaught: [] })
      addEventListener('error', ({ message }) => here.uncaught.push(message))
      addEventListener('unhandledrejection', ({ reason }) => here.uncaught.push(`${reason}`))
      addEventListener('securitypolicyviolation', ({ violatedDirective }) => here.uncaught.push(violatedDirective))
      here.target = isotarget.TargetClient.create({
        client: 'acme',
        organizationId: 'ABC@AdobeOrg',
        ...(port && { serverDomain: `127.0.0.1:${port}`, secure: false }),
        notificationDelay: 60_000,
        ...options,
      })
      const names: Door.EventName[] = [
        'notificationBatch',
        'notificationSent',
        'notificationRejected',
        'notificationDropped',
        'notificationRetry',
        'warning',
      ]
      for (const name of names) {
        here.target.on(name, (event) => {
          const { type, notification, notifications, way, reason, message } = event as Told & {
            notification?: Door.Notification
            notifications?: Door.Notification[]
          }
          const ids = (notifications ?? [notification]).flatMap((item) => item?.id ?? [])
          here.told.push({ type, ids, way, reason, message })
        })
      }
      if (!asks) return
      const { response } = await here.target.getOffers({
        request: { prefetch: { mboxes: isotarget.mboxes('hero') } },
      })
      const [hero] = response.prefetch?.mboxes ?? []
      if (hero) here.hero = hero
    },
    port,
    options,
    { later, asks },
  )
}

/** Shows the offer so many times, all in one task; gives the notifications. */
export const show = (page: Page, count = 1, details: Door.NotificationDetails = {}): Promise<Door.Notification[]> =>
  page.evaluate(
    (count, details) => {
      const { target, hero } = globalThis as unknown as Here
      return Array.from({ length: count }, () => target.display(hero, details)).flatMap((made) => made ?? [])
    },
    count,
    details,
  )

export const flush = (page: Page): Promise<Door.FlushResult> =>
  page.evaluate(() => (globalThis as unknown as Here).target.flush())

export const pending = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as Here).target.pending())

export const told = (page: Page, type: Door.EventName): Promise<Told[]> =>
  page.evaluate((type) => (globalThis as unknown as Here).told.filter((event) => event.type === type), type)

/** Errors that nobody caught, and violations of the page's policy. */
export const uncaught = (page: Page): Promise<string[]> => page.evaluate(() => (globalThis as unknown as Here).uncaught)

/** Everything in the storage of the page's origin. */
export const stored = (page: Page): Promise<Record<string, string>> => page.evaluate(() => ({ ...localStorage }))

/** The keys alone, of a storage that is full. */
export const storedKeys = (page: Page): Promise<string[]> => page.evaluate(() => Object.keys(localStorage))

/** Takes the network away from a page, as the page sees it. */
export const goOffline = (page: Page): Promise<unknown> =>
  page.evaluate(() => void Object.defineProperty(navigator, 'onLine', { get: () => false, configurable: true }))

export const idsOf = (notifications: readonly { id: string }[]): string[] => notifications.map(({ id }) => id)

/** A call that reported something, as it arrived. */
export interface Report {
  /** Undefined while the edge has not answered. */
  status: number | undefined
  headers: Record<string, string>
  sessionId: string | null
  tntId: string | undefined
  host: string
  isBeacon: boolean
  notifications: Door.Notification[]
}

const reportsAt = ({ requests }: Emulator): Report[] =>
  requests.flatMap(({ status, headers, url, body, host }) => {
    const { notifications, context, id } = body as Door.DeliveryRequest & { context: { beacon?: boolean } }
    const { tntId } = id ?? {}
    const sessionId = new URL(url).searchParams.get('sessionId')
    const isBeacon = context?.beacon === true
    return notifications
      ? [{ status, headers, sessionId, tntId, host, isBeacon, notifications: notifications as Door.Notification[] }]
      : []
  })

/** How ids that were counted differ from those that should have been. */
const tally = (counted: readonly string[], wanted: readonly string[]) => ({
  missing: wanted.filter((id) => !counted.includes(id)).length,
  more: counted.filter((id) => !wanted.includes(id)).length,
  twice: counted.length - new Set(counted).size,
})

/** A shop of one test: pages on one origin, which nobody has seen before, and an edge on another. */
export const openShop = async (settings: EmulatorOptions = {}) => {
  const edge = createEmulator({ offers: { hero: '<b>Hello</b>' }, ...settings })
  const site = await openSite()
  let server = await edge.listen(0)
  const { port } = server
  onTestFinished(async () => {
    site.close()
    await server.close()
  })
  const counted = (): string[] =>
    edge.ledger.entries.flatMap(({ what, counted, notification }) =>
      what === 'impression' && counted && notification ? [notification] : [],
    )
  return {
    edge,
    port,
    site: `http://127.0.0.1:${site.port}`,
    /** Calls that reported something. */
    reports: () => reportsAt(edge),
    /** Ids of what was reported, each as often as it arrived. */
    arrived: (): string[] => reportsAt(edge).flatMap(({ notifications }) => idsOf(notifications)),
    /** Ids of displays, each as often as it was counted. */
    counted,
    /** Waits until these displays, and no others, have counted once. */
    countsOnce: (ids: readonly string[]): Promise<void> =>
      expect.poll(() => tally(counted(), ids)).toEqual({ missing: 0, more: 0, twice: 0 }),
    /** Connections are refused. */
    down: () => server.close(),
    up: async () => {
      server = await edge.listen(port)
    },
  }
}

export type Shop = Awaited<ReturnType<typeof openShop>>

/** Opens a page of the shop, and starts its client. */
export const openPage = async (browser: Browser, { site, port }: Shop, how?: Start): Promise<Page> => {
  const page = await browser.open(`${site}/script-tag`)
  await start(page, port, how)
  return page
}

/** Opens a page that shows nothing: its client goes on where others have left. */
export const openNext = (browser: Browser, shop: Shop, how?: Start): Promise<Page> =>
  openPage(browser, shop, { asks: false, ...how })

/** Waits until nothing is held any more, by a page that has had its time to find what others left, and nothing is stored. */
export const isSettled = (page: Page): Promise<void> =>
  expect.poll(async () => [await stored(page), await pending(page)]).toEqual([{}, 0])
