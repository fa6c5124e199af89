import { join } from 'node:path'
import * as serverSdk from '@openfeature/server-sdk'
import * as webSdk from '@openfeature/web-sdk'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import * as openfeature from '../../src/openfeature.ts'
import { type Client, TargetClient } from '../../src/server.ts'
import { openPage } from '../delivery-api/page.ts'
import { samples } from './markdown.ts'
import { ran, runSample } from './run-sample.ts'

const ACCOUNT = { client: 'acme', organizationId: 'ABC@AdobeOrg' }
const modules = {
  '@openfeature/server-sdk': serverSdk,
  '@openfeature/web-sdk': webSdk,
  'isotarget/openfeature': openfeature,
}
const offers = {
  activities: [
    {
      id: 1,
      name: 'Shop',
      type: 'xt',
      experiences: [
        { name: 'gold', audience: { parameters: { tier: 'gold' } }, offers: { shop: { json: { columns: 5 } } } },
        { name: 'others', offers: { shop: { json: { columns: 4 } }, prices: { json: { hat: 20 } } } },
      ],
    },
  ],
}

let edge: Emulator
beforeEach(() => {
  edge = createEmulator({ ...ACCOUNT, offers })
  vi.stubGlobal('fetch', edge)
})
afterEach(async () => {
  await serverSdk.OpenFeature.clearProviders()
  await webSdk.OpenFeature.clearProviders()
  vi.unstubAllGlobals()
})
const notified = () =>
  edge.requests.flatMap(({ body }) => (body as { notifications?: object[] } | undefined)?.notifications ?? [])

it('a server reads a flag of a visitor', async () => {
  const { target, columns } = await runSample('openfeature-server', { modules })
  expect(columns).toBe(4)
  await (target as Client).close()
  expect(edge.ledger.total('impression')).toBe(1)
})

it('a request hands its cookies on', async () => {
  const target = TargetClient.create(ACCOUNT)
  const visitor = target.visitor(new Request('https://shop.example/'))
  await visitor.getOffers({ request: { execute: { mboxes: [{ name: 'prices' }] } } })
  const mbox = /^mbox=([^;]+)/.exec(visitor.setCookies()[0] ?? '')?.[1] ?? ''
  await serverSdk.OpenFeature.setProviderAndWait(openfeature.serverProvider(target))
  const answer = async () => `${await serverSdk.OpenFeature.getClient().getNumberValue('shop.columns', 3)}`
  const request = {
    url: '/shoes',
    headers: { 'user-agent': 'Mozilla/5.0' },
    cookies: { mbox: decodeURIComponent(mbox), mboxEdgeCluster: '35' },
  }
  expect(await runSample('openfeature-request', { modules, scope: { request, answer } })).toMatchObject({ text: '4' })
  const [first, second] = edge.requests.map(({ url }) => new URL(url))
  expect(second?.searchParams.get('sessionId')).toBe(first?.searchParams.get('sessionId'))
  expect(second?.host).toBe('mboxedge35.tt.omtrdc.net')
  expect(edge.requests[1]?.body).toMatchObject({
    context: { address: { url: 'https://shop.example/shoes' }, userAgent: 'Mozilla/5.0' },
  })
  await target.close()
})

it('a page reads flags at once, and follows its context', async () => {
  openPage()
  vi.stubGlobal('fetch', edge)
  const isotarget = await import('../../src/browser.ts')
  const { target, columns, more } = await runSample('openfeature-web', { modules: { ...modules, isotarget } })
  expect([columns, more]).toEqual([4, 5])
  await (target as Client).close()
})

it('a flag may be anywhere', async () => {
  const target = TargetClient.create(ACCOUNT)
  const { provider } = await runSample('openfeature-place', { modules, scope: { target } })
  const { resolveObjectEvaluation } = provider as openfeature.ServerProvider
  expect(await resolveObjectEvaluation('price-table', {}, { targetingKey: 'vera' })).toMatchObject({
    value: { hat: 20 },
  })
  await target.close()
})

it('a tracking event is a conversion', async () => {
  const target = TargetClient.create(ACCOUNT)
  await serverSdk.OpenFeature.setProviderAndWait(openfeature.serverProvider(target))
  await runSample('openfeature-track', { modules, scope: { flags: serverSdk.OpenFeature.getClient() } })
  await target.close()
  expect(notified()).toMatchObject([
    { mbox: { name: 'order' }, order: { id: 'o-1', total: 99.5, purchasedProductIds: ['p1', 'p2'] } },
  ])
})

it('every sample of the page has run', () => {
  const names = samples
    .filter(({ page }) => page === join('docs', 'openfeature.md'))
    .map(({ name = 'one without a name' }) => name)
  expect(names.filter((name) => !ran.has(name))).toEqual([])
})
