import { Console } from 'node:console'
import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { createLogger, format, transports, type Logger as Winston } from 'winston'
import type { Logger } from '../../src/server.ts'
import { openEdge, openStream, SECRET, SECRETS } from './world.ts'

// The loggers that programs have, as they are, over real HTTP.

const request = { execute: { mboxes: [{ name: 'hero' }] } }

const makers = {
  console(stream: NodeJS.WritableStream): Logger {
    return new Console({ stdout: stream, stderr: stream })
  },
  pino(stream: NodeJS.WritableStream): Logger {
    return pino({ level: 'debug' }, stream)
  },
  winston(stream: NodeJS.WritableStream): Winston {
    return createLogger({ level: 'debug', format: format.json(), transports: [new transports.Stream({ stream })] })
  },
} satisfies Record<string, (stream: NodeJS.WritableStream) => Logger>

it('console is told by its methods, with AT: first', async () => {
  const { create } = await openEdge()
  const { stream, lines } = openStream()
  await create({ logger: makers.console(stream) }).getOffers({ request, sessionId: 's' })
  const text = lines.join('\n')
  expect(text).toMatch(/^AT: clientReady|^AT: request \{/m)
  expect(text).toContain('AT: response {')
})

it('pino gets what belongs to a line as its members, and one text', async () => {
  const { create, edge } = await openEdge()
  const { stream, json } = openStream()
  const target = create({ logger: makers.pino(stream) })
  await target.getOffers({ request, sessionId: 's' })
  edge.fail({ status: 400, body: { status: 400, message: 'no' } })
  await target.getOffers({ request, sessionId: 's' }).catch(() => {})
  expect(json().map(({ msg, level }) => [msg, level])).toEqual([
    ['AT: clientReady', 30],
    ['AT: request', 20],
    ['AT: response', 20],
    ['AT: request', 20],
    ['AT: requestFailed', 40],
  ])
  expect(json()[2]).toMatchObject({
    status: 200,
    request: { execute: { mboxes: [{ name: 'hero' }] } },
    response: { client: 'emulator' },
  })
  expect(json()[4]).toMatchObject({ error: { name: 'TargetError', code: 'HTTP_ERROR', status: 400, attempts: 1 } })
})

it('winston gets one text, and what belongs to it as its members', async () => {
  const { create } = await openEdge()
  const { stream, json } = openStream()
  const target = create({ logger: makers.winston(stream) })
  await target.getOffers({ request, sessionId: 's' })
  expect(json()).toEqual([
    { level: 'info', message: 'AT: clientReady' },
    expect.objectContaining({ level: 'debug', message: 'AT: request', request: expect.any(Object) }),
    expect.objectContaining({ level: 'debug', message: 'AT: response', status: 200 }),
  ])
})

it.each(Object.entries(makers))('%s is told of errors of listeners with their stacks', async (_, make) => {
  const { create } = await openEdge()
  const { stream, lines } = openStream()
  const target = create({ logger: make(stream) })
  target.on('request', () => {
    throw new Error('boom')
  })
  await target.getOffers({ request, sessionId: 's' })
  const told = lines.join('\n')
  expect(told).toContain('AT: a listener of request threw')
  expect(told).toContain('boom')
  expect(told).toContain('loggers.test.ts')
})

it.each(Object.entries(makers))('%s shows no id, token, parameter or address', async (_, make) => {
  const { create, edge } = await openEdge()
  const { stream, lines } = openStream()
  const target = create({ logger: make(stream) })
  const { response } = await target.getOffers(SECRET)
  target.display(response.prefetch?.mboxes?.[0] as object)
  target.track('orderConfirmPage', { order: { id: 'secret-order' } }, { sessionId: 'secret-session' })
  await target.flush()
  edge.fail({ status: 400, body: { status: 400, message: 'secret text' } })
  await target.getOffers(SECRET).catch(() => {})
  target.notify({ id: 'n', type: 'display', timestamp: 1.5, mbox: { name: 'hero' } }, { sessionId: 's' })
  expect(edge.requests.map(({ url, text }) => url + text).join()).toMatch(
    /secret-session.*secret-device.*secret-ecid.*secret@/s,
  )
  expect(lines.length).toBeGreaterThan(8)
  expect(lines.join('\n').match(SECRETS)?.input).toBeUndefined()
  for (const token of edge.requests.flatMap(
    ({ body }) =>
      (body as { notifications?: { tokens?: string[] }[] }).notifications?.flatMap(({ tokens = [] }) => tokens) ?? [],
  )) {
    expect(lines.join('\n')).not.toContain(token)
  }
})

it('why Target could not be reached is told in a word', async () => {
  const { create } = await openEdge()
  const { stream, json } = openStream()
  const target = create({ logger: makers.pino(stream), serverDomain: '127.0.0.1:1' })
  await target.getOffers({ request, sessionId: 's' }).catch(() => {})
  expect(json().at(-1)?.error).toMatchObject({ code: 'NETWORK_ERROR', cause: 'TypeError: fetch failed' })
})

it('everything is shown where that is wanted', async () => {
  const { create } = await openEdge()
  const { stream, lines } = openStream()
  await create({ logger: makers.pino(stream), logRedaction: false }).getOffers(SECRET)
  for (const secret of ['secret-session', 'secret-device.35_0', 'secret-ecid', 'secret@shop.example', '198.51.100.77'])
    expect(lines.join('\n')).toContain(secret)
})

it('what a line shows is a copy', async () => {
  const { create } = await openEdge()
  const shown: unknown[] = []
  const target = create({ logger: { debug: (...parts) => shown.push(parts.at(-1)) } })
  let sent: object | undefined
  target.on('request', ({ request }) => {
    sent = request
  })
  const { request } = await target.getOffers(SECRET)
  expect(request).toBe(sent)
  expect(request.id?.tntId).toBe('secret-device.35_0')
  expect(shown).toContainEqual(
    expect.objectContaining({
      request: expect.objectContaining({ id: expect.objectContaining({ tntId: '[redacted]' }) }),
    }),
  )
})

it('a logger of two methods hears what it has heard before', async () => {
  const { create, edge } = await openEdge()
  const debug = vi.fn()
  const error = vi.fn()
  const target = create({ logger: { debug, error } })
  await target.getOffers({ request, sessionId: 's' })
  edge.fail({ status: 500 })
  await target.getOffers({ request, sessionId: 's' }).catch(() => {})
  target.notify({ id: '', type: 'display', timestamp: Date.now() }, { sessionId: 's' })
  expect(debug.mock.calls.map(([at, name]) => [at, name])).toEqual([
    ['AT:', 'clientReady'],
    ['AT:', 'request'],
    ['AT:', 'response'],
    ['AT:', 'request'],
    ['AT:', 'attemptFailed'],
    ['AT:', 'requestFailed'],
    ['AT:', 'notificationRejected'],
  ])
  expect(error.mock.calls.map(([at, text]) => [at, text])).toEqual([['AT:', 'a notification was rejected']])
})

it('each level has its events', async () => {
  const { create, edge, url } = await openEdge()
  const heard: Record<string, unknown[]> = { debug: [], info: [], warn: [], error: [] }
  const logger = Object.fromEntries(
    Object.entries(heard).map(([level, names]) => [level, (_: unknown, name: unknown) => void names.push(name)]),
  )
  const target = create({
    logger,
    decisioningMethod: 'on-device',
    artifactLocation: `${url}/acme/production/v1/rules.json`,
  })
  await target.ready()
  await target.getOffers({ request, sessionId: 's' })
  edge.fail({ status: 503 })
  await target.flush()
  await target.getOffers({
    request: { ...request, context: { channel: 'web', geo: { ipAddress: 'x' } } },
    sessionId: 's',
  })
  expect(heard.info).toEqual(['artifactDownloadSucceeded', 'clientReady'])
  expect(heard.warn).toEqual(['notificationRetry', 'warning'])
  expect(new Set(heard.debug)).toEqual(new Set(['decided', 'notificationQueued', 'notificationBatch']))
  expect(heard.error).toEqual([])
})

it.each<[string, Logger]>([
  ['pino', pino({ level: 'warn' }, openStream().stream)],
  ['winston', createLogger({ level: 'warn', transports: [new transports.Stream({ stream: openStream().stream })] })],
  ['one without debug', { error: () => {} }],
  ['none', {}],
])('nothing is put together for lines that nobody reads: %s', async (_, logger) => {
  const { create } = await openEdge()
  const entries = vi.spyOn(Object, 'entries')
  /** What an event is about, when it is copied for a line. */
  const copied = () => entries.mock.calls.filter(([value]) => 'body' in Object(value) && 'request' in Object(value))
  await create({ logger }).getOffers({ request, sessionId: 's' })
  expect(copied()).toEqual([])
  await create({ logger: { debug: () => {} } }).getOffers({ request, sessionId: 's' })
  expect(copied()).toHaveLength(1)
  vi.restoreAllMocks()
})

it('a logger that throws is no reason to lose an offer', async () => {
  const { create } = await openEdge()
  const fail = () => {
    throw new Error('disk full')
  }
  const target = create({ logger: { debug: fail, info: fail, warn: fail, error: fail } })
  expect((await target.getOffers({ request, sessionId: 's' })).status.status).toBe(200)
})

it('a level that is switched on later is written', async () => {
  const { create } = await openEdge()
  const { stream, lines } = openStream()
  const logger = pino({ level: 'silent' }, stream)
  const target = create({ logger })
  await target.getOffers({ request, sessionId: 's' })
  expect(lines).toEqual([])
  logger.level = 'debug'
  await target.getOffers({ request, sessionId: 's' })
  expect(lines).toHaveLength(2)
})
