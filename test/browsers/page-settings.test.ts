import { expect, onTestFinished, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import type { Page } from './engines/engine.ts'
import { account, describePages, edge, posts, text } from './page-shop.ts'
import { scriptTag } from './page-site.ts'

// What a page may say about when and what it asks, renders and reports.

const setText = (selector: string) => [{ type: 'setText', selector, content: 'Summer' }]

/** An edge whose page load has an offer that finds its element, and one that does not. */
const openHalf = async () => {
  const activities = ['#title', '#nowhere'].map((selector, at) => ({
    id: at + 1,
    name: selector,
    experiences: [{ name: 'A', pageLoad: setText(selector) }],
  }))
  const half = createEmulator({ offers: { activities } })
  const server = await half.listen(0)
  onTestFinished(() => server.close())
  const tag = { ...account(), 'server-domain': `127.0.0.1:${server.port}`, 'selector-timeout': 100, views: false }
  return { half, tag }
}

const loaded = (page: Page) =>
  page.evaluate(() =>
    (globalThis as unknown as { isotarget(name: string): Promise<void> }).isotarget('loaded').then(() => 0),
  )
const settingsOf = (code: string) => `<script>isotargetSettings = { ${code} }</script>`
/** Holds up the load event. */
const slowImage = '<img src="/isotarget.global.js?delay=600">'

describePages('a setting of a page', ({ open, serve }) => {
  test('61. the page load is executed: the edge counts what it decides, seen or not', async () => {
    const { half, tag } = await openHalf()
    const page = await open({ head: scriptTag(tag) })
    await loaded(page)
    expect(await text(page, '#title')).toBe('Summer')
    expect([half.ledger.total('impression'), half.requests.length]).toEqual([2, 1])
  })

  test('61. 63. pageLoad: prefetch is counted when it is shown, and what finds no element is not', async () => {
    const { half, tag } = await openHalf()
    const page = await open({ head: scriptTag({ ...tag, 'page-load': 'prefetch' }) })
    await loaded(page)
    expect(await text(page, '#title')).toBe('Summer')
    await expect.poll(() => half.ledger.total('impression')).toBe(1)
    const [asked, told] = half.requests.map(({ body }) => body as Record<string, unknown>)
    expect(asked).toMatchObject({ prefetch: { pageLoad: {} } })
    expect(asked).not.toHaveProperty('execute')
    expect(told?.notifications).toMatchObject([{ type: 'display', tokens: [expect.any(String)] }])
  })

  test('mboxes are names joined by commas in the object as in the attribute', async () => {
    const tag = scriptTag({ ...account(), 'page-load': false, views: false })
    const page = await open({ head: settingsOf("mboxes: 'hero, teaser'") + tag })
    await loaded(page)
    expect(posts()[0]).toMatchObject({ prefetch: { mboxes: [{ name: 'hero' }, { name: 'teaser' }] } })
  })

  test('renderAfter: load asks at once, and renders when the page has loaded', async () => {
    const seen =
      '<script>addEventListener("load", () => (atLoad = document.querySelector("#title").textContent))</script>'
    const tag = scriptTag({ ...account(), 'render-after': 'load', follow: 'hash' })
    const page = await open({ head: seen + tag, body: `<h1 id="title">Hello</h1><p id="view">none</p>${slowImage}` })
    expect(await page.evaluate(() => (globalThis as unknown as { atLoad: string }).atLoad)).toBe('Hello')
    await expect.poll(() => text(page, '#title')).toBe('Summer')
    await expect.poll(() => text(page, '#view')).toBe('at home')
  })

  test('renderAfter: load does not wait where the page has loaded already', async () => {
    const page = await open({ head: scriptTag({}) })
    await page.evaluate((account) => {
      const script = document.createElement('script')
      script.src = '/isotarget.global.js?again'
      Object.assign(globalThis, { isotarget: undefined })
      for (const [name, value] of Object.entries({ ...account, 'render-after': 'load' }))
        script.setAttribute(`data-${name}`, `${value}`)
      document.head.append(script)
    }, account())
    await expect.poll(() => text(page, '#title')).toBe('Summer')
  })

  test('renderAfter: a promise, such as of a framework that has hydrated; a hide ends in time all the same', async () => {
    const settings = settingsOf("renderAfter: new Promise((done) => (hydrated = done)), prehide: 'body', timeout: 500")
    const page = await open({ head: settings + scriptTag(account()) })
    await expect.poll(() => edge.requests.at(-1)?.status).toBe(200)
    await expect.poll(() => page.evaluate(() => getComputedStyle(document.body).opacity)).toBe('1')
    expect(await text(page, '#title')).toBe('Hello')
    await page.evaluate(() => (globalThis as unknown as { hydrated(): void }).hydrated())
    await expect.poll(() => text(page, '#title')).toBe('Summer')
  })

  test('81. mboxDisable holds for the page to which one leads, and no further', async () => {
    const next = () => serve({ head: scriptTag(account()) })
    const [second, third] = [next(), next()]
    const page = await open({ head: scriptTag(account()) }, '?mboxDisable=true')
    const go = async (path: string) => {
      // The answer may get lost with the page.
      await page.evaluate((path) => location.assign(path), path).catch(() => {})
      await expect.poll(() => page.evaluate(() => location.pathname).catch(() => '')).toBe(path)
      await expect.poll(() => page.evaluate(() => document.readyState).catch(() => '')).toBe('complete')
    }
    await go(second)
    expect(await text(page, '#title')).toBe('Hello')
    expect(edge.requests).toEqual([])
    await go(third)
    await expect.poll(() => text(page, '#title')).toBe('Summer')
  })

  test('48. optoutEnabled asks the ID service whether the visitor has opted out; without a service nobody has', async () => {
    const service = (isOut: boolean) =>
      `<script>Visitor = { getInstance: () => ({ isOptedOut: (callback) => callback(${isOut}) }) }</script>`
    const tag = scriptTag({ ...account(), 'optout-enabled': true, 'visitor-timeout': 50, prehide: 'body' })
    const out = await open({ head: service(true) + tag })
    const code = await out.evaluate(() =>
      (globalThis as unknown as { isotarget(name: string): Promise<void> })
        .isotarget('loaded')
        .catch(({ code }) => code),
    )
    expect([code, edge.requests.length]).toEqual(['OPTED_OUT', 0])
    for (const head of [service(false), '']) {
      const page = await open({ head: head + tag })
      await expect.poll(() => text(page, '#title')).toBe('Summer')
    }
  })

  test('99. the state of a server that ends a script element in its text is escaped, and restored', async () => {
    const content = '</script><!--<script><i>Summer</i>'
    const options = [{ type: 'actions', content: [{ type: 'setText', selector: '#title', content }] }]
    const response = { status: 200, execute: { pageLoad: { options } } }
    const json = JSON.stringify(response).replaceAll('<', '\\u003c')
    const state = `<script type="application/json" id="state">${json}</script>`
    const read = settingsOf("serverState: { response: JSON.parse(document.querySelector('#state').textContent) }")
    const page = await open({ head: state + read + scriptTag(account()) })
    await expect.poll(() => text(page, '#title')).toBe(content)
    expect(edge.requests).toEqual([])
  })

  test('105. two apps in frames that may store nothing have a visitor each, and throw nothing', async () => {
    const tell = `<script>
      const tell = (what) => parent.postMessage(what, '*')
      onerror = (message) => tell('error ' + message)
      addEventListener('unhandledrejection', ({ reason }) => tell('error ' + reason))
      const done = setInterval(() => {
        const seen = document.querySelector('#title')?.textContent
        if (seen === 'Summer') clearInterval(done) || tell(seen)
      }, 20)
    </script>`
    const frame = () => {
      const path = serve({ head: tell + scriptTag({ ...account(), mboxes: 'hero' }) })
      return `<iframe sandbox="allow-scripts" src="${path}"></iframe>`
    }
    const head = '<script>told = []; addEventListener("message", ({ data }) => told.push(data))</script>'
    const page = await open({ head, body: frame() + frame() })
    const told = () => page.evaluate(() => (globalThis as unknown as { told: string[] }).told)
    await expect.poll(told).toEqual(['Summer', 'Summer'])
    // Each has shown its mbox.
    await expect.poll(() => posts().filter(({ notifications }) => notifications)).toHaveLength(2)
    const sessions = edge.requests.map(({ url }) => new URL(url, 'http://edge').searchParams.get('sessionId'))
    expect(new Set(sessions).size).toBe(2)
    expect(await told()).toEqual(['Summer', 'Summer'])
  })
})
