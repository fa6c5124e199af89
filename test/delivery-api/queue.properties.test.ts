import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TargetError } from '../../src/delivery/error.ts'
import type { Notification } from '../../src/delivery/notification.ts'
import { type Batch, batches, type Envelope, type Item, itemOf } from '../../src/notification/batch.ts'
import { createQueue } from '../../src/notification/queue.ts'

const visitors = ['one', 'two', 'zwölf 十二']

const envelopeOf = (visitor: string): Envelope => ({
  sessionId: visitor,
  cluster: '35',
  request: { id: { thirdPartyId: visitor.repeat(20) }, context: { channel: 'web', geo: { city: visitor } } },
})

const notificationOf = (id: string, name = 'm'): Notification => ({
  id,
  type: 'display',
  timestamp: 1_735_689_600_000,
  mbox: { name },
})

const idsOf = ({ items }: Batch) => items.map(({ notification }) => notification.id)

/** The body of a call in bytes, at its largest. */
const sizeOf = ({ envelope, items }: Batch): number => {
  const { request } = envelope
  const context = { ...request.context, beacon: true }
  const notifications = items.map(({ notification }) => notification)
  return Buffer.byteLength(JSON.stringify({ requestId: '0'.repeat(32), ...request, context, notifications }))
}

describe('batches', () => {
  const waiting = fc
    .array(fc.tuple(fc.constantFrom(...visitors), fc.string({ unit: 'grapheme', maxLength: 80 })), { maxLength: 150 })
    .map((all) =>
      all.map(([visitor, name], index): Item => itemOf(notificationOf(`${index}`, name), envelopeOf(visitor))),
    )
  const limits = fc.record({ count: fc.integer({ min: 1, max: 60 }), bytes: fc.integer({ min: 600, max: 8000 }) })

  it('check 74: nothing is lost, nothing goes twice, each call is of one visitor and within its limits', () => {
    fc.assert(
      fc.property(waiting, limits, (items, { count, bytes }) => {
        const calls = batches(items, { count, bytes })
        const gone = calls.flatMap((batch) => batch.items)
        expect(new Set(gone).size).toBe(items.length)
        expect(gone).toHaveLength(items.length)
        for (const call of calls) {
          expect(call.items.length).toBeLessThanOrEqual(count)
          for (const { envelope } of call.items) expect(envelope.sessionId).toBe(call.envelope.sessionId)
          if (call.items.length > 1) expect(sizeOf(call)).toBeLessThanOrEqual(bytes)
        }
      }),
    )
  })

  it('check 74: each visitor is heard in the order of events', () => {
    fc.assert(
      fc.property(waiting, limits, (items, most) => {
        const calls = batches(items, most)
        for (const visitor of visitors) {
          const sent = calls.filter(({ envelope }) => envelope.sessionId === visitor).flatMap(idsOf)
          const happened = items.filter(({ envelope }) => envelope.sessionId === visitor)
          expect(sent).toEqual(happened.map(({ notification }) => notification.id))
        }
      }),
    )
  })
})

type Reply = 'all' | 'none' | 'some' | 'foreign' | 'unavailable' | 'offline' | 'refused' | 'strange'

const failures: Partial<Record<Reply, () => Error>> = {
  unavailable: () => new TargetError('HTTP_ERROR', 'no', { status: 503 }),
  offline: () => new TargetError('NETWORK_ERROR', 'no'),
  refused: () => new TargetError('HTTP_ERROR', 'no', { status: 400 }),
  strange: () => new TypeError('no'),
}

const acknowledged = (reply: Reply, ids: string[]): string[] => {
  if (reply === 'all') return ids
  if (reply === 'foreign') return ['foreign', ...ids.slice(1)]
  return reply === 'some' ? ids.filter((_, index) => index % 2) : []
}

type Step = { add: number; visitor: string } | { flush: 'awaited' | 'not awaited' } | { leave: 'taken' | 'refused' }

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ add: fc.integer({ min: 1, max: 70 }), visitor: fc.constantFrom(...visitors) }),
    },
    { weight: 3, arbitrary: fc.record({ flush: fc.constantFrom('awaited' as const, 'not awaited' as const) }) },
    { weight: 1, arbitrary: fc.record({ leave: fc.constantFrom('taken' as const, 'refused' as const) }) },
  ),
  { maxLength: 15 },
)

const replies = fc.array(
  fc.constantFrom<Reply>('all', 'none', 'some', 'foreign', 'unavailable', 'offline', 'refused', 'strange'),
  { minLength: 1, maxLength: 12 },
)

/** Plays steps on a queue and writes down what became of every notification. */
const play = async (script: Step[], answers: Reply[]) => {
  const added: string[] = []
  const fates = new Map<string, string[]>()
  const tell = (id: string, fate: string) => fates.set(id, [...(fates.get(id) ?? []), fate])
  const faults: string[] = []
  let calls = 0
  let isRefused = false
  const queue = createQueue({
    delay: 60_000,
    send: async (batch) => {
      const reply = answers[calls++ % answers.length] as Reply
      const ids = idsOf(batch)
      for (const id of ids) if (fates.has(id)) faults.push(`${id} was sent after ${fates.get(id)}`)
      if (ids.some((id, index) => Number(id) < Number(ids[index - 1]))) faults.push(`${ids} are out of order`)
      await new Promise((resolve) => setImmediate(resolve))
      const failure = failures[reply]
      if (failure) throw failure()
      return new Set(acknowledged(reply, ids))
    },
    leave: (batch) => {
      if (isRefused) return Promise.reject(new TypeError('no'))
      for (const id of idsOf(batch)) tell(id, 'left')
      return undefined
    },
    onSent: ({ id }) => tell(id, 'sent'),
    onRejected: ({ id }) => tell(id, 'rejected'),
  })
  for (const step of script) {
    if ('leave' in step) {
      isRefused = step.leave === 'refused'
      queue.leave()
      isRefused = false
    } else if ('flush' in step) {
      const flushed = queue.flush()
      if (step.flush === 'awaited') await flushed
    } else
      for (let more = 0; more < step.add; more++) {
        const id = `${added.length}`
        added.push(id)
        queue.add(notificationOf(id), envelopeOf(step.visitor))
      }
  }
  return { queue, added, fates, faults }
}

describe('the queue', () => {
  it('check 75: every notification is acknowledged once, rejected once, handed over once, or waits', async () => {
    await fc.assert(
      fc.asyncProperty(steps, replies, async (script, answers) => {
        const { queue, added, fates, faults } = await play(script, answers)
        await new Promise((resolve) => setImmediate(resolve))
        const { pending } = await queue.flush()
        expect(faults).toEqual([])
        for (const fate of fates.values()) expect(fate).toHaveLength(1)
        expect(fates.size + pending).toBe(added.length)
        queue.leave()
        expect([...fates.keys()].sort()).toEqual([...added].sort())
      }),
    )
  })

  it('check 75: when Target answers again, all that waits is acknowledged, and a flush says so', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 130 }), fc.integer({ min: 0, max: 3 }), async (count, outages) => {
        const script: Step[] = [
          { add: count, visitor: 'one' },
          ...Array.from({ length: outages }, (): Step => ({ flush: 'awaited' })),
        ]
        const calls = Math.ceil(count / 50)
        const down: Reply[] = Array.from({ length: outages * calls }, () => 'unavailable')
        const { queue, fates } = await play(script, [...down, ...Array.from({ length: 10 }, (): Reply => 'all')])
        const { sent, rejected, pending } = await queue.flush()
        expect([rejected, pending]).toEqual([0, 0])
        expect(sent).toBe(count)
        expect(fates.size).toBe(count)
      }),
      { numRuns: 30 },
    )
  })
})
