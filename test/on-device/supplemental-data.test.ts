import { afterEach, expect, test, vi } from 'vitest'
import { mboxes, type Visitor } from '../../src/server.ts'
import { by, openShop } from './world.ts'

// The id that ties displays to a hit of Analytics: that of a page view, so that its displays leave in one call.

afterEach(() => void vi.useRealTimers())

const execute = { execute: { mboxes: mboxes('hero') } }
type World = Awaited<ReturnType<typeof openShop>>
const idsIn = ({ posts }: World) => posts().map(({ body }) => body.experienceCloud?.analytics?.supplementalDataId)
const idOf = (state: object | undefined) => (Object.values(state ?? {})[0] as { sdid: Record<string, unknown> }).sdid

test('displays carry the id that the page is handed, for all decisions of a page view', async () => {
  const world = await openShop()
  const target = await world.ready({ notificationDelay: 60_000 })
  const visitor = target.visitor('')
  const states = []
  for (const consumerId of [undefined, 'other', undefined]) {
    states.push((await visitor.getOffers({ request: execute, consumerId })).visitorState)
  }
  await target.flush()
  const [id, ...more] = idsIn(world)
  expect(more).toEqual([])
  expect(states.map((state) => idOf(state).supplementalDataIDCurrent)).toEqual([id, id, id])
})

test('a later page view has another, and so has another session', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const world = await openShop()
  const target = await world.ready({ notificationDelay: 60_000 })
  const ask = (sessionId: string) => target.getOffers({ request: { ...by('vera'), ...execute }, sessionId })
  await ask('s-1')
  await ask('s-2')
  vi.setSystemTime(Date.now() + 10_001)
  await ask('s-1')
  await target.flush()
  expect(new Set(idsIn(world)).size).toBe(3)
})

test('calls that go to the edge have one each, as ever', async () => {
  const world = await openShop()
  const target = world.create({ decisioningMethod: 'server-side' })
  for (let at = 0; at < 3; at++) await target.getOffers({ request: { ...by('vera'), ...execute }, sessionId: 's-1' })
  expect(new Set(idsIn(world)).size).toBe(3)
})

test('a visitor that is given names the id, once for a page view', async () => {
  const world = await openShop()
  const target = await world.ready({ notificationDelay: 60_000 })
  const visitorOf = (name: string) => {
    let asked = 0
    const visitor: Visitor = {
      getSupplementalDataID: () => `${name.repeat(16)}-${String(++asked).padStart(16, '0')}`,
      getState: () => ({ [name]: {} }),
    }
    return visitor
  }
  const [one, other] = [visitorOf('A'), visitorOf('B')]
  const states = []
  for (const visitor of [one, one, other]) {
    const result = await target.getOffers({ request: { ...by('vera'), ...execute }, sessionId: 's-1', visitor })
    states.push(result.visitorState)
  }
  await target.flush()
  expect(idsIn(world)).toEqual([
    `${'A'.repeat(16)}-${'1'.padStart(16, '0')}`,
    `${'B'.repeat(16)}-${'1'.padStart(16, '0')}`,
  ])
  expect(states).toEqual([{ A: {} }, { A: {} }, { B: {} }])
})

test('an id of the request is taken as it is', async () => {
  const world = await openShop()
  const target = await world.ready()
  const supplementalDataId = `${'1'.repeat(16)}-${'2'.repeat(16)}`
  const experienceCloud = { analytics: { logging: 'server_side' as const, supplementalDataId } }
  await target.getOffers({ request: { ...by('vera'), ...execute, experienceCloud }, sessionId: 's-1' })
  await target.flush()
  expect(idsIn(world)).toEqual([supplementalDataId])
})
