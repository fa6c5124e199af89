import type * as Sdk from '@openfeature/web-sdk'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type * as Door from '../../src/browser.ts'
import { createEmulator } from '../../src/emulator.ts'
import type * as Flags from '../../src/openfeature.ts'
import { openTestSite } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

// The built files and the published SDK, bundled as an application does it, in real browsers; what counts is what arrives at the edge.

interface Here {
  OpenFeature: typeof Sdk.OpenFeature
  TargetClient: typeof Door.TargetClient
  webProvider: typeof Flags.webProvider
  target: Door.Client
  told: string[]
}
declare const OpenFeature: Here['OpenFeature']
declare const TargetClient: Here['TargetClient']
declare const webProvider: Here['webProvider']

const CODE = `
  import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk'
  import { TargetClient } from 'isotarget'
  import { webProvider } from 'isotarget/openfeature'
  const told = []
  for (const event of Object.values(ProviderEvents)) OpenFeature.addHandler(event, () => told.push(event))
  Object.assign(globalThis, { OpenFeature, TargetClient, webProvider, told })`

const offers = {
  activities: [
    {
      id: 1,
      name: 'Members',
      type: 'xt',
      experiences: [
        { name: 'gold', audience: { parameters: { tier: 'gold' } }, offers: { flags: { json: { columns: 4 } } } },
        { name: 'others', offers: { flags: { json: { columns: 3 } } } },
      ],
      conversions: ['order'],
    },
  ],
}

let bundle: string
beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: CODE, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['browser'],
    logLevel: 'error',
  })
  bundle = outputFiles[0]?.text ?? ''
})

const openShop = async () => {
  const edge = createEmulator({ client: 'acme', offers })
  const server = await edge.listen(0)
  onTestFinished(server.close)
  const site = await openTestSite({
    '/flags': { text: '<!doctype html><script type="module" src="/flags.js"></script>', type: 'text/html' },
    '/flags.js': { text: bundle },
  })
  const arrived = () =>
    edge.requests.flatMap(
      ({ body }) => (body as { notifications?: Door.Notification[] } | undefined)?.notifications ?? [],
    )
  return { edge, arrived, port: server.port, address: `${site.url}/flags` }
}

/** Starts the provider of a page, and reads a flag. */
const start = (page: Page, port: number, method: 'server-side' | 'on-device') =>
  page.evaluate(
    async (port, decisioningMethod) => {
      const target = TargetClient.create({
        client: 'acme',
        organizationId: 'ABC@AdobeOrg',
        serverDomain: `127.0.0.1:${port}`,
        artifactLocation: `http://127.0.0.1:${port}/acme/production/v1/rules.json`,
        secure: false,
        decisioningMethod,
        notificationDelay: 60_000,
      })
      Object.assign(globalThis, { target })
      const mboxes = decisioningMethod === 'server-side' ? ['flags'] : []
      await OpenFeature.setProviderAndWait(webProvider(target, { mboxes }), { tier: 'iron' })
      const flags = OpenFeature.getClient()
      const before = flags.getNumberDetails('flags.columns', 0)
      await OpenFeature.setContext({ tier: 'gold' })
      const after = flags.getNumberDetails('flags.columns', 0)
      flags.track('order', { value: 12, orderId: 'o-1' })
      return { before, after, told: (globalThis as unknown as Here).told }
    },
    port,
    method,
  )

describeEngines('flags by OpenFeature', ({ launch }) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test.for(['server-side', 'on-device'] as const)(
    '%s: are read at once, follow the context, and are reported when the page goes',
    async (method) => {
      const { edge, arrived, port, address } = await openShop()
      const page = await browser.open(address, { profile: method })
      await expect.poll(() => page.evaluate(() => 'OpenFeature' in globalThis)).toBe(true)
      const { before, after, told } = await start(page, port, method)
      expect([before.value, before.variant, after.value, after.variant]).toEqual([3, 'others', 4, 'gold'])
      expect(told).toEqual([
        'PROVIDER_READY',
        ...(method === 'server-side' ? ['PROVIDER_RECONCILING'] : []),
        'PROVIDER_CONTEXT_CHANGED',
      ])
      expect(arrived()).toEqual([])
      await page.goto(address.replace('/flags', '/elsewhere'))
      await expect.poll(() => arrived().length).toBe(3)
      expect(edge.ledger.total('impression')).toBe(2)
      expect(edge.ledger.total('conversion')).toBe(1)
      expect(arrived().find(({ mbox }) => mbox?.name === 'order')?.order).toEqual({ id: 'o-1', total: 12 })
      expect(edge.preflights).toBe(0)
      await page.close()
    },
  )
})
