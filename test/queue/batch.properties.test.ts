import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TargetError } from '../../src/delivery/error.ts'
import {
  type Batch,
  bodyOf,
  cut,
  type Envelope,
  type Item,
  inTurn,
  itemOf,
  type Limits,
} from '../../src/notification/batch.ts'
import { verdictOf } from '../../src/notification/outcome.ts'
import { PATIENCE, runs } from './runs.ts'

const visitors = ['one', 'two', 'zwölf 十二']

const envelopeOf = (visitor: string): Envelope => ({
  sessionId: visitor,
  cluster: '35',
  request: { id: { thirdPartyId: visitor.repeat(20) }, context: { channel: 'web', geo: { city: visitor } } },
})

const idsOf = (items: readonly Item[]) => items.map(({ notification }) => notification.id)

/** The body of a call in bytes, at its largest. */
const sizeOf = (batch: Batch): number => Buffer.byteLength(bodyOf(batch, '0'.repeat(32), { context: { beacon: true } }))

const waiting = fc
  .array(fc.tuple(fc.constantFrom(...visitors), fc.string({ unit: 'grapheme', maxLength: 80 }), fc.boolean()), {
    maxLength: 150,
  })
  .map((all) =>
    all.map(([visitor, name, isFirst], index): Item => {
      const notification = { id: `${index}`, type: 'display' as const, timestamp: 1_735_689_600_000, mbox: { name } }
      // What comes back after a refusal shares its calls with fewer.
      return Object.assign(itemOf(notification, envelopeOf(visitor), index), isFirst ? { cap: 7 } : {})
    }),
  )
const limits = fc.record({ count: fc.integer({ min: 1, max: 60 }), bytes: fc.integer({ min: 600, max: 8000 }) })

/** All calls of what waits. */
const callsOf = (items: readonly Item[], most: Limits): Batch[] => {
  const calls: Batch[] = []
  let rest = items
  for (let call = cut(rest, most); call; call = cut(rest, most)) {
    const { items: taken } = call
    calls.push(call)
    rest = rest.filter((item) => !taken.includes(item))
  }
  return calls
}

describe('a call', () => {
  it(
    'check 74: nothing is lost, nothing goes twice, each call is of one visitor and within its limits',
    PATIENCE,
    () => {
      fc.assert(
        fc.property(waiting, limits, (items, { count, bytes }) => {
          const calls = callsOf(items, { count, bytes })
          expect(idsOf(calls.flatMap((call) => call.items)).sort()).toEqual(idsOf(items).sort())
          for (const call of calls) {
            expect(call.items.length).toBeLessThanOrEqual(Math.min(count, call.items[0]?.cap ?? 0))
            for (const { envelope, cap } of call.items) {
              expect(envelope.sessionId).toBe(call.envelope.sessionId)
              expect(cap).toBe(call.items[0]?.cap)
            }
            if (call.items.length > 1) expect(sizeOf(call)).toBeLessThanOrEqual(bytes)
          }
        }),
        runs(200),
      )
    },
  )

  it('check 74: each visitor is heard in the order of events', PATIENCE, () => {
    fc.assert(
      fc.property(waiting, limits, (items, most) => {
        const fresh = items.filter(({ cap }) => cap === Infinity)
        const calls = callsOf(fresh, most)
        for (const visitor of visitors) {
          const isOf = ({ envelope }: { envelope: Envelope }) => envelope.sessionId === visitor
          expect(idsOf(calls.filter(isOf).flatMap((call) => call.items))).toEqual(idsOf(fresh.filter(isOf)))
        }
      }),
      runs(200),
    )
  })

  it('is halved until the bad ones are alone: those are rejected and no others, in few calls', PATIENCE, () => {
    const refusal = new TargetError('HTTP_ERROR', 'Target answered 400', { status: 400 })
    const size = { count: 50, bytes: 60_000 }
    fc.assert(
      fc.property(waiting, fc.array(fc.nat(149), { maxLength: 5 }), (items, chosen) => {
        const bad = new Set(chosen.map((index) => `${index}`).filter((id) => Number(id) < items.length))
        const isFine = (batch: Batch) => !batch.items.some(({ notification }) => bad.has(notification.id))
        const sent: Item[] = []
        const rejected: Item[] = []
        let calls = 0
        let rest = items.map((item) => Object.assign(item, { cap: Infinity }))
        for (let call = cut(rest, size); call; call = cut(rest, size)) {
          const { items: taken } = call
          const ids = new Set(idsOf(taken))
          const verdict = verdictOf(call, isFine(call) ? { acknowledged: ids } : { error: refusal })
          sent.push(...verdict.sent)
          rejected.push(...verdict.rejected.map(({ item }) => item))
          rest = inTurn([...verdict.kept, ...rest.filter((item) => !taken.includes(item))])
          calls++
        }
        expect(idsOf(rejected).sort()).toEqual([...bad].sort())
        expect(sent.length + rejected.length).toBe(items.length)
        expect(calls).toBeLessThanOrEqual(visitors.length + Math.ceil(items.length / 50) + bad.size * 12)
      }),
      runs(200),
    )
  })
})
