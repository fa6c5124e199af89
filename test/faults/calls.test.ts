import { describe, expect, test } from 'vitest'
import { FAULTS, type Fault, inTurn } from './fault-plan.ts'
import { report } from './happenings.ts'
import { acceptedIn, countedIn, enter, eventually, idsOf, once, openShop } from './shop.ts'

// Everything that can go wrong with a call: what was reported is counted once, and the user hears what happened.

/** Small enough for one notification with all that goes with it, too small for two. */
const SMALLEST = 1_000
/** How long a call may take, in ms: one that hangs is given up soon, and no other. */
const timeoutOf = (fault: Fault) => (fault.startsWith('hang') ? 1_000 : 20_000)
const PROXY = { retryAfter: 1, drip: 100, smallest: SMALLEST }

/** What five notifications come to when one call goes wrong. */
interface Outcome {
  /** Why they did not come through, as `notificationRetry` says; undefined when that was not told. */
  why?: RegExp
  /** Calls that it takes. */
  calls: number
  /** Notifications that the edge had accepted before. */
  repeats?: number
  /** Of three, how many a flush leaves behind. @default 0 */
  pending?: number
}

const OUTCOMES: Record<Fault, Outcome> = {
  'reset-before': { why: /^NETWORK_ERROR$/, calls: 2 },
  'reset-during': { why: /^NETWORK_ERROR$/, calls: 2 },
  'reset-during-counted': { why: /^NETWORK_ERROR$/, calls: 2, repeats: 5 },
  'reset-after': { why: /^NETWORK_ERROR$/, calls: 2, repeats: 5 },
  hang: { why: /^TIMEOUT$/, calls: 2, pending: 3 },
  'hang-counted': { why: /^TIMEOUT$/, calls: 2, repeats: 5, pending: 3 },
  413: { calls: 3 },
  420: { why: /^HTTP_ERROR 420 Too many requests with same session ID$/, calls: 2 },
  429: { why: /^HTTP_ERROR 429 Too many requests$/, calls: 2, pending: 3 },
  500: { why: /^HTTP_ERROR 500 Internal error$/, calls: 2 },
  502: { why: /^HTTP_ERROR 502 <!doctype html>.*Bad Gateway/, calls: 2 },
  503: { why: /^HTTP_ERROR 503 <!doctype html>.*Service Unavailable/, calls: 2, pending: 3 },
  truncated: { why: /^NETWORK_ERROR$/, calls: 2, repeats: 5 },
  malformed: { why: /^PARSE_ERROR 200 \{/, calls: 2, repeats: 5 },
  html: { why: /^PARSE_ERROR 200 <!doctype html>/, calls: 2 },
  partial: { calls: 2, repeats: 3, pending: 2 },
  'other-order': { calls: 1 },
  duplicated: { calls: 1 },
  slow: { calls: 1 },
  redelivered: { calls: 1, repeats: 5 },
}

describe.for(FAULTS)('%s', (fault) => {
  test('is told, and everything is delivered in the end and counted once', async () => {
    const { why, calls, repeats = 0 } = OUTCOMES[fault]
    const { edge, proxy, open } = await openShop({ proxy: PROXY })
    const { client, told } = open({ timeout: timeoutOf(fault) })
    const guest = await enter(client)
    const before = proxy.calls.length
    proxy.use(inTurn(fault))

    const reported = report(guest, 5)
    expect(client.pending()).toBe(5)
    await eventually(() => expect(told.sent).toHaveLength(5))

    expect(countedIn(edge)).toEqual(once(reported))
    expect(acceptedIn(edge)).toEqual(idsOf(reported))
    expect(proxy.calls.slice(before).map((call) => call.fault)).toEqual([fault, ...Array(calls - 1).fill(undefined)])
    expect(edge.ledger.repeats).toBe(repeats)
    expect(told.retries.map(({ ids }) => ids)).toEqual(why ? [idsOf(reported)] : [])
    if (why) expect(told.retries[0]?.why).toMatch(why)
    expect(told).toMatchObject({ rejected: [], dropped: [], warnings: [] })
    expect(client.pending()).toBe(0)
    expect(await client.flush()).toEqual({ sent: 0, rejected: 0, pending: 0 })
  })

  test('is told by a flush, which waits for better times as long as it may', async () => {
    const { edge, proxy, open } = await openShop({ proxy: { ...PROXY, retryAfter: 3600 } })
    const { client } = open({ timeout: timeoutOf(fault), notificationDelay: 50 })
    const guest = await enter(client)
    proxy.use(inTurn(fault))
    const reported = report(guest, 3)
    // What hangs takes all the patience there is, what asks for an hour is asked again in an hour, and what an answer leaves out
    // is not asked for at once.
    const { pending = 0 } = OUTCOMES[fault]
    expect(await client.flush()).toEqual({ sent: 3 - pending, rejected: 0, pending })
    if (pending < 3) expect(countedIn(edge)).toEqual(once(reported))
  })
})

test('one fault after the other hits 1,000 notifications of 20 visitors, and each is counted once', async () => {
  const { edge, proxy, open } = await openShop({ proxy: { ...PROXY, retryAfter: 0 } })
  const { client, told } = open({ timeout: 1_500, notificationBatchSize: 10 })
  const guests = await Promise.all(Array.from({ length: 20 }, () => enter(client)))
  proxy.use(inTurn(...FAULTS, ...FAULTS))
  const reported = guests.flatMap((guest) => report(guest, 50))
  await eventually(() => expect(told.sent).toHaveLength(1_000))
  expect(countedIn(edge)).toEqual(once(reported))
  expect(told).toMatchObject({ rejected: [], dropped: [], warnings: [] })
  const hits = proxy.calls.flatMap(({ fault }) => fault ?? [])
  expect([...new Set(hits)].sort()).toEqual([...FAULTS].sort())
  for (let guest = 0; guest < guests.length; guest++) {
    const own = idsOf(reported.slice(guest * 50, guest * 50 + 50))
    expect(acceptedIn(edge).filter((id) => own.includes(id))).toEqual(own)
  }
  expect(edge.ledger.activities().map(({ experiences: [all] }) => all)).toMatchObject([
    // Everybody has entered by one impression of each activity before.
    { impressions: 20 + 20 * 20, clicks: 0, conversions: 20 * 10 },
    { impressions: 20 + 20 * 10, clicks: 20 * 10, conversions: 0 },
  ])
})
