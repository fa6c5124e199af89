import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AnyAction, executed, type Here, openDom, prefetched, renderIn, type Seen } from './dom-page.ts'
import { openDomSite } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
const QUICK = { timeout: 100 }
const OLD = '<div id="a">old</div>'

describeEngines('actions', (engine) => {
  let browser: Browser
  let site: Awaited<ReturnType<typeof openDomSite>>
  let page: Page
  beforeAll(async () => {
    browser = await engine.launch()
    const image = { text: SVG, type: 'image/svg+xml', headers: { 'cache-control': 'max-age=60' } }
    site = await openDomSite({
      '/new.svg': image,
      '/old.svg': image,
      '/r.js': { text: 'window.ran = "r"', delay: 300 },
    })
    page = await openDom(browser, `${site.url}/`)
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })

  const apply = (body: string, ...actions: AnyAction[]): Promise<Seen> =>
    renderIn(page, { body, answer: executed(...actions), options: QUICK })
  const applyPrefetched = (body: string, ...options: AnyAction[][]): Promise<Seen> =>
    renderIn(page, { body, answer: prefetched(...options), options: QUICK })

  /** [title, before, action, after] */
  const CHANGES: [title: string, before: string, action: AnyAction, after: string][] = [
    [
      '1 setHtml replaces the children',
      OLD,
      { type: 'setHtml', content: '<b>new</b>' },
      '<div id="a"><b>new</b></div>',
    ],
    [
      '3 setText escapes, and makes no element',
      OLD,
      { type: 'setText', content: '<i>x</i> & y' },
      '<div id="a">&lt;i&gt;x&lt;/i&gt; &amp; y</div>',
    ],
    [
      '4 appendHtml keeps the order and text between',
      OLD,
      { type: 'appendHtml', content: '<b>1</b>t<i>2</i>' },
      '<div id="a">old<b>1</b>t<i>2</i></div>',
    ],
    [
      '5 prependHtml keeps the order and text between',
      OLD,
      { type: 'prependHtml', content: '<b>1</b>t<i>2</i>' },
      '<div id="a"><b>1</b>t<i>2</i>old</div>',
    ],
    [
      '7 insertBefore puts nodes directly before',
      `<p>x</p>TXT${OLD}`,
      { type: 'insertBefore', content: '<b>1</b>t' },
      '<p>x</p>TXT<b>1</b>t<div id="a">old</div>',
    ],
    [
      '8 insertAfter puts nodes between the element and the text that follows',
      `${OLD}TXT<u>x</u>`,
      { type: 'insertAfter', content: '<b>1</b>t' },
      '<div id="a">old</div><b>1</b>tTXT<u>x</u>',
    ],
    [
      '13 setAttribute sets each and keeps the others',
      '<a id="a" class="k" href="/x">x</a>',
      { type: 'setAttribute', content: { href: '/y', title: 'T' } },
      '<a id="a" class="k" href="/y" title="T">x</a>',
    ],
    [
      '16 setStyle with priority is important',
      OLD,
      { type: 'setStyle', content: { color: 'red', priority: 'important' } },
      '<div id="a" style="color: red !important;">old</div>',
    ],
    [
      '17 resize takes numbers and units',
      OLD,
      { type: 'resize', content: { width: '100', height: '50px' } },
      '<div id="a" style="width: 100px; height: 50px;">old</div>',
    ],
    [
      '18 move takes numbers',
      OLD,
      { type: 'move', content: { position: 'relative', left: '10', top: -5 } },
      '<div id="a" style="position: relative; left: 10px; top: -5px;">old</div>',
    ],
    ['19 remove leaves the siblings', `<p>x</p>${OLD}<p>y</p>`, { type: 'remove' }, '<p>x</p><p>y</p>'],
    [
      '20 rearrange moves forward',
      '<ul id="a"><li>0</li><li>1</li><li>2</li></ul>',
      { type: 'rearrange', content: { from: 0, to: 2 } },
      '<ul id="a"><li>1</li><li>2</li><li>0</li></ul>',
    ],
    [
      '20 rearrange moves backward',
      '<ul id="a"><li>0</li><li>1</li><li>2</li></ul>',
      { type: 'rearrange', content: { from: 2, to: 0 } },
      '<ul id="a"><li>2</li><li>0</li><li>1</li></ul>',
    ],
    ['names of at.js 1 work: setContent', OLD, { type: 'setContent', content: '1' }, '<div id="a">1</div>'],
    ['names of at.js 1 work: appendContent', OLD, { type: 'appendContent', content: '1' }, '<div id="a">old1</div>'],
    ['names of at.js 1 work: prependContent', OLD, { type: 'prependContent', content: '1' }, '<div id="a">1old</div>'],
    ['names of at.js 1 work: replaceContent', OLD, { type: 'replaceContent', content: '<p>1</p>' }, '<p>1</p>'],
    [
      'rows of a table stay rows',
      '<table><tbody id="a"><tr><td>1</td></tr></tbody></table>',
      { type: 'appendHtml', content: '<tr><td>2</td></tr>' },
      '<table><tbody id="a"><tr><td>1</td></tr><tr><td>2</td></tr></tbody></table>',
    ],
    [
      'HTML that is never closed is closed, and swallows nothing',
      `${OLD}<p>rest</p>`,
      { type: 'setHtml', content: '<div><b>bold <i>both' },
      '<div id="a"><div><b>bold <i>both</i></b></div></div><p>rest</p>',
    ],
  ]
  test.for(CHANGES)('%s', async ([, before, action, after]) => {
    const { html, outcomes, reports } = await apply(before, { selector: '#a', ...action })
    expect([html, outcomes, reports]).toEqual([after, ['shown'], []])
  })

  test('2 an action changes every match', async () => {
    const { html } = await apply('<p class="x">1</p><p class="x">2</p>', {
      type: 'setHtml',
      selector: '.x',
      content: 'n',
    })
    expect(html).toBe('<p class="x">n</p><p class="x">n</p>')
  })

  test('6 replaceHtml takes the element away in the same task, whatever its scripts do', async () => {
    const after = await page.evaluate(
      (answer) => {
        const { dom, report } = globalThis as unknown as Here
        document.body.innerHTML = '<div id="w"><div id="a">old</div></div>'
        void dom.render(answer, report, { timeout: 100 })
        return document.querySelector('#w')?.innerHTML
      },
      executed({ type: 'replaceHtml', selector: '#a', content: '<b>1</b>t<i>2</i><script src="/r.js"></script>' }),
    )
    expect(after).toBe('<b>1</b>t<i>2</i><script src="/r.js"></script>')
  })

  test('9 customCode becomes the first in the body, its style and script take effect', async () => {
    const { html, outcomes } = await apply('<p>x</p>', {
      type: 'customCode',
      selector: 'BODY > *:eq(0)',
      content: '<style>p{color:rgb(1, 2, 3)}</style><script>window.ran = "inline"</script>',
    })
    expect(html).toMatch(/^<style>.*<\/style><script>.*<\/script><p>x<\/p>$/)
    expect(outcomes).toEqual(['shown'])
    const seen = await page.evaluate(() => [
      getComputedStyle(document.querySelector('p')!).color,
      (globalThis as { ran?: string }).ran,
    ])
    expect(seen).toEqual(['rgb(1, 2, 3)', 'inline'])
  })

  const HEAD = '<p>p</p><style>i{}</style><link rel="x" href="/y"><meta name="m"><script>window.headRan = 1</script>'
  const answers: [string, object][] = [
    ['10 customCode', executed({ type: 'customCode', selector: 'HEAD', content: HEAD })],
    ['11 setHtml', executed({ type: 'setHtml', selector: 'HEAD', content: HEAD })],
    ['12 an HTML offer of the page load', { execute: { pageLoad: { options: [{ type: 'html', content: HEAD }] } } }],
    ['setAssets', executed({ type: 'setAssets', content: HEAD })],
  ]
  test.for(answers)('%s adds style, link and script to the head, and nothing else', async ([, answer]) => {
    const added = await page.evaluate(async (answer) => {
      const { dom, report, ...rest } = globalThis as unknown as Here & { headRan?: number }
      void rest
      const before = [...document.head.children]
      await dom.render(answer, { ...report }, { timeout: 100 })
      const added = [...document.head.children].filter((node) => !before.includes(node))
      for (const node of added) node.remove()
      return [before.every((node) => node.isConnected), ...added.map(({ localName }) => localName)]
    }, answer)
    expect(added).toEqual([true, 'style', 'link', 'script'])
  })

  test('14 setImageSource loads an image once, and is refused by what is none', async () => {
    const body = '<img id="a" src="/old.svg" srcset="/old.svg 2x"><div id="d"></div>'
    const before = site.asked.filter((path) => path === '/new.svg').length
    const { html, outcomes, reports } = await applyPrefetched(
      body,
      [{ type: 'setImageSource', selector: '#a', content: '/new.svg' }],
      [{ type: 'setImageSource', selector: '#d', content: '/new.svg' }],
      [{ type: 'setImageSource', selector: '#a', content: '/404.svg' }],
    )
    expect(html).toBe('<img id="a" src="/new.svg"><div id="d"></div>')
    expect(outcomes).toEqual(['shown', 'element', 'load'])
    expect(reports).toEqual([{ type: 'display', tokens: ['t1'] }])
    expect(site.asked.filter((path) => path === '/new.svg').length - before).toBe(1)
  })

  test('15 setStyle takes both forms of a name, and keeps other styles', async () => {
    const { html } = await apply(
      '<p id="a" style="margin: 1px;">x</p><p id="b">x</p>',
      { type: 'setStyle', selector: '#a', content: { color: 'red', backgroundColor: 'blue' } },
      { type: 'setStyle', selector: '#b', content: { 'background-color': 'blue', '--own': '1', width: '12' } },
    )
    expect(html).toBe(
      '<p id="a" style="margin: 1px; color: red; background-color: blue;">x</p><p id="b" style="background-color: blue; --own: 1;">x</p>',
    )
  })

  test('20 rearrange to a place that is not there changes nothing, and is no display', async () => {
    const body = '<ul id="a"><li>0</li><li>1</li></ul>'
    const { html, outcomes, reports } = await applyPrefetched(body, [
      { type: 'rearrange', selector: '#a', content: { from: 0, to: 5 } },
    ])
    expect([html, outcomes, reports]).toEqual([body, ['content'], []])
  })

  test('23 24 what is unknown or has no selector is told, and the others go on', async () => {
    const { html, outcomes } = await apply(
      OLD,
      { type: 'explode', selector: '#a', content: '1' },
      { type: 'constructor', selector: '#a' },
      { type: 'setHtml', content: '1' },
      { selector: '#a' },
      { type: 'setText', selector: '#a', content: 'new' },
    )
    expect(html).toBe('<div id="a">new</div>')
    expect(outcomes).toEqual(['type', 'type', 'selector', 'type', 'shown'])
  })

  test('25 of two options for one element the later wins', async () => {
    const { html } = await applyPrefetched(
      OLD,
      [{ type: 'setText', selector: '#a', content: '1' }],
      [{ type: 'setText', selector: '#a', content: '2' }],
    )
    expect(html).toBe('<div id="a">2</div>')
  })

  test('63 only options that are shown are displayed, and default content counts as shown', async () => {
    const answer = prefetched(
      [{ type: 'setText', selector: '#a', content: '1' }],
      [{ type: 'setText', selector: '#missing', content: '2' }],
    ) as { prefetch: { pageLoad: { options: object[] } } }
    answer.prefetch.pageLoad.options.push({ eventToken: 'default' }, { type: 'json', content: {}, eventToken: 'json' })
    const { reports, outcomes } = await renderIn(page, { body: OLD, answer, options: QUICK })
    expect(outcomes).toEqual(['shown', 'missing'])
    expect(reports).toEqual([{ type: 'display', tokens: ['t1', 'default'] }])
  })

  test('10,000 matches are all changed', async () => {
    const { elements, took } = await page.evaluate(
      async (answer) => {
        const { dom, report } = globalThis as unknown as Here
        document.body.innerHTML = '<p class="x"></p>'.repeat(10_000)
        const start = performance.now()
        const { places } = await dom.render(answer, { ...report }, { timeout: 100 })
        const took = performance.now() - start
        return { elements: places[0]?.options[0]?.actions[0]?.elements, took }
      },
      executed({ type: 'appendHtml', selector: '.x', content: '<b>1</b>' }),
    )
    expect(elements).toBe(10_000)
    expect(took).toBeLessThan(5_000)
    expect(await page.evaluate(() => document.querySelectorAll('.x > b').length)).toBe(10_000)
  })
})
