import { type EventDetails, OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/server-sdk'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import { serverProvider } from '../../src/openfeature.ts'
import { TargetClient } from '../../src/server.ts'
import { openShop } from './server.ts'
import { offers, openEdge, passTime } from './world.ts'

const vera = { targetingKey: 'vera' }

/** Time stands still, but for the moment of the next poll: what a connection may take does not pass meanwhile. */
const stopTime = (edge: Emulator) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  return async () => {
    const before = edge.requests.length
    await passTime(() => edge.requests.length > before)
  }
}

/** Notes the events of a provider, by their names. */
const follow = (domain: string) => {
  const told: string[] = []
  const client = OpenFeature.getClient(domain)
  for (const event of Object.values(ProviderEvents))
    client.addHandler(event, (details?: EventDetails) => void told.push(`${event} ${details?.message ?? ''}`.trim()))
  return { told, client }
}

test('a tracking event is a conversion of its visitor, its value the total of an order', async () => {
  const { flags, target, calls, edge } = await openShop('server-side', {
    edge: { offers: { shop: { columns: 3 } } },
  })
  await flags.getNumberValue('shop.columns', 0, vera)
  flags.track(
    'order',
    { ...vera, tier: 'gold' },
    {
      value: 99.5,
      orderId: 'o-1',
      purchasedProductIds: ['p1', 'p2'],
      productId: 'p1',
      categoryId: 'shoes',
      currency: 'CHF',
    },
  )
  await target.flush()
  const [asked, told] = calls()
  expect(told?.notifications).toMatchObject([
    {
      type: 'display',
      mbox: { name: 'order' },
      order: { id: 'o-1', total: 99.5, purchasedProductIds: ['p1', 'p2'] },
      product: { id: 'p1', categoryId: 'shoes' },
      parameters: { tier: 'gold', currency: 'CHF' },
    },
  ])
  expect([told?.session, told?.id]).toEqual([asked?.session, expect.objectContaining({ thirdPartyId: 'vera' })])
  expect(edge.ledger.total('conversion')).toBe(1)
  expect(edge.ledger.activities()).toMatchObject([{ experiences: [{ revenue: 99.5 }] }])
})

test('orders without an id are orders of their own, and a value that is none is left out', async () => {
  const { flags, target, calls } = await openShop('server-side')
  flags.track('order', vera, { value: 1 })
  flags.track('order', vera, { value: 2 })
  flags.track('visit', vera, { value: -1, step: 3 })
  flags.track('look', vera)
  await target.flush()
  const [one, two, visit, look] = calls().flatMap(({ notifications = [] }) => notifications)
  expect([one?.order?.total, two?.order?.total]).toEqual([1, 2])
  expect(one?.order?.id).not.toBe(two?.order?.id)
  expect([visit?.order, visit?.parameters, look?.order]).toEqual([undefined, { step: '3' }, undefined])
})

test('events of nobody are not tracked, and events may go to another mbox', async () => {
  const { flags, target, calls } = await openShop('server-side', {
    provider: { conversion: (name) => (name === 'purchase' ? 'orderConfirmPage' : name) },
  })
  flags.track('purchase', {})
  flags.track('purchase', vera)
  await target.flush()
  expect(calls().flatMap(({ notifications = [] }) => notifications.map(({ mbox }) => mbox?.name))).toEqual([
    'orderConfirmPage',
  ])
})

test('hooks of the provider run around every evaluation', async () => {
  const ran: string[] = []
  const { flags } = await openShop('on-device', {
    provider: {
      hooks: [
        {
          before: async ({ flagKey }) => {
            ran.push(`before ${flagKey}`)
            return { tier: 'gold' }
          },
          after: (_, { value }) => void ran.push(`after ${value}`),
          error: (_, error) => void ran.push(`error ${(error as Error).message}`),
          finally: (_, { reason }) => void ran.push(`finally ${reason}`),
        },
      ],
    },
  })
  expect(await flags.getNumberValue('members.points', 0, vera)).toBe(12)
  await flags.getStringValue('members.points', '', vera)
  expect(ran).toEqual([
    'before members.points',
    'after 12',
    'finally TARGETING_MATCH',
    'before members.points',
    'error The flag is a number, and was read as a string',
    'finally ERROR',
  ])
})

test('clients of two domains have providers of their own', async () => {
  const [one, two] = [
    await openShop('on-device', { edge: { offers: { shop: { columns: 1 } } } }),
    await openShop('on-device', { edge: { offers: { shop: { columns: 2 } } } }),
  ]
  expect(await one.flags.getNumberValue('shop.columns', 0, vera)).toBe(1)
  expect(await two.flags.getNumberValue('shop.columns', 0, vera)).toBe(2)
  expect(OpenFeature.getProviderMetadata(one.domain)).toEqual({ name: 'isotarget' })
})

test('without rules the provider is in error, and ready as soon as they come', async () => {
  const { options, edge } = await openEdge()
  const poll = stopTime(edge)
  const lift = edge.fail({ status: 404, times: Number.POSITIVE_INFINITY })
  const target = TargetClient.create({ ...options, decisioningMethod: 'on-device', fetchApi: edge })
  onTestFinished(async () => void (await target.close()))
  const { told, client } = follow('no rules')
  onTestFinished(() => OpenFeature.clearProviders())
  const error = await OpenFeature.setProviderAndWait('no rules', serverProvider(target)).catch((error) => error)
  expect(error).toMatchObject({ code: 'PROVIDER_NOT_READY', message: expect.stringContaining('404') })
  expect(client.providerStatus).toBe(ProviderStatus.ERROR)
  expect(await client.getNumberDetails('limits.maxItems', 1, vera)).toMatchObject({
    value: 1,
    errorCode: 'PROVIDER_NOT_READY',
  })

  lift()
  await poll()
  await expect.poll(() => told.at(-1)).toBe('PROVIDER_CONFIGURATION_CHANGED')
  expect(told).toEqual([
    expect.stringMatching(/^PROVIDER_ERROR .*404/),
    'PROVIDER_READY',
    'PROVIDER_CONFIGURATION_CHANGED',
  ])
  expect(client.providerStatus).toBe(ProviderStatus.READY)
  expect(await client.getNumberValue('limits.maxItems', 1, vera)).toBe(10)
})

test('rules that grow old are told, and so are newer ones', async () => {
  const edge = createEmulator({ client: 'acme', offers })
  const poll = stopTime(edge)
  const { domain, flags } = await openShop('on-device', { client: { fetchApi: edge } })
  const { told } = follow(domain)
  await expect.poll(() => told).toEqual(['PROVIDER_READY'])

  await poll()
  expect(edge.requests.at(-1)?.status).toBe(304)

  edge.fail({ status: 404 })
  await poll()
  await expect.poll(() => told.at(-1)).toMatch(/^PROVIDER_STALE .*404/)
  expect(flags.providerStatus).toBe(ProviderStatus.STALE)
  expect(await flags.getNumberValue('limits.maxItems', 1, vera)).toBe(10)

  // The same rules again: nothing has changed but that they can be had.
  await poll()
  await expect.poll(() => told.slice(2)).toEqual(['PROVIDER_READY'])
  expect(flags.providerStatus).toBe(ProviderStatus.READY)
})

test('a closed provider has sent what it had, tells nothing any more, and can be used again', async () => {
  const { target, provider, flags, edge, domain } = await openShop('on-device')
  await flags.getNumberValue('shop.columns', 0, vera)
  expect(target.pending()).toBe(1)
  await provider.onClose?.()
  await provider.onClose?.()
  expect(target.pending()).toBe(0)
  expect(edge.ledger.total('impression')).toBe(1)
  await OpenFeature.clearProviders()
  await OpenFeature.setProviderAndWait(domain, provider)
  expect(await OpenFeature.getClient(domain).getNumberValue('limits.maxItems', 0, vera)).toBe(10)
})

test('a provider that is closed before its rules have come says why, and nothing else breaks', async () => {
  const { options } = await openEdge({ latency: 300 })
  const target = TargetClient.create({ ...options, decisioningMethod: 'on-device' })
  const provider = serverProvider(target)
  const begun = expect(provider.initialize?.({})).rejects.toMatchObject({ message: expect.stringContaining('closed') })
  await provider.onClose?.()
  await target.close()
  await begun
})

test.each([
  [{ status: 403 }, 'PROVIDER_FATAL'],
  [{ status: 503 }, 'GENERAL'],
  [{ body: '<html>' }, 'PARSE_ERROR'],
  [{ reset: true as const }, 'GENERAL'],
])('an edge that answers with %o gives the default with %s', async (fault, errorCode) => {
  const { flags, edge } = await openShop('server-side', { client: { retries: 0 } })
  edge.fail(fault)
  const details = await flags.getNumberDetails('limits.maxItems', 1, vera)
  expect(details).toMatchObject({ value: 1, reason: 'ERROR', errorCode, flagMetadata: { flagSetId: 'limits' } })
  expect(await flags.getNumberValue('limits.maxItems', 1, vera)).toBe(10)
})

test('who does not agree is given defaults, without an error and without a call', async () => {
  for (const method of ['server-side', 'on-device', 'hybrid'] as const) {
    const { options, calls } = await openEdge()
    const target = TargetClient.create({ ...options, decisioningMethod: method, defaultConsent: 'out' })
    const provider = serverProvider(target)
    await provider.initialize?.({})
    const details = await provider.resolveNumberEvaluation('limits.maxItems', 1, vera)
    await provider.onClose?.()
    expect(details).toEqual({ value: 1, reason: 'DEFAULT', flagMetadata: { flagSetId: 'limits' } })
    expect(calls()).toEqual([])
    await target.close()
  }
})
