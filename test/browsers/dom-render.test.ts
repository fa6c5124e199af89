import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { type Here, openDom } from './dom-page.ts'
import { openTestSite } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser } from './engines/engine.ts'

describeEngines('rendering', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test('shows what was prefetched, and its display counts once', async () => {
    const edge = createEmulator({
      offers: {
        activities: [
          {
            id: 1,
            name: 'Sun',
            experiences: [
              {
                name: 'A',
                pageLoad: [
                  { type: 'appendHtml', selector: '#list', content: '<li>new</li>' },
                  { type: 'setText', selector: 'h1', content: 'Sun & sea' },
                ],
                offers: { hero: '<b>Hello</b>' },
              },
            ],
          },
        ],
      },
    })
    const server = await edge.listen(0)
    const site = await openTestSite({
      '/': { body: '<h1>Shop</h1><ul id="list"><li>old</li></ul><div data-mbox="hero">default</div>' },
    })
    const page = await openDom(browser, `${site.url}/`)
    const html = await page.evaluate(async (port) => {
      const { isotarget, dom } = globalThis as unknown as Here
      const target = isotarget.TargetClient.create({
        client: 'acme',
        organizationId: 'ABC@AdobeOrg',
        serverDomain: `127.0.0.1:${port}`,
        secure: false,
      })
      const result = await target.getOffers({
        request: { prefetch: { pageLoad: {}, mboxes: [{ name: 'hero' }] } },
      })
      await dom.render(result, target)
      await dom.render(result, target)
      await target.flush()
      return document.body.innerHTML
    }, server.port)
    expect(html).toBe(
      '<h1>Sun &amp; sea</h1><ul id="list"><li>old</li><li>new</li></ul><div data-mbox="hero"><b>Hello</b></div>',
    )
    // One for each place.
    expect(edge.ledger.total('impression')).toBe(2)
    expect(
      edge.requests.flatMap(({ body }) => (body as { notifications?: object[] }).notifications ?? []),
    ).toHaveLength(2)
    await page.close()
    await server.close()
  })
})
