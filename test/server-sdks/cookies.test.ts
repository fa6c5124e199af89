import { afterEach, expect, it, vi } from 'vitest'
import { createWorld, FRESH, LATER, request } from './world.ts'

const world = createWorld()
afterEach(() => {
  vi.useRealTimers()
})

const at = (now: number | string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) })

/** Whom the request was about, for a value of the cookie. */
const readBack = async (targetCookie: unknown) => {
  await world.client().getOffers({ request, targetCookie: targetCookie as string })
  const { query, body } = world.server.only()
  return { sessionId: query.sessionId, tntId: body.id?.tntId }
}
const nobody = { sessionId: expect.stringMatching(FRESH), tntId: undefined }

it.each([undefined, null, ''])('1. a cookie that is %j says nothing', async (cookie) => {
  expect(await readBack(cookie)).toEqual(nobody)
})

it('2. an item without an expiry is passed over', async () => {
  expect(await readBack('session#1')).toEqual(nobody)
})

it('3. an item with an expiry that is no number is passed over', async () => {
  expect(await readBack('session#1#b')).toEqual(nobody)
})

it('4. session and device id are read', async () => {
  expect(await readBack('session#1#9596233214|PC#2#9596233214')).toEqual({ sessionId: '1', tntId: '2' })
})

it('5. an expired item is passed over, and the others are read', async () => {
  expect(await readBack('session#1#9596233214|PC#2#1296233214')).toEqual({ sessionId: '1', tntId: undefined })
})

it.each([
  ['is still valid', 0, { sessionId: 's', tntId: undefined }],
  ['is over a moment later', 1, nobody],
])('6. an item that expires in the current second %s', async (_, late, expected) => {
  at(LATER * 1000 + late)
  expect(await readBack(`session#s#${LATER}`)).toEqual(expected)
})

it('7. the dialect of the Java and .NET SDKs, with a trailing |, is read', async () => {
  expect(await readBack(`session#s#${LATER}|PC#p.21_27#${LATER}|`)).toEqual({ sessionId: 's', tntId: 'p.21_27' })
})

it('8. names and values are decoded item by item, and written encoded', async () => {
  const targetCookie = `ses%73ion#a%23b%7Cc#${LATER}|PC#p%23q#${LATER}`
  const result = await world.client().getOffers({ request, targetCookie })
  const { query, body } = world.server.only()
  expect([query.sessionId, body.id?.tntId]).toEqual(['a#b|c', 'p#q'])
  expect(result.targetCookie.value).toMatch(/^session#a%23b%7Cc#\d+\|PC#p%23q#\d+$/)
})

it('9. a malformed escape spoils its own item and not the call', async () => {
  expect(await readBack(`session#%E0%A4%A#${LATER}|PC#p#${LATER}`)).toEqual({ ...nobody, tntId: 'p' })
})

it('10. a cookie that is still encoded as a whole is understood', async () => {
  const cookie = encodeURIComponent(`session#x#${LATER}|PC#p.21_0#${LATER}`)
  expect(await readBack(cookie)).toEqual({ sessionId: 'x', tntId: 'p.21_0' })
})

it('11. the cookie to keep has the name mbox, items of three parts and a lifetime in seconds', async () => {
  const { targetCookie } = await world.client().getOffers({ request, sessionId: 'a' })
  expect(targetCookie).toEqual({
    name: 'mbox',
    value: expect.stringMatching(/^session#a#\d{10}$/),
    maxAge: expect.any(Number),
  })
})

it('12. a session lives 1860 seconds', async () => {
  at('2019-10-06T00:00:00Z')
  const { targetCookie } = await world.client().getOffers({ request, sessionId: 'S' })
  expect(targetCookie).toEqual({ name: 'mbox', value: 'session#S#1570321860', maxAge: 1860 })
})

it('13. a device id lives 63244800 seconds', async () => {
  at('2019-10-06T00:00:00Z')
  world.server.answer({ body: { id: { tntId: 'T' } } })
  const { targetCookie } = await world.client().getOffers({ request, sessionId: 'S' })
  expect(targetCookie).toEqual({
    name: 'mbox',
    value: 'session#S#1570321860|PC#T#1633564800',
    maxAge: 63244800,
  })
})

it('14. differs: a lifetime is the clean number between two whole seconds too, where Adobe says one more', async () => {
  at('2019-10-06T00:00:00.250Z')
  const plain = await world.client().getOffers({ request })
  world.server.answer({ body: { id: { tntId: 'T' } } })
  const known = await world.client().getOffers({ request })
  expect([plain.targetCookie.maxAge, known.targetCookie.maxAge]).toEqual([1860, 63244800])
  expect((await world.adobe().getOffers({ request })).targetCookie.maxAge).toBe(63244801)
})

it.each([
  ['no content', { status: 204 }],
  ['no id', { body: { status: 200 } }],
])('15. differs: an answer with %s leaves the device id in the cookie, which Adobe erases', async (_, answer) => {
  world.server.answer(answer)
  const call = { request, targetCookie: `session#s#${LATER}|PC#p.21_0#${LATER}` }
  const { targetCookie } = await world.client().getOffers(call)
  expect(targetCookie.value).toMatch(/^session#s#\d+\|PC#p.21_0#\d+$/)
  expect(targetCookie.maxAge).toBe(63244800)
  expect((await world.adobe().getOffers(call)).targetCookie.value).not.toContain('PC#')
})
