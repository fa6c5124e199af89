import { describe, expect, it } from 'vitest'
import { createEmulator, type Offers } from '../../src/emulator.ts'
import { ask, named, said } from './call.ts'
import { publish, RULES } from './published.ts'

const activity = (id: number, name: string, environments?: string[]) => ({
  id,
  name,
  ...(environments && { environments }),
  experiences: [{ name: 'E', offers: { [name]: 'x' } }],
})

const offers: Offers = {
  environments: [
    { id: 1, name: 'production' },
    { id: 2, name: 'Staging', hosts: ['staging.shop.example', '*.test'] },
    { id: 3, name: 'development', hosts: ['localhost'] },
  ],
  activities: [
    activity(1, 'everywhere'),
    activity(2, 'live', ['production']),
    activity(3, 'tried', ['staging', 'development']),
  ],
}

const content = named('everywhere', 'live', 'tried')
const shownBy = async (edge: ReturnType<typeof createEmulator>, request: object) => {
  const { prefetch } = await ask(edge, { ...request, prefetch: content })
  return prefetch?.mboxes?.filter(({ options }) => options).map(({ name }) => name)
}
const onHost = (host: string) => ({ context: { channel: 'web', browser: { host } } })

describe('the environment of a call', () => {
  const production = ['everywhere', 'live']
  const staging = ['everywhere', 'tried']

  it.each<[what: string, shown: string[], request: object]>([
    ['production when it says nothing', production, {}],
    ['that of its id', staging, { environmentId: 2 }],
    ['that of the host of its page', staging, onHost('staging.shop.example')],
    ['that of the host, with a port and in capitals', staging, onHost('LocalHost:3000')],
    ['that of a pattern that its host fits', staging, onHost('a.b.test')],
    ['production when nobody knows the host', production, onHost('shop.example')],
    ['that of its id, whatever the host is', production, { environmentId: 1, ...onHost('localhost') }],
  ])('is %s', async (_, shown, request) => {
    expect(await shownBy(createEmulator({ offers }), request)).toEqual(shown)
  })

  it('is another one where the edge is told so', async () => {
    const edge = createEmulator({ offers, environment: 'staging' })
    expect(await shownBy(edge, {})).toEqual(staging)
    expect(await shownBy(edge, { environmentId: 1 })).toEqual(production)
  })

  it('must be one of the account: nothing of a call with another id is counted', async () => {
    const edge = createEmulator({ offers })
    const answered = await ask(edge, { environmentId: 9, execute: content })
    expect(answered).toMatchObject({ status: 400, message: expect.stringContaining('environmentId 9') })
    expect(edge.ledger.entries).toEqual([])
  })

  it('may have any id where the file lists none', async () => {
    const edge = createEmulator({ offers: { hero: 'x' } })
    const { prefetch } = await ask(edge, { environmentId: 9, prefetch: named('hero') })
    expect(prefetch?.mboxes?.[0]?.options).toHaveLength(1)
  })
})

it('a display counts in the environment of its activity, and in no other', async () => {
  const edge = createEmulator({ offers })
  const id = { tntId: 'abc' }
  const { prefetch } = await ask(edge, { id, environmentId: 2, prefetch: named('tried') })
  const tokens = prefetch?.mboxes?.[0]?.options?.map(({ eventToken }) => eventToken)
  const display = (name: string) => [said(name, { mbox: { name: 'tried' }, tokens })]
  await ask(edge, { id, notifications: display('n-1') })
  await ask(edge, { id, environmentId: 3, notifications: display('n-2') })
  expect(edge.ledger.entries).toMatchObject([
    { notification: 'n-1', counted: false, why: 'the request is of another environment' },
    { notification: 'n-2', counted: true },
  ])
})

describe('rules for devices', () => {
  const of = async (environment: string) =>
    (await publish({ offers }, RULES.replace('production', environment))).artifact

  it('are those of their environment', async () => {
    expect((await of('production')).localMboxes).toEqual(['everywhere', 'live'])
    expect(await of('staging')).toMatchObject({
      localMboxes: ['everywhere', 'tried'],
      meta: { environment: 'staging' },
    })
  })

  it('do not exist for another one, unless the file lists none', async () => {
    const at = (edge: ReturnType<typeof createEmulator>) => edge(RULES.replace('production', 'qa'))
    expect((await at(createEmulator({ offers }))).status).toBe(404)
    expect((await at(createEmulator({ offers: { hero: 'x' } }))).status).toBe(200)
  })
})

it.each<[path: string, options: object]>([
  ['offers.activities.0.environments.0', { offers: { activities: [activity(1, 'a', ['staging'])] } }],
  ['offers.activities.0.environments.1', { offers: { ...offers, activities: [activity(1, 'a', ['staging', 'qa'])] } }],
  [
    'offers.environments.1.id',
    {
      offers: {
        environments: [
          { id: 1, name: 'a' },
          { id: 1, name: 'b' },
        ],
        activities: [],
      },
    },
  ],
  [
    'offers.environments.1.name',
    {
      offers: {
        environments: [
          { id: 1, name: 'a' },
          { id: 2, name: 'A' },
        ],
        activities: [],
      },
    },
  ],
  ['environment', { offers, environment: 'qa' }],
])('%s that cannot be is told', (path, options) => {
  expect(() => createEmulator(options)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(path) }),
  )
})
