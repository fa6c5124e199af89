import { OpenFeature, ProviderStatus } from '@openfeature/web-sdk'
import { describe, expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { serverProvider, webProvider } from '../../src/openfeature.ts'
import { TargetClient } from '../../src/server.ts'
import { openShop, openSite } from './web.ts'

const mboxes = ['shop', 'members', 'limits', 'banner', 'account']

describe.each([
  ['by the edge', 'server-side', mboxes],
  ['on the device', 'on-device', []],
  ['on the device, all at once', 'on-device', mboxes],
  ['on the device or by the edge', 'hybrid', mboxes],
] as const)('a flag of a page that is decided %s', (_, method, names) => {
  const provider = { mboxes: names }

  test('is read at once, by its type', async () => {
    const { flags } = await openShop(method, { provider })
    const columns: number = flags.getNumberValue('shop.columns', 0)
    expect([3, 4]).toContain(columns)
    expect(flags.getStringValue('shop.theme', '')).toBe(columns === 3 ? 'dark' : 'light')
    expect(flags.getBooleanValue('shop.isNew', columns !== 3)).toBe(columns === 3)
    expect(flags.getObjectValue('limits', {})).toEqual({ maxItems: 10 })
  })

  test('comes with variant and metadata', async () => {
    const { flags } = await openShop(method, { provider, context: { tier: 'gold' } })
    expect(flags.getNumberDetails('members.points', 0)).toEqual({
      flagKey: 'members.points',
      value: 12,
      reason: 'TARGETING_MATCH',
      variant: 'gold',
      flagMetadata: {
        flagSetId: 'members',
        activityId: '2',
        activityName: 'Members',
        experienceId: '0',
        experienceName: 'gold',
      },
    })
  })

  test.each([
    ['TYPE_MISMATCH', 'shop.columns', {}],
    ['FLAG_NOT_FOUND', 'shop.colums', {}],
    ['FLAG_NOT_FOUND', 'nowhere.columns', {}],
    ['INVALID_CONTEXT', 'shop.theme', { targetingKey: 5 }],
  ])('is the default with %s: %s', async (errorCode, key, context) => {
    const { domain, flags, provider: made } = await openSite(method, { provider })
    await OpenFeature.setProviderAndWait(domain, made, context as never).catch(() => {})
    expect(flags.getStringDetails(key, 'none')).toMatchObject({ value: 'none', reason: 'ERROR', errorCode })
  })

  test('counts as shown once, when it is read', async () => {
    const { flags, target, edge } = await openShop(method, { provider })
    await target.flush()
    expect(edge.ledger.total('impression')).toBe(0)
    for (let at = 0; at < 3; at++) {
      flags.getNumberValue('shop.columns', 0)
      flags.getStringValue('shop.theme', '')
    }
    await target.flush()
    expect(edge.ledger.total('impression')).toBe(1)
  })

  test('does not count when it shall not', async () => {
    const { flags, target, edge } = await openShop(method, { provider: { ...provider, display: false } })
    expect(flags.getNumberValue('limits.maxItems', 0)).toBe(10)
    await target.flush()
    expect(edge.ledger.total('impression')).toBe(0)
  })

  test('follows the context', async () => {
    const { flags, domain } = await openShop(method, { provider })
    expect(flags.getNumberValue('members.points', 0)).toBe(1)
    await OpenFeature.setContext(domain, { tier: 'gold' })
    expect(flags.getNumberValue('members.points', 0)).toBe(12)
    await OpenFeature.clearContext(domain)
    expect(flags.getNumberValue('members.points', 0)).toBe(1)
  })

  test('stays as it is when the caller changes what was given', async () => {
    const { flags } = await openShop(method, { provider })
    const menu = flags.getObjectValue('shop.menu', {}) as { items: string[] }
    menu.items.push('mine')
    expect(flags.getObjectValue('shop.menu', {})).not.toEqual(menu)
  })

  test('is tracked as a conversion of the page’s visitor', async () => {
    const { flags, target, calls, page } = await openShop(method, { provider, context: { tier: 'gold' } })
    flags.track('order', { value: 12, orderId: 'o-1' })
    await target.flush()
    const told = calls().find(({ notifications }) => notifications)
    expect(told?.notifications).toMatchObject([
      { mbox: { name: 'order' }, order: { id: 'o-1', total: 12 }, parameters: { tier: 'gold' } },
    ])
    expect(page.cookies.get('mbox')?.value).toContain(`session#${told?.session}#`)
  })
})

test('all mboxes are asked for in one call, with the context of the page', async () => {
  const { calls } = await openShop('server-side', {
    provider: { mboxes },
    context: { targetingKey: 'vera', tier: 'gold', profile: { plan: 'pro' } },
  })
  expect(calls()).toMatchObject([
    {
      id: { thirdPartyId: 'vera' },
      context: { address: { url: 'https://shop.example/' } },
      prefetch: {
        mboxes: mboxes.map((name) => ({ name, parameters: { tier: 'gold' }, profileParameters: { plan: 'pro' } })),
      },
    },
  ])
})

test('more mboxes than a call may have are asked for in several', async () => {
  const { calls, flags } = await openShop('server-side', {
    provider: { mboxes: [...Array.from({ length: 60 }, (_, at) => `mbox${at}`), 'limits'] },
  })
  expect(calls().map(({ prefetch }) => prefetch?.mboxes?.length)).toEqual([50, 11])
  expect(flags.getNumberValue('limits.maxItems', 0)).toBe(10)
})

test('on the device nothing is sent until something is shown', async () => {
  const { flags, calls, domain } = await openShop('on-device')
  flags.getNumberValue('shop.columns', 0)
  await OpenFeature.setContext(domain, { tier: 'gold' })
  expect(calls()).toEqual([])
})

test('a provider is for pages or for servers, and says so', async () => {
  const target = TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', fetchApi: createEmulator() })
  expect(webProvider(target)).toMatchObject({ runsOn: 'client', domainScoped: true, metadata: { name: 'isotarget' } })
  expect(() => OpenFeature.setProvider('server', serverProvider(target) as never)).toThrow(
    'intended for use on the server',
  )
  const one = webProvider(target, { mboxes: [] })
  OpenFeature.setProvider('one', one)
  expect(() => OpenFeature.setProvider('two', one)).toThrow('more than one domain')
  await OpenFeature.clearProviders()
  expect(() => webProvider(target, { mboxes: ['good', ' '] })).toThrow('in mboxes cannot be the name of an mbox')
  await target.close()
})

test('hooks of the provider run around every evaluation', async () => {
  const ran: string[] = []
  const { flags } = await openShop('on-device', {
    provider: {
      hooks: [
        {
          before: ({ flagKey }) => void ran.push(`before ${flagKey}`),
          after: (_, { variant }) => void ran.push(`after ${variant}`),
          finally: (_, { reason }) => void ran.push(`finally ${reason}`),
        },
      ],
    },
  })
  expect(flags.getNumberValue('limits.maxItems', 0)).toBe(10)
  expect(ran).toEqual(['before limits.maxItems', 'after all', 'finally STATIC'])
  expect(flags.providerStatus).toBe(ProviderStatus.READY)
})
