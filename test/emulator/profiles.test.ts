import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { ask, named, newSession, said } from './call.ts'

type Edge = ReturnType<typeof createEmulator>
type State = 'unknown' | 'authenticated' | 'logged_out'

const withProfile = (profileParameters: object) => ({ mboxes: [{ index: 0, name: 'hero', profileParameters }] })
const create = () => createEmulator({ offers: { hero: 'x' } })

/** What the edge remembers of a visitor, as response tokens show it. */
const profileOf = async (edge: Edge, id: object, session = newSession()) => {
  const { prefetch } = await ask(edge, { id, prefetch: named('hero') }, { session })
  const tokens = Object.entries(prefetch?.mboxes?.[0]?.options?.[0]?.responseTokens ?? {})
  return Object.fromEntries(
    tokens.flatMap(([name, value]) =>
      name.startsWith('profile.') && name !== 'profile.activeActivities'
        ? [[name.slice('profile.'.length), value]]
        : [],
    ),
  )
}

const customer = (id: string, authenticatedState: State = 'authenticated', integrationCode = 'crm') => ({
  id,
  integrationCode,
  authenticatedState,
})
const device = (ecid: string, ...customerIds: object[]) => ({
  marketingCloudVisitorId: ecid,
  ...(customerIds.length && { customerIds }),
})

describe('a profile', () => {
  it('takes parameters from every kind of place and from notifications, at once', async () => {
    const edge = create()
    const id = { tntId: 'abc' }
    const session = newSession()
    await ask(
      edge,
      {
        id,
        execute: {
          pageLoad: { profileParameters: { a: '1' } },
          mboxes: [{ index: 0, name: 'x', profileParameters: { b: '2' } }],
        },
        prefetch: { views: [{ profileParameters: { c: '3' } }] },
        notifications: [said('n-1', { mbox: { name: 'thanks' }, profileParameters: { d: '4' } })],
      },
      { session },
    )
    await ask(edge, { id, execute: withProfile({ a: 'new' }) })
    expect(await profileOf(edge, id)).toEqual({ a: 'new', b: '2', c: '3', d: '4' })
    expect(await profileOf(edge, { tntId: 'other' })).toEqual({})
  })

  it('of a third-party id wins over that of the device', async () => {
    const edge = create()
    await ask(edge, { id: { tntId: 'device' }, execute: withProfile({ tea: 'black', size: 'xl' }) })
    await ask(edge, { id: { thirdPartyId: 'me' }, execute: withProfile({ tea: 'green' }) })
    const both = { tntId: 'device', thirdPartyId: 'me' }
    expect(await profileOf(edge, both)).toEqual({ tea: 'green', size: 'xl' })
    expect(await profileOf(edge, { thirdPartyId: 'me' })).toEqual({ tea: 'green', size: 'xl' })
  })
})

describe('customer ids', () => {
  it('make one visitor of two devices that are signed in', async () => {
    const edge = create()
    await ask(edge, { id: device('phone', customer('me')), execute: withProfile({ tea: 'green' }) })
    await ask(edge, { id: device('desk'), execute: withProfile({ size: 'xl' }) })
    expect(await profileOf(edge, device('desk', customer('me')))).toEqual({ tea: 'green', size: 'xl' })
    expect(await profileOf(edge, device('phone'))).toEqual({ tea: 'green', size: 'xl' })
    expect(edge.requests.flatMap(({ warnings }) => warnings)).toEqual([])
  })

  it.each<[what: string, id: object]>([
    ['in a state other than authenticated', device('desk', customer('me', 'unknown'), customer('me', 'logged_out'))],
    ['under another integration code', device('desk', customer('me', 'authenticated', 'shop'))],
    ['beside another one that comes first', device('desk', customer('you'), customer('me'))],
    ['without an ECID', { tntId: 'desk', customerIds: [customer('me')] }],
    ['beside a third-party id', { ...device('desk', customer('me')), thirdPartyId: 'somebody' }],
  ])('%s are not looked at', async (_, id) => {
    const edge = create()
    await ask(edge, { id: device('phone', customer('me')), execute: withProfile({ tea: 'green' }) })
    expect(await profileOf(edge, id)).toEqual({})
  })

  it('that cannot be looked at are warned of', async () => {
    const edge = create()
    await ask(edge, { id: { tntId: 'a', customerIds: [customer('me')] } })
    await ask(edge, { id: { ...device('desk', customer('me')), thirdPartyId: 'somebody' } })
    expect(edge.requests.map(({ warnings }) => warnings)).toEqual([
      [expect.stringContaining('without a marketingCloudVisitorId')],
      [expect.stringContaining('beside a thirdPartyId')],
    ])
  })

  it('tell two people apart who share a device, also in one session', async () => {
    const edge = create()
    const session = newSession()
    await ask(edge, { id: device('desk', customer('me')), execute: withProfile({ tea: 'green' }) }, { session })
    expect(await profileOf(edge, device('desk', customer('you')), session)).toEqual({})
    expect(await profileOf(edge, device('desk', customer('me')))).toEqual({ tea: 'green' })
  })

  it('count somebody once, whichever device they use', async () => {
    const edge = create()
    for (const ecid of ['phone', 'desk']) await ask(edge, { id: device(ecid, customer('me')), execute: named('hero') })
    expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ visitors: 1, visits: 2, impressions: 2 })
  })

  it('are in traces', async () => {
    const { execute } = await ask(create(), {
      id: device('desk', customer('me')),
      trace: { authorizationToken: 't' },
      execute: withProfile({ tea: 'green' }),
    })
    expect(execute?.mboxes?.[0]?.trace).toMatchObject({
      profile: {
        visitorId: { marketingCloudVisitorId: 'desk', customerIds: [{ integrationCode: 'crm', id: 'me' }] },
        parameters: { tea: 'green' },
      },
    })
  })
})
