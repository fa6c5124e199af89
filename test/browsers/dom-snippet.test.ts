import { afterAll, beforeAll, expect, test } from 'vitest'
import { prehideSnippet } from '../../src/dom.ts'
import { type Here, openDom } from './dom-page.ts'
import { openTestSite } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

const opacity = (page: Page, selector = 'body'): Promise<string> =>
  page.evaluate((selector) => getComputedStyle(document.querySelector(selector)!).opacity, selector)

describeEngines('the snippet', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  const open = async (head = '', body = '<p id="a">old</p><p id="b">old</p>') => {
    const site = await openTestSite({ '/': { head, body } })
    return openDom(browser, `${site.url}/`)
  }

  test('49 the snippet in the head hides from the first paint, and ends by itself when nothing is ever loaded', async () => {
    const snippet = prehideSnippet({ timeout: 700 })
    expect(snippet.length).toBeLessThan(500)
    const site = await openTestSite({
      '/': { head: `<script>window.start = performance.now()</script>${snippet}`, body: '<p>x</p>' },
    })
    const page = await browser.open(`${site.url}/`)
    const took = await page.evaluate(async () => {
      const { start } = globalThis as unknown as { start: number }
      const before = getComputedStyle(document.body).opacity
      while (getComputedStyle(document.body).opacity === '0') await new Promise((next) => setTimeout(next, 5))
      return [before, performance.now() - start]
    })
    expect(took[0]).toBe('0')
    expect(took[1]).toBeGreaterThan(500)
    expect(took[1]).toBeLessThan(2_500)
    await page.close()
  })

  test('49 the snippet hides what it is told to, and ends with a rendering or a prehide', async () => {
    const head = prehideSnippet({ selectors: ['#a', '#b > i'], timeout: 20_000 })
    const page = await open(head)
    expect([await opacity(page, '#a'), await opacity(page, '#b')]).toEqual(['0', '1'])
    await page.evaluate(() => {
      const { dom, report } = globalThis as unknown as Here
      return dom.render({}, report)
    })
    expect([await opacity(page, '#a'), await page.evaluate(() => document.querySelectorAll('style').length)]).toEqual([
      '1',
      0,
    ])
    await page.close()
    const other = await open(head)
    await other.evaluate(() => (globalThis as unknown as Here).dom.prehide('#b')())
    expect(await opacity(other, '#a')).toBe('1')
    await other.close()
  })

  test.for(['isotarget-prehide', 'at-body-style'])(
    '49 a prehide beside #%s has what is left of the time of the page',
    async (id) => {
      const page = await open(`<style id="${id}"></style>`)
      const seen = await page.evaluate(async () => {
        const { dom } = globalThis as unknown as Here
        const seen = () => getComputedStyle(document.querySelector('#a')!).opacity
        await new Promise((later) => setTimeout(later, 400))
        // It is longer ago that the page began to come in.
        const over = dom.prehide('#a', { timeout: 400 })
        const all = [seen()]
        over()
        // Once the snippet has gone, a hide is one of its own.
        const fresh = dom.prehide('#a', { timeout: 400 })
        all.push(seen())
        fresh()
        return all
      })
      expect(seen).toEqual(['1', '0'])
      await page.close()
    },
  )
})
