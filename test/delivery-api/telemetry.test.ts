import { describe, expect, it } from 'vitest'
import type { DeliveryRequestInput } from '../../src/server.ts'
import { answering, plain } from './recorder.ts'
import { failureOf, HERO, loosely, useEdge } from './setup.ts'

const edge = useEdge()

/** Request ids of the calls that the calls that arrived gave account of. */
const accounted = () =>
  edge.recorder.bodies.map(({ telemetry }) => telemetry?.entries?.map(({ requestId }) => requestId) ?? [])

const asking = (requestId: string) => ({ request: { ...HERO, requestId } })
const NOTIFICATION = { id: 'n-1', type: 'display', timestamp: 1735689600000, mbox: { name: 'buy' } } as const

describe('telemetry', () => {
  it('check 89: when it is disabled there is none', async () => {
    const target = edge.client({ telemetryEnabled: false })
    await target.getOffers(asking('a'))
    await target.getOffers(asking('b'))
    for (const body of edge.recorder.bodies) expect(body).not.toHaveProperty('telemetry')
  })

  it('check 89: the token of one visitor never rides in the request of another', async () => {
    edge.recorder.answer(answering({ telemetryServerToken: 'opaque+/==' }))
    const target = edge.client()
    await target.getOffers({ ...asking('a'), sessionId: 'one' })
    await target.getOffers({ ...asking('b'), sessionId: 'two' })
    expect(accounted()).toEqual([[], ['a']])
    expect(JSON.stringify(edge.recorder.bodies[1])).not.toContain('opaque')
  })

  it('check 89: an entry describes an earlier call, goes once, and gives the token of the answer back', async () => {
    edge.recorder.answer(answering({ telemetryServerToken: 'opaque+/==', edgeHost: 'mboxedge35.tt.omtrdc.net' }))
    const target = edge.client()
    const before = Date.now()
    await target.getOffers({
      request: {
        requestId: 'a',
        execute: { pageLoad: {}, mboxes: [{ name: 'x' }, { name: 'y' }] },
        prefetch: { views: [{}] },
      },
      sessionId: 's',
    })
    await target.getOffers({ ...asking('b'), sessionId: 's' })
    await target.getOffers({ ...asking('c'), sessionId: 's' })
    expect(accounted()).toEqual([[], ['a'], ['b']])
    const [entry] = edge.recorder.bodies[1]?.telemetry?.entries ?? []
    expect(entry).toMatchObject({
      requestId: 'a',
      mode: 'edge',
      telemetryServerToken: 'opaque+/==',
      features: { decisioningMethod: 'server-side', executeMboxCount: 2, executePageLoad: true, prefetchViewCount: 1 },
    })
    expect(entry?.features).not.toHaveProperty('prefetchMboxCount')
    expect(entry?.features).not.toHaveProperty('prefetchPageLoad')
    expect(Number.isInteger(entry?.timestamp)).toBe(true)
    expect(entry?.timestamp).toBeGreaterThanOrEqual(before)
    expect(entry?.execution).toBeGreaterThan(0)
    expect(entry?.execution).toBe(Math.round((entry?.execution ?? 0) * 100) / 100)
  })

  it('check 89: entries of the caller go along', async () => {
    const target = edge.client()
    await target.getOffers(asking('a'))
    await target.getOffers({ request: { ...HERO, telemetry: { entries: [{ requestId: 'mine' }] } } })
    expect(accounted()).toEqual([[], ['mine', 'a']])
  })

  it('check 89: calls at the same time give account of a call once', async () => {
    const target = edge.client()
    await target.getOffers(asking('a'))
    await Promise.all(['b', 'c', 'd'].map((id) => target.getOffers(asking(id))))
    await target.getOffers(asking('e'))
    expect(accounted().flat().sort()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('check 89: a combined call that goes again without its notifications gives account once', async () => {
    const target = edge.client()
    await target.getOffers(asking('a'))
    edge.recorder.answers({}, { status: 400, body: { status: 400, message: 'Notification error' } })
    await target.getOffers({ request: { ...asking('b').request, notifications: [NOTIFICATION] } })
    await target.getOffers(asking('c'))
    await target.getOffers(asking('d'))
    const answered = accounted().filter((_, index) => index !== 1)
    expect(answered.flat().sort()).toEqual(['a', 'b', 'c'])
  })

  it('check 90: what rode on a call that failed rides again, and the call fails for its own reason', async () => {
    const target = edge.client({ retries: 0 })
    await target.getOffers(asking('a'))
    edge.recorder.answer({ status: 503 })
    expect((await failureOf(target.getOffers(asking('b')))).status).toBe(503)
    edge.recorder.answer(plain)
    await target.getOffers(asking('c'))
    await target.getOffers(asking('d'))
    expect(accounted()).toEqual([[], ['a'], ['a'], ['c']])
  })

  it('check 90: telemetry that Target refuses does not stand in the way of later calls', async () => {
    const target = edge.client()
    await target.getOffers(asking('a'))
    edge.recorder.answer((arrival, index) =>
      arrival.body.telemetry?.entries?.some(({ requestId }) => requestId === 'a')
        ? { status: 400, body: { status: 400, message: 'bad telemetry' } }
        : plain(arrival, index),
    )
    await target.getOffers(asking('b')).catch(() => {})
    const { response } = await target.getOffers(asking('c'))
    expect(response.status).toBe(200)
  })

  it('check 90: entries that find no ride do not pile up without end', async () => {
    const target = edge.client({ retries: 0 })
    const entries = Array.from({ length: 200 }, (_, index) => ({ requestId: `${index}` }))
    edge.recorder.answer({ status: 503 })
    for (let call = 0; call < 3; call++) {
      await failureOf(target.getOffers({ request: { ...HERO, telemetry: { entries } } }))
    }
    edge.recorder.answer(plain)
    await target.getOffers(asking('a'))
    expect(accounted().at(-1)?.length).toBeLessThanOrEqual(50)
  })

  it.each([5, 'x', { entries: 5 }, { entries: {} }, { entries: [5] }])(
    'check 90: telemetry of the caller that is %j is told as his mistake',
    async (telemetry) => {
      const target = edge.client()
      await target.getOffers(asking('a'))
      const request = loosely<DeliveryRequestInput>({ ...HERO, telemetry })
      expect(await failureOf(target.getOffers({ request }))).toMatchObject({ code: 'INVALID_ARGUMENT' })
      await target.getOffers(asking('b'))
      expect(accounted()).toEqual([[], ['a']])
    },
  )

  it('check 90: a call that is refused before it leaves loses no entry', async () => {
    const target = edge.client()
    await target.getOffers(asking('a'))
    await failureOf(target.getOffers({ request: { execute: {} } }))
    await target.getOffers(asking('b'))
    expect(accounted()).toEqual([[], ['a']])
  })
})
