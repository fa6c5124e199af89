import { expect, it, vi } from 'vitest'
import { artifact, rules, send, silence, status } from './rules-server.ts'
import { createWorld, rejection } from './world.ts'

const world = createWorld()

/** An answer that waits until the test lets it go. */
const held = (name: string) => {
  let go = () => {}
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  return { go, act: (...call: Parameters<ReturnType<typeof rules>>) => void gate.then(() => rules(name)(...call)) }
}

it('rejects after maximumWaitReady, and goes on downloading', async () => {
  const slow = held('slow')
  world.server.act(slow.act)
  const { source, names } = world.start({ maximumWaitReady: 50 })
  const error = await rejection(source.ready())
  expect(error).toMatchObject({ name: 'TargetError', code: 'NOT_READY', cause: undefined })
  expect(error.message).toMatch(/^Unable to fulfill request; decisioning engine not ready\./)
  expect(names()).toEqual([])
  slow.go()
  await vi.waitFor(() => expect(source.current()).toEqual({ name: 'slow' }))
  expect(await source.ready()).toEqual({ name: 'slow' })
  expect(names()).toEqual(['artifactDownloadSucceeded', 'clientReady'])
  expect(world.server.requests).toHaveLength(1)
  expect(world.server.aborted()).toBe(0)
})

it('counts from the start: who asks later waits no more', async () => {
  world.server.act(silence)
  let now = 0
  const { source } = world.start({ maximumWaitReady: 1000 }, { now: () => now })
  now = 1000
  expect(await rejection(source.ready())).toMatchObject({ code: 'NOT_READY' })
})

it('sets no timer that is over already, of which Node.js would warn', async () => {
  world.server.act(silence)
  const warnings: string[] = []
  const listen = ({ name }: Error) => warnings.push(name)
  process.on('warning', listen)
  let now = 0
  const { source } = world.start({ maximumWaitReady: 1000 }, { now: () => now })
  now = 5000
  expect(await rejection(source.ready())).toMatchObject({ code: 'NOT_READY' })
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', listen)
  expect(warnings).toEqual([])
})

it('does not wait at all with a maximumWaitReady of 0', async () => {
  const { source } = world.start({ maximumWaitReady: 0 })
  expect(await rejection(source.ready())).toMatchObject({ code: 'NOT_READY' })
  await vi.waitFor(() => expect(source.current()).toEqual({ name: 'first' }))
})

it('answers everybody who waits', async () => {
  const { source } = world.start({ maximumWaitReady: 10_000 })
  const many = await Promise.all(Array.from({ length: 100 }, () => source.ready()))
  expect(new Set(many)).toEqual(new Set([source.current()]))
  expect(world.server.requests).toHaveLength(1)
})

it('does not wait out maximumWaitReady when the download has failed', async () => {
  world.server.act(status(403))
  const { source } = world.start({ maximumWaitReady: 2 ** 31 })
  expect(await rejection(source.ready())).toMatchObject({ code: 'NOT_READY', cause: { status: 403 } })
})

it('uses a given artifact at once, and downloads nothing', async () => {
  const { source, events } = world.start({ artifactPayload: artifact('given') })
  expect(source.current()).toEqual({ name: 'given' })
  expect(await source.ready()).toEqual({ name: 'given' })
  expect(events).toEqual([{ name: 'clientReady' }])
  expect(source.status()).toEqual({
    artifactLocation: 'Not Applicable',
    pollingInterval: 300_000,
    pollingHalted: false,
    artifactRetrievalCount: 1,
    artifactLastRetrieved: expect.stringMatching(/^\d{4}-.*Z$/),
  })
  expect(world.server.requests).toEqual([])
})

it('polls for a newer one than the given', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  try {
    const { source, names } = world.start({ artifactPayload: artifact('given') })
    await vi.advanceTimersByTimeAsync(330_001)
    await vi.waitFor(() => expect(source.current()).toEqual({ name: 'first' }))
    expect(names()).toEqual(['clientReady', 'artifactDownloadSucceeded'])
    expect(world.server.requests[0]?.headers).not.toHaveProperty('if-none-match')
    expect(source.status()).toMatchObject({
      artifactLocation: `${world.server.url}/rules.json`,
      artifactRetrievalCount: 2,
    })
  } finally {
    vi.useRealTimers()
  }
})

it('tells of a given artifact that cannot be used, and downloads one', async () => {
  const { source, events } = world.start({ artifactPayload: artifact('given', { version: '3.0.0' }) })
  expect(await source.ready()).toEqual({ name: 'first' })
  expect(events.map(({ name }) => name)).toEqual(['artifactDownloadFailed', 'artifactDownloadSucceeded', 'clientReady'])
  expect(events[0]).toMatchObject({ artifactLocation: 'Not Applicable', error: { code: 'PARSE_ERROR' } })
})

it('asks nothing when it may not, even if the given artifact cannot be used', async () => {
  const { source, names } = world.start({ artifactPayload: { version: '3.0.0' }, pollingInterval: 0 })
  expect(await rejection(source.ready())).toMatchObject({ code: 'NOT_READY', cause: { code: 'PARSE_ERROR' } })
  expect(names()).toEqual(['artifactDownloadFailed'])
  expect(world.server.requests).toEqual([])
})

it('never changes a given artifact', async () => {
  const given = Object.freeze(artifact('given'))
  const { events } = world.start({ artifactPayload: given })
  await vi.waitFor(() => expect(events).toHaveLength(1))
  expect(given).toEqual(artifact('given'))
})

it('aborts the download on close, and tells those who wait', async () => {
  world.server.act(silence)
  const { source, events } = world.start()
  const waiting = rejection(source.ready())
  await vi.waitFor(() => expect(world.server.requests).toHaveLength(1))
  source.close()
  expect(await waiting).toMatchObject({ name: 'TargetError', code: 'CLOSED' })
  expect(await rejection(source.ready())).toMatchObject({ code: 'CLOSED' })
  await vi.waitFor(() => expect(world.server.aborted()).toBe(1))
  expect(events).toEqual([])
})

it('tells nothing after close, not even what has just happened', async () => {
  const { source, events } = world.start({ artifactPayload: artifact('given') })
  source.close()
  await new Promise((resolve) => setImmediate(resolve))
  expect(events).toEqual([])
})

it('keeps nobody waiting who asks after close', async () => {
  world.server.act(status(503, { 'retry-after': '9' }))
  const { source } = world.start()
  await vi.waitFor(() => expect(world.server.requests).toHaveLength(1))
  source.close()
  expect(await rejection(source.ready())).toMatchObject({ code: 'CLOSED' })
})

it('can be closed twice', () => {
  const { source } = world.start()
  source.close()
  source.close()
  expect(source.current()).toBeUndefined()
})

it('takes an answer in chunks, with characters cut by them', async () => {
  const bytes = new TextEncoder().encode(JSON.stringify(artifact('Grüße 😀')))
  world.server.act((_, response) => {
    response.writeHead(200)
    let at = 0
    const more = () => {
      if (at === bytes.length) response.end()
      else response.write(bytes.subarray(at, ++at), () => setImmediate(more))
    }
    more()
  })
  expect(await world.start().source.ready()).toEqual({ name: 'Grüße 😀' })
})

it('takes a body with a byte order mark', async () => {
  world.server.act(send(`\uFEFF${JSON.stringify(artifact('marked'))}`))
  expect(await world.start().source.ready()).toEqual({ name: 'marked' })
})
