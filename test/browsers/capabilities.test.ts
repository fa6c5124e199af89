import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser } from './engines/engine.ts'
import { openPageSite, scriptTag } from './page-site.ts'

// What docs/support.md says of browsers that lack something: it is taken away before the script comes.

const edge = createEmulator({ offers: { hero: '<b>Sun</b>' } })
let edgeServer: Listening
let site: Awaited<ReturnType<typeof openPageSite>>

beforeAll(async () => {
  edgeServer = await edge.listen(0)
  site = await openPageSite()
})
afterAll(async () => {
  site.close()
  await edgeServer.close()
})

const without = (holder: string, name: string) =>
  `Object.defineProperty(${holder}, '${name}', { value: undefined, configurable: true });`
const LACKS = {
  locks: without('navigator', 'locks'),
  beacon: without('navigator', 'sendBeacon'),
  storage: without('globalThis', 'localStorage'),
  keepalive:
    'const { fetch: sent } = globalThis; globalThis.fetch = (url, { keepalive: _, ...init }) => sent(url, init);',
  sheets: without('globalThis', 'CSSStyleSheet'),
  idle: 'delete globalThis.requestIdleCallback;',
  trusted: without('globalThis', 'trustedTypes') + without('navigator', 'userAgentData'),
}
const { beacon, storage, ...others } = LACKS
const CASES: [name: string, code: string][] = [
  ['sendBeacon', beacon],
  ['localStorage', storage],
  ['keepalive of fetch', LACKS.keepalive],
  ['constructed style sheets', LACKS.sheets],
  [
    'locks, keepalive, style sheets, idle callbacks, Trusted Types and client hints together',
    Object.values(others).join('\n'),
  ],
]

/** A page with an offer that hides its place meanwhile, as most are. */
const pageOf = (code: string) => ({
  head: `<script>${code}
    globalThis.uncaught = []; onerror = (message) => void uncaught.push(message)</script>
    ${scriptTag({
      client: 'acme',
      'organization-id': 'ABC@AdobeOrg',
      'server-domain': `127.0.0.1:${edgeServer.port}`,
      secure: false,
      mboxes: 'hero',
      prehide: '[data-mbox]',
    })}`,
  body: '<div data-mbox="hero">Our shop</div>',
})

describeEngines('a browser', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test.for(CASES)('without %s shows offers, and what is reported arrives', async ([name, code]) => {
    edge.reset()
    site.pages.set('/shop', pageOf(code)).set('/thanks', pageOf(code))
    const page = await browser.open(`${site.url}/shop`, { profile: name })
    await expect.poll(() => page.evaluate(() => document.querySelector('[data-mbox]')?.innerHTML)).toBe('<b>Sun</b>')
    const hidden = () => page.evaluate(() => getComputedStyle(document.querySelector('[data-mbox]') as Element).opacity)
    await expect.poll(hidden).toBe('1')
    await expect.poll(() => edge.ledger.total('impression')).toBe(1)
    // The page ends before what it reports has left.
    await page.evaluate(
      () => void (Reflect.get(globalThis, 'isotarget') as (...asked: string[]) => void)('track', 'thanks'),
    )
    await page.goto(`${site.url}/thanks`)
    await expect.poll(() => edge.ledger.total('conversion')).toBe(1)
    expect(await page.evaluate(() => Reflect.get(globalThis, 'uncaught') as string[])).toEqual([])
    await page.close()
  })
})
