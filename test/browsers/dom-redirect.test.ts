import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Here, openDom, renderIn, uncaughtIn } from './dom-page.ts'
import { openDomShop } from './dom-shop.ts'
import { openTestSite, type Served } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

const redirectTo = (content: unknown): object => ({
  execute: { pageLoad: { options: [{ type: 'redirect', content }] } },
})
const address = (page: Page): Promise<string> => page.evaluate(() => location.href)
const at = (page: Page, path: string) =>
  expect.poll(() => page.evaluate(() => location.pathname + location.search).catch(() => '')).toBe(path)

/** A page that redirects by itself as soon as it is loaded, and counts how often it was. */
const redirecting = (to: string): Served => ({
  body: `<script type="module">
    import { render } from '/dist/dom.js'
    sessionStorage.visits = Number(sessionStorage.visits ?? 0) + 1
    const report = { display() {}, click() {} }
    const { places, redirect } = await render(${JSON.stringify(redirectTo(to))}, report)
    window.became = redirect ?? places[0].options[0].actions[0].reason
  </script>`,
})

describeEngines('redirects', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test('21 a redirect is all that happens: nothing else is shown, its options are told why', async () => {
    const site = await openTestSite({ '/': { body: '<p id="a">old</p>' } })
    const page = await openDom(browser, `${site.url}/`)
    // What is seen is written down at once, since the page is left, perhaps before it can answer.
    const go = page.evaluate(() => {
      const { dom, reports, report } = globalThis as unknown as Here
      const done = dom.render(
        {
          execute: {
            pageLoad: {
              options: [
                { type: 'actions', content: [{ type: 'setText', selector: '#a', content: 'new' }] },
                { type: 'actions', content: [{ type: 'redirect', content: { url: '/elsewhere' } as never }] },
              ],
            },
          },
        },
        report,
      )
      // Whoever has hidden the page shows it now; that it is left is not to be seen.
      dom.prehide('body')()
      const text = `${document.querySelector('#a')?.textContent} ${getComputedStyle(document.body).opacity}`
      void done.then(({ places, redirect }) => {
        const reason = places[0]?.options[0]?.actions[0]?.reason
        sessionStorage.seen = JSON.stringify([text, redirect, reason, reports.length])
      })
    })
    await go.catch(() => {})
    await at(page, '/elsewhere')
    const seen = JSON.parse(await page.evaluate(() => sessionStorage.seen))
    expect(seen).toEqual(['old 0', `${site.url}/elsewhere`, 'redirect', 0])
    await page.close()
  })

  test('21 a prefetched redirect is displayed before the page goes', async () => {
    const experience = { pageLoad: { redirect: '/elsewhere' } }
    const shop = await openDomShop(browser, { experience })
    const page = await shop.open()
    const go = page.evaluate(() => {
      const { dom, target } = globalThis as unknown as Here
      void target.getOffers({ request: { prefetch: { pageLoad: {} } } }).then((result) => dom.render(result, target))
    })
    await go.catch(() => {})
    await expect.poll(() => shop.edge.ledger.total('impression')).toBe(1)
    await at(page, '/elsewhere')
    await page.close()
  })

  test('21 parameters of the page are kept, those of the new address win, and the time of its id is now', async () => {
    const site = await openTestSite()
    const page = await openDom(browser, `${site.url}/?utm=a%20b&x=1&x=2&adobe_mc_sdid=SDID%3Dold#here`)
    const to = `${site.url}/elsewhere?x=9&adobe_mc_sdid=SDID%3D1%7CMCORGID%3DA%7CTS%3D1000#there`
    const before = Math.floor(Date.now() / 1000)
    await renderIn(page, { answer: redirectTo(to) }).catch(() => {})
    await expect.poll(() => address(page).catch(() => '')).toContain('/elsewhere')
    const [, time] = /TS%3D(\d+)/.exec(await address(page)) ?? []
    expect(Number(time)).toBeGreaterThanOrEqual(before)
    expect(await address(page)).toBe(
      `${site.url}/elsewhere?x=9&adobe_mc_sdid=SDID%3D1%7CMCORGID%3DA%7CTS%3D${time}&utm=a%20b#there`,
    )
    await page.close()
  })

  const REFUSED: [string, unknown][] = [
    ['javascript: code', 'javascript:window.hacked=1'],
    ['data', 'data:text/html,x'],
    ['what is no address', 'http://'],
    ['what is no text', { toString: 1 }],
  ]
  test.for(REFUSED)('22 %s is refused, and the rest is shown', async ([, to]) => {
    const site = await openTestSite()
    const page = await openDom(browser, `${site.url}/`)
    const options = [
      { type: 'redirect', content: to },
      { type: 'actions', content: [{ type: 'setText', selector: '#a', content: 'new' }] },
    ]
    const { html, outcomes, redirect } = await renderIn(page, {
      body: '<p id="a">old</p>',
      answer: { execute: { pageLoad: { options } } },
    })
    expect([html, outcomes, redirect]).toEqual(['<p id="a">new</p>', ['content', 'shown'], undefined])
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false)
    expect(await uncaughtIn(page)).toEqual([])
    await page.close()
  })

  test('a redirect to the page itself is a loop, with whatever fragment', async () => {
    const site = await openTestSite()
    const page = await openDom(browser, `${site.url}/?a=1`)
    const { outcomes } = await renderIn(page, { answer: redirectTo('/#top') })
    expect(outcomes).toEqual(['loop'])
    await page.close()
  })

  test('pages that send visitors to each other stop at the first way back, and the page is shown', async () => {
    const site = await openTestSite({
      '/one': redirecting('/two'),
      '/two': redirecting('/three'),
      '/three': redirecting('/one'),
    })
    const page = await browser.open(`${site.url}/elsewhere`)
    await page.goto(`${site.url}/one`).catch(() => {})
    await at(page, '/three')
    await expect.poll(() => page.evaluate(() => (globalThis as { became?: string }).became)).toBe('loop')
    expect(await page.evaluate(() => sessionStorage.visits)).toBe('3')
    await page.close()
  })

  test('the way back leads to where the visitor was before, from where the redirect works again', async () => {
    const site = await openTestSite({ '/one': redirecting('/two'), '/two': { body: 'two' } })
    const page = await browser.open(`${site.url}/elsewhere`)
    for (const _ of [1, 2]) {
      await page.evaluate(() => void setTimeout(() => location.assign('/one'), 50)).catch(() => {})
      await at(page, '/two')
      await page.back()
      await at(page, '/elsewhere')
    }
    await page.close()
  })
})
