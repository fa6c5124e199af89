import { OpenFeature, ProviderStatus } from '@openfeature/web-sdk'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { openShop, openSite } from './web.ts'
import { offers, passTime } from './world.ts'

const provider = { mboxes: ['shop', 'members', 'limits'] }

test('a page that starts, changes its context and ends', async () => {
  const { domain, flags, told, target } = await openShop('server-side', { provider })
  expect(told).toEqual(['PROVIDER_READY'])
  const change = OpenFeature.setContext(domain, { tier: 'gold' })
  expect(flags.providerStatus).toBe(ProviderStatus.RECONCILING)
  await change
  expect(told.slice(1)).toEqual(['PROVIDER_RECONCILING', 'PROVIDER_CONTEXT_CHANGED'])
  expect(flags.providerStatus).toBe(ProviderStatus.READY)
  flags.getNumberValue('members.points', 0)
  expect(target.pending()).toBe(1)
  await OpenFeature.close()
  expect(target.pending()).toBe(0)
})

test('on the device a new context needs no waiting', async () => {
  const { domain, flags, told } = await openShop('on-device')
  await OpenFeature.setContext(domain, { tier: 'gold' })
  expect(told).toEqual(['PROVIDER_READY', 'PROVIDER_CONTEXT_CHANGED'])
  expect(flags.getNumberValue('members.points', 0)).toBe(12)
})

test('of contexts that follow each other quickly the last counts, and nobody waits for the others', async () => {
  const { domain, flags, told, edge, calls } = await openShop('server-side', { provider })
  edge.fail({ delay: 60_000 })
  const first = OpenFeature.setContext(domain, { tier: 'silver' })
  await expect.poll(() => calls().length).toBe(2)
  await Promise.all([first, OpenFeature.setContext(domain, { tier: 'gold' })])
  expect(calls().length).toBe(3)
  expect(flags.getNumberValue('members.points', 0)).toBe(12)
  expect(told).toEqual(['PROVIDER_READY', 'PROVIDER_RECONCILING', 'PROVIDER_RECONCILING', 'PROVIDER_CONTEXT_CHANGED'])
  expect(flags.providerStatus).toBe(ProviderStatus.READY)
})

test('when the edge fails, the same visitor keeps old values, and another gets defaults', async () => {
  const { domain, flags, told, edge } = await openShop('server-side', { provider, client: { retries: 0 } })
  const silent = () => {}
  OpenFeature.setLogger({ debug: silent, info: silent, warn: silent, error: silent })
  const columns = flags.getNumberValue('shop.columns', 0)
  edge.fail({ status: 503 })
  await OpenFeature.setContext(domain, { tier: 'gold' })
  expect(flags.providerStatus).toBe(ProviderStatus.ERROR)
  expect(told.at(-1)).toMatch(/^PROVIDER_ERROR .*503/)
  expect(flags.getNumberDetails('shop.columns', 0)).toMatchObject({ value: columns, reason: 'STALE' })

  edge.fail({ status: 503 })
  await OpenFeature.setContext(domain, { targetingKey: 'otto' })
  expect(flags.getNumberDetails('shop.columns', 0)).toMatchObject({ value: 0, errorCode: 'PROVIDER_NOT_READY' })

  await OpenFeature.setContext(domain, { targetingKey: 'otto', again: true })
  expect(flags.providerStatus).toBe(ProviderStatus.READY)
  expect([3, 4]).toContain(flags.getNumberValue('shop.columns', 0))
})

test('while the values of another visitor are on their way, those of the one before are gone', async () => {
  const { domain, flags } = await openShop('server-side', { provider, context: { targetingKey: 'vera' } })
  flags.getNumberValue('shop.columns', 0)
  const change = OpenFeature.setContext(domain, { targetingKey: 'otto' })
  expect(flags.getNumberDetails('shop.columns', 0)).toMatchObject({ value: 0, errorCode: 'PROVIDER_NOT_READY' })
  await change
  expect([3, 4]).toContain(flags.getNumberValue('shop.columns', 0))
})

test('each visitor of a page counts for themselves', async () => {
  const { domain, flags, target, edge, calls } = await openShop('server-side', {
    provider,
    context: { targetingKey: 'vera' },
  })
  flags.getNumberValue('limits.maxItems', 0)
  await OpenFeature.setContext(domain, { targetingKey: 'otto' })
  flags.getNumberValue('limits.maxItems', 0)
  await target.flush()
  const told = calls().flatMap(({ notifications = [], id }) => notifications.map(() => id?.thirdPartyId))
  expect(told.sort()).toEqual(['otto', 'vera'])
  expect(edge.ledger.total('impression')).toBe(2)
})

test.each([
  [{ status: 403 }, 'PROVIDER_FATAL', ProviderStatus.FATAL],
  [{ status: 503 }, 'GENERAL', ProviderStatus.ERROR],
])('a start that fails with %o is %s', async (fault, code, status) => {
  const {
    domain,
    flags,
    edge,
    told,
    provider: made,
  } = await openSite('server-side', { provider, client: { retries: 0 } })
  edge.fail(fault)
  const error = await OpenFeature.setProviderAndWait(domain, made).catch((error) => error)
  expect(error).toMatchObject({ code })
  expect(flags.providerStatus).toBe(status)
  expect(told).toEqual([expect.stringMatching(/^PROVIDER_ERROR ./)])
  expect(flags.getNumberDetails('limits.maxItems', 1)).toMatchObject({ value: 1, reason: 'ERROR' })
})

test.each(['server-side', 'hybrid', 'on-device'] as const)(
  'a visitor who does not agree gets defaults: %s',
  async (method) => {
    const client = { defaultConsent: 'out' as const }
    const given = { mboxes: method === 'on-device' ? [] : provider.mboxes }
    const { flags, domain, calls, provider: made } = await openSite(method, { provider: given, client })
    await OpenFeature.setProviderAndWait(domain, made)
    const details = flags.getNumberDetails('limits.maxItems', 1)
    expect(details).toMatchObject({ value: 1, reason: 'DEFAULT' })
    expect(details.errorCode).toBeUndefined()
    expect(calls()).toEqual([])
  },
)

test.each([
  ['at once', []],
  ['asked for before', ['shop']],
])('newer rules are told, and flags are decided by them: %s', async (_, names) => {
  const columns = (value: number) =>
    createEmulator({ client: 'acme', offers: { shop: { columns: value } }, now: () => Date.now() + value * 1000 })
  let edge = columns(1)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const fetchApi: typeof fetch = (...asked) => edge(...asked)
  const { flags, told } = await openShop('on-device', { provider: { mboxes: names }, client: { fetchApi } })
  expect(flags.getNumberValue('shop.columns', 0)).toBe(1)
  edge = columns(2)
  await passTime(() => edge.requests.length > 0)
  await expect.poll(() => told).toEqual(['PROVIDER_READY', 'PROVIDER_CONFIGURATION_CHANGED'])
  expect(flags.getNumberValue('shop.columns', 0)).toBe(2)
})

test('the same rules again, as the cache of a browser gives them, are no change', async () => {
  const edge = createEmulator({ client: 'acme', offers })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { flags, told, target } = await openShop('on-device', { client: { fetchApi: edge } })
  const came = vi.fn()
  target.on('artifactDownloadSucceeded', came)
  await passTime(() => came.mock.calls.length > 0)
  expect(flags.getNumberValue('limits.maxItems', 0)).toBe(10)
  expect(told).toEqual(['PROVIDER_READY'])
})
