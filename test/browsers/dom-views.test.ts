import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Views } from '../../src/dom.ts'
import { bodyOf, type Here, openDom } from './dom-page.ts'
import { type Arrived, flushIn, openDomShop } from './dom-shop.ts'
import { openTestSite } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

/** What stands in the globals of a page with views. */
interface WithViews extends Here {
  views: Views
}

const EXPERIENCE = {
  views: {
    home: [
      { type: 'setText', selector: 'h1', content: 'Home' },
      { type: 'appendHtml', selector: '#list', content: '<li>home</li>' },
    ],
    cart: [
      { type: 'setText', selector: 'h1', content: 'Cart' },
      { type: 'setText', selector: '#late', content: 'Cart' },
    ],
  },
}
const BODY = '<h1>Shop</h1><ul id="list"></ul>'

describeEngines('views', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  /** Opens a page with views; asked for, but not awaited, when `isLate`. */
  const open = async (experience: object = EXPERIENCE, clicks = {}) => {
    const shop = await openDomShop(browser, { experience, clicks }, { '/': { body: BODY } })
    const page = await shop.open()
    await page.evaluate(async () => {
      const here = globalThis as unknown as WithViews
      const request = { prefetch: { views: [{}] } }
      here.views = here.dom.createViews(await here.target.getOffers({ request }), here.target, { timeout: 300 })
    })
    return { shop, page }
  }
  const trigger = (page: Page, name: string, options = {}) =>
    page.evaluate(
      async (name, options) => {
        const { places } = await (globalThis as unknown as WithViews).views.triggerView(name, options)
        return places.flatMap((place) => place.options.flatMap((option) => option.actions.map(({ shown }) => shown)))
      },
      name,
      options,
    )
  const viewOf = ({ type, view, tokens = [] }: Arrived) => [type, view?.name, Boolean(view?.state), tokens.length]

  test('the view of an experience that changes nothing is displayed with its token', async () => {
    const { shop, page } = await open({ views: { home: [] } })
    expect(await trigger(page, 'home')).toEqual([])
    await flushIn(page)
    expect(shop.arrived().map(viewOf)).toEqual([['display', 'home', true, 1]])
    await page.close()
  })

  test('53 a view is shown whatever the case of its name, and displayed once', async () => {
    const { shop, page } = await open()
    expect(await trigger(page, 'Home')).toEqual([true, true])
    expect(await bodyOf(page)).toContain('<h1>Home</h1><ul id="list"><li>home</li></ul>')
    await flushIn(page)
    expect(shop.arrived().map(viewOf)).toEqual([['display', 'home', true, 1]])
    expect(shop.edge.ledger.total('impression')).toBe(1)
    await page.close()
  })

  test('54 views that are entered before the answer are shown after it, in their order, one display each', async () => {
    const shop = await openDomShop(browser, { experience: EXPERIENCE }, { '/': { body: BODY } })
    const page = await shop.open()
    const titles = await page.evaluate(async () => {
      const { dom, target } = globalThis as unknown as Here
      const titles: string[] = []
      new MutationObserver(() => titles.push(document.querySelector('h1')!.textContent ?? '')).observe(
        document.querySelector('h1')!,
        { childList: true },
      )
      const views = dom.createViews(target.getOffers({ request: { prefetch: { views: [{}] } } }), target, {
        timeout: 100,
      })
      const home = views.triggerView('home').then(() => new Promise((next) => setTimeout(next)))
      await Promise.all([home, views.triggerView('cart')])
      await target.flush()
      return titles
    })
    expect(titles.at(-1)).toBe('Cart')
    expect(await bodyOf(page)).toContain('<li>home</li>')
    expect(shop.arrived().map(viewOf)).toEqual([
      ['display', 'home', true, 1],
      ['display', 'cart', true, 1],
    ])
    await page.close()
  })

  test('55 with page: false a view is shown and not displayed; drawn again, what was replaced is done again, and nothing twice', async () => {
    const { shop, page } = await open()
    expect(await trigger(page, 'home', { page: false })).toEqual([true, true])
    await trigger(page, 'home', { page: false })
    expect(await bodyOf(page)).toContain('<ul id="list"><li>home</li></ul>')
    await page.evaluate(() =>
      document.querySelector('#list')!.replaceWith(document.querySelector('#list')!.cloneNode()),
    )
    await trigger(page, 'home', { page: false })
    expect(await bodyOf(page)).toContain('<ul id="list"><li>home</li></ul>')
    await flushIn(page)
    expect(shop.arrived()).toEqual([])
    await page.close()
  })

  test('56 a view that is entered again changes nothing twice, and is one new display', async () => {
    const { shop, page } = await open()
    await trigger(page, 'home')
    const changes = await page.evaluate(async () => {
      const { views } = globalThis as unknown as WithViews
      const records: MutationRecord[] = []
      const observer = new MutationObserver((more) => records.push(...more))
      observer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true })
      const { places } = await views.triggerView('home')
      return [records.length, places[0]?.options[0]?.shown]
    })
    expect(changes).toEqual([0, true])
    await flushIn(page)
    expect(shop.arrived().map(viewOf)).toEqual([
      ['display', 'home', true, 1],
      ['display', 'home', true, 1],
    ])
    expect(shop.edge.ledger.total('impression')).toBe(2)
    await page.close()
  })

  test('56 what another view or a framework has undone since is done again', async () => {
    const { page } = await open()
    await trigger(page, 'home')
    await trigger(page, 'cart')
    expect(await bodyOf(page)).toContain('<h1>Cart</h1>')
    await page.evaluate(() => document.querySelector('#list')!.replaceChildren())
    await trigger(page, 'home')
    expect(await bodyOf(page)).toContain('<h1>Home</h1><ul id="list"><li>home</li></ul>')
    await page.close()
  })

  test('56 entering again goes no further where an action changes what its selector finds', async () => {
    const counting = [
      { type: 'customCode', selector: 'BODY > *:eq(0)', content: '<b>first</b>' },
      { type: 'customCode', selector: 'BODY > *:eq(0)', content: '<b>before that</b>' },
      { type: 'remove', selector: '#list > li:eq(0)' },
      { type: 'insertBefore', selector: '#list > li:eq(1)', content: '<li>ad</li>' },
      { type: 'rearrange', selector: '#list', content: { from: 0, to: 1 } },
      { type: 'replaceHtml', selector: 'h1', content: '<h1>New</h1>' },
    ]
    const { page } = await open({ views: { home: counting } })
    await page.evaluate(() => {
      document.querySelector('#list')!.innerHTML = '<li>1</li><li>2</li><li>3</li>'
    })
    await trigger(page, 'home')
    const once = await bodyOf(page)
    expect(once).toMatch(
      /^<b>before that<\/b><b>first<\/b><h1>New<\/h1><ul id="list"><li>ad<\/li><li>2<\/li><li>3<\/li><\/ul>/,
    )
    expect(await trigger(page, 'home')).toEqual(Array(6).fill(true))
    expect(await bodyOf(page)).toBe(once)
    await page.close()
  })

  test('57 a view that nobody knows is displayed by its name, and not at all with page: false', async () => {
    const { shop, page } = await open()
    expect(await trigger(page, 'nowhere', { page: false })).toEqual([])
    expect(await trigger(page, 'Nowhere')).toEqual([])
    await flushIn(page)
    expect(shop.arrived().map(viewOf)).toEqual([['display', 'nowhere', false, 0]])
    await page.close()
  })

  test('58 a view without a name is an error, and nothing is sent', async () => {
    const { shop, page } = await open()
    await expect(trigger(page, ' ')).rejects.toThrow('it has no name')
    await flushIn(page)
    expect(shop.arrived()).toEqual([])
    await page.close()
  })

  test('59 the same action in two views is done for both', async () => {
    const same = [{ type: 'appendHtml', selector: '#list', content: '<li>x</li>' }]
    const { page } = await open({ views: { one: same, two: same } })
    await trigger(page, 'one')
    await trigger(page, 'two')
    expect(await bodyOf(page)).toContain('<li>x</li><li>x</li>')
    await page.close()
  })

  test('a view that is left waits no longer, and has been displayed with what was there', async () => {
    const { shop, page } = await open()
    const [shown, took] = await page.evaluate(async () => {
      const { views } = globalThis as unknown as WithViews
      const start = performance.now()
      const cart = views.triggerView('cart')
      void views.triggerView('home')
      const { places } = await cart
      document.body.insertAdjacentHTML('beforeend', '<p id="late">old</p>')
      const actions = places[0]?.options[0]?.actions ?? []
      return [actions.map(({ shown, reason }) => (shown ? 'shown' : reason)), performance.now() - start]
    })
    expect(shown).toEqual(['shown', 'aborted'])
    expect(took).toBeLessThan(250)
    await flushIn(page)
    expect(await bodyOf(page)).toContain('<p id="late">old</p>')
    expect(shop.arrived().map(viewOf)).toEqual([
      ['display', 'cart', true, 1],
      ['display', 'home', true, 1],
    ])
    await page.close()
  })

  test('clicks count for the view that is shown', async () => {
    const { shop, page } = await open(EXPERIENCE, { home: 'h1', cart: 'h1' })
    for (const name of ['home', 'cart']) {
      await trigger(page, name)
      await page.click('h1')
    }
    await flushIn(page)
    const clicks = shop.arrived().filter(({ type }) => type === 'click')
    expect(clicks.map(({ view }) => view?.name)).toEqual(['home', 'cart'])
    expect(shop.edge.ledger.total('click')).toBe(2)
    await page.close()
  })

  test('an answer that fails has no views, and entries are still displayed', async () => {
    const site = await openTestSite()
    const page = await openDom(browser, `${site.url}/`)
    const reports = await page.evaluate(async () => {
      const { dom, report, reports } = globalThis as unknown as Here
      await dom.createViews(Promise.reject(new Error('down')), report).triggerView('home')
      return reports
    })
    expect(reports).toEqual([{ type: 'display', name: 'home', tokens: [] }])
    await page.close()
  })

  test('views follow the address when asked: history, hash, back; each change is one entry', async () => {
    const { shop, page } = await open()
    const rest = () => page.evaluate(() => new Promise((frames) => setTimeout(frames, 80)))
    await page.evaluate(() => {
      const here = globalThis as unknown as WithViews & { stop: () => void }
      here.stop = here.views.follow(({ pathname, hash }) => hash.slice(1) || pathname.slice(1) || undefined)
    })
    for (const step of ['/home', '/home?page=2', '#cart'] as const) {
      await page.evaluate((step) => {
        if (step.startsWith('#')) location.hash = step
        else history.pushState(null, '', step)
      }, step)
      await rest()
    }
    expect(await bodyOf(page)).toContain('<h1>Cart</h1>')
    await page.evaluate(() => history.back())
    await rest()
    expect(await bodyOf(page)).toContain('<h1>Home</h1>')
    await page.evaluate(() => {
      const here = globalThis as unknown as { stop: () => void }
      here.stop()
      history.pushState(null, '', '/cart')
    })
    await rest()
    await flushIn(page)
    expect(shop.arrived().map(({ view }) => view?.name)).toEqual(['home', 'cart', 'home'])
    expect(
      await page.evaluate(() => Object.hasOwn(history, 'pushState') && /changed/.test(`${history.pushState}`)),
    ).toBe(false)
    await page.close()
  })
})
