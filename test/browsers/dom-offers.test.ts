import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Here, openDom, renderIn, uncaughtIn } from './dom-page.ts'
import { flushIn, openDomShop } from './dom-shop.ts'
import { openDomSite, openTestSite } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

const QUICK = { timeout: 100 }
const html = (content: string, eventToken?: string) => ({ type: 'html', content, ...(eventToken && { eventToken }) })
const mbox = (name: string, ...options: object[]) => ({ name, index: 0, state: 's', options })

describeEngines('offers', (engine) => {
  let browser: Browser
  let site: Awaited<ReturnType<typeof openDomSite>>
  let page: Page
  beforeAll(async () => {
    browser = await engine.launch()
    site = await openDomSite({
      '/dynamic': { text: '<b>fetched</b>', type: 'text/html' },
      '/broken': { text: 'no', status: 500 },
    })
    page = await openDom(browser, `${site.url}/`)
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })
  const apply = (body: string, answer: object, options: object = {}) =>
    renderIn(page, { body, answer, options: { ...QUICK, ...options } })

  test('61 what is executed is never reported', async () => {
    const experience = {
      offers: { hero: '<b>Hello</b>' },
      pageLoad: [{ type: 'setText', selector: 'h1', content: 'x' }],
    }
    const shop = await openDomShop(
      browser,
      { experience },
      { '/': { body: '<h1>old</h1><p data-mbox="hero">old</p>' } },
    )
    const own = await shop.open()
    const body = await own.evaluate(async () => {
      const { dom, target } = globalThis as unknown as Here
      const request = { execute: { pageLoad: {}, mboxes: [{ name: 'hero' }] } }
      await dom.render(await target.getOffers({ request }), target)
      return document.body.innerHTML
    })
    await flushIn(own)
    expect(body).toBe('<h1>x</h1><p data-mbox="hero"><b>Hello</b></p>')
    expect(shop.arrived()).toEqual([])
    // One call, one impression.
    expect(shop.edge.ledger.total('impression')).toBe(1)
    await own.close()
  })

  test('62 a prefetched mbox is displayed with the tokens of what is shown', async () => {
    const answer = {
      prefetch: { mboxes: [mbox('hero', html('<b>1</b>', 't1'), { type: 'json', content: {}, eventToken: 'json' })] },
    }
    const seen = await apply('<p data-mbox="hero">old</p>', answer)
    expect(seen.html).toBe('<p data-mbox="hero"><b>1</b></p>')
    expect(seen.reports).toEqual([{ type: 'display', name: 'hero', tokens: ['t1'] }])
  })

  test('an mbox goes where it is told to: a selector, or each element with its name', async () => {
    const answer = { execute: { mboxes: [mbox('hero', html('1')), mbox('a "b"', html('2')), mbox('none', html('3'))] } }
    const body = '<p id="1st"></p><p data-mbox="hero"></p><i data-mbox=\'a "b"\'></i><i data-mbox=\'a "b"\'></i>'
    const seen = await apply(body, answer, { mboxes: { hero: '#1st' } })
    expect(seen.html).toBe(
      '<p id="1st">1</p><p data-mbox="hero"></p><i data-mbox="a &quot;b&quot;">2</i><i data-mbox="a &quot;b&quot;">2</i>',
    )
    expect(seen.outcomes).toEqual(['shown', 'shown', 'missing'])
  })

  test('an mbox may be given an element, which is awaited until it is in the page', async () => {
    const seen = await page.evaluate(
      async (answer) => {
        const { dom, report } = globalThis as unknown as Here
        const element = document.createElement('p')
        const done = dom.render(answer, { ...report }, { mboxes: { hero: element, __proto__: element } as never })
        await new Promise((later) => setTimeout(later, 20))
        const before = element.innerHTML
        document.body.replaceChildren(element)
        await done
        return [before, element.innerHTML]
      },
      { execute: { mboxes: [mbox('hero', html('1'))] } },
    )
    expect(seen).toEqual(['', '1'])
  })

  test('several HTML offers of an mbox are joined, and again no second time', async () => {
    const answer = { prefetch: { mboxes: [mbox('hero', html('<b>1</b>', 't1'), html('<i>2</i>', 't2'))] } }
    const first = await apply('<p data-mbox="hero">old</p>', answer)
    const second = await renderIn(page, { answer, options: QUICK })
    expect([first.html, second.html]).toEqual(Array(2).fill('<p data-mbox="hero"><b>1</b><i>2</i></p>'))
    expect(second.outcomes).toEqual(['shown', 'shown'])
  })

  test('rendering one answer again changes nothing, runs nothing, and reports nothing', async () => {
    const actions = [
      { type: 'setHtml', selector: '#a', content: '<script>window.runs = (window.runs ?? 0) + 1</script>' },
      { type: 'setText', selector: '#b', content: '1' },
      { type: 'setHtml', selector: '#b', content: '<b>2</b>' },
      { type: 'replaceHtml', selector: '#c', content: '<p id="c">new</p>' },
      { type: 'setStyle', selector: '#c', content: { color: 'red' } },
      { type: 'remove', selector: '#d' },
      { type: 'insertAfter', selector: '#b', content: 'text' },
      { type: 'setHtml', selector: '.x', content: '<i class="x">x</i>' },
    ]
    const changes = await page.evaluate(async (content) => {
      const { dom, report, reports } = globalThis as unknown as Here
      reports.length = 0
      document.body.innerHTML = '<p id="a"></p><p id="b"></p><p id="c"></p><p id="d"></p><p class="x"></p>'
      const options = [{ type: 'actions' as const, content, eventToken: 't' }]
      const answer = { prefetch: { pageLoad: { state: 's', options } } }
      const own = { ...report }
      const first = await dom.render(structuredClone(answer), own, { timeout: 100 })
      const records: MutationRecord[] = []
      const observer = new MutationObserver((more) => records.push(...more))
      observer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true })
      // The same content in another answer.
      const second = await dom.render(structuredClone(answer), own, { timeout: 100 })
      const shown = [first, second].map(({ places }) => places[0]?.options[0]?.actions.every(({ shown }) => shown))
      return [...shown, records.length, (globalThis as { runs?: number }).runs]
    }, actions)
    expect(changes).toEqual([true, true, 0, 1])
  })

  test('a dynamic offer is fetched, one that cannot be is told, and the default content stays', async () => {
    const dynamic = (content: string, eventToken: string) => ({ type: 'dynamic', content, eventToken })
    const answer = {
      prefetch: { mboxes: [mbox('one', dynamic('/dynamic', 't1')), mbox('two', dynamic('/broken', 't2'))] },
    }
    const seen = await apply('<p data-mbox="one">old</p><p data-mbox="two">old</p>', answer)
    expect(seen.html).toBe('<p data-mbox="one"><b>fetched</b></p><p data-mbox="two">old</p>')
    expect(seen.outcomes).toEqual(['shown', 'load'])
    expect(seen.reports).toEqual([{ type: 'display', name: 'one', tokens: ['t1'] }])
  })

  test('an action that tracks a click counts it', async () => {
    const content = [{ type: 'trackClick', selector: '#a', content: { clickTrackId: 'c1' } }]
    const answer = { execute: { pageLoad: { options: [{ type: 'actions', content }] } } }
    await apply('<p id="a">x</p>', answer)
    const clicks = await page.evaluate(() => {
      document.querySelector<HTMLElement>('#a')!.click()
      return (globalThis as unknown as Here).reports
    })
    expect(clicks).toEqual([{ type: 'click', tokens: ['c1'] }])
  })

  test('105 a page that may store nothing is rendered, and a redirect works there', async () => {
    const own = await openTestSite({
      '/': { body: '<p id="a">old</p>', headers: { 'content-security-policy': 'sandbox allow-scripts' } },
    })
    const sandboxed = await openDom(browser, `${own.url}/`)
    const action = { type: 'setText', selector: '#a', content: 'new' }
    const options = [
      { type: 'redirect', content: `${own.url}/` },
      { type: 'actions', content: [action] },
    ]
    const seen = await renderIn(sandboxed, { answer: { execute: { pageLoad: { options } } }, options: QUICK })
    expect([seen.html, seen.outcomes]).toEqual(['<p id="a">new</p>', ['loop', 'shown']])
    expect(await uncaughtIn(sandboxed)).toEqual([])
    const redirect = [{ type: 'redirect', content: `${own.url}/elsewhere` }]
    await renderIn(sandboxed, { answer: { execute: { pageLoad: { options: redirect } } } }).catch(() => {})
    await expect.poll(() => sandboxed.evaluate(() => location.pathname).catch(() => '')).toBe('/elsewhere')
    await sandboxed.close()
  })
})
