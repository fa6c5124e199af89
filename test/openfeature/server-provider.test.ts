import { describe, expect, test } from 'vitest'
import { openShop } from './server.ts'

const EVERY = ['server-side', 'on-device', 'hybrid'] as const
const vera = { targetingKey: 'vera' }

describe.each(EVERY)('a flag that is decided %s', (method) => {
  const isEdge = method === 'server-side'

  test('is read by its type, from the mbox and the key that its name says', async () => {
    const { flags } = await openShop(method)
    const columns = await flags.getNumberValue('shop.columns', 0, vera)
    const isThree = columns === 3
    expect([3, 4]).toContain(columns)
    expect(await flags.getStringValue('shop.theme', '', vera)).toBe(isThree ? 'dark' : 'light')
    expect(await flags.getBooleanValue('shop.isNew', !isThree, vera)).toBe(isThree)
    expect(await flags.getObjectValue('shop.menu', {}, vera)).toEqual({ items: isThree ? ['a'] : [] })
    expect(await flags.getObjectValue('limits', {}, vera)).toEqual({ maxItems: 10 })
  })

  test('comes with reason, variant and metadata', async () => {
    const { flags } = await openShop(method)
    expect(await flags.getNumberDetails('members.points', 0, { ...vera, tier: 'gold' })).toEqual({
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
    const reasons = await Promise.all(
      ['shop.columns', 'members.points', 'limits.maxItems'].map(
        async (key) => (await flags.getNumberDetails(key, 0, vera)).reason,
      ),
    )
    expect(reasons).toEqual(isEdge ? Array(3).fill('TARGETING_MATCH') : ['SPLIT', 'DEFAULT', 'STATIC'])
  })

  test('is the default without an error where the experience has no offer', async () => {
    const { flags } = await openShop(method)
    const details = await flags.getBooleanDetails('banner.isOn', false, { ...vera, group: 'control' })
    expect(details).toMatchObject({ value: false, reason: 'DEFAULT', variant: 'control' })
    expect(details.errorCode).toBeUndefined()
    expect(await flags.getBooleanDetails('banner.isOn', false, vera)).toMatchObject({ value: true, variant: 'test' })
  })

  test.each([
    ['TYPE_MISMATCH', 'shop.columns', vera],
    ['FLAG_NOT_FOUND', 'shop.colums', vera],
    ['FLAG_NOT_FOUND', ' .columns', vera],
    ['TARGETING_KEY_MISSING', 'shop.theme', {}],
    ['INVALID_CONTEXT', 'shop.theme', { targetingKey: 5 as never }],
    ['INVALID_CONTEXT', 'shop.theme', { targetingKey: 'x'.repeat(300), sessionId: 'with space' }],
  ])('is the default with %s: %s', async (errorCode, key, context) => {
    const { flags } = await openShop(method)
    expect(await flags.getStringDetails(key, 'none', context)).toMatchObject({
      value: 'none',
      reason: 'ERROR',
      errorCode,
      errorMessage: expect.stringMatching(/./),
    })
  })

  test('counts as shown', async () => {
    const { flags, target, edge } = await openShop(method)
    await flags.getNumberValue('shop.columns', 0, vera)
    await target.flush()
    expect(edge.ledger.total('impression')).toBe(1)
  })

  test('does not count when it shall not', async () => {
    const { flags, target, edge } = await openShop(method, { provider: { display: false } })
    expect(await flags.getNumberValue('limits.maxItems', 0, vera)).toBe(10)
    await target.flush()
    expect(edge.ledger.total('impression')).toBe(0)
  })

  test('stays as it is when the caller changes what was given', async () => {
    const { flags } = await openShop(method, { provider: { place: () => ({ mbox: 'shop', key: 'menu' }) } })
    const read = async () => (await flags.getObjectValue('any', { items: [''] }, vera)) as { items: string[] }
    const [one, two] = await Promise.all([read(), read()])
    one.items.push('mine')
    expect(two.items).not.toContain('mine')
    expect((await read()).items).not.toContain('mine')
  })

  test('of nobody is allowed where the provider says so', async () => {
    const { flags } = await openShop(method, { provider: { anonymous: true } })
    expect(await flags.getNumberValue('limits.maxItems', 0)).toBe(10)
  })
})

test('on the device an mbox that the rules do not hold is not found', async () => {
  const { flags, calls } = await openShop('on-device')
  expect(await flags.getNumberDetails('account.seats', 1, vera)).toMatchObject({
    errorCode: 'FLAG_NOT_FOUND',
    value: 1,
  })
  expect(await flags.getNumberDetails('misspelt.seats', 1, vera)).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' })
  expect(calls()).toEqual([])
})

test('a hybrid client asks the edge for what the rules do not hold, and for nothing else', async () => {
  const { flags, calls, target } = await openShop('hybrid')
  await target.ready()
  expect(await flags.getNumberValue('limits.maxItems', 0, vera)).toBe(10)
  expect(calls()).toEqual([])
  const details = await flags.getNumberDetails('account.seats', 1, { ...vera, profile: { plan: 'pro' } })
  expect(details).toMatchObject({ value: 5, variant: 'pro', reason: 'TARGETING_MATCH' })
  expect(calls()).toMatchObject([
    { execute: { mboxes: [{ name: 'account', profileParameters: { plan: 'pro' } }] }, id: { thirdPartyId: 'vera' } },
  ])
})

test('the edge does not tell an mbox that nobody fills from one that is for others', async () => {
  const { flags } = await openShop('server-side')
  const details = await flags.getNumberDetails('misspelt.seats', 1, vera)
  expect(details).toMatchObject({ value: 1, reason: 'DEFAULT' })
  expect(details.errorCode).toBeUndefined()
})
