import { expect, test } from 'vitest'
import { by, flags, share, shop } from './world.ts'

// Visitor vera falls into experience 0 of activity 7, visitor d into experience 1.

test('a value is there at once, read as the type of the default', async () => {
  const { target, calls } = await shop()
  const columns: number = target.variation('flags', 'columns', 1, by('vera'))
  expect(columns).toBe(3)
  expect(target.variation('flags', 'theme', 'light', by('vera'))).toBe('dark')
  expect(target.variation('flags', 'isNew', false, by('vera'))).toBe(true)
  expect(target.variation('members', 'points', 0, { ...by('vera'), parameters: { tier: 'gold' } })).toBe(12)
  expect(target.variation('flags', 'menu', undefined, by('vera'))).toEqual({ items: ['a'] })
  expect(calls).toEqual([])
})

test('details name the rule, the activity, the experience and the offer', async () => {
  const { target } = await shop()
  expect(target.variationDetails('flags', 'columns', 1, by('d'))).toEqual({
    value: 4,
    reason: 'MATCH',
    ruleKey: '7',
    condition: share(50, 100),
    isRest: true,
    offer: { id: 701, name: undefined },
    activity: { id: 7, name: 'activity 7', type: 'ab' },
    experience: { id: 1, name: 'experience 1' },
  })
})

test.each<[reason: string, mbox: string, key: string, like: unknown]>([
  ['NO_KEY', 'flags', 'nothing', 1],
  ['NO_KEY', 'html', 'columns', 1],
  ['NO_KEY', 'flags', '__proto__', 1],
  ['WRONG_TYPE', 'flags', 'theme', 1],
  ['NO_MATCH', 'members', 'points', 1],
  ['REMOTE', 'away', 'points', 1],
  ['REMOTE', 'misspelt', 'points', 1],
  ['REMOTE', 'constructor', 'name', 'x'],
])('%s gives the default: %s.%s', async (reason, ...asked) => {
  const { target } = await shop()
  expect(target.variationDetails(...asked, by('vera'))).toMatchObject({ value: asked[2], reason })
})

test('a property has its own rules, from the client and from the call', async () => {
  const ours = await shop({ propertyToken: 'shop' })
  expect(ours.target.variation('members', 'points', 0, by('vera'))).toBe(1)
  const { target } = await shop()
  expect(target.variation('members', 'points', 0, by('vera'))).toBe(0)
  const request = { id: { tntId: 'vera' }, property: { token: 'shop' } }
  expect(target.variation('members', 'points', 0, { request })).toBe(1)
})

test('it gives what getAttributes gives, for 300 visitors', async () => {
  const { target } = await shop()
  for (let at = 0; at < 300; at++) {
    const call = by(`visitor-${at}`)
    const attributes = await target.getAttributes(['flags'], call)
    expect(target.variation('flags', 'columns', 0, call)).toBe(attributes.getValue('flags', 'columns', 0))
  }
})

test('objects are the caller’s own, and frozen rules stay as they are', async () => {
  const { target } = await shop()
  const menu = target.variation('flags', 'menu', { items: [''] }, by('vera'))
  menu.items.push('b')
  expect(target.variation('flags', 'menu', { items: [''] }, by('vera'))).toEqual({ items: ['a'] })
  expect(JSON.stringify(flags)).not.toContain('"b"')
})

test('before the first artifact and where the edge decides it gives the default, and says why', async () => {
  const { target } = await shop({
    artifactPayload: undefined,
    artifactLocation: 'http://localhost:1/rules.json',
    maximumWaitReady: 1,
    defaultConsent: 'in',
  })
  expect(target.variationDetails('flags', 'columns', 1, by('vera'))).toEqual({ value: 1, reason: 'NOT_READY' })
  await expect(target.ready()).rejects.toMatchObject({ code: 'NOT_READY' })

  const edge = await shop({ decisioningMethod: 'server-side' })
  expect(edge.target.variationDetails('flags', 'columns', 1, by('vera'))).toEqual({ value: 1, reason: 'NOT_READY' })
  edge.target.variation('flags', 'columns', 1, by('vera'))
  await Promise.resolve()
  expect(edge.warnings).toEqual([expect.stringContaining("decisioningMethod 'on-device'")])
})

test('a wrong call gives the default, and a warning says how', async () => {
  const { target, warnings } = await shop()
  const call = { sessionId: 'x'.repeat(200), request: { id: { thirdPartyId: 'a' } } }
  expect(target.variationDetails('flags', 'columns', 1, call)).toEqual({ value: 1, reason: 'ERROR' })
  expect(warnings).toEqual([expect.stringContaining('sessionId')])
  for (const hostile of [null, undefined, 5, [], '', () => {}] as never[]) {
    expect(target.variation('flags', 'nothing', 1, hostile)).toBe(1)
    expect(target.variation(hostile, hostile, 1, by('vera'))).toBe(1)
  }
})
