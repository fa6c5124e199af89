import { describe, expect, it } from 'vitest'
import { answering } from './recorder.ts'
import { failureOf, HERO, useEdge } from './setup.ts'

const edge = useEdge()
const NOTIFICATION = { id: 'n-1', type: 'display', timestamp: 1735689600000, mbox: { name: 'buy' } } as const

describe('answers', () => {
  it.each(['execute', 'prefetch'] as const)('check 16: a call with %s never asks for a beacon answer', async (kind) => {
    const request = { [kind]: { mboxes: [{ name: 'hero' }] }, context: { beacon: true }, notifications: [NOTIFICATION] }
    await edge.client().getOffers({ request })
    expect(edge.recorder.only.body.context.beacon).not.toBe(true)
  })

  it('check 16: what is queued after a beacon of the caller is acknowledged all the same', async () => {
    const visitor = edge.client().visitor('mbox=')
    await visitor.sendNotifications({ request: { context: { beacon: true }, notifications: [NOTIFICATION] } })
    visitor.track('order')
    await visitor.flush()
    expect(edge.recorder.last.body.notifications?.[0]?.mbox?.name).toBe('order')
    expect(edge.recorder.last.body.context.beacon).not.toBe(true)
  })

  it('check 17: 204 resolves with an empty response and is asked for once', async () => {
    edge.recorder.answer({ status: 204 })
    const { response } = await edge.client().sendNotifications({ request: { notifications: [NOTIFICATION] } })
    expect(response).toEqual({})
    expect(edge.recorder.arrivals).toHaveLength(1)
  })

  it('check 18: 400 becomes an error with the status and the message of Target, without another attempt', async () => {
    const message = 'Invalid request: Invalid imsOrg - X'
    edge.recorder.answer({ status: 400, body: { status: 400, message } })
    const error = await failureOf(edge.client().getOffers({ request: HERO }))
    expect(error).toMatchObject({ name: 'TargetError', code: 'HTTP_ERROR', status: 400, serverMessage: message })
    expect(error.requestId).toBe(edge.recorder.only.body.requestId)
  })

  it('check 18: 413 is not tried again', async () => {
    edge.recorder.answer({ status: 413, text: 'Request Entity Too Large' })
    const error = await failureOf(edge.client().getOffers({ request: HERO }))
    expect(error).toMatchObject({ code: 'HTTP_ERROR', status: 413, serverMessage: 'Request Entity Too Large' })
    expect(edge.recorder.arrivals).toHaveLength(1)
  })

  it('check 19: an error body is an error also under 200', async () => {
    edge.recorder.answer({ status: 200, body: { status: 400, message: 'bad token' } })
    const error = await failureOf(edge.client().getOffers({ request: HERO }))
    expect(error).toMatchObject({ name: 'TargetError', code: 'HTTP_ERROR', status: 400, serverMessage: 'bad token' })
  })

  it('check 20: a gateway page instead of JSON is an error of the transport', async () => {
    edge.recorder.answer({ status: 502, text: '<html>Bad Gateway</html>', headers: { 'content-type': 'text/html' } })
    const error = await failureOf(edge.client({ retries: 0 }).getOffers({ request: HERO }))
    expect(error).toMatchObject({ name: 'TargetError', code: 'HTTP_ERROR', status: 502 })
    expect(error.serverMessage).toContain('Bad Gateway')
  })

  it.each(['<html></html>', '', 'null', '[]', '"text"', '{"status":200'])(
    'check 20: the body %j under 200 is an error and no crash',
    async (text) => {
      edge.recorder.answer({ text })
      const error = await failureOf(edge.client({ retries: 0 }).getOffers({ request: HERO }))
      expect(error).toMatchObject({ name: 'TargetError', code: 'PARSE_ERROR', status: 200 })
    },
  )
})

describe('patience', () => {
  it('check 21: 420 is tried again after a pause, and not for ever', async () => {
    const times: number[] = []
    edge.recorder.answer(() => {
      times.push(performance.now())
      return { status: 420, body: { status: 420, message: 'Too many requests with same session ID' } }
    })
    const error = await failureOf(edge.client({ retries: 2 }).getOffers({ request: HERO }))
    expect(error).toMatchObject({ code: 'HTTP_ERROR', status: 420, attempts: 3 })
    const [first = 0, second = 0, third = 0] = times
    expect(times).toHaveLength(3)
    expect(second - first).toBeGreaterThan(80)
    expect(third - second).toBeGreaterThan(80)
  })

  it('check 21: calls of one session wait for each other, those of another session do not', async () => {
    const target = edge.client()
    edge.recorder.answer((arrival, index) => ({ ...answering({})(arrival, index), delay: 30 }))
    const calls = Array.from({ length: 16 }, () => target.getOffers({ request: HERO, sessionId: 's1' }))
    await Promise.all(calls)
    expect(edge.recorder.arrivals).toHaveLength(16)
    expect(edge.recorder.widest).toBeLessThanOrEqual(4)

    edge.recorder.clear()
    edge.recorder.answer((arrival, index) => ({ ...answering({})(arrival, index), delay: 100 }))
    await Promise.all(Array.from({ length: 8 }, (_, id) => target.getOffers({ request: HERO, sessionId: `v${id}` })))
    expect(edge.recorder.widest).toBe(8)
  })

  it('check 22: a call that takes too long is aborted and leaves nothing behind', async () => {
    edge.recorder.answer({ hang: true })
    const error = await failureOf(edge.client({ timeout: 150 }).getOffers({ request: HERO }))
    expect(error).toMatchObject({ name: 'TargetError', code: 'TIMEOUT' })
    expect(await edge.recorder.only.broken).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(edge.recorder.arrivals).toHaveLength(1)
  })

  it('check 22: time that runs out between two attempts ends the attempts', async () => {
    edge.recorder.answer({ status: 500, body: { status: 500, message: 'no' } })
    const error = await failureOf(edge.client({ timeout: 250, retries: 20 }).getOffers({ request: HERO }))
    expect(error.code).toBe('TIMEOUT')
    const { length } = edge.recorder.arrivals
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(edge.recorder.arrivals).toHaveLength(length)
  })

  it('check 22: the signal of the caller aborts a call at once', async () => {
    edge.recorder.answer({ hang: true })
    const controller = new AbortController()
    const call = edge.client().getOffers({ request: HERO, signal: controller.signal })
    setTimeout(() => controller.abort(), 50)
    expect((await failureOf(call)).code).toBe('ABORTED')
    expect(await edge.recorder.only.broken).toBe(true)
  })

  it.each([
    ['a broken connection', { reset: true }],
    ['500', { status: 500, body: { status: 500, message: 'no' } }],
    ['503 without a body', { status: 503 }],
    ['420', { status: 420 }],
  ])('check 23: after %s the same execute is sent again, under the same ids', async (_what, answer) => {
    edge.recorder.answers(answer)
    await edge.client().getOffers({ request: HERO })
    const [first, second] = edge.recorder.bodies
    expect(edge.recorder.arrivals).toHaveLength(2)
    expect(first?.impressionId).toMatch(/./)
    expect(first?.requestId).toMatch(/./)
    expect(second).toEqual(first)
  })

  it('check 23: the ids of the caller are kept, and two calls never share one', async () => {
    const target = edge.client()
    await target.getOffers({ request: { ...HERO, impressionId: 'pv-1', requestId: 'r-1' } })
    await target.getOffers({ request: HERO })
    await target.getOffers({ request: HERO })
    const [given, first, second] = edge.recorder.bodies
    expect(given).toMatchObject({ impressionId: 'pv-1', requestId: 'r-1' })
    expect(first?.impressionId).not.toBe(second?.impressionId)
    expect(first?.requestId).not.toBe(second?.requestId)
  })

  it('check 23: without retries a broken connection is one attempt and a network error', async () => {
    edge.recorder.answer({ reset: true })
    const error = await failureOf(edge.client({ retries: 0 }).getOffers({ request: HERO }))
    expect(error).toMatchObject({ name: 'TargetError', code: 'NETWORK_ERROR', attempts: 1 })
    expect(error.cause).toBeInstanceOf(Error)
    expect(edge.recorder.arrivals).toHaveLength(1)
  })
})
