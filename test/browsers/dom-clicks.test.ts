import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Here } from './dom-page.ts'
import { flushIn, openDomShop } from './dom-shop.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

const BODY =
  '<div data-mbox="hero">default</div><button id="buy"><b>Buy</b></button><a id="leave" href="/elsewhere">go</a>'
const EXPERIENCE = { offers: { hero: '<i>Hello</i>' }, pageLoad: [{ type: 'setText', selector: 'h1', content: 'x' }] }
const REQUEST = { prefetch: { pageLoad: {}, mboxes: [{ name: 'hero' }] } }

describeEngines('clicks', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  const open = async (clicks: Record<string, true | string | string[]>, body = BODY, request: object = REQUEST) => {
    const shop = await openDomShop(browser, { experience: EXPERIENCE, clicks }, { '/': { body } })
    const page = await shop.open()
    await page.evaluate(async (request) => {
      const { dom, target } = globalThis as unknown as Here
      void dom.render(await target.getOffers({ request }), target)
    }, request)
    return { shop, page }
  }
  const clicksIn = async (shop: Awaited<ReturnType<typeof open>>['shop'], page: Page) => {
    await flushIn(page)
    return shop
      .arrived()
      .flatMap(({ type, mbox, tokens = [] }) => (type === 'click' ? [[mbox?.name, tokens.length]] : []))
  }

  test('64 a click on an element or on what is in it is one click, two are two', async () => {
    const { shop, page } = await open({ pageLoad: '#buy' })
    await page.click('#buy > b')
    expect(await clicksIn(shop, page)).toEqual([[undefined, 1]])
    await page.click('#buy')
    expect(await clicksIn(shop, page)).toHaveLength(2)
    expect(shop.edge.ledger.total('click')).toBe(2)
    await page.close()
  })

  test('64 a click on the whole mbox, and on a part of it, counts for the mbox', async () => {
    const { shop, page } = await open({ hero: true })
    await page.click('[data-mbox] > i')
    await page.click('#buy')
    expect(await clicksIn(shop, page)).toEqual([['hero', 1]])
    await page.close()
  })

  test('64 a click on two measured parts of a place is one notification', async () => {
    const { shop, page } = await open({ hero: ['#buy', 'button'] })
    await page.click('#buy')
    expect(await clicksIn(shop, page)).toEqual([['hero', 2]])
    await page.close()
  })

  test('64 executed content counts clicks too', async () => {
    const { shop, page } = await open({ hero: true, pageLoad: '#buy' }, BODY, {
      execute: { pageLoad: {}, mboxes: [{ name: 'hero' }] },
    })
    await page.click('[data-mbox]')
    await page.click('#buy')
    expect(await clicksIn(shop, page)).toEqual([
      ['hero', 1],
      [undefined, 1],
    ])
    await page.close()
  })

  test('65 an element that comes later, or replaces one, counts as well', async () => {
    const { shop, page } = await open({ pageLoad: '#buy' }, '<main></main>')
    for (const text of ['one', 'two']) {
      await page.evaluate((text) => {
        document.querySelector('main')!.innerHTML = `<button id="buy">${text}</button>`
      }, text)
      await page.click('#buy')
    }
    expect(await clicksIn(shop, page)).toHaveLength(2)
    await page.close()
  })

  test('a page that stops its clicks stops none of ours', async () => {
    const { shop, page } = await open({ pageLoad: '#buy' })
    await page.evaluate(() => {
      const stop = (event: Event) => event.stopImmediatePropagation()
      document.addEventListener('click', stop, true)
      document.querySelector('#buy')!.addEventListener('click', stop)
    })
    await page.click('#buy')
    expect(await clicksIn(shop, page)).toHaveLength(1)
    await page.close()
  })

  test('a click inside of a shadow root counts for the selector that goes there, and for the host', async () => {
    const { shop, page } = await open(
      { pageLoad: ['#host:shadow button', '#host', '#host:shadow i'] },
      '<div id="host"></div>',
    )
    await page.evaluate(() => {
      const root = document.querySelector('#host')!.attachShadow({ mode: 'open' })
      root.innerHTML = '<button>x</button><i>y</i>'
      root.querySelector('button')!.click()
    })
    expect(await clicksIn(shop, page)).toEqual([[undefined, 2]])
    await page.close()
  })

  test('a click on a label is one click, though its control is clicked too', async () => {
    const body = '<p id="box"><label><span id="text">Yes</span><input type="checkbox" id="in"></label></p>'
    const { shop, page } = await open({ pageLoad: ['#box', '#in'] }, body)
    await page.click('#text')
    expect(await page.evaluate(() => document.querySelector<HTMLInputElement>('#in')!.checked)).toBe(true)
    expect((await clicksIn(shop, page)).flatMap(([, count]) => count)).toEqual([1, 1])
    await page.evaluate(() => new Promise((later) => setTimeout(later, 20)))
    await page.click('#in')
    expect((await clicksIn(shop, page)).flatMap(([, count]) => count)).toEqual([1, 1, 2])
    await page.close()
  })

  test('66 a click that leaves the page arrives once, and so does the display', async () => {
    const { shop, page } = await open({ hero: true, pageLoad: '#leave' })
    await page.click('#leave')
    const types = () => shop.arrived().map(({ type, mbox }) => [type, mbox?.name])
    await expect.poll(types).toEqual([
      ['display', 'hero'],
      ['click', undefined],
    ])
    expect(shop.edge.ledger.total('click')).toBe(1)
    await page.close()
  })

  test('67 what is shown while others are awaited is displayed when the visitor leaves', async () => {
    const body = '<h1>old</h1>'
    const experience = {
      pageLoad: [{ type: 'setText', selector: 'h1', content: 'new' }],
      views: {
        home: [
          { type: 'setText', selector: 'h1', content: 'Home' },
          { type: 'setText', selector: '#never', content: 'x' },
        ],
      },
    }
    const shop = await openDomShop(browser, { experience }, { '/': { body } })
    const page = await shop.open()
    await page.evaluate(async () => {
      const { dom, target } = globalThis as unknown as Here
      const answer = await target.getOffers({ request: { prefetch: { views: [{}] } } })
      void dom.createViews(answer, target, { timeout: 60_000 }).triggerView('home')
    })
    expect(shop.arrived()).toEqual([])
    await page.goto(`${shop.site.url}/elsewhere`)
    await expect
      .poll(() => shop.arrived().map(({ view, tokens }) => [view?.name, tokens?.length]))
      .toEqual([['home', 1]])
    expect(shop.edge.ledger.total('impression')).toBe(1)
    await page.close()
  })

  test('101 two clients of one page have their own clicks, and a signal ends those of one', async () => {
    const { shop, page } = await open({ pageLoad: '#buy' })
    const counts = await page.evaluate(async (request) => {
      const { dom, target } = globalThis as unknown as Here
      const counts = [0, 0]
      const [one, other] = [0, 1].map((at) => ({ display: () => {}, click: () => void counts[at]!++ }))
      const answer = await target.getOffers({ request })
      const stop = new AbortController()
      void dom.render(answer, one!, { signal: stop.signal })
      void dom.render(answer, one!, { signal: stop.signal })
      void dom.render(answer, other!)
      document.querySelector<HTMLElement>('#buy')!.click()
      stop.abort()
      document.querySelector<HTMLElement>('#buy')!.click()
      return counts
    }, REQUEST)
    expect(counts).toEqual([1, 2])
    expect(await clicksIn(shop, page)).toHaveLength(2)
    await page.close()
  })
})
