import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEmulator, type Fault } from '../../src/emulator.ts'
import { executed, type Here, openDom } from './dom-page.ts'
import { openTestSite } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

/** How long the hide and the call may take, in ms. */
interface Waits {
  timeout?: number
  callTimeout?: number
}

/** How long after it was hidden the body is seen again, in ms, and what became of the call. */
const hiddenFor = (page: Page, port: number, { timeout = 5_000, callTimeout }: Waits = {}) =>
  page.evaluate(
    async (port, timeout, callTimeout: number | null) => {
      const { dom, isotarget } = globalThis as unknown as Here
      const target = isotarget.TargetClient.create({
        client: 'acme',
        organizationId: 'ABC@AdobeOrg',
        serverDomain: `127.0.0.1:${port}`,
        secure: false,
        retries: 0,
      })
      const start = performance.now()
      const show = dom.prehide('body', { timeout })
      const before = getComputedStyle(document.body).opacity
      const request = { execute: { pageLoad: {} } }
      const answer = target
        .getOffers({ request, ...(callTimeout !== null && { timeout: callTimeout }) })
        .then((result) => void dom.render(result, target))
        .finally(show)
        .then(
          () => 'rendered',
          (error) => error.code,
        )
      while (getComputedStyle(document.body).opacity === '0') await new Promise((next) => setTimeout(next, 5))
      const took = performance.now() - start
      return {
        before,
        took,
        became: await Promise.race([answer, new Promise((late) => setTimeout(late, 50, 'waits'))]),
      }
    },
    port,
    timeout,
    callTimeout ?? null,
  )

describeEngines('hiding', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  const open = async (head = '', body = '<p id="a">old</p><p id="b">old</p>') => {
    const site = await openTestSite({ '/': { head, body } })
    return openDom(browser, `${site.url}/`)
  }
  const openEdge = async (fault?: Fault) => {
    const edge = createEmulator({ offers: { hero: '<b>x</b>' } })
    const server = await edge.listen(0)
    if (fault) edge.fail({ times: 9, ...fault })
    return server
  }

  test('45 the page is seen the moment the answer is there, also without offers', async () => {
    const page = await open()
    const edge = await openEdge()
    const { before, took, became } = await hiddenFor(page, edge.port)
    expect([before, became]).toEqual(['0', 'rendered'])
    expect(took).toBeLessThan(2_000)
    await edge.close()
    await page.close()
  })

  test('46 a hung edge hides the page no longer than the deadline', async () => {
    const page = await open()
    const edge = await openEdge({ delay: 60_000 })
    const { took, became } = await hiddenFor(page, edge.port, { timeout: 500 })
    expect(took).toBeGreaterThan(490)
    expect(took).toBeLessThan(900)
    expect(became).toBe('waits')
    const { became: code } = await hiddenFor(page, edge.port, { callTimeout: 300 })
    expect(code).toBe('TIMEOUT')
    await edge.close()
    await page.close()
  })

  const FAULTS: [string, Fault | undefined][] = [
    ['500', { status: 500 }],
    ['a reset', { reset: true }],
    ['a page instead of JSON', { status: 200, body: '<html>' }],
    ['a blocked host', undefined],
  ]
  test.for(FAULTS)('47 %s ends the hide at once', async ([title, fault]) => {
    const page = await open()
    const edge = await openEdge(fault)
    if (title === 'a blocked host') await edge.close()
    const { before, took, became } = await hiddenFor(page, edge.port)
    expect(before).toBe('0')
    expect(took).toBeLessThan(3_000)
    expect(became).toMatch(/ERROR$/)
    if (title !== 'a blocked host') await edge.close()
    await page.close()
  })

  test('48 consent that is refused ends the hide, and one that was refused hides nothing', async () => {
    const page = await open()
    const seen = await page.evaluate(() => {
      const { dom } = globalThis as unknown as Here
      const consent = new AbortController()
      const seen = () => getComputedStyle(document.body).opacity
      dom.prehide('body', { signal: consent.signal })
      const before = seen()
      consent.abort()
      const after = seen()
      dom.prehide('body', { signal: consent.signal })
      return [before, after, seen(), document.adoptedStyleSheets.length]
    })
    expect(seen).toEqual(['0', '1', '1', 0])
    await page.close()
  })

  test('50 two hides of one element are independent, and one selector that is none takes no other along', async () => {
    const page = await open()
    const seen = await page.evaluate(() => {
      const { dom } = globalThis as unknown as Here
      const seen = () => [...document.querySelectorAll('p')].map((p) => getComputedStyle(p).opacity).join()
      const one = dom.prehide(['#a', '#a >> b', '#b'])
      const other = dom.prehide('#a')
      const all = [seen()]
      one()
      all.push(seen())
      one()
      all.push(seen())
      other()
      all.push(seen())
      return all
    })
    expect(seen).toEqual(['0,0', '0,1', '0,1', '1,1'])
    await page.close()
  })

  test('50 what an answer is going to change can be hidden by the answer', async () => {
    const page = await open()
    const answer = executed({ type: 'setText', selector: '#a', cssSelector: '#a', content: 'new' })
    const seen = await page.evaluate(async (answer) => {
      const { dom, report } = globalThis as unknown as Here
      const seen = () =>
        [...document.querySelectorAll('p')].map((p) => getComputedStyle(p).opacity + p.textContent).join()
      const show = dom.prehide(answer)
      const all = [seen()]
      void dom.render(answer, report)
      show()
      return [...all, seen()]
    }, answer)
    expect(seen).toEqual(['0old,1old', '1new,1old'])
    await page.close()
  })

  test('50 an image that is loaded leaves no gap: hidden until it is there', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
    const site = await openTestSite({
      '/': { body: '<img id="a" src="data:,">' },
      '/slow.svg': { text: svg, type: 'image/svg+xml', delay: 300, headers: { 'cache-control': 'max-age=60' } },
    })
    const page = await openDom(browser, `${site.url}/`)
    const answer = executed({ type: 'setImageSource', selector: '#a', cssSelector: '#a', content: '/slow.svg' })
    const seen = await page.evaluate(async (answer) => {
      const { dom, report } = globalThis as unknown as Here
      const image = document.querySelector('img')!
      const seen = () => `${getComputedStyle(image).opacity} ${image.getAttribute('src')}`
      const done = dom.render(answer, report)
      const all = [seen()]
      await done
      return [...all, seen(), image.complete, image.naturalWidth]
    }, answer)
    expect(seen).toEqual(['0 data:,', '1 /slow.svg', true, 9])
    expect(site.asked.filter((path) => path === '/slow.svg')).toHaveLength(1)
    await page.close()
  })

  test('51 whoever is told of a display may throw: the page is shown, and the others go on', async () => {
    const page = await open()
    const seen = await page.evaluate(async () => {
      const { dom } = globalThis as unknown as Here
      console.error = () => {}
      const fails = (): never => {
        throw new Error('listener')
      }
      const show = dom.prehide('body')
      const option = {
        type: 'actions' as const,
        eventToken: 't',
        content: [{ type: 'setText', selector: '#a', content: 'new' }],
      }
      const done = dom.render(
        { prefetch: { pageLoad: { state: 's', options: [option] } } },
        { display: fails, click: fails },
      )
      show()
      await done
      return [getComputedStyle(document.body).opacity, document.querySelector('#a')?.textContent]
    })
    expect(seen).toEqual(['1', 'new'])
    await page.close()
  })

  test('a response after the deadline is shown without hiding the page again', async () => {
    const page = await open()
    const seen = await page.evaluate(
      async (answer) => {
        const { dom, report } = globalThis as unknown as Here
        const seen = () => getComputedStyle(document.body).opacity
        const show = dom.prehide('body', { timeout: 50 })
        await new Promise((late) => setTimeout(late, 150))
        const all = [seen()]
        const done = dom.render(answer, report)
        all.push(seen())
        await done
        show()
        return [...all, seen(), document.querySelector('#a')?.textContent]
      },
      executed({ type: 'setText', selector: '#a', cssSelector: '#a', content: 'new' }),
    )
    expect(seen).toEqual(['1', '1', '1', 'new'])
    await page.close()
  })

  test('a browser without constructed style sheets is given a style with the nonce of the page', async () => {
    const policy = "script-src 'nonce-N'; style-src 'nonce-N'"
    const site = await openTestSite({ '/': { body: 'x', nonce: 'N', headers: { 'content-security-policy': policy } } })
    const page = await openDom(browser, `${site.url}/`)
    const seen = await page.evaluate(() => {
      const here = globalThis as unknown as Here & { CSSStyleSheet: unknown }
      here.CSSStyleSheet = undefined
      const show = here.dom.prehide('body')
      const hidden = getComputedStyle(document.body).opacity
      show()
      return [hidden, getComputedStyle(document.body).opacity, document.querySelectorAll('style').length]
    })
    expect(seen).toEqual(['0', '1', 0])
    await page.close()
  })

  test('103 a page in quirks mode is hidden and rendered like any other', async () => {
    const site = await openTestSite({ '/': { doctype: '', body: '<p id="a">old</p>' } })
    const page = await openDom(browser, `${site.url}/`)
    const seen = await page.evaluate(
      async (answer) => {
        const { dom, report } = globalThis as unknown as Here
        const show = dom.prehide('body')
        const hidden = getComputedStyle(document.body).opacity
        await dom.render(answer, report)
        show()
        return [
          document.compatMode,
          hidden,
          getComputedStyle(document.body).opacity,
          document.querySelector('#a')?.innerHTML,
        ]
      },
      executed({ type: 'setHtml', selector: '#a', content: '<b>new</b>' }),
    )
    expect(seen).toEqual(['BackCompat', '0', '1', '<b>new</b>'])
    await page.close()
  })
})
