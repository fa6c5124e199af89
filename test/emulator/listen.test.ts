import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type ListenOptions } from '../../src/emulator.ts'
import { named, newSession } from './call.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const { close } of open.splice(0)) await close()
})

const listen = async (edge: Emulator, port?: number, options?: ListenOptions) => {
  const server = await edge.listen(port, options)
  open.push(server)
  return { ...server, delivery: `${server.url}/rest/v1/delivery?client=acme&sessionId=${newSession()}` }
}
const body = JSON.stringify({ context: { channel: 'web' }, execute: named('hero') })

describe('over HTTP', () => {
  it('it answers as in memory, and remembers what arrived', async () => {
    const edge = createEmulator({ offers: { hero: '<b>hi</b>' } })
    const { url, port, delivery } = await listen(edge)
    expect(url).toBe(`http://127.0.0.1:${port}`)
    const response = await fetch(delivery, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8')
    expect(await response.json()).toMatchObject({
      status: 200,
      execute: { mboxes: [{ options: [{ content: '<b>hi</b>' }] }] },
    })
    expect(edge.requests).toMatchObject([
      { url: delivery, host: '127.0.0.1', headers: { 'content-type': 'application/json' }, status: 200 },
    ])
    expect(edge.ledger.total('impression')).toBe(1)
    expect((await fetch(`${url}/favicon.ico`)).status).toBe(404)
  })

  it('a browser of any origin may ask, with credentials', async () => {
    const edge = createEmulator()
    const { delivery } = await listen(edge)
    const origin = 'https://shop.example'
    const asked = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-exc-sdk',
    }
    const leave = await fetch(delivery, { method: 'OPTIONS', headers: asked })
    expect([leave.status, await leave.text()]).toEqual([204, ''])
    expect(Object.fromEntries(leave.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type,x-exc-sdk',
    })
    expect([edge.preflights, edge.requests.length]).toEqual([1, 0])
    const answered = await fetch(delivery, { method: 'POST', body, headers: { origin } })
    expect(answered.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answered.headers.get('access-control-allow-credentials')).toBe('true')
    edge.reset()
    expect(edge.preflights).toBe(0)
  })

  it('the host header names the cluster', async () => {
    const { port } = await listen(createEmulator())
    const path = `/rest/v1/delivery?client=acme&sessionId=${newSession()}`
    const answered = await new Promise<string>((resolve, reject) => {
      const headers = { host: 'mboxedge28.tt.omtrdc.net' }
      const post = request({ port, path, method: 'POST', headers }, (reply) => {
        reply.setEncoding('utf8').once('data', resolve)
      })
      post.on('error', reject).end(body)
    })
    expect(JSON.parse(answered).edgeHost).toBe('mboxedge28.tt.omtrdc.net')
  })

  it('a reset destroys the socket', async () => {
    const edge = createEmulator()
    const { delivery } = await listen(edge)
    edge.fail({ reset: true })
    await expect(fetch(delivery, { method: 'POST', body })).rejects.toThrow(TypeError)
    expect((await fetch(delivery, { method: 'POST', body })).status).toBe(200)
  })

  it('a body that is too long is answered, not cut off', async () => {
    const { delivery } = await listen(createEmulator({ maxBodyBytes: 10_000 }))
    expect((await fetch(delivery, { method: 'POST', body: 'x'.repeat(3_000_000) })).status).toBe(413)
  })

  it('close ends open connections and frees the port', async () => {
    const edge = createEmulator({ latency: 2000 })
    const { port, delivery, close } = await edge.listen().then((server) => ({
      ...server,
      delivery: `${server.url}/rest/v1/delivery?client=acme&sessionId=${newSession()}`,
    }))
    const pending = fetch(delivery, { method: 'POST', body })
    await Promise.all([expect(pending).rejects.toThrow(TypeError), new Promise((r) => setTimeout(r, 20)).then(close)])
    expect((await listen(createEmulator(), port)).port).toBe(port)
  })

  it('a port that is taken is told as such', async () => {
    const { port } = await listen(createEmulator())
    await expect(createEmulator().listen(port)).rejects.toMatchObject({
      name: 'TargetError',
      code: 'INVALID_ARGUMENT',
      message: `Port ${port} is taken: choose another with listen(port), or 0 for a free one.`,
    })
    await expect(createEmulator().listen(70_000)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('it can listen on IPv6', async () => {
    const server = await createEmulator()
      .listen(0, { hostname: '::1' })
      .catch(() => undefined)
    if (!server) return
    open.push(server)
    expect(server.url).toBe(`http://[::1]:${server.port}`)
  })
})
