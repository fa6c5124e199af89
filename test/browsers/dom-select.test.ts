import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AnyAction, executed, type Here, openDom, prefetched, renderIn, uncaughtIn } from './dom-page.ts'
import { openDomSite, openTestSite } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

const QUICK = { timeout: 100 }
const text = (selector: string, content = 'new'): AnyAction => ({ type: 'setText', selector, content })

describeEngines('selectors', (engine) => {
  let browser: Browser
  let site: Awaited<ReturnType<typeof openDomSite>>
  let page: Page
  beforeAll(async () => {
    browser = await engine.launch()
    site = await openDomSite()
    page = await openDom(browser, `${site.url}/`)
    await page.evaluate(() => {
      customElements.define(
        'x-card',
        class extends HTMLElement {
          connectedCallback() {
            if (!this.shadowRoot) this.attachShadow({ mode: 'open' }).innerHTML = this.getAttribute('inner') ?? ''
          }
        },
      )
    })
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })

  /** Marks with `!` what the selector finds. */
  const found = async (body: string, selector: string): Promise<[string, string[]]> => {
    const { html, outcomes } = await renderIn(page, { body, answer: executed(text(selector, '!')), options: QUICK })
    return [html, outcomes]
  }

  const TREE =
    '<div id="w"><div class="c"><span>1</span><span>2</span></div><div class="c"><span>3</span><span>4</span></div></div>'
  const FINDS: [title: string, body: string, selector: string, after: string][] = [
    ['26 :eq at any depth', TREE, '#w > DIV.c:eq(1) > SPAN:eq(1)', TREE.replace('4', '!')],
    ['26 :eq counts all that match, not children', TREE, 'span:eq(2)', TREE.replace('3', '!')],
    ['26 :eq before a descendant', TREE, 'DIV.c:eq(1) SPAN', TREE.replace('3', '!').replace('4', '!')],
    ['26 :eq in a list', TREE, 'span:eq(0), .c:eq(1) > span:eq(0)', TREE.replace('1', '!').replace('3', '!')],
    ['26 :eq of an attribute is text', '<p title=":eq(0)">1</p>', 'p[title=":eq(0)"]', '<p title=":eq(0)">!</p>'],
    ['29 an id that starts with a digit', '<p id="1abc">1</p>', '#1abc', '<p id="1abc">!</p>'],
    ['29 a class that starts with a digit', '<p class="2d">1</p>', 'p.2d', '<p class="2d">!</p>'],
    ['29 an id of digits beside :eq', '<div id="9"><p>1</p></div>', '#9 > P:eq(0)', '<div id="9"><p>!</p></div>'],
    ['29 an escape that is there already', '<p id="1abc">1</p>', '#\\31 abc', '<p id="1abc">!</p>'],
    ['29 a number in an attribute stays', '<p data-x=".5 #1">1</p>', '[data-x=".5 #1"]', '<p data-x=".5 #1">!</p>'],
    ['lists and functions of CSS', TREE, '.c:is(div, p):not(:nth-child(2)) span:last-child', TREE.replace('2', '!')],
  ]
  test.for(FINDS)('%s', async ([, body, selector, after]) => {
    expect(await found(body, selector)).toEqual([after, ['shown']])
  })

  const INNER = '<div><p>1</p><p>2</p></div><div><p>3</p></div>'
  test.for([
    ['28 #a:shadow > DIV:eq(0) > P:eq(1)', '<div><p>1</p><p>!</p></div><div><p>3</p></div>'],
    ['28 #a >>> div > p:eq(2)', '<div><p>1</p><p>2</p></div><div><p>!</p></div>'],
    ['28 x-card:shadow P', '<div><p>!</p><p>!</p></div><div><p>!</p></div>'],
  ])('%s steps into the shadow root alone', async ([title = '', after]) => {
    const selector = title.slice(3)
    const body = `<div><p>out</p></div><x-card id="a" inner="${INNER}"></x-card>`
    const [html, outcomes] = await found(body, selector)
    expect(outcomes).toEqual(['shown'])
    expect(html).toContain('<p>out</p>')
    expect(await page.evaluate(() => document.querySelector('x-card')?.shadowRoot?.innerHTML)).toBe(after)
  })

  test('27 32 what is not there is missing at the deadline, and delays nobody', async () => {
    const { first, took, outcomes } = await page.evaluate(
      async (answer) => {
        const { dom, report } = globalThis as unknown as Here
        document.body.innerHTML = '<p id="a">old</p><p class="one">1</p>'
        const start = performance.now()
        const done = dom.render(answer, { ...report }, { timeout: 300 })
        const first = document.querySelector('#a')?.textContent
        const { places } = await done
        const outcomes = places[0]?.options[0]?.actions.map(({ shown, reason }) => [shown, reason ?? null])
        return { first, took: performance.now() - start, outcomes }
      },
      executed(text('.one:eq(4)'), text('#b'), text('#a')),
    )
    expect(first).toBe('new')
    expect(took).toBeGreaterThan(290)
    expect(took).toBeLessThan(1_500)
    expect(outcomes).toEqual([
      [false, 'missing'],
      [false, 'missing'],
      [true, null],
    ])
  })

  test('30 an invalid selector is told, hides nothing, and lets the others be', async () => {
    const answer = executed({ ...text('#a >> b'), cssSelector: '#a >> b' }, text('#a'))
    const { html, outcomes } = await renderIn(page, { body: '<p id="a">old</p>', answer, options: QUICK })
    expect([html, outcomes]).toEqual(['<p id="a">new</p>', ['selector', 'shown']])
    expect(
      await page.evaluate(() => [document.adoptedStyleSheets.length, document.querySelectorAll('style').length]),
    ).toEqual([0, 0])
  })

  test('31 an element that comes later is changed before it is painted, and is hidden no longer than that', async () => {
    const events = await page.evaluate(
      async (answer) => {
        const { dom, report } = globalThis as unknown as Here
        document.body.innerHTML = '<main></main>'
        const events: string[] = []
        const done = dom.render(answer, { ...report }, { timeout: 5_000 })
        events.push(`hides: ${document.adoptedStyleSheets.length}`)
        await new Promise((come) => setTimeout(come, 800))
        document.querySelector('main')!.innerHTML = '<section><p id="late">old</p></section>'
        await new Promise<void>((frame) => requestAnimationFrame(() => frame()))
        events.push(
          `${document.querySelector('#late')?.textContent} ${getComputedStyle(document.querySelector('#late')!).opacity}`,
        )
        await done
        events.push(`hides: ${document.adoptedStyleSheets.length}`)
        return events
      },
      executed({ ...text('#late'), cssSelector: '#late' }),
    )
    expect(events).toEqual(['hides: 1', 'new 1', 'hides: 0'])
  })

  test('31 an id that an element is given later counts as well', async () => {
    const after = await page.evaluate(
      async (answer) => {
        const { dom, report } = globalThis as unknown as Here
        document.body.innerHTML = '<p>old</p>'
        const done = dom.render(answer, { ...report }, { timeout: 5_000 })
        document.querySelector('p')!.id = 'named'
        await done
        return document.body.innerHTML
      },
      executed(text('#named')),
    )
    expect(after).toBe('<p id="named">new</p>')
  })

  test('an element that goes and comes back while another is awaited is found again', async () => {
    const after = await page.evaluate(
      async (answer) => {
        const { dom, report } = globalThis as unknown as Here
        document.body.innerHTML = '<div id="host"></div>'
        const host = document.querySelector('#host')!
        const done = dom.render(answer, { ...report }, { timeout: 5_000 })
        host.remove()
        host.innerHTML = '<p class="in">old</p>'
        await new Promise((come) => setTimeout(come, 50))
        const meanwhile = host.innerHTML
        document.body.append(host)
        await done
        return [meanwhile, document.body.innerHTML]
      },
      executed(text('#host > .in')),
    )
    expect(after).toEqual(['<p class="in">old</p>', '<div id="host"><p class="in">new</p></div>'])
  })

  test('a shadow root that fills later is looked into, one whose host is detached is not', async () => {
    const after = await page.evaluate(
      async (answer) => {
        const { dom, report } = globalThis as unknown as Here
        document.body.innerHTML = '<x-card id="a"></x-card><x-later id="b"></x-later>'
        const done = dom.render(answer, { ...report }, { timeout: 1_000 })
        const [a, b] = [document.querySelector('#a')!, document.querySelector('#b')!]
        await new Promise((come) => setTimeout(come, 20))
        a.shadowRoot!.innerHTML = '<p>old</p>'
        await new Promise((come) => setTimeout(come, 20))
        const filled = a.shadowRoot!.innerHTML
        customElements.define(
          'x-later',
          class extends HTMLElement {
            constructor() {
              super()
              this.attachShadow({ mode: 'open' }).innerHTML = '<p>old</p>'
            }
          },
        )
        await new Promise((come) => setTimeout(come, 20))
        const both = [filled, b.shadowRoot!.innerHTML]
        const gone = document.createElement('div')
        gone.id = 'gone'
        gone.attachShadow({ mode: 'open' }).innerHTML = '<p>old</p>'
        document.body.append(gone)
        gone.remove()
        const { places } = await done
        return [...both, gone.shadowRoot!.innerHTML, places[0]?.options[0]?.actions.at(-1)?.reason]
      },
      executed(text('#a:shadow p'), text('#b:shadow p'), text('#gone:shadow > .never')),
    )
    expect(after).toEqual(['<p>new</p>', '<p>new</p>', '<p>old</p>', 'missing'])
  })

  test('33 what a framework replaces is changed again when asked, once, and displayed once', async () => {
    const answer = prefetched([text('#a'), { type: 'appendHtml', selector: '#list', content: '<li>ad</li>' }])
    const run = (keep: boolean) =>
      page.evaluate(
        async (answer, keep) => {
          const here = globalThis as unknown as Here
          const { dom, reports, report } = here
          reports.length = 0
          const stop = new AbortController()
          const draw = () => {
            document.body.innerHTML = '<p id="a">old</p><ul id="list"><li>1</li></ul>'
          }
          draw()
          await dom.render(answer, { ...report }, { timeout: 100, keep, signal: stop.signal })
          draw()
          await new Promise((come) => setTimeout(come, 20))
          document.querySelector('#list')!.append('text')
          await new Promise((come) => setTimeout(come, 20))
          const kept = document.body.innerHTML
          stop.abort()
          draw()
          await new Promise((come) => setTimeout(come, 20))
          return [kept, document.body.innerHTML, reports.length]
        },
        answer,
        keep,
      )
    const old = '<p id="a">old</p><ul id="list"><li>1</li></ul>'
    expect(await run(true)).toEqual(['<p id="a">new</p><ul id="list"><li>1</li><li>ad</li>text</ul>', old, 1])
    expect(await run(false)).toEqual(['<p id="a">old</p><ul id="list"><li>1</li>text</ul>', old, 1])
  })

  test('31 elements of a page that still comes in are all changed, also those that come after the first', async () => {
    const early = `import { render } from '/dist/dom.js'
      const content = [{ type: 'appendHtml', selector: '.x', content: '<b>new</b>' }]
      const done = render({ execute: { pageLoad: { options: [{ type: 'actions', content }] } } }, {})
      globalThis.outcome = done.then(({ places }) => [document.readyState, places[0].options[0].shown])`
    const own = await openTestSite({
      '/': {
        head: '<script type="module" async src="/early.js"></script>',
        body: `<p class="x"></p>${' '.repeat(2_000)}`,
        rest: { body: '<p class="x"></p><p class="x"></p>', delay: 600 },
      },
      '/early.js': { text: early },
    })
    const coming = await openDom(browser, `${own.url}/`)
    const html = await coming.evaluate(() => document.body.innerHTML.replaceAll(/\s/g, ''))
    expect(html).toBe('<pclass="x"><b>new</b></p>'.repeat(3))
    const [, shown] = await coming.evaluate(() => (globalThis as unknown as { outcome: [string, boolean] }).outcome)
    expect(shown).toBe(true)
    await coming.close()
  })

  test('an element of which only a part has come waits for the rest of it', async () => {
    const early = `import { render } from '/dist/dom.js'
      const content = [
        { type: 'setText', selector: '#a', content: 'new' },
        { type: 'appendHtml', selector: '#b', content: '<i>last</i>' },
        { type: 'setStyle', selector: '#b', content: { color: 'red' } },
      ]
      const done = render({ execute: { pageLoad: { options: [{ type: 'actions', content }] } } }, {})
      globalThis.outcome = done.then(({ places }) => places[0].options[0].shown)`
    const own = await openTestSite({
      '/': {
        head: '<script type="module" async src="/early.js"></script>',
        body: `<p>${' '.repeat(2_000)}</p><div id="b"><p id="a">ol`,
        rest: { body: 'd</p><p>first</p></div>', delay: 600 },
      },
      '/early.js': { text: early },
    })
    const coming = await openDom(browser, `${own.url}/`)
    expect(await coming.evaluate(() => (globalThis as unknown as { outcome: boolean }).outcome)).toBe(true)
    const html = await coming.evaluate(() => document.getElementById('b')?.outerHTML)
    expect(html).toBe('<div id="b" style="color: red;"><p id="a">new</p><p>first</p><i>last</i></div>')
    await coming.close()
  })

  test('a signal ends the waiting, and what is in the page stays', async () => {
    const { outcomes, html } = await page.evaluate(
      async (answer) => {
        const { dom, report } = globalThis as unknown as Here
        document.body.innerHTML = '<p id="a">old</p>'
        const stop = new AbortController()
        const done = dom.render(answer, { ...report }, { signal: stop.signal })
        stop.abort()
        const { places } = await done
        document.body.insertAdjacentHTML('beforeend', '<p id="b">old</p>')
        await new Promise((come) => setTimeout(come, 20))
        const late = await dom.render(answer, { ...report }, { signal: stop.signal })
        const reasons = [places, late.places].map((all) =>
          all[0]?.options[0]?.actions.map(({ reason }) => reason ?? 'shown'),
        )
        return { outcomes: reasons, html: document.body.innerHTML }
      },
      executed(text('#a'), text('#b')),
    )
    expect(html).toBe('<p id="a">new</p><p id="b">old</p>')
    expect(outcomes).toEqual([
      ['shown', 'aborted'],
      ['aborted', 'aborted'],
    ])
  })

  test('nothing of all this is an error of the page', async () => {
    expect(await uncaughtIn(page)).toEqual([])
  })
})
