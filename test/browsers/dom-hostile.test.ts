import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AnyAction, executed, openDom, renderIn, type Seen, uncaughtIn } from './dom-page.ts'
import { openDomSite } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

const QUICK = { timeout: 100 }
const OLD = '<div id="a">old</div>'

describeEngines('actions that a page has to survive', (engine) => {
  let browser: Browser
  let site: Awaited<ReturnType<typeof openDomSite>>
  let page: Page
  beforeAll(async () => {
    browser = await engine.launch()
    site = await openDomSite()
    page = await openDom(browser, `${site.url}/`)
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })

  const apply = (body: string, ...actions: AnyAction[]): Promise<Seen> =>
    renderIn(page, { body, answer: executed(...actions), options: QUICK })

  describe('hostile content', () => {
    const HOSTILE: AnyAction[] = [
      { type: 'setAttribute', selector: '#a', content: JSON.parse('{"__proto__":"x","constructor":{"toString":1}}') },
      { type: 'setStyle', selector: '#a', content: JSON.parse('{"__proto__":{"color":"red"},"priority":"x"}') },
      { type: 'setHtml', selector: '#a', content: { toString: 1 } },
      { type: 'setText', selector: '#a', content: null },
      { type: 'setAttribute', selector: '#a', content: 'text' },
      { type: 'setAttribute', selector: '#a', content: { 'not a name': '1' } },
      { type: 'rearrange', selector: '#a', content: { from: '__proto__', to: 'length' } },
      { type: { toString: 1 }, selector: { toString: 1 }, cssSelector: { toString: 1 }, content: { url: 1 } },
      { type: 'remove', selector: 12 },
    ]
    test('throws nothing, reaches no prototype, and lets others be', async () => {
      const answer = executed(...HOSTILE, { type: 'appendHtml', selector: '#b', content: 'ok' })
      const { html, outcomes } = await renderIn(page, { body: '<p id="a">x</p><p id="b"></p>', answer, options: QUICK })
      expect(html).toContain('<p id="b">ok</p>')
      expect(outcomes.at(-1)).toBe('shown')
      expect(outcomes.slice(2, -1)).not.toContain('shown')
      expect(await page.evaluate(() => ({}) as { color?: string }).then(({ color }) => color)).toBeUndefined()
    })

    test('a whole answer may be anything', async () => {
      for (const answer of [
        {},
        { execute: null, prefetch: [] },
        { execute: { pageLoad: { options: 'x', metrics: 5 }, mboxes: [null, 1, { name: {}, options: [null, {}] }] } },
        { prefetch: { mboxes: {}, views: 'x', metrics: [null, { type: 'click', eventToken: {}, selector: {} }] } },
        { response: { execute: { pageLoad: { options: [{ type: 'actions', content: [null, 1, 'x', []] }] } } } },
      ]) {
        await renderIn(page, { body: OLD, answer, options: QUICK })
      }
      expect(await uncaughtIn(page)).toEqual([])
    })
  })

  describe('the document itself', () => {
    test('an action on html, head or body leaves a page that works', async () => {
      const { html, outcomes } = await apply(
        OLD,
        ...['html', 'body'].flatMap((selector) => [
          { type: 'remove', selector },
          { type: 'replaceHtml', selector, content: '<p>1</p>' },
          { type: 'insertBefore', selector, content: '<p>1</p>' },
        ]),
        { type: 'setHtml', selector: 'html', content: '<p>1</p>' },
        { type: 'setText', selector: 'html', content: '1' },
        { type: 'remove', selector: 'head' },
        { type: 'setAttribute', selector: 'html', content: { lang: 'en' } },
        { type: 'customCode', selector: 'body', content: '<p>first</p>' },
      )
      expect(html).toBe(`<p>first</p>${OLD}`)
      expect(outcomes).toEqual([...Array(9).fill('element'), 'shown', 'shown'])
      const { html: replaced } = await apply(OLD, { type: 'setHtml', selector: 'body', content: '<p>all</p>' })
      expect(replaced).toBe('<p>all</p>')
    })

    test('an iframe shows no markup, and says so; its address can be changed', async () => {
      const { html, outcomes } = await apply(
        '<iframe id="a" src="about:blank"></iframe>',
        { type: 'setHtml', selector: '#a', content: '<p>1</p>' },
        { type: 'setText', selector: '#a', content: '1' },
        { type: 'setAttribute', selector: '#a', content: { title: 'T' } },
      )
      expect(html).toBe('<iframe id="a" src="about:blank" title="T"></iframe>')
      expect(outcomes).toEqual(['element', 'element', 'shown'])
    })

    test('an SVG image takes markup of SVG', async () => {
      const { html } = await apply('<svg><g id="a"></g></svg>', {
        type: 'setHtml',
        selector: '#a',
        content: '<circle r="1"></circle>',
      })
      expect(html).toBe('<svg><g id="a"><circle r="1"></circle></g></svg>')
      const namespace = await page.evaluate(() => document.querySelector('circle')?.namespaceURI)
      expect(namespace).toBe('http://www.w3.org/2000/svg')
    })
  })

  describe('elements that a framework owns', () => {
    const ITEMS =
      '<div id="app"><ul><li>1</li><li>2</li></ul><p>text</p><div data-mbox="hero"><i>old</i></div></div><b>x</b>'
    const within = (...actions: AnyAction[]) =>
      renderIn(page, { body: ITEMS, answer: executed(...actions), options: { ...QUICK, owned: '#app' } })

    test.for([
      { type: 'remove', selector: 'li' },
      { type: 'replaceHtml', selector: 'p', content: '<p>new</p>' },
      { type: 'setHtml', selector: 'ul', content: '<li>new</li>' },
      { type: 'setText', selector: '#app', content: 'new' },
    ])('are not taken away: $type', async (action) => {
      const { html, outcomes } = await within(action, { type: 'setText', selector: 'b', content: 'shown' })
      expect([html, outcomes]).toEqual([ITEMS.replace('<b>x', '<b>shown'), ['element', 'shown']])
    })

    test("may be changed, and what is in an mbox is nobody's", async () => {
      const { html, outcomes } = await within(
        { type: 'setText', selector: 'li:eq(0)', content: 'one' },
        { type: 'setStyle', selector: 'p', content: { color: 'red' } },
        { type: 'remove', selector: '[data-mbox] i' },
        { type: 'setHtml', selector: '[data-mbox]', content: '<b>new</b>' },
        { type: 'replaceHtml', selector: '#app + b', content: '<u>y</u>' },
      )
      expect(outcomes).toEqual(['shown', 'shown', 'shown', 'shown', 'shown'])
      expect(html).toContain('<li>one</li><li>2</li></ul><p style="color: red;">text</p>')
      expect(html).toContain('<div data-mbox="hero"><b>new</b></div></div><u>y</u>')
    })
  })
})
