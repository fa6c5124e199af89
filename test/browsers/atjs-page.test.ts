import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  asked,
  describeAtjs,
  edge,
  heard,
  html,
  names,
  notified,
  opacity,
  requests,
  text,
  uncaught,
} from './atjs-shop.ts'
import { type AtjsHere, SCRIPT } from './atjs-site.ts'

declare const adobe: AtjsHere['adobe']

describeAtjs('the at.js edition: a page and its views', ({ open }) => {
  test('96. tells of the library, the request and the rendering, in this order', async () => {
    const page = await open()
    await expect
      .poll(() => names(page))
      .toEqual([
        'library-loaded',
        'request-start',
        'request-succeeded',
        'content-rendering-start',
        'content-rendering-succeeded',
      ])
    expect(await text(page, '#title')).toBe('Summer')
    const events = await heard(page)
    const { tracking } = events[0]!.detail
    expect(tracking.sessionId).toBe(new URL(requests()[0]!.url).searchParams.get('sessionId'))
    expect(events.map(({ type, detail }) => [type, detail.type, detail.tracking.sessionId])).toEqual(
      events.map(({ type }) => [type, type, tracking.sessionId]),
    )
    expect(events[2]!.detail).toMatchObject({
      // Those of the page load and of three views.
      responseTokens: Array.from({ length: 4 }, () => ({ 'activity.name': 'Shop' })),
      redirect: false,
    })
    expect(events[4]!.detail).toMatchObject({
      execution: [{ status: 'success', pageLoad: true, data: { responseTokens: [{ 'activity.name': 'Shop' }] } }],
    })
    expect(new URL(requests()[0]!.url).searchParams.get('client')).toBe('acme')
    expect(asked()).toMatchObject([{ execute: { pageLoad: {} }, prefetch: { views: [{}] } }])
    expect(await uncaught(page)).toEqual([])
  })

  test('61. 64. counts no display of an executed page load, and its clicks', async () => {
    const page = await open()
    await expect.poll(() => text(page, '#title')).toBe('Summer')
    await page.click('#title')
    await expect.poll(() => notified()).toMatchObject([{ type: 'click', tokens: [expect.any(String)] }])
    expect(edge.ledger.total('impression')).toBe(1)
    expect(edge.ledger.total('click')).toBe(1)
  })

  test('97. an error of the edge is told as data', async () => {
    edge.fail({ status: 400, body: { status: 400, message: 'Bad thing' } })
    const page = await open()
    await expect.poll(() => names(page)).toContain('request-failed')
    const failed = (await heard(page)).find(({ type }) => type === 'at-request-failed')
    expect(failed?.detail.error).toEqual({
      code: 'HTTP_ERROR',
      message: expect.stringContaining('Bad thing'),
      status: 400,
    })
    expect(await opacity(page)).toBe('1')
    expect(await uncaught(page)).toEqual([])
  })

  test('46. shows the body at the timeout of a hung edge, and the snippet with it', async () => {
    edge.fail({ delay: 5_000 })
    const page = await open({ timeout: 700 }, { head: '<style id="at-body-style">body{opacity:0!important}</style>' })
    expect(await opacity(page)).toBe('0')
    await sleep(1000)
    expect(await opacity(page)).toBe('1')
    expect((await heard(page)).at(-1)).toMatchObject({
      type: 'at-request-failed',
      detail: { error: { code: 'TIMEOUT' } },
    })
  })

  test('52. a page with the state of its server asks nothing and hides nothing', async () => {
    const options = [
      { type: 'actions', content: [{ type: 'setText', selector: '#title', content: 'From the server' }] },
    ]
    const page = await open({ serverState: { request: {}, response: { execute: { pageLoad: { options } } } } as never })
    await expect.poll(() => text(page, '#title')).toBe('From the server')
    expect(requests()).toHaveLength(0)
    expect(await names(page)).toEqual(['library-loaded', 'content-rendering-start', 'content-rendering-succeeded'])
  })

  test('53. 54. 56. 58. views are shown when they are there, each once, and reported', async () => {
    const page = await open({}, { scripts: `${SCRIPT}<script>adobe.target.triggerView('Home')</script>` })
    await expect.poll(() => html(page, '#view')).toBe('<i>home</i>')
    await page.evaluate(() => adobe.target.triggerView('HOME').then(() => {}))
    expect(await html(page, '#view')).toBe('<i>home</i>')
    await page.evaluate(() => adobe.target.triggerView('home', { page: false }).then(() => {}))
    await expect
      .poll(() => notified())
      .toMatchObject([
        { type: 'display', view: { name: 'home', state: expect.any(String) }, tokens: [expect.any(String)] },
        { type: 'display', view: { name: 'home' } },
      ])
    const refused = await page.evaluate(() => adobe.target.triggerView('').catch(({ message }) => message))
    expect(refused).toContain('name')
    await sleep(500)
    expect(notified()).toHaveLength(2)
    expect(await uncaught(page)).toEqual([])
  })

  test('57. an unknown view is reported by its name', async () => {
    const page = await open()
    await page.evaluate(() => adobe.target.triggerView('news', { page: false }).then(() => {}))
    await page.evaluate(() => adobe.target.triggerView('news').then(() => {}))
    await expect.poll(() => notified()).toMatchObject([{ type: 'display', view: { name: 'news' } }])
    expect(notified()[0]).not.toHaveProperty('tokens')
  })

  test('60. without views none are asked for, and triggerView rejects', async () => {
    const page = await open({ viewsEnabled: false })
    await expect.poll(() => asked().length).toBe(1)
    expect(asked()[0]).not.toHaveProperty('prefetch')
    expect(await page.evaluate(() => adobe.target.triggerView('home').catch(({ code }) => code))).toBe(
      'INVALID_ARGUMENT',
    )
  })

  test('63. a view of which a part fails is told by one event, with the reason of none hidden', async () => {
    const page = await open()
    const places = await page.evaluate(async () => {
      const { places } = await adobe.target.triggerView('half')
      return places.flatMap(({ options }) =>
        options.flatMap(({ actions }) => actions.map(({ reason }) => reason ?? '')),
      )
    })
    expect(places).toEqual(['', 'missing'])
    expect((await heard(page)).at(-1)).toMatchObject({
      type: 'at-content-rendering-succeeded',
      detail: { execution: [{ status: 'error', view: 'half' }] },
    })
  })
})
