import { describe, expect, it, vi } from 'vitest'
import { createEmulator, type EmulatorEvent } from '../../src/emulator.ts'
import { ask, named, newSession, post } from './call.ts'

const offers = { hero: '<b>hi</b>' }
const execute = named('hero')

describe('a planned fault', () => {
  it('answers the next request, and no further one', async () => {
    const edge = createEmulator({ offers })
    edge.fail({ status: 503, headers: { 'retry-after': '2' }, body: 'busy' })
    const response = await post(edge, { execute })
    expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([503, '2', 'busy'])
    expect(edge.ledger.entries).toEqual([])
    expect((await post(edge, { execute })).status).toBe(200)
    expect(edge.requests.map(({ status }) => status)).toEqual([503, 200])
  })

  it('waits in line, hits as often as it says, and can be lifted', async () => {
    const edge = createEmulator()
    edge.fail({ status: 500, times: 2 })
    const lift = edge.fail({ status: 503, times: Infinity })
    const statuses = []
    for (let at = 0; at < 4; at++) statuses.push((await post(edge, {})).status)
    lift()
    statuses.push((await post(edge, {})).status)
    expect(statuses).toEqual([500, 500, 503, 503, 200])
  })

  it('may be a body: an object is JSON, text is as it is', async () => {
    const edge = createEmulator()
    edge.fail({ body: { status: 400, message: 'no' } })
    edge.fail({ status: 502, body: '<html>' })
    expect(await (await post(edge, {})).json()).toEqual({ status: 400, message: 'no' })
    expect(await (await post(edge, {})).text()).toBe('<html>')
  })

  it('breaks the connection, before or after the request was counted', async () => {
    const edge = createEmulator({ offers })
    const session = newSession()
    const body = { impressionId: 'pv-1', execute }
    edge.fail({ reset: true })
    await expect(post(edge, body, { session })).rejects.toThrow(TypeError)
    expect(edge.ledger.total('impression')).toBe(0)
    edge.fail({ reset: true, after: true })
    await expect(post(edge, body, { session })).rejects.toThrow(TypeError)
    expect(edge.ledger.total('impression')).toBe(1)
    await ask(edge, body, { session })
    expect(edge.ledger.total('impression')).toBe(1)
    expect(edge.requests.map(({ status }) => status)).toEqual([undefined, undefined, 200])
  })

  it('loses the reply of a request that was counted', async () => {
    const edge = createEmulator({ offers })
    edge.fail({ status: 504, after: true })
    expect((await post(edge, { execute })).status).toBe(504)
    expect(edge.ledger.total('impression')).toBe(1)
  })

  it('with nothing but a delay or headers leaves the answer as it is', async () => {
    const edge = createEmulator()
    edge.fail({ delay: 30, headers: { 'x-cache': 'MISS' } })
    const before = performance.now()
    const response = await post(edge, {})
    expect(performance.now() - before).toBeGreaterThan(25)
    expect([response.status, response.headers.get('x-cache')]).toEqual([200, 'MISS'])
  })
})

it('latency may depend on the request', async () => {
  const edge = createEmulator({ latency: ({ text }) => (text.includes('execute') ? 30 : 0) })
  const first = await Promise.race([post(edge, { execute }).then(() => 'slow'), post(edge, {}).then(() => 'fast')])
  expect(first).toBe('fast')
})

it('a caller who gives up is let go, and may have been counted', async () => {
  const edge = createEmulator({ offers, latency: 500 })
  const url = `https://acme.tt.omtrdc.net/rest/v1/delivery?client=acme&sessionId=${newSession()}`
  const body = JSON.stringify({ context: { channel: 'web' }, execute })
  const init = { method: 'POST', body, signal: AbortSignal.timeout(100) }
  await expect(edge(url, init)).rejects.toMatchObject({ name: 'TimeoutError' })
  expect(edge.ledger.total('impression')).toBe(1)
  await expect(edge(url, { ...init, signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
  expect(edge.requests).toHaveLength(1)
})

describe('a listener', () => {
  it('hears of every entry and every request, until it stops', async () => {
    const edge = createEmulator({ offers })
    const heard: EmulatorEvent[] = []
    const stop = edge.on((event) => heard.push(event))
    await ask(edge, { execute })
    stop()
    await ask(edge, { execute })
    expect(heard).toEqual([
      { type: 'entry', entry: edge.ledger.entries[0] },
      { type: 'request', request: edge.requests[0] },
    ])
  })

  it('cannot break the edge', async () => {
    const raised: unknown[] = []
    const { queueMicrotask } = globalThis
    vi.stubGlobal('queueMicrotask', (task: () => void) =>
      queueMicrotask(() => {
        try {
          task()
        } catch (error) {
          raised.push(error)
        }
      }),
    )
    const edge = createEmulator()
    edge.on(() => {
      throw new Error('a listener of the page')
    })
    const heard: string[] = []
    edge.on(({ type }) => heard.push(type))
    expect((await post(edge, {})).status).toBe(200)
    expect(heard).toEqual(['request'])
    expect(raised).toEqual([new Error('a listener of the page')])
    vi.unstubAllGlobals()
  })
})

it('a defect of a callback is answered 500 with its message', async () => {
  const edge = createEmulator({
    onUnknownMbox: (name) => {
      throw new Error(`no mbox ${name}`)
    },
  })
  expect(await ask(edge, { execute })).toEqual({ status: 500, message: 'no mbox hero' })
})
