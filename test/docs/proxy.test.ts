import { once } from 'node:events'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import type { Client, TargetProxy } from '../../src/server.ts'
import { openPage } from '../delivery-api/page.ts'
import { HERO, QUERY, sendTo, serve } from '../proxy/world.ts'
import { root, samples } from './markdown.ts'
import { ran, runSample } from './run-sample.ts'

// The samples of docs/proxy.md, as they stand; Target is a local edge behind the runtime's fetch.

const realFetch = globalThis.fetch
let edge: Emulator
beforeEach(() => {
  edge = createEmulator({ client: 'acme', organizationId: 'ABC@AdobeOrg', offers: { hero: '<b>Sun</b>' } })
  vi.stubGlobal('fetch', (input: string | URL, init: RequestInit) =>
    `${input}`.includes('localhost') ? realFetch(input, init) : edge(input, init),
  )
})
afterEach(() => vi.unstubAllGlobals())

const call = (headers: Record<string, string> = {}) =>
  new Request(`https://www.shop.example/offers?${new URLSearchParams(QUERY)}`, {
    method: 'POST',
    headers: { origin: 'https://www.shop.example', 'content-type': 'text/plain', ...headers },
    body: JSON.stringify(HERO),
  })
const geo = () => edge.requests.map(({ body }) => (body as { context: { geo?: object } }).context.geo)
type Handler = (given: unknown) => Promise<Response>

/** The framework that a demo brings. */
const frameworkOf = (name: string) => createRequire(join(root, 'demo', name, 'package.json'))(name)

test('a route', async () => {
  const { POST } = await runSample('route')
  const answer = await (POST as Handler)(call())
  expect(await answer.json()).toMatchObject({ execute: { mboxes: [{ options: [{ content: '<b>Sun</b>' }] }] } })
  expect(answer.headers.getSetCookie()).toHaveLength(2)
})

test('a page', async () => {
  openPage({ url: 'https://www.shop.example/' })
  const { target } = await runSample('route-page')
  const urls: string[] = []
  vi.stubGlobal('fetch', async (url: string) => {
    urls.push(url.split('?')[0] ?? '')
    return Response.json({ status: 200 })
  })
  await (target as Client).getOffers({ request: { prefetch: { mboxes: [{ name: 'hero' }] } } })
  expect(urls).toEqual(['/offers'])
})

test('frameworks that hand over a request, and those that hand over an event', async () => {
  const { POST } = await runSample('route-frameworks')
  expect((await (POST as Handler)(call())).status).toBe(200)
  expect((await (POST as Handler)({ request: call() })).status).toBe(200)
})

test('Hono', async () => {
  const { Hono } = frameworkOf('hono')
  const { default: app } = await runSample('route-hono', { modules: { hono: { Hono } } })
  expect((await (app as { fetch: Handler }).fetch(call())).status).toBe(200)
  expect((await (app as { fetch: Handler }).fetch(new Request('https://www.shop.example/offers'))).status).toBe(403)
})

test('Express', async () => {
  const express = frameworkOf('express')
  const app = express()
  const listening = new Promise<Server>((resolve) => {
    const { listen } = app
    app.listen = () => resolve(listen.call(app, 0))
  })
  await runSample('route-express', { modules: { express: { default: () => app } } })
  const server = await listening
  onTestFinished(() => void server.close())
  if (!server.listening) await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { status, headers } = await sendTo(port, { headers: { 'x-forwarded-for': '203.0.113.7' } })
  expect([status, headers['set-cookie']?.length]).toEqual([200, 2])
  expect(geo()).toEqual([{ ipAddress: '203.0.113.7' }])
})

test('a worker', async () => {
  const { default: worker } = await runSample('route-worker')
  const { status } = await (worker as { fetch: Handler }).fetch(call({ 'cf-connecting-ip': '203.0.113.7' }))
  expect([status, geo()]).toEqual([200, [{ ipAddress: '203.0.113.7' }]])
})

test("the visitor's address", async () => {
  const made = await runSample('route-address', { scope: { request: call() } })
  expect((made.answer as Response).status).toBe(200)
  const port = await serve(made.listener as Parameters<typeof serve>[0])
  expect((await sendTo(port, { headers: { 'x-real-ip': '203.0.113.8' } })).status).toBe(200)
  expect(geo()).toEqual([{ ipAddress: '203.0.113.7' }, { ipAddress: '203.0.113.8' }])
})

test('rules for devices', async () => {
  const { GET, POST } = await runSample('route-rules')
  const rules = await (GET as TargetProxy)(new Request('https://www.shop.example/offers/rules.json'))
  expect([rules.status, await rules.json()]).toMatchObject([200, { rules: { mboxes: { hero: [{}] } } }])
  expect(edge.requests.map(({ url }) => url)).toEqual(['https://assets.adobetarget.com/acme/production/v1/rules.json'])
  expect((await (POST as Handler)(call())).status).toBe(200)
})

test('every sample of the page has run', () => {
  const names = samples
    .filter(({ page, language }) => page === join('docs', 'proxy.md') && language === 'ts')
    .map(({ name = 'one without a name' }) => name)
  expect(names.filter((name) => !ran.has(name))).toEqual([])
})
