import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { expect, test } from 'vitest'
import { instrument } from '../../src/opentelemetry.ts'
import { mboxes, TargetClient } from '../../src/server.ts'
import { openTraced } from './world.ts'

// What a program's own tracing hears of a client, over real HTTP.

const request = { execute: { mboxes: mboxes('hero') } }
const SECRET = {
  sessionId: 'secret-session',
  request: {
    id: { tntId: 'secret-device.35_0', thirdPartyId: 'secret-person', marketingCloudVisitorId: 'secret-cloud' },
    execute: { mboxes: [{ name: 'hero', parameters: { email: 'secret@shop.example' } }] },
  },
}

test('a call is one span, with where it went and what came back', async () => {
  const { traced, spans, port } = await openTraced()
  await traced.getOffers({ request })
  expect(spans()).toHaveLength(1)
  const [{ name, kind, status, attributes } = {} as never] = spans()
  expect([name, kind, status.code]).toEqual(['target.getOffers', SpanKind.CLIENT, SpanStatusCode.UNSET])
  expect(attributes).toEqual({
    'http.request.method': 'POST',
    'http.response.status_code': 200,
    'server.address': '127.0.0.1',
    'server.port': port,
    'url.full': `http://127.0.0.1:${port}/rest/v1/delivery`,
    'isotarget.decisioning_method': 'server-side',
    'isotarget.status': 200,
    'isotarget.mboxes': 1,
  })
})

test('every method has its span, of a visitor too', async () => {
  const { traced, spans } = await openTraced()
  const visitor = traced.visitor(new Request('https://www.shop.example/'))
  await visitor.getOffers({ request })
  expect((await visitor.getAttributes(['flags'])).getValue('flags', 'isNew')).toBe(true)
  const notification = { id: 'n-1', type: 'display', timestamp: Date.now(), mbox: { name: 'hero' } } as const
  await visitor.sendNotifications({ request: { notifications: [notification] } })
  expect(spans().map(({ name }) => name)).toEqual([
    'target.getOffers',
    'target.getAttributes',
    'target.sendNotifications',
  ])
  expect(spans()[2]?.attributes['isotarget.notifications']).toBe(1)
  expect(visitor.setCookies()).toHaveLength(2)
})

test('a call is a child of the span it was made in, and what happens in it is a child of the call', async () => {
  const { traced, spans, tracer, edge } = await openTraced()
  const active: (string | undefined)[] = []
  traced.on('response', () => void active.push(trace.getSpan(context.active())?.spanContext().spanId))
  const page = tracer.startSpan('page')
  await context.with(trace.setSpan(context.active(), page), async () => {
    await Promise.all([traced.getOffers({ request }), traced.getOffers({ request })])
  })
  page.end()
  const calls = spans('target.getOffers')
  expect(calls.map((span) => span.parentSpanContext?.spanId)).toEqual(Array(2).fill(page.spanContext().spanId))
  expect(calls.map((span) => span.spanContext().traceId)).toEqual(Array(2).fill(page.spanContext().traceId))
  expect(active.sort()).toEqual(calls.map((span) => span.spanContext().spanId).sort())
  expect(edge.requests).toHaveLength(2)
})

test.each([
  [
    'a refusal',
    { status: 400, body: { status: 400, message: 'secret text' } },
    { 'error.type': '400', 'http.response.status_code': 400 },
  ],
  [
    'a server in trouble',
    { status: 503 },
    { 'error.type': '503', 'http.response.status_code': 503, 'http.request.resend_count': 1 },
  ],
  ['a broken connection', { reset: true }, { 'error.type': 'NETWORK_ERROR', 'http.request.resend_count': 1 }],
  ['no answer', { delay: 60_000 }, { 'error.type': 'TIMEOUT' }],
] as const)('%s is an error, by status or code', async (_, fault, expected) => {
  const { traced, spans, edge, port } = await openTraced({ retries: 1, timeout: 1_000 })
  edge.fail({ ...fault, times: 2 })
  const error = await traced.getOffers({ request }).catch((thrown: Error) => thrown)
  expect(error).toMatchObject({ name: 'TargetError' })
  const [{ status, attributes, events } = {} as never] = spans()
  expect(status).toEqual({ code: SpanStatusCode.ERROR })
  expect(attributes).toEqual({
    'http.request.method': 'POST',
    'server.address': '127.0.0.1',
    'server.port': port,
    'url.full': `http://127.0.0.1:${port}/rest/v1/delivery`,
    ...expected,
  })
  expect(events).toEqual([])
})

test('a call that never leaves is an error too', async () => {
  const { traced, spans } = await openTraced()
  await expect(traced.getOffers({ request: { execute: { mboxes: [{ name: 'secret\n' }] } } })).rejects.toThrow()
  await expect(traced.getOffers(undefined as never)).rejects.toThrow('Options map is required')
  await expect(traced.getAttributes(7 as never)).rejects.toThrow('Mbox names are required')
  expect(spans().map(({ attributes }) => attributes)).toEqual(Array(3).fill({ 'error.type': 'INVALID_ARGUMENT' }))
})

test('no id and nothing that a caller sent is in a span', async () => {
  const { traced, spans, edge } = await openTraced()
  await traced.getOffers(SECRET)
  traced.track('orderConfirmPage', { order: { id: 'secret-order' } }, { sessionId: 'secret-session' })
  await traced.flush()
  edge.fail({ status: 400, body: { status: 400, message: 'secret' } })
  await traced.getOffers(SECRET).catch(() => {})
  expect(edge.requests.map(({ url, text }) => url + text).join()).toContain('secret-order')
  expect(spans()).toHaveLength(3)
  for (const { attributes, status, events, links, name } of spans()) {
    const told = JSON.stringify({ attributes, status, events, links, name })
    expect(told).not.toContain('secret')
    expect(told).not.toContain('ABC')
  }
})

test('the queue has a span for each of its calls, a child of the one span in which it was filled', async () => {
  const { traced, spans, tracer, port } = await openTraced()
  const page = tracer.startSpan('page')
  await context.with(trace.setSpan(context.active(), page), async () => {
    for (let at = 0; at < 60; at++) traced.track('orderConfirmPage', {}, { sessionId: 's' })
  })
  page.end()
  await traced.flush()
  const calls = spans('target.notifications')
  expect(calls.map(({ attributes }) => attributes)).toEqual(
    [50, 10].map((count) => ({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': port,
      'url.full': `http://127.0.0.1:${port}/rest/v1/delivery`,
      'isotarget.notifications': count,
      'isotarget.acknowledged': count,
      'isotarget.way': 'fetch',
    })),
  )
  expect(calls.map((span) => span.parentSpanContext?.spanId)).toEqual(Array(2).fill(page.spanContext().spanId))
})

test('one that was filled in several spans is linked to each', async () => {
  const { traced, spans, tracer } = await openTraced()
  const pages = ['one', 'two'].map((name) => tracer.startSpan(name))
  for (const page of pages) {
    context.with(trace.setSpan(context.active(), page), () => {
      traced.track('orderConfirmPage', {}, { sessionId: 's' })
      traced.track('orderConfirmPage', {}, { sessionId: 's' })
    })
  }
  await traced.flush()
  const [call] = spans('target.notifications')
  expect(call?.parentSpanContext).toBeUndefined()
  expect(call?.links.map((link) => link.context.spanId)).toEqual(pages.map((page) => page.spanContext().spanId))
})

test('a call of the queue that fails is an error, and the next one is another span', async () => {
  const { traced, spans, edge } = await openTraced()
  edge.fail({ status: 503 })
  traced.track('orderConfirmPage', {}, { sessionId: 's' })
  await expect
    .poll(() => spans('target.notifications').map(({ status }) => status.code))
    .toEqual([SpanStatusCode.ERROR, SpanStatusCode.UNSET])
  expect(spans('target.notifications')[0]?.attributes).toMatchObject({ 'error.type': '503' })
})

test('a download of rules is a span of its own; what the device decides says so, and makes no call', async () => {
  const { edge, url, port } = await openTraced()
  const artifactLocation = `${url}/acme/production/v1/rules.json?token=secret`
  const { traced, spans, tracer } = await openTraced({ artifactLocation, decisioningMethod: 'on-device' })
  const page = tracer.startSpan('page')
  await context.with(trace.setSpan(context.active(), page), async () => {
    await traced.ready()
    await traced.getOffers({ request })
  })
  const [download] = spans('target.artifact')
  expect(download?.attributes).toEqual({
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'server.address': '127.0.0.1',
    'server.port': port,
    'url.full': `${url}/acme/production/v1/rules.json`,
  })
  expect(download?.parentSpanContext).toBeUndefined()
  expect(spans('target.getOffers').map(({ attributes }) => attributes)).toEqual([
    { 'isotarget.decisioning_method': 'on-device', 'isotarget.status': 200, 'isotarget.mboxes': 1 },
  ])
  expect(edge.requests.map(({ method }) => method)).toEqual(['GET'])
})

test('a download that fails is an error', async () => {
  const { url } = await openTraced()
  const { spans } = await openTraced({
    artifactLocation: `${url}/nothing`,
    decisioningMethod: 'on-device',
    pollingInterval: 0,
  })
  await expect.poll(() => spans('target.artifact').map(({ attributes }) => attributes['error.type'])).toEqual(['404'])
})

test('a page’s own visitor stays one client, and the given client is not changed', async () => {
  const { target, traced, spans } = await openTraced()
  expect(Object.keys(traced)).toEqual(Object.keys(target))
  await target.getOffers({ request })
  expect(spans()).toEqual([])
  const one = { ...target, visitor: () => one } as typeof target
  const made = instrument(one)
  expect(made.visitor()).toBe(made)
})

test('without a provider nothing is told, and all works', async () => {
  const { edge, port } = await openTraced()
  const traced = instrument(
    TargetClient.create({
      client: 'acme',
      organizationId: 'A@AdobeOrg',
      serverDomain: `127.0.0.1:${port}`,
      secure: false,
    }),
  )
  expect((await traced.getOffers({ request })).status.status).toBe(200)
  await using closing = traced
  expect(closing.pending()).toBe(0)
  expect(edge.requests).toHaveLength(1)
})
