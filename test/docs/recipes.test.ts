import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { http } from 'msw'
import * as mswNode from 'msw/node'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import { type Client, TargetClient } from '../../src/server.ts'
import { openPage } from '../delivery-api/page.ts'
import { samples } from './markdown.ts'
import { ran, runSample } from './run-sample.ts'

// The recipes as they stand; Target is a local edge behind the runtime's fetch. Those of pages run in test/browsers/recipes.test.ts.

const ACCOUNT = { client: 'acme', organizationId: 'ABC@AdobeOrg' }
const offers = {
  activities: [
    {
      id: 1,
      name: 'Shop',
      experiences: [
        {
          name: 'Sun',
          offers: { hero: '<h1>Sun</h1>', flags: { json: { newCheckout: true, columns: '4', headline: 7 } } },
        },
      ],
      conversions: ['orderConfirmPage'],
      a4t: true,
    },
  ],
}

let edge: Emulator
let target: Client
beforeEach(() => {
  edge = createEmulator({ ...ACCOUNT, offers })
  vi.stubGlobal('fetch', edge)
  target = TargetClient.create({ ...ACCOUNT, notificationDelay: 5 })
})
afterEach(async () => {
  await target.close()
  vi.unstubAllGlobals()
})

const visit = (cookie = '') => new Request('https://www.shop.example/', { headers: { cookie } })
const cookiesOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

it('typed flags', async () => {
  const { flagsOf } = (await runSample('recipe-typed-flags')) as {
    flagsOf(visitor: Client): Promise<Record<string, unknown>>
  }
  expect(await flagsOf(target.visitor(''))).toEqual({ newCheckout: true, columns: 4, headline: '7' })
  edge.fail({ status: 400 })
  expect(await flagsOf(target.visitor(''))).toEqual({ newCheckout: false, columns: 3, headline: 'Welcome' })
})

it('an A/B test without flicker', async () => {
  const { page } = (await runSample('recipe-server-test')) as { page(request: Request): Promise<Response> }
  const answer = await page(visit())
  const html = await answer.text()
  expect(html).toContain('<main id="hero"><h1>Sun</h1></main>')
  expect(edge.ledger.total('impression')).toBe(0)

  const [, serverState] = /serverState = (.*)<\/script>/.exec(html) ?? []
  const [, mbox = ''] = /mbox=([^;]+)/.exec(cookiesOf(answer)) ?? []
  openPage().cookies.set('mbox', { value: mbox, attributes: {} })
  const { target } = await runSample('recipe-server-test-page', { scope: { serverState } })
  await (target as Client).close()
  expect(edge.ledger.total('impression')).toBe(1)
  expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ visitors: 1, visits: 1 })
  expect(edge.requests).toHaveLength(2)

  edge.fail({ status: 400 })
  const without = await page(visit())
  expect(await without.text()).toContain('Our summer collection</main><script>serverState = null<')
})

it('A4T', async () => {
  const hits: string[] = []
  await runSample('recipe-a4t', {
    scope: { target: target.visitor(''), sendHit: (query: URLSearchParams) => hits.push(`${query}`) },
  })
  expect(hits).toEqual([expect.stringMatching(/^pe=tnt&tnta=1%3A/)])
})

it('a kiosk that is offline, and switched off', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'isotarget-kiosk-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const shown: unknown[] = []
  const start = async () =>
    (await runSample('recipe-kiosk', { scope: { directory, show: (content: unknown) => shown.push(content) } })) as {
      visit(): Promise<void>
      end(): Promise<unknown>
    }
  const first = await start()
  let isOffline = true
  vi.stubGlobal('fetch', (input: string, init: RequestInit) =>
    isOffline && init.method === 'POST' ? Promise.reject(new TypeError('offline')) : edge(input, init),
  )
  await first.visit()
  await first.visit()
  expect(await first.end()).toMatchObject({ pending: 2 })
  expect(shown).toEqual(['<h1>Sun</h1>', '<h1>Sun</h1>'])
  expect(readdirSync(directory).length).toBeGreaterThan(0)

  isOffline = false
  const second = await start()
  await expect.poll(() => edge.ledger.total('impression'), { timeout: 15_000 }).toBe(2)
  expect(await second.end()).toMatchObject({ pending: 0 })
  expect(edge.ledger.activities()[0]?.experiences[0]?.visitors).toBe(2)
}, 30_000)

it('orders', async () => {
  const visitor = target.visitor(visit())
  await visitor.getOffers({ request: { execute: { mboxes: [{ name: 'hero' }] } } })
  const cookie = visitor
    .setCookies()
    .map((line) => line.split(';')[0])
    .join('; ')
  const pay = async () => ({ id: 'o-1', total: 19.5, products: ['tea'] })
  const { checkout } = (await runSample('recipe-order', { scope: { target, pay } })) as {
    checkout(request: Request): Promise<Response>
  }
  await checkout(visit(cookie))
  await checkout(visit(cookie))
  await target.flush()
  expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ visitors: 1, conversions: 1, revenue: 19.5 })
})

it('tests with msw', async () => {
  vi.unstubAllGlobals()
  const hooks: Record<string, () => unknown> = {}
  const tests: [string, () => Promise<void>][] = []
  const vitest = {
    expect,
    beforeAll: (hook: () => unknown) => (hooks.before = hook),
    afterEach: (hook: () => unknown) => (hooks.each = hook),
    afterAll: (hook: () => unknown) => (hooks.after = hook),
    test: (name: string, work: () => Promise<void>) => tests.push([name, work]),
  }
  await runSample('recipe-msw', { modules: { vitest, msw: { http }, 'msw/node': mswNode } })
  hooks.before?.()
  onTestFinished(() => void hooks.after?.())
  expect(tests).toHaveLength(2)
  for (const [, work] of tests) {
    await work()
    hooks.each?.()
  }
})

it('a rollout on the device', async () => {
  edge.update({
    activities: [
      {
        id: 1,
        name: 'Rollout',
        experiences: [
          { name: 'Off', share: 90, offers: { flags: { json: { newCheckout: false } } } },
          { name: 'On', share: 10, offers: { flags: { json: { newCheckout: true } } } },
        ],
      },
    ],
  })
  const { hasNewCheckout, stop } = (await runSample('recipe-rollout')) as {
    hasNewCheckout(customer: string): boolean
    stop(): Promise<unknown>
  }
  const customers = Array.from({ length: 200 }, (_, at) => `customer-${at}`)
  const on = customers.filter(hasNewCheckout)
  expect(on.length).toBeGreaterThan(5)
  expect(on.length).toBeLessThan(40)
  expect(customers.filter(hasNewCheckout)).toEqual(on)
  expect(await stop()).toMatchObject({ sent: 200, pending: 0 })
})

it('every recipe has run, here or in browsers', () => {
  const inBrowsers = ['recipe-router', 'recipe-route', 'recipe-route-page', 'recipe-consent']
  const mine = samples.filter(({ page }) => page.startsWith(join('docs', 'recipes')))
  expect(mine.length).toBeGreaterThan(10)
  const names = mine.map(({ name = 'one without a name' }) => name)
  expect(names.filter((name) => !ran.has(name) && !inBrowsers.includes(name))).toEqual([])
})
