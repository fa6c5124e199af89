import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Notification } from '../../src/delivery/notification.ts'
import { type Envelope, type Item, itemOf, keyOf } from '../../src/notification/batch.ts'
import { parseRecord, recordOf } from '../../src/notification/record.ts'
import { PATIENCE, runs } from './runs.ts'

/** Any sequence of code units, also halves of pairs, and what is easily taken for something else. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.nat(0xffff), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('__proto__', 'constructor', 'toString', '"]', '\u2028', '😀\ud83d', '[1,2,'),
)
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 3 }).map((pairs) => JSON.parse(objectText(pairs))),
  ),
})).value

/** As JSON, so that `__proto__` is a key like any other. */
const objectText = (pairs: readonly (readonly [string, unknown])[]): string =>
  `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`

const notification = fc
  .tuple(text, fc.integer(), fc.array(fc.tuple(text, json), { maxLength: 4 }))
  .map(([id, timestamp, more]): Notification => {
    const known = JSON.stringify({ id, type: 'display', timestamp, mbox: { name: id } })
    const others = objectText(more.filter(([key]) => !['id', 'type', 'timestamp', 'mbox'].includes(key)))
    return JSON.parse(others === '{}' ? known : `${known.slice(0, -1)},${others.slice(1)}`)
  })

const envelope = fc
  .record({
    sessionId: text,
    cluster: fc.constantFrom(undefined, '35', '7'),
    more: fc.array(fc.tuple(text, json), { maxLength: 3 }),
  })
  .map(({ sessionId, cluster, more }): Envelope => ({ sessionId, cluster, request: JSON.parse(objectText(more)) }))

const moment = fc.double({ min: 0, max: 4e12, noNaN: true })
const rows = fc.array(fc.tuple(notification, moment, fc.oneof(fc.constant(0), moment)), { minLength: 1, maxLength: 6 })

const itemsOf = (of: Envelope, given: readonly (readonly [Notification, number, number])[]): Item[] =>
  given.map(([what, order, left]) => Object.assign(itemOf(what, of, order), { left }))

const told = (items: readonly Item[] | undefined) =>
  items?.map(({ text, bytes, order, left, envelope }) => ({ text, bytes, order, left, key: keyOf(envelope) }))

describe('a record', () => {
  it('reads as it was written, whatever is in it', PATIENCE, () => {
    fc.assert(
      fc.property(envelope, rows, (of, given) => {
        const items = itemsOf(of, given)
        const read = parseRecord(recordOf(of, items), new Map())
        expect(told(read)).toEqual(told(items))
        expect(read?.map((item) => JSON.stringify(item.notification))).toEqual(
          given.map(([what]) => JSON.stringify(what)),
        )
      }),
      runs(200),
    )
  })

  it('shares one envelope among all records that have the same', PATIENCE, () => {
    fc.assert(
      fc.property(envelope, rows, rows, (of, one, other) => {
        const known = new Map()
        const read = [one, other].flatMap((given) => parseRecord(recordOf(of, itemsOf(of, given)), known) ?? [])
        expect(new Set(read.map((item) => item.envelope)).size).toBe(1)
      }),
      runs(200),
    )
  })

  it('never throws when somebody has spoiled it, and what it gives can be written and read again', PATIENCE, () => {
    const spoiled = fc
      .tuple(envelope, rows, fc.nat(), fc.nat(30), fc.string({ maxLength: 5 }))
      .map(([of, given, at, cut, put]) => {
        const whole = recordOf(of, itemsOf(of, given))
        const start = at % whole.length
        return `${whole.slice(0, start)}${put}${whole.slice(start + cut)}`
      })
    const cutShort = fc
      .tuple(envelope, rows, fc.nat())
      .map(([of, given, at]) => recordOf(of, itemsOf(of, given)).slice(0, at))
    const alike = fc
      .tuple(json, json, json, fc.array(fc.array(json, { maxLength: 4 }), { maxLength: 3 }))
      .map(([one, two, three, others]) => JSON.stringify([[one, two, three], others]))
    fc.assert(
      fc.property(fc.oneof(spoiled, cutShort, alike, fc.json(), text), (given) => {
        const items = parseRecord(given, new Map())
        if (!items) return
        const [first] = items
        expect(first).toBeDefined()
        if (first) expect(told(parseRecord(recordOf(first.envelope, items), new Map()))).toEqual(told(items))
      }),
      runs(200),
    )
  })

  it.each([
    ['an endless order', '[["s",null,{}],[[1e999,0,{"id":"n","type":"display"}]]]', undefined],
    ['an endless departure', '[["s",null,{}],[[1,1e999,{"id":"n","type":"display"}]]]', [0]],
    ['nothing in it', '[["s",null,{}],[]]', undefined],
    ['a notification without an id', '[["s",null,{}],[[1,0,{"type":"display"}]]]', undefined],
  ])('with %s does no harm', (_, text, lefts) => {
    expect(parseRecord(text, new Map())?.map(({ left }) => left)).toEqual(lefts)
  })
})
