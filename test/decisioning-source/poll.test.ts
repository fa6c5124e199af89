import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { artifact, cut, cutSilently, rules, send, silence, status } from './rules-server.ts'
import { createWorld, rejection } from './world.ts'

const world = createWorld()
/** Only what would take minutes is faked: the requests are real. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => void vi.useRealTimers())

const MINUTE = 60_000
const STEP = MINUTE / 4

/** A source whose downloads time out by no minutes that only seem to pass. */
const start: typeof world.start = (options, parts) => world.start(options, { timeout: 2 ** 31, ...parts })

/** Nothing is on its way: what would arrive has arrived. */
const quiet = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}
/** Time passes, and what is asked meanwhile is answered. */
const pass = async (ms: number) => {
  for (let left = ms; left > 0; left -= STEP) {
    await vi.advanceTimersByTimeAsync(Math.min(left, STEP))
    await quiet()
  }
}
const arrived = (count: number) => vi.waitFor(() => expect(world.server.requests).toHaveLength(count))
/** What a source that cannot get ready says in the end, attempts and all. */
const failed = async ({ ready }: ReturnType<typeof start>['source']) => {
  let isOver = false
  const error = rejection(ready()).finally(() => {
    isOver = true
  })
  while (!isOver) await pass(STEP / 100)
  return error
}
/** Time passes until there are so many requests; gives the minutes between the last two. */
const minutesUntil = async (count: number) => {
  const { requests } = world.server
  for (let steps = 0; requests.length < count && steps < 500; steps++) await pass(STEP)
  expect(requests).toHaveLength(count)
  await quiet()
  return ((requests.at(-1)?.at ?? 0) - (requests.at(-2)?.at ?? 0)) / MINUTE
}
const tags = () => world.server.requests.map(({ headers }) => headers['if-none-match'])

it('asks again after five minutes, not before, and a tenth later at the latest', async () => {
  const { source } = start()
  await source.ready()
  await pass(5 * MINUTE - 1)
  expect(world.server.requests).toHaveLength(1)
  await pass(0.5 * MINUTE + 1)
  await arrived(2)
})

it('spreads the polls of processes that start together', async () => {
  const many = Array.from({ length: 20 }, () => start().source.ready())
  await Promise.all(many)
  await pass(5.25 * MINUTE)
  await quiet()
  const { length } = world.server.requests
  expect(length).toBeGreaterThan(20)
  expect(length).toBeLessThan(40)
})

it.each([
  [1000, 5],
  [-1, 5],
  [Number.NaN, 5],
  [600_000, 10],
  [undefined, 5],
])('a polling interval of %s ms is one of %i minutes', async (pollingInterval, minutes) => {
  const { source } = start({ pollingInterval })
  await source.ready()
  await pass(minutes * MINUTE - 1)
  await quiet()
  expect(world.server.requests).toHaveLength(1)
  await pass(minutes * 0.1 * MINUTE + 1)
  await arrived(2)
  expect(source.status().pollingInterval).toBe(minutes * MINUTE)
})

it('never asks again with a polling interval of 0', async () => {
  const { source } = start({ pollingInterval: 0 })
  await source.ready()
  await vi.advanceTimersByTimeAsync(10_000 * MINUTE)
  await quiet()
  expect(world.server.requests).toHaveLength(1)
  expect(source.status().pollingInterval).toBe(0)
})

it('takes an interval that no timer can be set to as a long one', async () => {
  const { source } = start({ pollingInterval: 2 ** 40 })
  await source.ready()
  await vi.advanceTimersByTimeAsync(20_000 * MINUTE)
  await quiet()
  expect(world.server.requests).toHaveLength(1)
})

it('sends the tag of what it has: 200, 304, 200, 304 are two updates', async () => {
  world.server.act(rules('e1'), rules('e1'), rules('e2'), rules('e2'))
  const { source, names } = start()
  await source.ready()
  for (const count of [2, 3, 4]) {
    await pass(5.5 * MINUTE)
    await arrived(count)
    await quiet()
  }
  expect(tags()).toEqual([undefined, '"e1"', '"e1"', '"e2"'])
  expect(source.current()).toEqual({ name: 'e2' })
  expect(names()).toEqual(['artifactDownloadSucceeded', 'clientReady', 'artifactDownloadSucceeded'])
  expect(source.status()).toMatchObject({ artifactRetrievalCount: 2 })
})

it('keeps a weak tag as it is, and forgets one that is no longer sent', async () => {
  world.server.act(rules('a', 'W/"a"'), send(JSON.stringify(artifact('b'))), rules('c'))
  const { source } = start()
  await source.ready()
  for (const name of ['b', 'c']) {
    await pass(5.5 * MINUTE)
    await vi.waitFor(() => expect(source.current()).toEqual({ name }))
  }
  expect(tags()).toEqual([undefined, 'W/"a"', undefined])
})

it.each([
  ['an HTML page', send('<html>', { etag: '"bad"' })],
  ['another version', send(JSON.stringify(artifact('bad', { version: '2.0.0' })), { etag: '"bad"' })],
  ['another shape', send('{"version":"1.0.0"}', { etag: '"bad"' })],
  ['half a body', cutSilently],
  ['a missing file', status(404)],
])('%s never replaces a good artifact, and its tag is not kept', async (_, act) => {
  world.server.act(rules('good'), act, rules('better'))
  const { source, events } = start()
  await source.ready()
  await pass(5.5 * MINUTE)
  await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ name: 'artifactDownloadFailed' }))
  expect(source.current()).toEqual({ name: 'good' })
  expect(await source.ready()).toEqual({ name: 'good' })
  await pass(5.5 * MINUTE)
  await vi.waitFor(() => expect(source.current()).toEqual({ name: 'better' }))
  expect(tags()).toEqual([undefined, '"good"', '"good"'])
})

it('tells when the rules can be had again after failures, and are the same', async () => {
  world.server.act(rules('good'), status(404), rules('good'), rules('good'))
  const { source, events, names } = start()
  await source.ready()
  for (const count of [2, 3, 4]) {
    await pass(5.5 * MINUTE)
    await arrived(count)
    await quiet()
  }
  expect(tags()).toEqual([undefined, '"good"', '"good"', '"good"'])
  expect(names().slice(2)).toEqual(['artifactDownloadFailed', 'artifactDownloadRecovered'])
  expect(events.at(-1)).toMatchObject({ artifactLocation: expect.stringContaining('http') })
})

it('keeps the good artifact when the poll breaks off in the middle of the body', async () => {
  world.server.act(rules('good'), cut)
  const { source, events } = start()
  await source.ready()
  await minutesUntil(5)
  await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ error: { code: 'NETWORK_ERROR', attempts: 4 } }))
  expect(source.current()).toEqual({ name: 'good' })
})

it('becomes ready by a later poll when the server was down at first', async () => {
  await world.server.stop()
  const { source, names } = start()
  const first = await failed(source)
  expect(first).toMatchObject({ code: 'NOT_READY', cause: { code: 'NETWORK_ERROR', attempts: 4 } })
  expect(await failed(source)).toMatchObject({ code: 'NOT_READY' })
  await world.server.restart()
  await pass(5.5 * MINUTE)
  await vi.waitFor(() => expect(source.current()).toEqual({ name: 'first' }))
  expect(await source.ready()).toEqual({ name: 'first' })
  expect(names()).toEqual(['artifactDownloadFailed', 'artifactDownloadSucceeded', 'clientReady'])
})

it('decides on when the server goes away, and finds it again', async () => {
  const { source, names } = start()
  await source.ready()
  await world.server.stop()
  await pass(5.5 * MINUTE)
  await vi.waitFor(() => expect(names()).toContain('artifactDownloadFailed'))
  expect(source.current()).toEqual({ name: 'first' })
  world.server.act(rules('second'))
  await world.server.restart()
  await pass(5.5 * MINUTE)
  await vi.waitFor(() => expect(source.current()).toEqual({ name: 'second' }))
})

it('asks less often the longer it fails, at least once an hour, and soon again after a success', async () => {
  world.server.act(status(404))
  const { source } = start()
  await failed(source)
  let count = 1
  for (const minutes of [5, 10, 20, 40, 60, 60]) {
    const passed = await minutesUntil(++count)
    expect(passed).toBeGreaterThanOrEqual(minutes)
    expect(passed).toBeLessThanOrEqual(minutes * 1.1 + 0.5)
  }
  world.server.act(rules('back'))
  await minutesUntil(++count)
  await vi.waitFor(() => expect(source.current()).toEqual({ name: 'back' }))
  expect(await minutesUntil(++count)).toBeLessThanOrEqual(6)
})

it('leaves the server alone as long as it asks for, but no longer than an hour', async () => {
  world.server.act(
    status(503, { 'retry-after': '1800' }),
    status(429, { 'retry-after': new Date(Date.now() + 10 * 3_600_000).toUTCString() }),
    rules('back'),
  )
  const { source } = start()
  await failed(source)
  const asked = await minutesUntil(2)
  expect(asked).toBeGreaterThanOrEqual(30)
  expect(asked).toBeLessThanOrEqual(33.5)
  const longest = await minutesUntil(3)
  expect(longest).toBeGreaterThanOrEqual(60)
  expect(longest).toBeLessThanOrEqual(66.5)
  await vi.waitFor(() => expect(source.current()).toEqual({ name: 'back' }))
})

it('obeys a short Retry-After within a download', async () => {
  world.server.act(status(503, { 'retry-after': '5' }), rules('late'))
  const { source } = start()
  await arrived(1)
  await quiet()
  await pass(4_500)
  await quiet()
  expect(world.server.requests).toHaveLength(1)
  await pass(1_000)
  await vi.waitFor(() => expect(source.current()).toEqual({ name: 'late' }))
})

it('does not ask again before the last answer has come', async () => {
  world.server.act(rules('first'), silence)
  const { source } = start()
  await source.ready()
  await pass(5.5 * MINUTE)
  await arrived(2)
  await pass(30 * MINUTE)
  await quiet()
  expect(world.server.requests).toHaveLength(2)
})

it('asks no more after close, and keeps what it has', async () => {
  const { source, names } = start()
  await source.ready()
  source.close()
  await pass(60 * MINUTE)
  await quiet()
  expect(world.server.requests).toHaveLength(1)
  expect(source.current()).toEqual({ name: 'first' })
  expect(await source.ready()).toEqual({ name: 'first' })
  expect(source.status()).toMatchObject({ pollingHalted: true })
  expect(names()).toEqual(['artifactDownloadSucceeded', 'clientReady'])
})

it.each([
  ['an answer', silence],
  ['another attempt', status(500)],
])('asks no more when it is closed while it waits for %s', async (_, act) => {
  world.server.act(act)
  const { source, names } = start()
  await arrived(1)
  await quiet()
  source.close()
  await pass(60 * MINUTE)
  expect(world.server.requests).toHaveLength(1)
  expect(names()).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})

it('leaves no timer behind, however often it fails', async () => {
  world.server.act(status(500))
  const { source, names } = start()
  await failed(source)
  for (let count = 2; count <= 8; count++) {
    await minutesUntil(4 * count)
    await vi.waitFor(() => expect(names()).toHaveLength(count))
  }
  expect(vi.getTimerCount()).toBe(1)
  source.close()
  expect(vi.getTimerCount()).toBe(0)
})
