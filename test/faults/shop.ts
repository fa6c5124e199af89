import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { createEmulator, type Emulator, type EmulatorOptions, type Offers } from '../../src/emulator.ts'
import {
  type Client,
  type ClientOptions,
  type DropReason,
  isTargetError,
  mboxes,
  TargetClient,
  type TargetClientStatic,
} from '../../src/server.ts'
import { inTurn } from './fault-plan.ts'
import { type FaultProxy, type FaultProxyOptions, startFaultProxy } from './fault-proxy.ts'
import type { Guest, Reported } from './happenings.ts'

/** Each notification of a guest is one count of one activity; everybody has entered both when they come. */
const OFFERS: Offers = {
  activities: [
    {
      id: 101,
      name: 'Home',
      experiences: [{ name: 'Sun', offers: { entry: 'Welcome', home: '<h1>Sun</h1>' } }],
      clicks: { home: true },
      conversions: ['order'],
    },
    {
      id: 102,
      name: 'Products',
      experiences: [{ name: 'Plain', offers: { start: 'Hello', product: '<b>Tea</b>' } }],
      clicks: { product: true },
    },
  ],
}

/** What a client told its listeners. */
interface Told {
  sent: string[]
  retries: { ids: string[]; why: string; wait: number; at: number }[]
  rejected: { id: string; why: string }[]
  dropped: { id: string; reason: DropReason; age: number }[]
  warnings: string[]
}

/** Code and status of an error, and what Target said. */
const whyOf = (error: unknown): string => {
  if (!isTargetError(error)) return `${error}`
  const { code, status, serverMessage } = error
  return [code, status, serverMessage].filter((part) => part !== undefined).join(' ')
}

// Tests wait for what happens, and a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 })

/** Waits until a check holds. */
export const eventually = <Result>(check: () => Result | Promise<Result>): Promise<Result> =>
  vi.waitFor(check, { timeout: 30_000, interval: 20 })

const emptyTold = (): Told => ({ sent: [], retries: [], rejected: [], dropped: [], warnings: [] })

/** Listeners that write down what they are told. */
const writing = (told: Told): NonNullable<ClientOptions['events']> => ({
  notificationSent: ({ notification: { id } }) => told.sent.push(id),
  notificationRetry: ({ notifications, error, wait }) => {
    const ids = notifications.map(({ id }) => id)
    told.retries.push({ ids, why: whyOf(error), wait, at: performance.now() })
  },
  notificationRejected: ({ notification: { id }, error }) => told.rejected.push({ id, why: whyOf(error) }),
  notificationDropped: ({ notification: { id }, reason, age }) => told.dropped.push({ id, reason, age }),
  warning: ({ message }) => told.warnings.push(message),
})

const CONTEXT = { channel: 'web' as const, userAgent: 'guest', address: { url: 'https://shop.example/' } }

/** Lets somebody come: they have entered both activities, and seen nothing yet. */
export const enter = async (client: Client): Promise<Guest> => {
  const target = client.visitor('')
  const sessionId = crypto.randomUUID()
  const { response } = await target.getOffers({
    sessionId,
    timeout: 20_000,
    request: {
      context: CONTEXT,
      execute: { mboxes: mboxes('entry', 'start') },
      prefetch: { mboxes: mboxes('home', 'product') },
    },
  })
  const [home, product] = response.prefetch?.mboxes ?? []
  if (!home || !product) throw new Error('nothing was prefetched')
  return { target, home, product, sessionId }
}

/** What each notification was counted as, by id; more than one when it counted twice. */
export const countedIn = ({ ledger }: Emulator): Record<string, string[]> => {
  const counted: Record<string, string[]> = {}
  for (const { notification, activity, what, counted: isCounted } of ledger.entries) {
    if (notification === undefined || !isCounted) continue
    counted[notification] = [...(counted[notification] ?? []), `${activity} ${what}`]
  }
  return counted
}

/** What has to have been counted: everything once, and nothing else. */
export const once = (reported: readonly Reported[]): Record<string, string[]> =>
  Object.fromEntries(reported.map(({ id, as }) => [id, [as]]))

/** Ids in the order in which they were first accepted. */
export const acceptedIn = ({ ledger }: Emulator): string[] => [
  ...new Set(ledger.entries.flatMap(({ notification }) => notification ?? [])),
]

export const idsOf = (reported: readonly Reported[]): string[] => reported.map(({ id }) => id)

/** Nothing of a page or process that has gone reaches anybody after `cut`, though its objects live on in this process. */
export const createWire = () => {
  let isCut = false
  const fetchApi: typeof fetch = (input, init) => (isCut ? new Promise(() => {}) : fetch(input, init))
  return {
    fetchApi,
    cut(): void {
      isCut = true
    },
  }
}

/** An edge over HTTP, and a proxy before it. */
export interface Shop {
  edge: Emulator
  proxy: FaultProxy
  /** A client that reaches the edge through the proxy, and what it told. */
  open(options?: Partial<ClientOptions>, maker?: TargetClientStatic): { client: Client; told: Told }
  /** A new directory, which goes when the shop closes. */
  directory(): string
}

/** What may be other than usual. */
export interface ShopOptions {
  edge?: EmulatorOptions
  proxy?: Partial<FaultProxyOptions>
}

/** Opens a shop for a test; it closes with it, and so do its clients. */
export const openShop = async (options: ShopOptions = {}): Promise<Shop> => {
  const edge = createEmulator({ offers: OFFERS, maxRequests: 100_000, ...options.edge })
  const server = await edge.listen(0)
  const proxy = await startFaultProxy({ edge: server.url, plan: inTurn(), ...options.proxy })
  const clients: Client[] = []
  const directories: string[] = []
  onTestFinished(async () => {
    // Whoever opts out has nothing left to send.
    for (const client of clients) await client.optOut()
    await proxy.close()
    await server.close()
    for (const client of clients) await client.close({ timeout: 1 })
    for (const directory of directories) rmSync(directory, { recursive: true, force: true })
    vi.unstubAllGlobals()
  })
  return {
    edge,
    proxy,
    open(more = {}, maker = TargetClient) {
      const told = emptyTold()
      const client = maker.create({
        client: 'acme',
        organizationId: 'ABC@AdobeOrg',
        serverDomain: `127.0.0.1:${proxy.port}`,
        secure: false,
        telemetryEnabled: false,
        timeout: 20_000,
        notificationDelay: 10,
        events: writing(told),
        ...more,
      })
      clients.push(client)
      return { client, told }
    },
    directory() {
      const directory = mkdtempSync(join(tmpdir(), 'isotarget-'))
      directories.push(directory)
      return directory
    },
  }
}
