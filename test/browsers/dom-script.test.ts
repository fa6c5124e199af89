import { afterAll, beforeAll, expect, test } from 'vitest'
import { bodyOf, executed, type Here, openDom, prefetched, renderIn, uncaughtIn } from './dom-page.ts'
import { openTestSite, type Served } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

/** A script that says that it ran. */
const says = (name: string): string => `(window.ran ??= []).push('${name}')`
const script = (name: string): Served => ({ text: says(name), headers: { 'access-control-allow-origin': '*' } })
const ranIn = (page: Page): Promise<string[]> => page.evaluate(() => (globalThis as { ran?: string[] }).ran ?? [])
const append = (content: string, selector = '#a') => ({ type: 'appendHtml', selector, content })
const QUICK = { timeout: 1_500 }

describeEngines('scripts in offers', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  const open = async (served: Record<string, Served> = {}) => {
    const site = await openTestSite({
      '/r1.js': script('r1'),
      '/r2.js': { ...script('r2'), delay: 300 },
      ...served,
    })
    return { site, page: await openDom(browser, `${site.url}/`) }
  }

  test('34 an inline script runs once for each element that its content is put into', async () => {
    const { page } = await open()
    const content = `<div><script>${says('nested')}</script></div><script>${says('inline')}</script>`
    await renderIn(page, { body: '<p class="x"></p>', answer: executed(append(content, '.x')) })
    expect(await ranIn(page)).toEqual(['nested', 'inline'])
    await renderIn(page, { body: '<p class="x"></p><p class="x"></p>', answer: executed(append(content, '.x')) })
    expect(await ranIn(page)).toEqual(['nested', 'inline', 'nested', 'inline', 'nested', 'inline'])
    await page.close()
  })

  test('35 36 a module runs; data in a script stays as it is', async () => {
    const { page } = await open()
    const data = '<script type="application/json">{"a":"<b>"}</script>'
    const { html } = await renderIn(page, {
      body: '<p id="a"></p>',
      answer: executed(append(`<script type="module">${says('module')}</script>${data}`)),
    })
    expect(html).toContain(data)
    await expect.poll(() => ranIn(page)).toEqual(['module'])
    await page.close()
  })

  test('37 scripts run in the order in which they stand, remote ones too, but for async ones', async () => {
    const { page } = await open()
    const content = `<script src="/r2.js"></script><script>${says('between')}</script><script src="/r1.js"></script>
      <script async src="/r1.js?"></script><script>${says('last')}</script>`
    const { outcomes } = await renderIn(page, {
      body: '<p id="a"></p><p id="b">old</p>',
      answer: executed(append(content), { type: 'setText', selector: '#b', content: 'new' }),
      options: QUICK,
    })
    expect(outcomes).toEqual(['shown', 'shown'])
    const ran = await ranIn(page)
    expect(ran[0]).toBe('r1')
    expect(ran.slice(1)).toEqual(['r2', 'between', 'r1', 'last'])
    await page.close()
  })

  test('38 a remote script keeps its attributes', async () => {
    const { page } = await open()
    const content = '<script src="/r1.js" class="k" data-x="1" crossorigin="anonymous" integrity=""></script>'
    const { html } = await renderIn(page, { body: '<p id="a"></p>', answer: executed(append(content)), options: QUICK })
    expect(html).toBe(`<p id="a">${content}</p>`)
    expect(await ranIn(page)).toEqual(['r1'])
    await page.close()
  })

  test('39 a remote script that is not there is told; the content is shown, and what follows runs', async () => {
    const { page, site } = await open()
    const answer = executed(append(`<b>1</b><script src="/404.js"></script><script>${says('after')}</script>`))
    const failed = await page.evaluate(async (answer) => {
      const { dom, report } = globalThis as unknown as Here
      document.body.innerHTML = '<p id="a"></p>'
      const { places } = await dom.render(answer, report)
      const [action] = places[0]?.options[0]?.actions ?? []
      return [action?.shown, action?.failedScripts]
    }, answer)
    expect(failed).toEqual([true, [`${site.url}/404.js`]])
    expect(await ranIn(page)).toEqual(['after'])
    expect(await uncaughtIn(page)).toEqual([])
    await page.close()
  })

  test('40 a script that throws is an error of the page, and of nothing else', async () => {
    const { page } = await open()
    const { outcomes } = await renderIn(page, {
      body: '<p id="a"></p>',
      answer: executed(append('<b>1</b><script>throw new Error("mine")</script>'), append('<i>2</i>')),
    })
    expect(outcomes).toEqual(['shown', 'shown'])
    expect(await bodyOf(page)).toContain('<b>1</b>')
    expect(await uncaughtIn(page)).toEqual([expect.stringContaining('mine')])
    await page.close()
  })

  const NONCE = "script-src 'nonce-N'; style-src 'nonce-N'"
  const withPolicy = (policy: string, served: Partial<Served> = {}): Record<string, Served> => ({
    '/': { body: '', nonce: 'N', headers: { 'content-security-policy': policy }, ...served },
  })

  test('41 with a nonce inline, nested and remote scripts run, styles apply, also those of elements', async () => {
    const { page } = await open(withPolicy(NONCE))
    const content = `<script>${says('inline')}</script><div><script>${says('nested')}</script></div>
      <script src="/r1.js"></script><style>#s{color:rgb(1, 2, 3)}</style><p id="s" style="margin:7px">x</p>`
    await renderIn(page, { body: '<p id="a"></p>', answer: executed(append(content)), options: QUICK })
    expect(await ranIn(page)).toEqual(['inline', 'nested', 'r1'])
    const { color, margin, left } = await page.evaluate(() => {
      const { color, marginTop: margin } = getComputedStyle(document.querySelector('#s')!)
      return { color, margin, left: document.body.innerHTML.includes('isotarget') }
    })
    expect([color, margin, left]).toEqual(['rgb(1, 2, 3)', '7px', false])
    // Chromium tells of a style attribute wherever markup is parsed, also in a document that shows nothing.
    expect((await uncaughtIn(page)).filter((told) => told !== 'style-src-attr inline')).toEqual([])
    await page.close()
  })

  test('42 44 without a nonce the page can be hidden and styled, and no rule is broken', async () => {
    const policy = "script-src 'self'; style-src 'self'"
    const { page } = await open({ '/': { body: '', headers: { 'content-security-policy': policy } } })
    const hidden = await page.evaluate(() => {
      const { dom } = globalThis as unknown as Here
      const show = dom.prehide('body')
      const hidden = getComputedStyle(document.body).opacity
      show()
      return [hidden, getComputedStyle(document.body).opacity]
    })
    expect(hidden).toEqual(['0', '1'])
    const { html } = await renderIn(page, {
      body: '<p id="a">x</p>',
      answer: executed({ type: 'setStyle', selector: '#a', content: { color: 'red' } }),
    })
    expect(html).toBe('<p id="a" style="color: red;">x</p>')
    expect(await uncaughtIn(page)).toEqual([])
    await page.close()
  })

  const TRUSTED =
    "default-src 'self'; script-src 'self' 'nonce-N'; style-src 'self' 'nonce-N'; img-src data:; require-trusted-types-for 'script'"
  const setBody = (page: Page) =>
    page.evaluate(() => {
      document.body.replaceChildren()
      for (const id of ['a', 'b'])
        document.body.append(Object.assign(document.createElement('p'), { id, textContent: 'old' }))
    })

  test('43 a page that requires Trusted Types is rendered by the policy isotarget', async () => {
    const { page } = await open(withPolicy(`${TRUSTED}; trusted-types isotarget`))
    await setBody(page)
    const { html, outcomes } = await renderIn(page, {
      answer: executed(
        {
          type: 'setHtml',
          selector: '#a',
          content: `<b>new</b><script>${says('inline')}</script><script src="/r1.js"></script>`,
        },
        { type: 'setAttribute', selector: '#b', content: { title: 'T', onclick: says('never') } },
        { type: 'insertAfter', selector: '#b', content: '<iframe srcdoc="<p>1</p>"></iframe>' },
      ),
      options: QUICK,
    })
    expect(outcomes).toEqual(['shown', 'shown', 'shown'])
    expect(html).toContain('<b>new</b>')
    expect(await ranIn(page)).toEqual(['inline', 'r1'])
    await page.close()
  })

  test('43 a page that refuses the policy keeps its content, and nothing is displayed', async () => {
    const { page } = await open(withPolicy(`${TRUSTED}; trusted-types other`))
    await setBody(page)
    const { html, outcomes, reports } = await renderIn(page, {
      answer: prefetched(
        [{ type: 'setHtml', selector: '#a', content: '<b>new</b>' }],
        [{ type: 'setText', selector: '#b', content: 'new' }],
      ),
    })
    expect(outcomes).toEqual(['trusted-types', 'shown'])
    expect(html).toBe('<p id="a">old</p><p id="b">new</p>')
    expect(reports).toEqual([{ type: 'display', tokens: ['t2'] }])
    await page.close()
  })
})
