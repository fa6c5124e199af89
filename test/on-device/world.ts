import { onTestFinished } from 'vitest'
import { createEmulator, type EmulatorOptions, type Offers } from '../../src/emulator.ts'
import {
  type ClientEvents,
  type ClientOptions,
  type EventName,
  type Notification,
  TargetClient,
} from '../../src/server.ts'

/**
 * A shop. The rules hold all of it but `member`, for which a profile is needed, and `mixed`, for which it is needed first. Visitor
 * vera falls into Sun, otto into Control.
 */
const shop: Offers = {
  activities: [
    {
      id: 101,
      name: 'Summer',
      experiences: [
        {
          name: 'Control',
          offers: { hero: '<h1>Hello</h1>', flags: { json: { columns: 3 } } },
          views: { cart: '<b>cart</b>' },
        },
        {
          name: 'Sun',
          offers: { hero: '<h1>Sun</h1>', flags: { json: { columns: 4, isNew: true } } },
          views: { cart: [{ type: 'setText', selector: '#pay', content: 'Pay now' }], home: '<i>home</i>' },
          pageLoad: [{ type: 'setText', selector: 'h1', content: 'Summer' }],
        },
      ],
      clicks: { hero: true, cart: '#pay', pageLoad: '#more' },
      conversions: ['orderConfirmPage'],
    },
    {
      id: 102,
      name: 'Members',
      audience: { profile: { member: 'yes' } },
      experiences: [{ name: 'Only', offers: { member: 'card', mixed: 'for members' }, views: { account: 'x' } }],
    },
    { id: 103, name: 'Everybody', experiences: [{ name: 'Only', offers: { mixed: 'for all', footer: '<p>Bye</p>' } }] },
    { id: 104, name: 'Outlet', property: 'p-1', experiences: [{ name: 'Only', offers: { outlet: 'cheap' } }] },
  ],
}

export const ORGANIZATION = 'ABC@AdobeOrg'

/** A call to the edge, as it arrived. */
export interface Post {
  session: string | null
  body: {
    id?: { tntId?: string; marketingCloudVisitorId?: string }
    property?: { token: string }
    environmentId?: number
    notifications?: Notification[]
    execute?: object
    prefetch?: object
    telemetry?: { entries: object[] }
    context?: object
    experienceCloud?: { analytics?: { supplementalDataId?: string } }
  }
}

/** What was told: the name of the event, and what came with it. */
type Told = { [Name in EventName]: ClientEvents[Name] & { type: Name } }[EventName]

const TOLD: readonly EventName[] = [
  'clientReady',
  'artifactDownloadSucceeded',
  'artifactDownloadFailed',
  'geoLocationUpdated',
  'warning',
  'notificationRejected',
]

/** An edge that listens, and clients that find their rules there and post to it. */
export const openShop = async (edgeOptions: EmulatorOptions = {}) => {
  const edge = createEmulator({ offers: shop, client: 'acme', organizationId: ORGANIZATION, ...edgeOptions })
  const { url, close } = await edge.listen()
  onTestFinished(close)
  const artifactLocation = `${url}/acme/production/v1/rules.json`
  const told: Told[] = []
  const create = (options: Partial<ClientOptions> = {}) => {
    const target = TargetClient.create({
      client: 'acme',
      organizationId: ORGANIZATION,
      serverDomain: new URL(url).host,
      secure: false,
      artifactLocation,
      decisioningMethod: 'on-device',
      retries: 0,
      ...options,
    })
    for (const name of TOLD) target.on(name, (event) => told.push(event as Told))
    onTestFinished(async () => void (await target.close()))
    return target
  }
  return {
    edge,
    url,
    artifactLocation,
    told,
    create,
    /** A client that has its rules. */
    async ready(options?: Partial<ClientOptions>) {
      const target = create(options)
      await target.ready()
      return target
    },
    /** Downloads of the rules. */
    downloads: () => edge.requests.filter(({ method }) => method === 'GET'),
    /** Calls to the edge. */
    posts: (): Post[] =>
      edge.requests
        .filter(({ method }) => method === 'POST')
        .map(({ url: address, body }) => ({
          session: new URL(address).searchParams.get('sessionId'),
          body: body as Post['body'],
        })),
  }
}

/** A call of the visitor with this device id. */
export const by = (tntId: string) => ({ id: { tntId } })

/** An mbox cookie of a visitor. */
export const cookieOf = (session: string, tntId: string) => {
  const until = Math.round(Date.now() / 1000) + 1000
  return `session#${session}#${until}|PC#${tntId}#${until}`
}
