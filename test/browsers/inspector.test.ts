import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { expect, test } from 'vitest'
import { samples } from '../docs/markdown.ts'
import type { Page } from './engines/engine.ts'
import { act, describeInspector, edge, MODULES, port, press, seen, tag } from './inspector-shop.ts'
import { pictureOf } from './picture.ts'

// The inspector in a page: the built files, the emulator over HTTP.

const run = promisify(execFile)

const codeOf = (name: string): string => {
  const found = samples.find((sample) => sample.name === name)
  if (!found) throw new Error(`no sample is named ${name}`)
  return found.code
}

const textOf = (page: Page, selector: string) =>
  page.evaluate((selector) => document.querySelector(selector)?.textContent, selector)

const offersAre = (page: Page, state = 'displayed') =>
  expect
    .poll(() => seen(page, '.cards .row:first-child'))
    .toEqual([
      expect.stringMatching(/Banner · Blue\s+counted/),
      expect.stringMatching(new RegExp(`Summer hero · Sun\\s+${state}`)),
    ])

/** Frames that are drawn around elements of the page, and whether they lie where these do. */
const framed = (page: Page, selectors: readonly string[]) =>
  page.evaluate((selectors) => {
    const root = document.querySelector('isotarget-inspector')?.shadowRoot
    const boxOf = (element: Element) => {
      const { left, top, width, height } = element.getBoundingClientRect()
      return [left, top, width, height].map(Math.round).join()
    }
    const frames = [...(root?.querySelectorAll('.outline') ?? [])]
    return {
      labels: frames.map((frame) => frame.textContent),
      areThere: frames.map(boxOf).join(';') === selectors.map((one) => boxOf(document.querySelector(one)!)).join(';'),
    }
  }, selectors)

const STRICT =
  "default-src 'none'; script-src 'nonce-abc'; connect-src *; require-trusted-types-for 'script'; trusted-types isotarget"

describeInspector('the inspector', ({ open, engine }) => {
  const drawn = (page: Page, name: string) => pictureOf(page, { name, engine, color: '#b83d0b' })

  test('by the query: shows calls, offers and their elements, and counts nothing', async () => {
    const page = await open({ head: tag() }, '?isotarget-inspector')
    await offersAre(page)
    await expect.poll(() => edge.ledger.total('impression')).toBe(2)
    const before = [edge.requests.length, `${edge.ledger}`]
    const calm = await drawn(page, 'inspector')
    expect(calm.shades).toBeGreaterThan(50)

    await act(page, ['.head', 'page load'], 'pointerenter')
    await expect
      .poll(() => framed(page, ['#title', '#banner']))
      .toEqual({
        labels: ['Banner · Blue', 'Banner · Blue'],
        areThere: true,
      })
    const framing = await drawn(page, 'inspector-outline')
    expect(framing.pixels - calm.pixels, 'two frames with their labels').toBeGreaterThan(1000)
    await act(page, ['.head', 'page load'], 'pointerleave')
    await act(page, ['.head', 'mbox hero'], 'focus')
    await expect.poll(() => framed(page, ['[data-mbox]'])).toEqual({ labels: ['Summer hero · Sun'], areThere: true })
    await act(page, ['.head', 'mbox hero'], 'click')
    expect((await seen(page, '.body')).join()).toMatch(/experience\.name\s+Sun.*trace token.*<b>Sun<\/b>/s)

    await act(page, ['[role=tab]', 'Requests'], 'click')
    expect(await seen(page, '.cards .title')).toEqual(['1 display: hero', 'page load, mbox hero'])
    await page.evaluate(() => {
      const clipboard = { writeText: async (text: string) => Object.assign(globalThis, { copied: text }) }
      Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true })
    })
    await act(page, ['.head', 'page load'], 'click')
    await act(page, ['button', 'Copy as curl'], 'click')
    await expect.poll(() => seen(page, '.actions button')).toContain('Copied')
    const curl = await page.evaluate(() => (globalThis as unknown as { copied: string }).copied)
    const [call] = edge.requests
    expect(curl).toBe(
      `curl '${call?.url}' \\\n  -H 'content-type: application/json' \\\n  -d '${call?.text.replaceAll("'", `'\\''`)}'`,
    )

    for (const [name, words] of [
      ['Queue', /1\s+acknowledged/],
      ['Visitor', /tntId\s+\w+….*session ends\s+in 3\d minutes.*consent\s+agreed.*mboxEdgeCluster/s],
      ['QA', /Off:/],
    ] as const) {
      await act(page, ['[role=tab]', name], 'click')
      expect((await seen(page, '[role=tabpanel]')).join()).toMatch(words)
    }
    // `html` is what clicks are counted on: those on the inspector are none.
    expect([edge.requests.length, `${edge.ledger}`]).toEqual(before)
    await page.click('[data-mbox] b')
    await expect.poll(() => edge.ledger.total('click')).toBe(1)
    await act(page, ['[role=tab]', 'Offers'], 'click')
    await expect.poll(() => seen(page, '.chip.good')).toContain('displayed, clicked')
    // What is executed counts again, as whoever runs it is told.
    const { stdout } = await run('sh', ['-c', `${curl} -s -o /dev/null -w '%{http_code}'`])
    expect(stdout).toBe('200')
  })

  test('keyboard: tabs by arrows, Escape closes, Alt+Shift+O brings it back; the tab remembers it', async () => {
    const page = await open({ head: tag() }, '?isotarget-inspector')
    await offersAre(page)
    const selected = () => seen(page, '[aria-selected=true]').then(([text]) => text?.split(/\s/)[0])
    await act(page, ['[role=tab]', 'Offers'], 'focus')
    await press(page, 'ArrowRight')
    expect(await selected()).toBe('Requests')
    await press(page, 'End')
    expect(await selected()).toBe('QA')
    await press(page, 'ArrowRight')
    await press(page, 'ArrowLeft')
    await press(page, 'ArrowLeft')
    expect(await selected()).toBe('Visitor')
    const url = await page.evaluate(() => location.href.replace('isotarget-inspector', 'plain'))
    await page.goto(url)
    await expect.poll(selected).toBe('Visitor')

    const panel = () =>
      page.evaluate(() => {
        const root = document.querySelector('isotarget-inspector')?.shadowRoot
        return ['.panel', '.pill'].map((one) => !root?.querySelector<HTMLElement>(one)?.hidden)
      })
    await act(page, ['[role=tab]', 'Visitor'], 'focus')
    await press(page, 'Escape')
    expect(await panel()).toEqual([false, false])
    await press(page, 'Ø', { code: 'KeyO', altKey: true, shiftKey: true })
    expect(await panel()).toEqual([true, false])
    await act(page, ['.icon', 'Make it small'], 'click')
    expect(await panel()).toEqual([false, true])
    await act(page, ['.pill', ''], 'click')
    await press(page, 'Escape')
    await page.goto(url)
    await expect.poll(() => textOf(page, '#title')).toBe('Summer')
    expect(await page.evaluate(() => document.querySelector('isotarget-inspector'))).toBe(null)
  })

  test('QA: another experience is served, told, and ended', async () => {
    const page = await open({ head: tag() }, '?isotarget-inspector')
    await offersAre(page)
    const wish = (token: string, activity: string, experience: string) =>
      page
        .evaluate(
          (...values) => {
            const form = document.querySelector('isotarget-inspector')?.shadowRoot?.querySelector('form')
            for (const [at, name] of ['token', 'activity', 'experience'].entries())
              (form?.elements.namedItem(name) as HTMLInputElement).value = values[at] ?? ''
            setTimeout(() => form?.requestSubmit())
          },
          token,
          activity,
          experience,
        )
        // The answer may get lost with the page.
        .catch(() => {})
    await act(page, ['[role=tab]', 'QA'], 'click')
    await wish('', '1', '2')
    await expect.poll(() => seen(page, '[role=alert]')).toEqual(['Paste a QA link or a token first'])
    await wish('https://elsewhere.example/?at_preview_token=a+b%3D&at_preview_index=2_1', '1', '2')
    await expect.poll(() => textOf(page, '[data-mbox]')).toBe('Rain')
    await expect.poll(() => seen(page, '[role=tabpanel]').then(String)).toMatch(/is in QA mode.*"a\+b="/s)
    expect(edge.ledger.total('impression')).toBe(2)
    await act(page, ['button', 'End QA mode'], 'go')
    await expect.poll(() => textOf(page, '[data-mbox]')).toBe('Sun')
    await expect.poll(() => seen(page, '[role=tabpanel]').then(String)).toMatch(/Off:/)
  })

  test('the queue shows what waits, what is held, and what was acknowledged', async () => {
    const page = await open({ head: tag({ 'notification-delay': 60_000, retries: 0 }) }, '?isotarget-inspector')
    const shown = () => seen(page, '.cards .row:first-child').then(([text]) => text)
    const flush = () =>
      page.evaluate(async () => {
        await (globalThis as unknown as { isotarget(command: string): Promise<unknown> }).isotarget('flush')
      })
    await offersAre(page, 'display waiting')
    await act(page, ['[role=tab]', 'Queue'], 'click')
    await expect.poll(shown).toMatch(/display mbox hero\s+waiting/)
    edge.fail({ status: 503 })
    await flush()
    await expect.poll(shown).toMatch(/held/)
    expect((await seen(page, '.cards li')).join()).toMatch(/again in \d/)
    await flush()
    await expect.poll(shown).toMatch(/acknowledged/)
    expect((await seen(page, '.cards li')).join()).toMatch(/2 calls/)
  })

  test('by a bookmarklet, for a page that ran before: what can be known, and a reload that shows more', async () => {
    const page = await open({ head: tag() })
    await expect.poll(() => edge.ledger.total('impression')).toBe(2)
    const load = () =>
      page.evaluate(() => {
        const script = document.createElement('script')
        script.src = '/isotarget.inspector.global.js'
        document.head.append(script)
      })
    await load()
    await expect.poll(() => seen(page, '.cards .title')).toEqual(['Banner · Blue', 'Summer hero · Sun'])
    expect((await seen(page, '.note')).join()).toMatch(/asked before the inspector came/)
    await act(page, ['.head', 'page load'], 'pointerenter')
    await expect.poll(() => framed(page, ['#title', '#banner'])).toMatchObject({ areThere: true })
    await load()
    await act(page, ['button', 'Reload with the inspector'], 'go')
    await offersAre(page)
    expect((await seen(page, '.note')).join('')).toBe('')
    expect(await page.evaluate(() => document.querySelectorAll('isotarget-inspector').length)).toBe(1)
  })

  test('by import, for a client that decides on the device: the rules say why', async () => {
    const head = `<script type="importmap">${JSON.stringify({ imports: MODULES })}</script><script type="module">
      import { mboxes, TargetClient } from 'isotarget'
      import { render } from 'isotarget/dom'
      const target = TargetClient.create({
        client: 'acme', organizationId: 'ABC@AdobeOrg', decisioningMethod: 'on-device', serverDomain: '127.0.0.1:${port()}',
        artifactLocation: 'http://127.0.0.1:${port()}/acme/production/v1/rules.json', secure: false, notificationDelay: 10,
      })
      const { inspect } = await import('isotarget/inspector')
      globalThis.inspector = inspect(target)
      const result = await target.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
      await render(result, target)
    </script>`
    const page = await open({ head })
    await expect.poll(() => seen(page, '.cards .row:first-child')).toEqual([expect.stringMatching(/Sun\s+displayed/)])
    await act(page, ['.head', 'mbox hero'], 'click')
    await expect
      .poll(() => seen(page, '.rules li'))
      .toContainEqual(expect.stringMatching(/Summer hero · Sun\s+matches/))
    await act(page, ['[role=tab]', 'Requests'], 'click')
    expect((await seen(page, '.cards')).join()).toMatch(/this device/)
    await page.evaluate(() => (globalThis as unknown as { inspector: { remove(): void } }).inspector.remove())
    expect(await page.evaluate(() => document.querySelector('isotarget-inspector'))).toBe(null)
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  })

  test('under a strict policy with Trusted Types it is drawn whole, and nothing is violated', async () => {
    const listening = `<script nonce="abc">violated = []; addEventListener('securitypolicyviolation', (event) => violated.push(event.violatedDirective + event.blockedURI))</script>`
    const head = listening + tag().replace('<script', '<script nonce="abc" data-inspector')
    const page = await open({ head, headers: { 'content-security-policy': STRICT } })
    await offersAre(page)
    for (const name of ['Requests', 'Queue', 'Visitor', 'QA', 'Offers']) await act(page, ['[role=tab]', name], 'click')
    await act(page, ['.head', 'mbox hero'], 'click')
    const width = await page.evaluate(
      () => document.querySelector('isotarget-inspector')?.shadowRoot?.querySelector('.panel')?.clientWidth,
    )
    expect(width).toBe(438)
    // The icon of the test's page is not allowed either.
    expect(
      (await page.evaluate(() => (globalThis as unknown as { violated: string[] }).violated)).filter(
        (one) => !/^img-src/.test(one),
      ),
    ).toEqual([])
  })

  test('as its page in the docs says', async () => {
    const local = `<script>isotargetSettings = { serverDomain: '127.0.0.1:${port()}', secure: false }</script>`
    const script = codeOf('inspector-tag').replace('"/js/isotarget.global.js"', '"/isotarget.global.js"')
    const page = await open({ body: local + script })
    await expect.poll(() => seen(page, '.cards .title')).toContain('Summer hero · Sun')

    const { code } = await transform(codeOf('inspector-import'), { loader: 'ts' })
    const map = `<script type="importmap">${JSON.stringify({ imports: MODULES })}</script>`
    const head = `${map}<script type="module">${code}</script>`
    const other = await open({ head }, '?isotarget-inspector')
    await expect.poll(() => seen(other, '.empty')).toEqual([expect.stringContaining('No offers yet')])
  })
})
