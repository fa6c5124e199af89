import { onTestFinished, vi } from 'vitest'
import { createEmulator, type EmulatorOptions } from '../../src/emulator.ts'
import type { ClientOptions, DeliveryRequest } from '../../src/server.ts'

const ACCOUNT = { client: 'acme', organizationId: 'ABC@AdobeOrg' }

/** Flags of half of all visitors each, of gold members, of everyone, and one that only the edge can decide. */
export const offers = {
  activities: [
    {
      id: 1,
      name: 'Columns',
      experiences: [
        {
          name: 'three',
          offers: { shop: { json: { columns: 3, theme: 'dark', isNew: true, menu: { items: ['a'] } } } },
        },
        { name: 'four', offers: { shop: { json: { columns: 4, theme: 'light', isNew: false, menu: { items: [] } } } } },
      ],
    },
    {
      id: 2,
      name: 'Members',
      type: 'xt',
      experiences: [
        { name: 'gold', audience: { parameters: { tier: 'gold' } }, offers: { members: { json: { points: 12 } } } },
        { name: 'others', offers: { members: { json: { points: 1 } } } },
      ],
    },
    {
      id: 3,
      name: 'Everyone',
      experiences: [{ name: 'all', offers: { limits: { json: { maxItems: 10 } }, hero: '<b>Hello</b>' } }],
    },
    {
      id: 4,
      name: 'Empty or not',
      type: 'xt',
      experiences: [
        { name: 'control', audience: { parameters: { group: 'control' } } },
        { name: 'test', offers: { banner: { json: { isOn: true } } } },
      ],
    },
    {
      id: 5,
      name: 'Profile',
      audience: { profile: { plan: 'pro' } },
      experiences: [{ name: 'pro', offers: { account: { json: { seats: 5 } } } }],
    },
  ],
}

/** A call of the Delivery API as it arrived. */
export interface Arrived extends Partial<DeliveryRequest> {
  session: string | null
}

/** An edge on a port of its own, and what a client needs to speak with it. */
export const openEdge = async (settings: EmulatorOptions = {}) => {
  const edge = createEmulator({ ...ACCOUNT, offers, ...settings })
  const server = await edge.listen(0)
  onTestFinished(() => server.close())
  const options: ClientOptions = {
    ...ACCOUNT,
    serverDomain: `127.0.0.1:${server.port}`,
    secure: false,
    artifactLocation: `${server.url}/acme/production/v1/rules.json`,
    telemetryEnabled: false,
  }
  /** Calls of the Delivery API, in the order in which they arrived. */
  const calls = (): Arrived[] =>
    edge.requests.flatMap(({ method, url, body }) =>
      method === 'POST' ? [{ ...(body as object), session: new URL(url).searchParams.get('sessionId') }] : [],
    )
  return { edge, options, calls }
}

/** Lets timers that are faked ring, one after another, until something has happened. */
export const passTime = async (isOver: () => boolean): Promise<void> => {
  while (!isOver()) {
    await vi.advanceTimersToNextTimerAsync()
    // A request that is on its way arrives before the next timer, which may be the end of its patience.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
}
