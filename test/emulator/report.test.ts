import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type Offers } from '../../src/emulator.ts'
import { ask, named, said } from './call.ts'

const offers = (more: object = {}): Offers => ({
  activities: [
    {
      id: 7,
      name: 'Summer',
      experiences: [
        { name: 'Control', offers: { hero: 'a' } },
        { name: 'Sun', offers: { hero: 'b' } },
      ],
      ...more,
    },
  ],
})

/** As many visitors as are asked for see each experience; the first of them go on to the goal, some twice. */
const walk = async (edge: Emulator, goal: readonly [control: number, sun: number], visitors = 20) => {
  const seen = [0, 0]
  for (let at = 0; Math.min(...seen) < visitors; at++) {
    const id = { tntId: `visitor${at}` }
    const session = `walk-${at}`
    const { prefetch } = await ask(edge, { id, prefetch: named('hero') }, { session })
    const [hero] = prefetch?.mboxes ?? []
    const which = hero?.options?.[0]?.content === 'b' ? 1 : 0
    if ((seen[which] as number) >= visitors) continue
    const turn = (seen[which] as number)++
    const tokens = [hero?.options?.[0]?.eventToken]
    const mbox = { name: 'hero', state: hero?.state }
    const notifications: object[] = [said('d', { mbox, tokens })]
    if (turn < (goal[which] as number)) {
      const clicks = { type: 'click', mbox, tokens: [hero?.metrics?.[0]?.eventToken] }
      if (hero?.metrics) notifications.push(said('c1', clicks), said('c2', clicks))
      notifications.push(said('o', { mbox: { name: 'thanks' }, order: { id: `o${at}`, total: 10 } }))
    }
    await ask(edge, { id, notifications }, { session })
  }
}

describe('a report', () => {
  it('says what part of the visitors converted, how much more than with the control, and how sure that is', async () => {
    const edge = createEmulator({ offers: offers({ conversions: ['thanks'] }) })
    await walk(edge, [5, 12], 20)
    const [activity] = edge.ledger.report()
    expect(activity).toMatchObject({ id: 7, name: 'Summer', goal: 'conversion' })
    const [control, sun] = activity?.experiences ?? []
    expect(control).toMatchObject({
      name: 'Control',
      visitors: 20,
      reached: 5,
      rate: 0.25,
      conversions: 5,
      revenue: 50,
    })
    expect(control).not.toHaveProperty('lift')
    expect(sun).toMatchObject({ name: 'Sun', visitors: 20, reached: 12, rate: 0.6 })
    expect(sun?.lift).toBeCloseTo(1.4)
    // By hand: z = 0.35 / sqrt(0.425 * 0.575 * 0.1) = 2.2388, two-sided p = 0.02517.
    expect(sun?.confidence).toBeCloseTo(0.97483, 4)
    // Wilson's score for 12 of 20, as published tables have it.
    expect(sun?.rateInterval.map((bound) => bound.toFixed(4))).toEqual(['0.3866', '0.7812'])
    // The ratio 2.4 times or divided by exp(1.96 * sqrt(1/12 - 1/20 + 1/5 - 1/20)).
    expect(sun?.liftInterval?.map((bound) => bound.toFixed(3))).toEqual(['0.037', '4.555'])
  })

  it('is about clicks where an activity has no conversions, and counts a visitor once', async () => {
    const edge = createEmulator({ offers: offers({ clicks: { hero: true } }) })
    await walk(edge, [2, 3], 10)
    const [activity] = edge.ledger.report()
    expect(activity?.goal).toBe('click')
    expect(activity?.experiences.map(({ reached, clicks, rate }) => [reached, clicks, rate])).toEqual([
      [2, 4, 0.2],
      [3, 6, 0.3],
    ])
  })

  it('says nothing that it cannot know', async () => {
    const edge = createEmulator({ offers: offers({ conversions: ['thanks'] }) })
    const [control, sun] = edge.ledger.report()[0]?.experiences ?? []
    expect(control).toMatchObject({ visitors: 0, reached: 0, rate: 0, rateInterval: [0, 1] })
    expect(Object.keys(sun ?? {})).not.toEqual(expect.arrayContaining(['lift', 'liftInterval', 'confidence']))
    await walk(edge, [0, 2], 5)
    const [, more] = edge.ledger.report()[0]?.experiences ?? []
    expect(more).not.toHaveProperty('lift')
    expect(more?.confidence).toBeGreaterThan(0.8)
  })

  it('keeps live traffic and QA apart', async () => {
    const edge = createEmulator({ offers: offers({ clicks: { hero: true } }) })
    await walk(edge, [1, 1], 2)
    expect(edge.ledger.report({ qa: true })[0]?.experiences.map(({ visitors }) => visitors)).toEqual([0, 0])
  })
})

it('a rate lies within its interval, and a better one is a lift', async () => {
  const { reportOf } = await import('../../src/emulator/report.ts')
  const count = fc.nat(10_000).chain((visitors) => fc.tuple(fc.constant(visitors), fc.nat(visitors)))
  const row = ([visitors, converters]: [number, number]) => ({
    ...{ name: 'x', visitors, converters, clickers: 0 },
    ...{ visits: 0, impressions: 0, clicks: 0, conversions: 0, revenue: 0 },
  })
  fc.assert(
    fc.property(count, count, (one, other) => {
      const { experiences } = reportOf({ id: 1, name: 'x', conversions: true }, [row(one), row(other)])
      for (const {
        rate,
        rateInterval: [low, high],
      } of experiences) {
        expect(0 <= low && low <= rate + 1e-12 && rate <= high + 1e-12 && high <= 1).toBe(true)
      }
      const [control, tested] = experiences
      if (tested?.lift !== undefined) expect(Math.sign(tested.lift)).toBe(Math.sign(tested.rate - (control?.rate ?? 0)))
      if (tested?.liftInterval && tested.lift !== undefined) {
        expect(tested.liftInterval[0]).toBeLessThanOrEqual(tested.lift + 1e-9)
        expect(tested.liftInterval[1]).toBeGreaterThanOrEqual(tested.lift - 1e-9)
      }
      if (tested?.confidence !== undefined) expect(tested.confidence >= -1e-6 && tested.confidence <= 1).toBe(true)
    }),
  )
})
