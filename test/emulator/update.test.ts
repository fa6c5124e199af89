import { describe, expect, it } from 'vitest'
import { createEmulator, type Offers } from '../../src/emulator.ts'
import { ask, named, said } from './call.ts'

const offers = (...experiences: [name: string, content: string][]): Offers => ({
  activities: [
    {
      id: 7,
      name: 'Summer',
      experiences: experiences.map(([name, content]) => ({ name, offers: { hero: content } })),
      conversions: ['thanks'],
    },
  ],
})

const seenBy = async (edge: ReturnType<typeof createEmulator>, visitor: string) => {
  const { execute } = await ask(edge, { id: { tntId: visitor }, execute: named('hero') })
  return execute?.mboxes?.[0]?.options?.[0]
}

describe('offers that are updated', () => {
  it('are answered from then on, and visitors keep their experiences wherever these stand now', async () => {
    const edge = createEmulator({ offers: offers(['Control', 'a'], ['Sun', 'b']) })
    const visitors = Array.from({ length: 12 }, (_, at) => `visitor${at}`)
    const before = await Promise.all(visitors.map((visitor) => seenBy(edge, visitor)))
    expect(new Set(before.map((option) => option?.content))).toEqual(new Set(['a', 'b']))
    const counted = edge.ledger.activities()[0]?.experiences ?? []

    edge.update(offers(['Rain', 'r'], ['Sun', 'B'], ['Control', 'A']))
    const [rain, sun, control] = edge.ledger.activities()[0]?.experiences ?? []
    expect([rain?.visitors, sun, control]).toEqual([0, counted[1], counted[0]])
    const after = await Promise.all(visitors.map((visitor) => seenBy(edge, visitor)))
    expect(after.map((option) => option?.content)).toEqual(before.map((option) => `${option?.content}`.toUpperCase()))
  })

  it('give those whose experience is gone another one, and its counts come back with it', async () => {
    const edge = createEmulator({ offers: offers(['Only', 'a']) })
    await seenBy(edge, 'vera')
    edge.update(offers(['Other', 'o']))
    expect((await seenBy(edge, 'vera'))?.content).toBe('o')
    expect(edge.ledger.activities()[0]?.experiences).toMatchObject([{ name: 'Other', visitors: 1 }])
    expect(edge.ledger.entries).toHaveLength(2)
    edge.update(offers(['Other', 'o'], ['Only', 'a']))
    const counts = edge.ledger.activities()[0]?.experiences.map(({ name, visitors }) => [name, visitors])
    expect(counts).toEqual([
      ['Other', 1],
      ['Only', 1],
    ])
  })

  it('leave counts of other activities alone, and what was issued before still counts', async () => {
    const edge = createEmulator({ offers: offers(['Only', 'a']) })
    const id = { tntId: 'vera' }
    const { prefetch } = await ask(edge, { id, prefetch: named('hero') })
    edge.update(offers(['Only', 'changed']))
    const [hero] = prefetch?.mboxes ?? []
    const mbox = { name: 'hero', state: hero?.state }
    const display = said('d', { mbox, tokens: [hero?.options?.[0]?.eventToken] })
    await ask(edge, { id, notifications: [display, said('o', { mbox: { name: 'thanks' } })] })
    expect(edge.ledger.activities()[0]?.experiences).toMatchObject([{ impressions: 1, conversions: 1 }])
  })

  it('are published for devices under another tag', async () => {
    const edge = createEmulator({ offers: offers(['Only', 'a']), client: 'acme' })
    const rules = () => edge('https://assets.adobetarget.com/acme/production/v1/rules.json')
    const first = await rules()
    edge.update(offers(['Only', 'changed']))
    const second = await rules()
    expect(second.headers.get('etag')).not.toBe(first.headers.get('etag'))
    expect(await second.text()).toContain('changed')
  })

  it('change nothing when they are wrong', async () => {
    const edge = createEmulator({ offers: offers(['Only', 'a']) })
    expect(() => edge.update(offers(['Twice', 'a'], ['Twice', 'b']))).toThrow(
      'offers.activities.0.experiences.1.name: Twice is taken by another experience',
    )
    expect(() => edge.update({ activities: [{ id: 7, name: '', experiences: [] }] })).toThrow(
      'offers.activities.0.name',
    )
    expect((await seenBy(edge, 'vera'))?.content).toBe('a')
    const given = createEmulator({ artifact: { version: '1.0.0', meta: {}, rules: { mboxes: {}, views: {} } } })
    expect(() => given.update({ hero: 'x' })).toThrow('make another one')
  })
})

describe('a fault with a share', () => {
  it('hits that part of the requests, the same ones for the same seed', async () => {
    const statusesOf = async (seed: string) => {
      const edge = createEmulator({ offers: { hero: 'x' }, seed })
      edge.fail({ status: 503, share: 0.2, times: Infinity })
      for (let at = 0; at < 400; at++) await ask(edge, { execute: named('hero') }).catch(() => undefined)
      return edge.requests.map(({ status }) => status)
    }
    const statuses = await statusesOf('spring')
    const hit = statuses.filter((status) => status === 503).length
    expect(hit).toBeGreaterThan(40)
    expect(hit).toBeLessThan(120)
    expect(await statusesOf('spring')).toEqual(statuses)
    expect(await statusesOf('summer')).not.toEqual(statuses)
  })

  it('lets the next fault in line have its chance, and ends after its times', async () => {
    const edge = createEmulator({ seed: 's' })
    edge.fail({ status: 503, share: 0, times: 1 })
    edge.fail({ status: 500, share: 1, times: 1 })
    const statuses = []
    for (let at = 0; at < 2; at++) {
      await ask(edge, {}).catch(() => undefined)
      statuses.push(edge.requests.at(-1)?.status)
    }
    expect(statuses).toEqual([500, 200])
  })
})
