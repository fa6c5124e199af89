import { expect, test } from 'vitest'
import { TARGET_COOKIE } from '../../src/delivery/session.ts'
import { by, shop } from './world.ts'

test('the display of an experience counts once for each visitor, with the visitor’s own ids', async () => {
  const { target, arrived } = await shop()
  for (let round = 0; round < 10; round++) {
    for (const visitor of ['vera', 'otto', 'ada']) {
      target.variation('flags', 'columns', 0, by(visitor))
      target.variation('flags', 'theme', '', by(visitor))
    }
  }
  expect(await target.flush()).toEqual({ sent: 3, rejected: 0, pending: 0 })
  const all = arrived()
  expect(all.map(({ id }) => id?.tntId)).toEqual(['vera', 'otto', 'ada'])
  expect(new Set(all.map(({ session }) => session)).size).toBe(3)
  expect(all[0]?.notification).toMatchObject({
    type: 'display',
    mbox: { name: 'flags' },
    tokens: [expect.stringMatching(/^token-7-/)],
  })
})

test('nor does a customer who is named by an id of the shop alone count more than once', async () => {
  const { target, arrived } = await shop()
  const call = { request: { id: { thirdPartyId: 'customer-1' } } }
  for (let round = 0; round < 3; round++) target.variation('flags', 'columns', 0, call)
  target.variation('flags', 'columns', 0, { ...call, targetCookie: 'PC#vera.35_0#9596233214' })
  expect(await target.flush()).toEqual({ sent: 2, rejected: 0, pending: 0 })
  expect(arrived().map(({ id }) => id)).toEqual([
    { thirdPartyId: 'customer-1' },
    { thirdPartyId: 'customer-1', tntId: 'vera.35_0' },
  ])
})

test('a visitor in an experience that lacks the key has seen it all the same', async () => {
  const { target, arrived } = await shop()
  expect(target.variationDetails('flags', 'theme', 'light', by('d')).reason).toBe('NO_KEY')
  await target.flush()
  expect(arrived().map(({ notification }) => notification.tokens)).toEqual([['token-7-1']])
})

test('nothing counts that is only read, that does not match, or after close', async () => {
  const { target, calls } = await shop()
  target.variation('flags', 'columns', 0, by('vera', { display: false }))
  target.variation('members', 'points', 0, by('vera'))
  expect(target.pending()).toBe(0)
  await target.close()
  expect(target.variation('flags', 'columns', 0, by('vera'))).toBe(3)
  expect(target.pending()).toBe(0)
  expect(calls).toEqual([])
})

test('sessions and properties of the caller are those of the display', async () => {
  const { target, arrived } = await shop()
  const request = { id: { tntId: 'vera' }, property: { token: 'shop' } }
  target.variation('flags', 'columns', 0, { sessionId: 'one', request })
  target.variation('flags', 'columns', 0, { sessionId: 'two', request })
  await target.flush()
  expect(arrived().map(({ session, property }) => [session, property])).toEqual([
    ['one', { token: 'shop' }],
    ['two', { token: 'shop' }],
  ])
})

test('a visitor of a server is the one of the cookies', async () => {
  const { target, arrived } = await shop()
  const until = Math.round(Date.now() / 1000) + 1000
  const visitor = target.visitor(`${TARGET_COOKIE}=session#s-1#${until}|PC#d.35_0#${until}`)
  expect(visitor.variation('flags', 'columns', 0)).toBe(4)
  expect(visitor.variation('flags', 'columns', 0)).toBe(4)
  await target.flush()
  expect(arrived().map(({ session, id }) => [session, id?.tntId])).toEqual([['s-1', 'd.35_0']])
})

test('a new visitor gets an id that stays, in the cookies and in later calls', async () => {
  const { target, arrived } = await shop()
  const visitor = target.visitor('')
  const first = visitor.variation('flags', 'columns', 0)
  for (let again = 0; again < 20; again++) expect(visitor.variation('flags', 'columns', 0)).toBe(first)
  const result = await visitor.getOffers({ request: { execute: { mboxes: [{ name: 'flags' }] } } })
  expect(result.response.execute?.mboxes?.[0]?.options?.[0]?.content).toMatchObject({ columns: first })
  await target.flush()
  const [cookie] = visitor.setCookies()
  const ids = arrived().map(({ id }) => id?.tntId)
  expect(ids).toHaveLength(2)
  expect(new Set(ids).size).toBe(1)
  expect(decodeURIComponent(`${cookie}`)).toContain(`PC#${ids[0]}`)
})

test('visitors whom nobody names never share anything', async () => {
  const { target, arrived } = await shop()
  for (let at = 0; at < 50; at++) target.variation('flags', 'columns', 0)
  await target.flush()
  const all = arrived()
  expect(all).toHaveLength(50)
  expect(new Set(all.map(({ session }) => session)).size).toBe(50)
  expect(new Set(all.map(({ id }) => id?.tntId)).size).toBe(50)
})

test('without consent there are neither values nor displays; with it there are both', async () => {
  const { target, calls } = await shop({ defaultConsent: 'pending' })
  const visitor = target.visitor('')
  expect(visitor.variationDetails('flags', 'columns', 1)).toEqual({ value: 1, reason: 'NO_CONSENT' })
  visitor.optIn()
  await visitor.ready()
  expect(visitor.variationDetails('flags', 'columns', 1).reason).toBe('MATCH')
  await visitor.optOut()
  expect(visitor.variationDetails('flags', 'columns', 1)).toEqual({ value: 1, reason: 'NO_CONSENT' })
  await target.flush()
  expect(calls).toEqual([])
})
