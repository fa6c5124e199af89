import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { root, samples } from '../docs/markdown.ts'
import { runSample } from '../docs/run-sample.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser } from './engines/engine.ts'
import { openPageSite } from './page-site.ts'

// The recipes for pages as they stand, in real browsers; only the edge is a local one.

const edge = createEmulator({
  offers: {
    activities: [
      {
        id: 1,
        name: 'Shop',
        experiences: [
          {
            name: 'Sun',
            offers: { hero: '<b>Sun</b>' },
            views: { cart: [{ type: 'setText', selector: 'h1', content: 'Nearly yours' }] },
          },
        ],
      },
    ],
  },
})
const codeOf = (name: string): string => samples.find((sample) => sample.name === name)?.code ?? ''
const script = readFileSync(join(root, 'dist/isotarget.global.js'), 'utf8')

let listening: Listening
let site: Awaited<ReturnType<typeof openPageSite>>
let own: Server

const listenerOf =
  (type: string, text: string): RequestListener =>
  (_, response) =>
    response.writeHead(200, { 'content-type': type }).end(text)

/** A recipe as a page has it, bundled for it. */
const bundled = async (name: string, before: string): Promise<string> => {
  const local = `organizationId: 'ABC@AdobeOrg', serverDomain: '127.0.0.1:${listening.port}', secure: false`
  const code = before + codeOf(name).replace("organizationId: 'ABC@AdobeOrg'", local)
  const { outputFiles } = await build({
    stdin: { contents: code, loader: 'ts', resolveDir: root },
    alias: { isotarget: join(root, 'dist/browser.js'), 'isotarget/dom': join(root, 'dist/dom.js') },
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** The server of the recipe, whose calls to Target reach the local edge. */
const openOwn = async (): Promise<Server> => {
  const real = fetch
  vi.stubGlobal('fetch', (input: string | URL | Request, init?: RequestInit) =>
    `${input}`.includes('omtrdc.net') ? edge(input, init) : real(input, init),
  )
  const page = `<!doctype html><title>shop</title><meta http-equiv="Content-Security-Policy" content="connect-src 'self'">
    <link rel="icon" href="data:,">${codeOf('recipe-route-page')}`
  const answers: Record<string, RequestListener> = {
    '/': listenerOf('text/html', page),
    '/js/isotarget.global.js': listenerOf('text/javascript', script),
  }
  const listener: RequestListener = (request, response) => answers[request.url ?? '']?.(request, response)
  const { server } = (await runSample('recipe-route', {
    modules: { 'node:http': await import('node:http') },
    scope: { site: listener },
  })) as { server: Server }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

beforeAll(async () => {
  listening = await edge.listen(0)
  const router = `const router = { current: '/', subscribe: (listener) => { globalThis.go = listener; return () => {} } };\n`
  const code = await bundled('recipe-router', router)
  site = await openPageSite({
    '/js/isotarget.global.js': listenerOf('text/javascript', script),
    '/router.js': listenerOf('text/javascript', code),
  })
  site.pages.set('/router', { body: '<h1>Shop</h1><script type="module" src="/router.js"></script>' })
  const consent = codeOf('recipe-consent').replace(
    "organizationId: 'ABC@AdobeOrg',",
    `organizationId: 'ABC@AdobeOrg', serverDomain: '127.0.0.1:${listening.port}', secure: false,`,
  )
  site.pages.set('/consent', { body: consent })
  own = await openOwn()
})
afterAll(async () => {
  vi.unstubAllGlobals()
  site.close()
  own.closeAllConnections()
  own.close()
  await listening.close()
})

describeEngines('the recipes for pages', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test('views and a router', async () => {
    edge.reset()
    const page = await browser.open(`${site.url}/router`, { profile: 'router' })
    const heading = () => page.evaluate(() => document.querySelector('h1')?.textContent)
    await expect.poll(() => edge.ledger.total('view')).toBe(1)
    expect(await heading()).toBe('Shop')
    await page.evaluate(() => (globalThis as unknown as { go(path: string): void }).go('/cart/7'))
    await expect.poll(heading).toBe('Nearly yours')
    await expect.poll(() => edge.ledger.total('impression')).toBe(1)
    await page.close()
  })

  test('a route of one’s own, which a policy of the page’s own origin lets through', async () => {
    edge.reset()
    const url = `http://127.0.0.1:${(own.address() as AddressInfo).port}`
    const page = await browser.open(`${url}/`, { profile: 'route' })
    await expect.poll(() => page.evaluate(() => document.querySelector('[data-mbox]')?.innerHTML)).toBe('<b>Sun</b>')
    await expect.poll(() => edge.ledger.total('impression')).toBe(1)
    expect(new Set(edge.requests.map(({ host }) => host.replace(/\d+/, '')))).toEqual(
      new Set(['acme.tt.omtrdc.net', 'mboxedge.tt.omtrdc.net']),
    )
    await page.close()
  })

  test('a consent banner: no, yes, and the next page', async () => {
    edge.reset()
    const page = await browser.open(`${site.url}/consent`, { profile: 'consent' })
    const hero = () => page.evaluate(() => document.querySelector('[data-mbox]')?.innerHTML)
    const isAsked = () => page.evaluate(() => !(document.querySelector('#banner') as HTMLElement).hidden)
    const press = (button: string) =>
      page.evaluate((id: string) => (document.querySelector(`#${id}`) as HTMLElement).click(), button)
    expect(await isAsked()).toBe(true)
    await press('no')
    expect([await isAsked(), await hero(), await page.evaluate(() => document.cookie)]).toEqual([
      false,
      'Our summer collection',
      '',
    ])
    await page.goto(`${site.url}/consent?again`)
    expect([await isAsked(), edge.requests.length]).toEqual([false, 0])
    await page.evaluate(() => localStorage.removeItem('consent'))
    await page.goto(`${site.url}/consent?anew`)
    await press('yes')
    await expect.poll(hero).toBe('<b>Sun</b>')
    await page.goto(`${site.url}/consent?next`)
    await expect.poll(hero).toBe('<b>Sun</b>')
    expect(await isAsked()).toBe(false)
    await page.close()
  })
})
