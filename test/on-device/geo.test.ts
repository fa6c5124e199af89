import { afterEach, expect, test, vi } from 'vitest'
import { TargetClient as PageClient } from '../../src/browser.ts'
import { createEmulator, type EmulatorOptions } from '../../src/emulator.ts'
import { mboxes, TargetClient } from '../../src/server.ts'
import { artifactOf, rule } from '../decisioning/rules.ts'
import { openPage } from '../delivery-api/page.ts'
import { by, ORGANIZATION } from './world.ts'

// Where a visitor is, for rules that ask for it.

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const inCity = (city: string) => rule({ name: 'hero', content: city, condition: { '==': [city, { var: 'geo.city' }] } })
const artifact = artifactOf({
  geoTargetingEnabled: true,
  responseTokens: ['geo.city', 'geo.country', 'geo.state'],
  mboxes: { hero: [inCity('PUNE'), inCity('BERN'), rule({ name: 'hero', content: 'anywhere' })] },
})
const pune = { city: 'PUNE', countryCode: 'IN', stateCode: 'MH' }

/** A client of an edge that says where callers are. */
const start = async (options: EmulatorOptions, Client = TargetClient) => {
  const edge = createEmulator({ artifact, ...options })
  const warnings: string[] = []
  const target = Client.create({
    client: 'acme',
    organizationId: ORGANIZATION,
    decisioningMethod: 'on-device',
    fetchApi: edge,
    events: { warning: ({ message }) => void warnings.push(message) },
  })
  await target.ready()
  const ask = async (geo?: object) => {
    const request = {
      ...by('vera'),
      ...(geo && { context: { channel: 'web' as const, geo } }),
      prefetch: { mboxes: mboxes('hero') },
    }
    const result = await target.getOffers({ request })
    return { ...result, content: result.response.prefetch?.mboxes?.[0]?.options?.[0]?.content }
  }
  const lookUps = () => edge.requests.filter(({ url }) => url.endsWith('/v1/geo'))
  return { edge, target, ask, lookUps, warnings }
}

test('a place that the request names is taken as it is', async () => {
  const { ask, lookUps } = await start({ geo: { city: 'BERN' } })
  const { content, responseTokens } = await ask({ ...pune, ipAddress: '12.21.1.40' })
  expect(content).toBe('PUNE')
  expect(responseTokens).toMatchObject([{ 'geo.city': 'PUNE', 'geo.country': 'IN', 'geo.state': 'MH' }])
  expect((await ask({ city: 'Pune' })).content).toBe('anywhere')
  expect(lookUps()).toEqual([])
})

test('an address alone is looked up, once', async () => {
  const geo = (ipAddress = '') => ({ '12.21.1.40': pune, '2001:db8::1': { city: 'BERN' } })[ipAddress]
  const { ask, lookUps } = await start({ geo })
  const contents = []
  for (const ipAddress of ['12.21.1.40', '12.21.1.40', '2001:db8::1', '10.0.0.1'])
    contents.push((await ask({ ipAddress })).content)
  expect(contents).toEqual(['PUNE', 'PUNE', 'BERN', 'anywhere'])
  expect(lookUps().map(({ headers }) => headers['x-forwarded-for'])).toEqual(['12.21.1.40', '2001:db8::1', '10.0.0.1'])
})

test('visitors who ask together are looked up once', async () => {
  const { ask, lookUps } = await start({ geo: pune })
  const all = await Promise.all(Array.from({ length: 20 }, () => ask({ ipAddress: '12.21.1.40' })))
  expect(new Set(all.map(({ content }) => content))).toEqual(new Set(['PUNE']))
  expect(lookUps()).toHaveLength(1)
})

test('without an address a server does not take its own place for that of a visitor', async () => {
  const { ask, lookUps } = await start({ geo: pune })
  expect((await ask()).content).toBe('anywhere')
  expect(lookUps()).toEqual([])
})

test('in a page the answer that brought the rules says where the visitor is', async () => {
  openPage({ url: 'https://shop.example/' })
  const { ask, lookUps, target } = await start({ geo: pune }, PageClient)
  expect((await ask()).content).toBe('PUNE')
  expect(lookUps()).toEqual([])
  await target.close()
})

test('a look-up that fails costs nobody the offer, and is told and tried again', async () => {
  const { edge, ask, lookUps, warnings } = await start({ geo: pune })
  edge.fail({ status: 500 })
  edge.fail({ body: '<html>' })
  edge.fail({ reset: true })
  const contents = []
  for (let at = 0; at < 4; at++) contents.push((await ask({ ipAddress: '12.21.1.40' })).content)
  expect(contents).toEqual(['anywhere', 'anywhere', 'anywhere', 'PUNE'])
  expect(lookUps()).toHaveLength(4)
  expect(warnings).toEqual(Array(3).fill(expect.stringMatching(/place could not be looked up/)))
})

test('a fetch that throws at once is tried again too', async () => {
  const edge = createEmulator({ artifact, geo: pune })
  let calls = 0
  const fetchApi: typeof fetch = (input, init) => {
    if (`${input}`.endsWith('/v1/geo') && ++calls === 1) throw new TypeError('not now')
    return edge(input as string, init)
  }
  const account = { client: 'acme', organizationId: ORGANIZATION, decisioningMethod: 'on-device' as const }
  const target = TargetClient.create({ ...account, fetchApi })
  const context = { channel: 'web' as const, geo: { ipAddress: '12.21.1.40' } }
  const contents = []
  for (let at = 0; at < 2; at++) {
    const { response } = await target.getOffers({ request: { context, prefetch: { mboxes: mboxes('hero') } } })
    contents.push(response.prefetch?.mboxes?.[0]?.options?.[0]?.content)
  }
  expect(contents).toEqual(['anywhere', 'PUNE'])
  await target.close()
})

test.each(['on-device', 'hybrid'] as const)(
  'a look-up that never ends keeps nobody waiting for long (%s)',
  async (decisioningMethod) => {
    const edge = createEmulator({ artifact, geo: pune })
    let asked = () => {}
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    const fetchApi: typeof fetch = (input, init) => {
      if (!`${input}`.endsWith('/v1/geo')) return edge(input as string, init)
      asked()
      return new Promise(() => {})
    }
    const target = TargetClient.create({ client: 'acme', organizationId: ORGANIZATION, decisioningMethod, fetchApi })
    await target.ready()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const context = { channel: 'web' as const, geo: { ipAddress: '12.21.1.40' } }
    const call = target.getOffers({ request: { context, prefetch: { mboxes: mboxes('hero') } } })
    await isAsked
    await vi.advanceTimersByTimeAsync(1_000)
    const { response } = await call
    vi.useRealTimers()
    expect(response.prefetch?.mboxes?.[0]?.options?.[0]?.content).toBe('anywhere')
    await target.close()
  },
)

test('nobody is looked up for rules that do not ask', async () => {
  const { ask, lookUps } = await start({ geo: pune, artifact: { ...artifact, geoTargetingEnabled: false } })
  expect((await ask({ ipAddress: '12.21.1.40' })).content).toBe('anywhere')
  expect(lookUps()).toEqual([])
})

test('the place that came with the rules is told', async () => {
  openPage({ url: 'https://shop.example/' })
  const edge = createEmulator({ artifact, geo: { ...pune, latitude: 18.5 } })
  const told: unknown[] = []
  const target = PageClient.create({
    client: 'acme',
    organizationId: ORGANIZATION,
    decisioningMethod: 'on-device',
    fetchApi: edge,
    events: { geoLocationUpdated: ({ geoContext }) => void told.push(geoContext) },
  })
  await target.ready()
  await expect.poll(() => told).toEqual([{ ...pune, latitude: 18.5 }])
  await target.close()
})
