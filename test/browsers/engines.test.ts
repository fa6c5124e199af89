import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser } from './engines/engine.ts'

interface Arrival {
  readonly host: string
  readonly path: string
  readonly body: string
}

const PAGE = `<!doctype html>
<title>drivers</title>
<button id="go" onclick="this.textContent = 'clicked'">go</button>
<script>
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') navigator.sendBeacon('/beacon' + location.search, 'hidden')
  })
</script>`

const arrivals: Arrival[] = []
let server: Server
let port: number

const record = async (request: IncomingMessage): Promise<void> => {
  arrivals.push({ host: request.headers.host ?? '', path: request.url ?? '', body: await text(request) })
}

beforeAll(async () => {
  server = createServer((request, response) => {
    void record(request).then(() => response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

afterEach(() => {
  arrivals.length = 0
})

const page = (path = '/'): string => `http://127.0.0.1:${port}${path}`

describeEngines('a driver', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test('loads a page and takes values in and out of it', async () => {
    const tab = await browser.open(page('/?first'))
    expect(await tab.evaluate(() => document.title)).toBe('drivers')
    expect(await tab.evaluate((a, b) => ({ sum: a + b, search: location.search }), 1, 2)).toEqual({
      sum: 3,
      search: '?first',
    })
    expect(await tab.evaluate(() => document.visibilityState)).toBe('visible')
    expect(await tab.evaluate(() => undefined)).toBeUndefined()
    await tab.goto(page('/?second'))
    expect(await tab.evaluate(() => location.search)).toBe('?second')
    await tab.close()
  })

  test('waits for asynchronous functions and throws what they throw', async () => {
    const tab = await browser.open(page())
    const status = await tab.evaluate(async (path) => (await fetch(path)).status, '/fetched')
    expect(status).toBe(200)
    expect(arrivals.map((arrival) => arrival.path)).toContain('/fetched')
    await expect(tab.evaluate(async () => Promise.reject(new TypeError('no')))).rejects.toThrow('TypeError: no')
    await tab.close()
  })

  test('serves one tab while another one waits for it', async () => {
    const waiting = await browser.open(page())
    const other = await browser.open(page())
    const answer = waiting.evaluate(
      () =>
        new Promise<string>((resolve) => {
          new BroadcastChannel('tabs').onmessage = ({ data }) => resolve(String(data))
        }),
    )
    await expect
      .poll(async () => {
        await other.evaluate(() => new BroadcastChannel('tabs').postMessage('hello'))
        return Promise.race([answer, 'nothing'])
      })
      .toBe('hello')
    expect(await waiting.evaluate(() => document.visibilityState)).toBe('visible')
    await waiting.close()
    await other.close()
  })

  test('clicks', async () => {
    const tab = await browser.open(page())
    await tab.click('#go')
    await expect.poll(() => tab.evaluate(() => document.querySelector('#go')?.textContent)).toBe('clicked')
    await tab.close()
  })

  test('takes a picture', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'engines-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const tab = await browser.open(page())
    await tab.screenshot(join(folder, 'tab.png'))
    await tab.close()
    expect((await readFile(join(folder, 'tab.png'))).subarray(1, 4).toString()).toBe('PNG')
  })

  test('closes a tab in such a way that its visibilitychange handler sends a beacon', async () => {
    const tab = await browser.open(page('/?closing'))
    await tab.close()
    await expect.poll(() => arrivals.find(({ path }) => path === '/beacon?closing')?.body).toBe('hidden')
  })

  test('hides a page, and shows it again', async () => {
    const tab = await browser.open(page('/?hiding'))
    await tab.hide()
    await expect.poll(() => arrivals.find(({ path }) => path === '/beacon?hiding')?.body).toBe('hidden')
    expect(await tab.evaluate(() => document.visibilityState)).toBe('hidden')
    await tab.show()
    expect(await tab.evaluate(() => document.visibilityState)).toBe('visible')
    await tab.close()
  })

  test('goes back', async () => {
    const tab = await browser.open(page('/?one'))
    await tab.goto(page('/?two'))
    await tab.back()
    expect(await tab.evaluate(() => location.search)).toBe('?one')
    await tab.close()
  })

  test.for(['visible', 'hidden'] as const)('kills a %s page, and nothing else', async (state) => {
    const profile = `killed ${state}`
    const tab = await browser.open(page('/?killed'), { profile })
    const sibling = await browser.open(page('/?sibling'), { profile })
    await tab.evaluate(() => {
      localStorage.setItem('kept', 'yes')
      // Never let go of, but by the end of its holder.
      void navigator.locks.request('held', () => new Promise(() => {}))
    })
    const beacons = (): number => arrivals.filter(({ path }) => path === '/beacon?killed').length
    const sent = state === 'hidden' ? 1 : 0
    if (state === 'hidden') await tab.hide()
    await expect.poll(beacons).toBe(sent)
    await tab.kill()
    expect(await sibling.evaluate(() => localStorage.getItem('kept'))).toBe('yes')
    const held = (): Promise<number> => sibling.evaluate(async () => (await navigator.locks.query()).held?.length ?? 0)
    await expect.poll(held).toBe(0)
    const next = await browser.open(page('/?next'), { profile })
    expect(await next.evaluate(() => localStorage.getItem('kept'))).toBe('yes')
    expect(beacons()).toBe(sent)
    await sibling.close()
    await next.close()
  })

  test('keeps the cookies of profiles apart and shares those of one', async () => {
    const one = await browser.open(page(), { profile: 'one' })
    await one.evaluate(() => {
      document.cookie = 'kept=1; max-age=600'
    })
    const sibling = await browser.open(page(), { profile: 'one' })
    const stranger = await browser.open(page(), { profile: 'two' })
    expect(await sibling.evaluate(() => document.cookie)).toBe('kept=1')
    expect(await stranger.evaluate(() => document.cookie)).toBe('')
    await Promise.all([one.close(), sibling.close(), stranger.close()])
  })
})

/** Which of the domains a cookie sticks to, on the page's own host. */
const stickingDomains = (domains: readonly string[]): string[] =>
  domains.filter((domain) => {
    const name = `probe-${domain.replaceAll('.', '-')}`
    const attributes = `path=/; domain=${domain}`
    document.cookie = `${name}=1; ${attributes}`
    const sticks = document.cookie.includes(`${name}=1`)
    document.cookie = `${name}=; ${attributes}; max-age=0`
    return sticks
  })

describeEngines('a driver that maps host names', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch({ hosts: (name) => (name === '127.0.0.1' ? 1 : port) })
  })
  afterAll(() => browser?.close())

  describe.each([
    { host: 'www.shop.co.uk', rejected: ['.uk', '.co.uk'], kept: ['.shop.co.uk', '.www.shop.co.uk'] },
    { host: 'www.uni.ac.uk', rejected: ['.uk', '.ac.uk'], kept: ['.uni.ac.uk', '.www.uni.ac.uk'] },
    { host: 'foo.vercel.app', rejected: ['.app', '.vercel.app'], kept: ['.foo.vercel.app'] },
    { host: 'foo.github.io', rejected: ['.io', '.github.io'], kept: ['.foo.github.io'] },
    { host: 'shop.example.com', rejected: ['.com'], kept: ['.example.com', '.shop.example.com'] },
  ])('$host', ({ host, rejected, kept }) => {
    test('keeps cookies of its registrable domain only', async () => {
      const tab = await browser.open(`https://${host}/`)
      expect(await tab.evaluate(() => location.hostname)).toBe(host)
      expect(await tab.evaluate(stickingDomains, [...rejected, ...kept])).toEqual(kept)
      await tab.close()
    })
  })

  test('serves http, https and requests across sites', async () => {
    const tab = await browser.open('http://shop.example.com/')
    expect(await tab.evaluate(() => location.href)).toBe('http://shop.example.com/')
    await tab.evaluate(() =>
      fetch('http://client.example.net/cors', { mode: 'no-cors', method: 'POST', body: 'x' }).then(() => 0),
    )
    expect(arrivals).toContainEqual({ host: 'client.example.net', path: '/cors', body: 'x' })
    await tab.evaluate((url) => fetch(url, { mode: 'no-cors' }).then(() => 0), page('/local'))
    expect(arrivals).toContainEqual({ host: `127.0.0.1:${port}`, path: '/local', body: '' })
    await tab.goto('https://shop.example.com/secure')
    expect(await tab.evaluate(() => isSecureContext)).toBe(true)
    await tab.close()
  })
})

describeEngines('a driver with or without a back-forward cache', (engine) => {
  test.for([true, false])('keeps the page that is left: %s', async (backForwardCache) => {
    const browser = await engine.launch({ backForwardCache })
    onTestFinished(() => browser.close())
    const tab = await browser.open(page('/?left'))
    await tab.evaluate(() => Object.assign(globalThis, { isTheSame: true }) && undefined)
    await tab.goto(page('/?elsewhere'))
    await tab.back()
    expect(await tab.evaluate(() => location.search)).toBe('?left')
    expect(await tab.evaluate(() => 'isTheSame' in globalThis)).toBe(backForwardCache)
  })
})

describeEngines('a driver with hosts: loopback', (engine) => {
  test('keeps the port of the URL', async () => {
    const browser = await engine.launch({ hosts: 'loopback' })
    onTestFinished(() => browser.close())
    for (const scheme of ['http', 'https']) {
      const tab = await browser.open(`${scheme}://shop.example.com:${port}/`)
      expect(await tab.evaluate(() => location.host)).toBe(`shop.example.com:${port}`)
    }
  })
})
