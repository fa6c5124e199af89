import { expect, test } from 'vitest'
import { prehideSnippet } from '../../src/dom.ts'
import type { Page } from './engines/engine.ts'
import { account, describePages, edge, opacity, text } from './page-shop.ts'
import { scriptTag } from './page-site.ts'

// Every hide has one deadline, and ends on errors. What is hidden is read in the page, in each frame and at each attempt.

/** Writes down what is seen of the title, whenever that changes, and whether it is hidden when a request leaves. */
const RECORDER = `<script>
  seen = []
  atFetch = []
  var look = function () {
    var title = document.querySelector('#title')
    return title && (getComputedStyle(title).opacity === '0' ? 'hidden ' : 'seen ') + title.textContent
  }
  var frame = function () {
    if (look() && seen[seen.length - 1] !== look()) seen.push(look())
    requestAnimationFrame(frame)
  }
  frame()
  var send = fetch
  fetch = function (url, init) {
    atFetch.push(look())
    return send(url, init)
  }
</script>`
const SNIPPET = prehideSnippet({ selectors: ['#title'] })

interface Recorded {
  seen: string[]
  atFetch: string[]
  atMark?: string
}
const recorded = (page: Page) =>
  page.evaluate(() => {
    const { seen, atFetch, atMark } = globalThis as unknown as Recorded
    return { seen, atFetch, ...(atMark && { atMark }) }
  })
const lastSeen = async (page: Page) => (await recorded(page)).seen.at(-1)
/** What was seen after the page had been hidden. */
const afterwards = async (page: Page) => {
  const { seen } = await recorded(page)
  return seen.slice(seen.findIndex((one) => one.startsWith('seen')))
}
const codeOf = (page: Page) =>
  page.evaluate(() =>
    (globalThis as unknown as { isotarget(command: 'loaded'): Promise<void> })
      .isotarget('loaded')
      .then(() => 'shown')
      .catch(({ code }) => code),
  )

describePages('a hide', ({ open }) => {
  const body = (script: string) => `<h1 id="title">Hello</h1>${script}`
  const head = RECORDER + SNIPPET

  test('46. of a hung edge ends when the time of the page is over, however late the script came', async () => {
    edge.fail({ delay: 20_000 })
    // The script hides for 1500 ms from the first byte of the page, and comes after 700: at the mark 800 are over, and 1500 are not.
    const mark = 'async onload="setTimeout(function () { atMark = look() }, 1100)"'
    const script = scriptTag({ ...account(), prehide: '#title', timeout: 1500 }, '?delay=700', mark)
    const page = await open({ head, body: body(script) })
    await expect.poll(async () => (await recorded(page)).atMark).toBe('seen Hello')
    expect((await recorded(page)).atFetch).toEqual(['hidden Hello'])
    expect(await codeOf(page)).toBe('TIMEOUT')
    expect(await afterwards(page)).toEqual(['seen Hello'])
  })

  test('46. that is over before the script comes does not begin again, and offers come late', async () => {
    edge.fail({ delay: 300 })
    const snippet = prehideSnippet({ selectors: ['#title'], timeout: 200 })
    const script = scriptTag({ ...account(), prehide: '#title', timeout: 400 }, '?delay=800', 'async')
    const page = await open({ head: RECORDER + snippet, body: body(script) })
    await expect.poll(() => lastSeen(page)).toBe('seen Summer')
    expect(await afterwards(page)).toEqual(['seen Hello', 'seen Summer'])
    expect((await recorded(page)).atFetch[0]).toBe('seen Hello')
  })

  test('47. ends with the first attempt that fails; another one brings the offers, and nothing is hidden again', async () => {
    edge.fail({ status: 500 })
    edge.fail({ delay: 500 })
    const page = await open({ head, body: body(scriptTag({ ...account(), prehide: '#title', retries: 1 })) })
    await expect.poll(() => lastSeen(page)).toBe('seen Summer')
    expect((await recorded(page)).atFetch.slice(0, 2)).toEqual(['hidden Hello', 'seen Hello'])
    expect(await afterwards(page)).toEqual(['seen Hello', 'seen Summer'])
  })

  test('47. of a page whose ad blocker refuses the edge ends at once, before it is asked again', async () => {
    const nobody = { ...account(), 'server-domain': '127.0.0.1:1', retries: 2, prehide: '#title' }
    const page = await open({ head, body: body(scriptTag(nobody)) })
    expect(await codeOf(page)).toBe('NETWORK_ERROR')
    expect((await recorded(page)).atFetch).toEqual(['hidden Hello', 'seen Hello', 'seen Hello'])
    expect(await lastSeen(page)).toBe('seen Hello')
  })

  test('46. ends with the timeout of the call', async () => {
    edge.fail({ delay: 20_000 })
    const settings = `<script>isotargetSettings = { prehide: '#title', timeout: 300 }</script>`
    const page = await open({ head: RECORDER + settings, body: body(scriptTag(account())) })
    expect(await codeOf(page)).toBe('TIMEOUT')
    await expect.poll(() => lastSeen(page)).toBe('seen Hello')
  })

  test('47. of the snippet alone ends on an error too', async () => {
    edge.fail({ status: 400, body: { status: 400, message: 'no' } })
    const page = await open({ head: RECORDER + prehideSnippet({ timeout: 60_000 }), body: body(scriptTag(account())) })
    expect(await codeOf(page)).toBe('HTTP_ERROR')
    expect(await opacity(page)).toBe('1')
  })

  test('47. of the snippet ends when the settings are wrong', async () => {
    const page = await open({ head: prehideSnippet({ timeout: 60_000 }) + scriptTag({ client: 'acme' }) })
    expect(await opacity(page)).toBe('1')
  })

  test.for([
    ['is refused', 'Promise.resolve(false)'],
    ['cannot be had', 'Promise.reject(new Error("no"))'],
    ['is not given yet', 'new Promise(function () {})'],
  ] as const)('48. never begins where consent %s, and the snippet ends', async ([, consent]) => {
    const settings = `<script>isotargetSettings = { prehide: '#title', consent: ${consent} }</script>`
    const snippet = prehideSnippet({ selectors: ['#title'], timeout: 60_000 })
    const page = await open({ head: RECORDER + snippet + settings + scriptTag(account()) })
    await expect.poll(() => lastSeen(page)).toBe('seen Hello')
    expect((await text(page, 'style')) ?? '').not.toContain('isotarget-prehide')
    expect(edge.requests).toEqual([])
  })

  test('50. of the snippet of at.js, which a page may keep, is one with ours, and ends with it', async () => {
    const snippet = '<style id="at-body-style">body{opacity:0!important}</style>'
    const page = await open({ head: snippet + scriptTag({ ...account(), prehide: 'body' }) })
    await expect.poll(() => text(page, '#title')).toBe('Summer')
    expect(await opacity(page)).toBe('1')
  })
})
