import { getEventListeners } from 'node:events'
import { expect, it, vi } from 'vitest'
import { download } from '../../src/decisioning/download.ts'
import { artifact, cut, cutSilently, rules, send, silence, status } from './rules-server.ts'
import { createWorld, rejection } from './world.ts'

const world = createWorld()

it('downloads, tells what came and is ready', async () => {
  const { source, events } = world.start()
  expect(source.current()).toBeUndefined()
  expect(await source.ready()).toEqual({ name: 'first' })
  expect(source.current()).toEqual({ name: 'first' })
  expect(events).toEqual([
    {
      name: 'artifactDownloadSucceeded',
      since: expect.any(Number),
      artifactLocation: `${world.server.url}/rules.json`,
      artifactPayload: artifact('first'),
    },
    { name: 'clientReady' },
  ])
})

it('sends no header of its own with the first request', async () => {
  const { source } = world.start()
  await source.ready()
  expect(world.server.requests[0]?.headers).not.toHaveProperty('if-none-match')
})

it('tells where the CDN sees the caller', async () => {
  world.server.act(
    send(JSON.stringify(artifact('first')), {
      'x-geo-latitude': '37.75',
      'x-geo-longitude': '0',
      'x-geo-country-code': 'US',
      'x-geo-region-code': 'CA',
      'x-geo-city': 'SANFRANCISCO',
      'x-forwarded-for': '12.21.1.40',
    }),
  )
  const { source, events, names } = world.start()
  await source.ready()
  expect(names()).toEqual(['artifactDownloadSucceeded', 'geoLocationUpdated', 'clientReady'])
  expect(events[1]?.geoContext).toEqual({
    ipAddress: '12.21.1.40',
    latitude: 37.75,
    longitude: 0,
    countryCode: 'US',
    stateCode: 'CA',
    city: 'SANFRANCISCO',
  })
})

it('leaves out a latitude that is none', async () => {
  world.server.act(
    send(JSON.stringify(artifact('first')), {
      'x-geo-latitude': 'north',
      'x-geo-city': '',
      'x-geo-country-code': 'US',
    }),
  )
  const { source, events } = world.start()
  await source.ready()
  expect(events[1]).toEqual({ name: 'geoLocationUpdated', geoContext: { countryCode: 'US' } })
})

it.each([
  ['a server in trouble', status(503), 'HTTP_ERROR'],
  ['a body that breaks off', cut, 'NETWORK_ERROR'],
  ['a connection that breaks', ({ socket }: { socket: { destroy(): void } }) => socket.destroy(), 'NETWORK_ERROR'],
] as const)('tries again after %s, up to four times, and tells one failure', async (_, act, code) => {
  world.server.act(act)
  const { source, events } = world.start()
  const { code: outer, cause } = await rejection(source.ready())
  expect(outer).toBe('NOT_READY')
  expect(cause).toMatchObject({ name: 'TargetError', code, attempts: 4 })
  expect(world.server.requests).toHaveLength(4)
  expect(events).toEqual([
    {
      name: 'artifactDownloadFailed',
      artifactLocation: `${world.server.url}/rules.json`,
      error: cause,
      since: expect.any(Number),
    },
  ])
})

it('is ready when the last attempt succeeds, and tells no failure', async () => {
  world.server.act(status(500), cut, status(429), rules('late'))
  const { source, names } = world.start()
  expect(await source.ready()).toEqual({ name: 'late' })
  expect(names()).toEqual(['artifactDownloadSucceeded', 'clientReady'])
})

it.each([400, 401, 403, 404, 204, 206])('does not try %i again', async (code) => {
  world.server.act(status(code))
  const { source } = world.start()
  const { cause } = await rejection(source.ready())
  expect(cause).toMatchObject({ code: 'HTTP_ERROR', status: code, attempts: 1 })
  expect(world.server.requests).toHaveLength(1)
})

it('says what the server said, and what to look at', async () => {
  world.server.act(status(404))
  const { cause } = await rejection(world.start().source.ready())
  expect(cause).toMatchObject({ serverMessage: '<Error>no</Error>' })
  expect((cause as Error).message).toMatch(/404.*enabled.*environment.*property/)
})

it('refuses a 304 that nobody asked for', async () => {
  world.server.act((_, response) => void response.writeHead(304).end())
  const { cause } = await rejection(world.start().source.ready())
  expect(cause).toMatchObject({ code: 'HTTP_ERROR', status: 304 })
})

it('leaves a long Retry-After to the poll', async () => {
  world.server.act(status(503, { 'retry-after': '120' }))
  const { cause } = await rejection(world.start().source.ready())
  expect(cause).toMatchObject({ attempts: 1, retryAfter: 120_000 })
})

it.each([
  ['an HTML page', send('<!doctype html><title>Log in</title>'), /doctype/],
  ['nothing', send(''), /""/],
  ['a body that ends early and looks whole', cutSilently, /cut/],
  ['another version', send(JSON.stringify(artifact('x', { version: '2.0.0' }))), /2\.0\.0/],
  ['another shape', send('{"version":"1.0.0"}'), /no name/],
  ['null', send('null'), /undefined/],
  ['a list', send('[]'), /undefined/],
])('refuses %s, at once and with an event', async (_, act, message) => {
  world.server.act(act)
  const { source, events } = world.start()
  const { cause } = await rejection(source.ready())
  expect(cause).toMatchObject({ name: 'TargetError', code: 'PARSE_ERROR', message: expect.stringMatching(message) })
  expect(events).toEqual([expect.objectContaining({ name: 'artifactDownloadFailed', error: cause })])
  expect(source.current()).toBeUndefined()
  expect(world.server.requests).toHaveLength(1)
})

it('refuses an artifact that says that it is too large, before it has come', async () => {
  world.server.act((_, response) => {
    response.writeHead(200, { 'content-length': 33 * 2 ** 20 })
    response.write('{')
  })
  const { cause } = await rejection(world.start().source.ready())
  expect(cause).toMatchObject({ code: 'PARSE_ERROR', limit: 32 * 2 ** 20, received: 33 * 2 ** 20 })
  await vi.waitFor(() => expect(world.server.aborted()).toBe(1))
})

it('refuses one that does not say so when it becomes too large', async () => {
  let written = 0
  world.server.act((_, response) => {
    response.writeHead(200)
    const chunk = 'x'.repeat(100_000)
    const more = () => {
      while (!response.destroyed && response.write(chunk)) written += chunk.length
    }
    response.on('drain', more)
    more()
  })
  const { cause } = await rejection(world.start({}, { maximumBytes: 1_000_000 }).source.ready())
  expect(cause).toMatchObject({ code: 'PARSE_ERROR', limit: 1_000_000 })
  await vi.waitFor(() => expect(world.server.aborted()).toBe(1))
  expect(written).toBeLessThan(20_000_000)
})

it('gives up an attempt that takes too long, and aborts it', async () => {
  world.server.act(silence, silence, rules('late'))
  const { source } = world.start({}, { timeout: 100 })
  expect(await source.ready()).toEqual({ name: 'late' })
  expect(world.server.aborted()).toBe(2)
})

it('gives up a body that stops in the middle', async () => {
  world.server.act((_, response) => {
    response.writeHead(200, { 'content-length': 1000 })
    response.write('{"version"')
  })
  const { cause } = await rejection(world.start({}, { timeout: 100, retries: 0 }).source.ready())
  expect(cause).toMatchObject({ code: 'TIMEOUT', attempts: 1 })
})

it('holds on to nothing of a download that is over', async () => {
  const { signal } = new AbortController()
  const parts = { location: `${world.server.url}/rules.json`, timeout: 10_000, maximumBytes: 1_000_000, signal }
  world.server.act(rules('first'), rules('first'), status(500), cut)
  const { etag } = (await download(parts, undefined)) ?? {}
  expect(await download(parts, etag)).toBeUndefined()
  await rejection(download(parts, etag))
  await rejection(download(parts, etag))
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

it('measures what came, for telemetry', async () => {
  const measured: object[] = []
  const { source } = world.start({}, { onMeasured: (entry) => measured.push(entry) })
  await source.ready()
  expect(measured).toEqual([
    { requestId: 'ArtifactDownload', timestamp: expect.any(Number), execution: expect.any(Number) },
  ])
})

it('keeps calm when nobody listens to a failure', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  world.server.act(status(500))
  const throws = () => {
    throw new Error('a listener')
  }
  const { source } = world.start({}, { emit: throws })
  await vi.waitFor(() => expect(world.server.requests).toHaveLength(4), 5000)
  await vi.waitFor(async () => expect(await rejection(source.ready())).toHaveProperty('cause'))
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})
