import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { GlobalSettings } from '../../src/atjs.ts'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { type AtjsHere, type AtjsSource, type Heard, openAtjsSite, SCRIPT } from './atjs-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

// A page of at.js that has changed one address; what counts is what arrives at the edge.

declare const adobe: AtjsHere['adobe']

const edge = createEmulator({
  offers: {
    activities: [
      {
        id: 1,
        name: 'Shop',
        experiences: [
          {
            name: 'Sun',
            offers: {
              hero: '<b>Sun</b>',
              flags: { json: { columns: 4 } },
              broken: { actions: [{ type: 'setHtml', selector: '#nowhere', content: 'x' }] },
            },
            views: {
              home: [{ type: 'appendHtml', selector: '#view', content: '<i>home</i>' }],
              cart: [{ type: 'setText', selector: '#view', content: 'your cart' }],
              half: [
                { type: 'setText', selector: '#view', content: 'half' },
                { type: 'setText', selector: '#nowhere', content: 'half' },
              ],
            },
            pageLoad: [{ type: 'setText', selector: '#title', content: 'Summer' }],
          },
        ],
        clicks: { pageLoad: '#title', hero: true },
        conversions: ['orderConfirmPage', 'clicked-cta'],
      },
    ],
  },
})
const BODY =
  '<h1 id="title">Hello</h1><div id="hero">default</div><p id="view"></p><a id="cta" href="/elsewhere">go</a>'

let edgeServer: Listening
let site: Awaited<ReturnType<typeof openAtjsSite>>
let count = 0
/** The first page of the test. */
let first = 1

beforeAll(async () => {
  edgeServer = await edge.listen(0)
  site = await openAtjsSite()
})
afterAll(async () => {
  site.close()
  await edgeServer.close()
})
beforeEach(() => {
  edge.reset()
  first = count + 1
})

const account = (): GlobalSettings => ({
  clientCode: 'acme',
  imsOrgId: 'ABC@AdobeOrg',
  serverDomain: `127.0.0.1:${edgeServer.port}`,
  overrideMboxEdgeServer: false,
  selectorsPollingTimeout: 200,
})

type Members = Record<string, unknown>
type Body = Members & { context: Members; execute?: Members; notifications?: (Members & { mbox?: Members })[] }
/** Of the pages of this test: one that was left before may still be sending. */
const requests = () =>
  edge.requests.filter(({ body }) => {
    const { address } = (body as Body).context as { address: { url: string } }
    return Number(new URL(address.url).pathname.slice(1)) >= first
  })
const bodies = () => requests().map(({ body }) => body as Body)
const asked = () => bodies().filter(({ execute, prefetch }) => execute || prefetch)
const notified = () => bodies().flatMap(({ notifications = [] }) => notifications)

const text = (page: Page, selector: string) =>
  page.evaluate((selector) => document.querySelector(selector)?.textContent, selector)
const html = (page: Page, selector: string) =>
  page.evaluate((selector) => document.querySelector(selector)?.innerHTML, selector)
const opacity = (page: Page) => page.evaluate(() => getComputedStyle(document.body).opacity)
const heard = (page: Page): Promise<Heard[]> => page.evaluate(() => (globalThis as unknown as AtjsHere).heard)
const names = async (page: Page) => (await heard(page)).map(({ type }) => type.slice(3))
const uncaught = (page: Page) => page.evaluate(() => (globalThis as unknown as AtjsHere).uncaught)
const warnings = (page: Page) => page.evaluate(() => (globalThis as unknown as AtjsHere).warnings.join('\n'))

describeEngines('the at.js edition', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  const open = async (settings: GlobalSettings = {}, source: AtjsSource = {}, query = '') => {
    const path = `/${++count}`
    site.pages.set(path, { body: BODY, settings: { ...account(), ...settings }, ...source })
    const page = await browser.open(site.url + path + query, { profile: `atjs ${count}` })
    onTestFinished(() => page.close())
    return page
  }
  /** A page that asks for nothing by itself. */
  const quiet = (settings: GlobalSettings = {}, source: AtjsSource = {}, query = '') =>
    open({ pageLoadEnabled: false, ...settings }, source, query)

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

  test('71. calls that cannot be made reject with an error in the shape of at.js', async () => {
    const page = await quiet()
    const answers = await page.evaluate(async () => {
      const { target } = adobe as unknown as { target: Record<string, (options?: unknown) => Promise<unknown>> }
      const tell = (name: string, options?: unknown) =>
        target[name]!(options).catch((error: Members) => [name, error.valid, typeof error.error, error.code])
      return [
        await tell('getOffers'),
        await tell('getOffers', { request: {} }),
        await tell('applyOffers'),
        await tell('applyOffers', { response: {} }),
        await tell('applyOffer'),
        await tell('trackEvent', {}),
        await tell('sendNotifications'),
        await tell('getOffer', {}),
      ]
    })
    expect(answers).toEqual(
      [
        'getOffers',
        'getOffers',
        'applyOffers',
        'applyOffers',
        'applyOffer',
        'trackEvent',
        'sendNotifications',
        'getOffer',
      ].map((name) => [name, false, 'string', 'INVALID_ARGUMENT']),
    )
    expect(asked()).toHaveLength(0)
    expect(await uncaught(page)).toEqual([])
  })

  test('72. 73. 74. failures have a code, a message and a status', async () => {
    const page = await quiet()
    edge.fail({ delay: 3_000 })
    edge.fail({ status: 400, body: { message: 'Bad thing' } })
    edge.fail({ body: '<html>', times: 3 })
    const answers = await page.evaluate(async () => {
      const ask = (more: object) =>
        adobe.target
          .getOffers({ request: { execute: { mboxes: [{ name: 'hero' }] } }, ...more })
          .catch(({ code, status, message }) => [code, status ?? 0, message])
      const since = performance.now()
      const first = await ask({ timeout: 200 })
      const took = performance.now() - since
      const controller = new AbortController()
      controller.abort()
      return [took, first, await ask({}), await ask({}), await ask({ signal: controller.signal })]
    })
    expect(answers[0]).toBeGreaterThan(190)
    expect(answers[0]).toBeLessThan(400)
    expect(answers.slice(1)).toMatchObject([
      ['TIMEOUT', 0, expect.any(String)],
      ['HTTP_ERROR', 400, expect.stringContaining('Bad thing')],
      ['PARSE_ERROR', expect.any(Number), expect.any(String)],
      ['ABORTED', 0, expect.any(String)],
    ])
  })

  test('75. getOffer places parameters, and gives the actions of at.js 1', async () => {
    const page = await quiet()
    const actions = await page.evaluate(
      () =>
        new Promise((success, error) => {
          const params = {
            a: 1,
            'profile.plan': 'gold',
            mbox3rdPartyId: 'crm-1',
            at_property: '12345678-1234-1234-1234-123456789012',
            orderTotal: '12.5',
            productPurchasedId: 'p1,p2',
            productId: 'p3',
          }
          adobe.target.getOffer({ mbox: 'hero', params, success, error })
        }),
    )
    expect(actions).toEqual([
      { action: 'setContent', content: '<b>Sun</b>' },
      { action: 'signalClick', clickTrackId: expect.any(String) },
    ])
    expect(asked()).toMatchObject([
      {
        id: { thirdPartyId: 'crm-1' },
        property: { token: '12345678-1234-1234-1234-123456789012' },
        execute: {
          mboxes: [
            {
              name: 'hero',
              parameters: { a: '1' },
              profileParameters: { plan: 'gold' },
              order: { total: 12.5, purchasedProductIds: ['p1', 'p2'] },
              product: { id: 'p3' },
            },
          ],
        },
      },
    ])
  })

  test('76. getOffer of the global mbox is the page load; applyOffer shows it and counts its clicks', async () => {
    const page = await quiet({ globalMboxName: 'everything' })
    await page.evaluate(async () => {
      const offer = await adobe.target.getOffer({ mbox: 'everything' })
      await adobe.target.applyOffer({ mbox: 'everything', offer })
    })
    expect(asked()).toMatchObject([{ execute: { pageLoad: {} } }])
    expect(await text(page, '#title')).toBe('Summer')
    await page.click('#title')
    await expect.poll(() => edge.ledger.total('click')).toBe(1)
  })

  test('77. a failure of getOffer reaches its function, or else its promise', async () => {
    const page = await quiet()
    edge.fail({ delay: 2_000, times: 2 })
    const statuses = await page.evaluate(async () => {
      const heard = await new Promise((resolve) => {
        const error = (status: string, reason: unknown) => resolve([status, (reason as Error).name])
        adobe.target.getOffer({ mbox: 'hero', timeout: 100, success: () => {}, error })
      })
      return [heard, await adobe.target.getOffer({ mbox: 'hero', timeout: 100 }).catch(({ code }) => code)]
    })
    expect(statuses).toEqual([['timeout', 'TargetError'], 'TIMEOUT'])
    expect((await names(page)).filter((name) => name === 'request-failed')).toHaveLength(2)
  })

  test('62. 69. a prefetched mbox is reported when applyOffers has shown it', async () => {
    const page = await quiet()
    await page.evaluate(async () => {
      const request = { prefetch: { mboxes: [{ name: 'hero', index: 0 }] } }
      const response = await adobe.target.getOffers({ request })
      await adobe.target.applyOffers({ selector: '#hero', response })
    })
    expect(await html(page, '#hero')).toBe('<b>Sun</b>')
    await expect.poll(() => edge.ledger.total('impression')).toBe(1)
    expect(notified()).toMatchObject([{ type: 'display', mbox: { name: 'hero', state: expect.any(String) } }])
  })

  test('78. applyOffers resolves with what failed, and tells it', async () => {
    const page = await quiet()
    const reasons = await page.evaluate(async () => {
      const response = await adobe.target.getOffers({ request: { execute: { mboxes: [{ name: 'broken' }] } } })
      const { places } = await adobe.target.applyOffers({ response })
      return places.flatMap(({ options }) => options.flatMap(({ actions }) => actions.map(({ reason }) => reason)))
    })
    expect(reasons).toEqual(['missing'])
    expect((await heard(page)).at(-1)).toMatchObject({
      type: 'at-content-rendering-failed',
      detail: {
        mbox: 'broken',
        error: [
          {
            status: 'error',
            mbox: 'broken',
            data: { errors: [{ errors: [{ selector: '#nowhere', error: true, reason: 'missing' }] }] },
          },
        ],
      },
    })
  })

  test('an empty answer is told as no offers', async () => {
    const page = await quiet()
    await page.evaluate(() => adobe.target.applyOffer({ mbox: 'hero', offer: [] }).then(() => {}))
    expect((await names(page)).at(-1)).toBe('content-rendering-no-offers')
  })

  test('21. a redirect is told before the page leaves, and nothing else is shown', async () => {
    const page = await quiet()
    const to = `${site.url}/elsewhere`
    await page
      .evaluate((to) => {
        document.addEventListener('at-content-rendering-redirect', ((event: CustomEvent) => {
          const title = document.querySelector('#title')?.textContent
          sessionStorage.setItem('told', JSON.stringify([event.detail.url, event.detail.mbox, title]))
        }) as EventListener)
        const offer = [
          { action: 'redirect', url: to },
          { action: 'setContent', selector: '#title', content: 'never' },
        ]
        void adobe.target.applyOffer({ mbox: 'hero', offer })
      }, to)
      // The page may be gone before it answers.
      .catch(() => {})
    await expect.poll(() => page.evaluate(() => location.pathname).catch(() => '')).toBe('/elsewhere')
    expect(await page.evaluate(() => JSON.parse(sessionStorage.getItem('told') ?? 'null'))).toEqual([
      to,
      'hero',
      'Hello',
    ])
  })

  test('82. 83. a visitor of at.js stays the same, with a new session when the old one is over', async () => {
    const head = `<script>document.cookie = 'mbox=session#old#1600000000|PC#abc.37_0#9999999999; path=/'</script>`
    const page = await open({}, { head })
    await expect.poll(() => asked().length).toBe(1)
    expect(asked()).toMatchObject([{ id: { tntId: 'abc.37_0' } }])
    const session = new URL(requests()[0]!.url).searchParams.get('sessionId')
    expect(session).not.toBe('old')
    const [loaded] = await heard(page)
    expect(loaded?.detail.tracking).toEqual({ sessionId: session, deviceId: 'abc.37_0' })
  })

  test('43. works where scripts have to be trusted', async () => {
    const policy = "require-trusted-types-for 'script'; trusted-types isotarget"
    const page = await open({}, { head: `<meta http-equiv="content-security-policy" content="${policy}">` })
    await page.evaluate(() => adobe.target.triggerView('home').then(() => {}))
    expect(await html(page, '#view')).toBe('<i>home</i>')
    expect(await uncaught(page)).toEqual([])
  })

  test('79. trackEvent on a link: at.js holds the visitor, unless the page says otherwise', async () => {
    const page = await quiet()
    await page.evaluate(() =>
      adobe.target.trackEvent({ mbox: 'clicked-cta', type: 'click', selector: '#cta', preventDefault: true }),
    )
    await page.click('#cta')
    await expect.poll(() => notified()).toMatchObject([{ type: 'click', mbox: { name: 'clicked-cta' } }])
    expect(await page.evaluate(() => location.pathname)).not.toBe('/elsewhere')

    const other = await quiet()
    edge.reset()
    await other.evaluate(() =>
      adobe.target.trackEvent({
        mbox: 'clicked-cta',
        type: 'click',
        selector: '#cta',
        preventDefault: true,
        resume: true,
        params: { from: 'hero' },
      }),
    )
    await other.click('#cta')
    await expect
      .poll(() => notified())
      .toMatchObject([{ type: 'click', mbox: { name: 'clicked-cta' }, parameters: { from: 'hero' } }])
    await expect.poll(() => other.evaluate(() => location.pathname).catch(() => '')).toBe('/elsewhere')
  })

  test('66. a conversion survives the page that is left in the next line', async () => {
    const page = await quiet()
    await page
      .evaluate(() => {
        const params = { orderId: 'o-1', orderTotal: 19.5, productPurchasedId: ['tea', 'pot'].join() }
        void adobe.target.trackEvent({ mbox: 'orderConfirmPage', params })
        location.href = '/elsewhere'
      })
      .catch(() => {})
    await expect
      .poll(() => notified())
      .toMatchObject([{ type: 'display', mbox: { name: 'orderConfirmPage' }, order: { id: 'o-1', total: 19.5 } }])
  })

  test('70. 80. sendNotifications resolves when they have arrived, and sends nothing for none', async () => {
    const page = await quiet()
    const answers = await page.evaluate(async () => {
      const of = (id: string) => ({
        id,
        timestamp: Date.now(),
        type: 'display' as const,
        mbox: { name: 'orderConfirmPage' },
      })
      const none = await adobe.target.sendNotifications({ request: { notifications: [] } }).catch(({ code }) => code)
      return [none, await adobe.target.sendNotifications({ request: { notifications: [of('n1'), of('n2')] } })]
    })
    expect(answers).toEqual(['INVALID_ARGUMENT', { sent: 2, rejected: 0, pending: 0 }])
    expect(bodies().map(({ notifications }) => notifications?.map(({ id }) => id))).toEqual([['n1', 'n2']])
  })

  test('81. mboxDisable asks nothing, and every function says why', async () => {
    const tell = async (page: Page) => {
      const codes = await page.evaluate(async () => {
        const code = ({ code }: { code: string }) => code
        const request = { execute: { pageLoad: {} } }
        const told = await new Promise((resolve) =>
          adobe.target.getOffer({
            mbox: 'hero',
            error: (_, error) => resolve((error as { code: string }).code),
          }),
        )
        return [
          adobe.target.VERSION,
          told,
          await adobe.target.getOffers({ request }).catch(code),
          await adobe.target.triggerView('home').catch(code),
          await adobe.target.trackEvent({ mbox: 'orderConfirmPage' }).catch(code),
        ]
      })
      expect(codes).toEqual(['', 'DISABLED', 'DISABLED', 'DISABLED', 'DISABLED'])
      expect(await opacity(page)).toBe('1')
      expect(await uncaught(page)).toEqual([])
    }
    const page = await open({}, {}, '?mboxDisable=true')
    await tell(page)
    await tell(await open({}, { head: '<script>document.cookie = "mboxDisable=true"</script>' }))
    await tell(await open({ enabled: false }))
    await sleep(400)
    expect(requests()).toHaveLength(0)
  })

  test('87. 91. mboxSession and authorization go with the request, and the trace is kept', async () => {
    const page = await open({}, {}, '?mboxSession=S1&mboxDebug=true&authorization=token-1')
    await expect.poll(() => text(page, '#title')).toBe('Summer')
    expect(new URL(requests()[0]!.url).searchParams.get('sessionId')).toBe('S1')
    expect(asked()).toMatchObject([{ trace: { authorizationToken: 'token-1' } }])
    expect((await heard(page))[0]?.detail.tracking.sessionId).toBe('S1')
  })

  test('92. 93. the page and its providers say parameters, and what fails says nothing', async () => {
    const head = `<script>
      targetPageParams = () => ({ a: 1, user: { categories: ['x', 'y'] }, 'profile.age': 26 })
      targetPageParamsAll = () => ['b=2%26', 'none']
      const provider = (result) => (callback) => callback(null, result)
      targetGlobalSettings.dataProviders = [
        { name: 'ok', version: '1', provider: provider({ fromOk: 'yes' }) },
        { name: 'late', version: '1', timeout: 100, provider: (callback) => setTimeout(callback, 3000, null, { late: 1 }) },
        { name: 'bad', version: '1', provider: (callback) => callback(new Error('no'), { bad: 1 }) },
        { name: 'nameless', provider: provider({ nameless: 1 }) },
      ]
    </script>`
    await open({}, { head })
    await expect.poll(() => asked().length).toBe(1)
    const { execute, prefetch } = asked()[0] as unknown as {
      execute: { pageLoad: object }
      prefetch: { views: object[] }
    }
    const details = {
      parameters: { a: '1', 'user.categories.0': 'x', 'user.categories.1': 'y', b: '2&', fromOk: 'yes' },
      profileParameters: { age: '26' },
    }
    expect(execute.pageLoad).toEqual(details)
    expect(prefetch.views).toEqual([details])
  })

  test('92. functions of the page that throw say nothing', async () => {
    const head = '<script>targetPageParams = () => { throw new Error("no") }; targetPageParamsAll = 5</script>'
    await open({}, { head })
    await expect.poll(() => asked().length).toBe(1)
    expect(asked()[0]?.execute).toEqual({ pageLoad: {} })
  })

  test('94. the ids of the ID service go with the request', async () => {
    const head = `<script>
      Visitor = { getInstance: () => ({
        getVisitorValues: (callback) => callback({ MCMID: '123', MCAAMLH: '9', MCAAMB: 'blob' }),
        getSupplementalDataID: () => '1111111111111111-2222222222222222',
        getState: () => ({}),
      }) }
    </script>`
    await open({}, { head })
    await expect.poll(() => asked().length).toBe(1)
    expect(asked()).toMatchObject([
      {
        id: { marketingCloudVisitorId: '123' },
        experienceCloud: {
          audienceManager: { locationHint: 9, blob: 'blob' },
          analytics: { supplementalDataId: '1111111111111111-2222222222222222' },
        },
      },
    ])
  })

  test('95. settings of the request: cross-domain, sandbox, logging, parameters', async () => {
    await open({
      crossDomain: 'enabled',
      aepSandboxId: 'id',
      aepSandboxName: 'name',
      analyticsLogging: 'client_side',
      globalMboxParams: 'g=1',
      mboxParams: { m: 1 },
    })
    await expect.poll(() => asked().length).toBe(1)
    expect(asked()).toMatchObject([
      {
        context: { crossDomain: 'enabled', address: { url: expect.any(String) } },
        experienceCloud: {
          platform: { sandboxId: 'id', sandboxName: 'name' },
          analytics: { logging: 'client_side' },
        },
        execute: { pageLoad: { parameters: { g: '1' } } },
      },
    ])
  })

  test('48. nobody is asked, and nothing hidden, before the opt-in service says yes', async () => {
    const head = `<script>
      adobe = { optIn: { isPending: true, fetchPermissions(listener) { this.go = listener; listener() }, isApproved: () => true } }
    </script>`
    const page = await open({ optinEnabled: true }, { head })
    await sleep(300)
    expect([await opacity(page), requests().length]).toEqual(['1', 0])
    expect(await page.evaluate(() => document.cookie)).toBe('')
    await page.evaluate(() => {
      const { optIn } = adobe as unknown as { optIn: { isPending: boolean; go(): void } }
      optIn.isPending = false
      optIn.go()
    })
    await expect.poll(() => text(page, '#title')).toBe('Summer')
  })

  test('102. a second script warns, and the first goes on', async () => {
    const page = await open({}, { scripts: SCRIPT + SCRIPT })
    await expect.poll(() => text(page, '#title')).toBe('Summer')
    expect(await warnings(page)).toContain('already')
    expect(asked()).toHaveLength(1)
  })

  test('103. a page in quirks mode works', async () => {
    const page = await open({}, { doctype: '' })
    await expect.poll(() => text(page, '#title')).toBe('Summer')
    expect(await page.evaluate(() => document.compatMode)).toBe('BackCompat')
  })

  test('104. isotarget is there too: calls before the script are made', async () => {
    const head = `<script>
      isotarget = (...asked) => new Promise((...settle) => (isotarget.q ??= []).push([asked, ...settle]))
      early = isotarget('triggerView', 'news').catch(({ message }) => message)
      loaded = isotarget('loaded')
    </script>`
    const page = await open({}, { head })
    const places = await page.evaluate(() =>
      (globalThis as unknown as { loaded: Promise<{ places: object[] }> }).loaded.then(({ places }) => places.length),
    )
    expect(places).toBe(1)
  })

  test('init starts a page whose settings come late, and names what has no effect', async () => {
    const page = await open({}, { head: '<script>delete targetGlobalSettings.clientCode</script>' })
    expect(await warnings(page)).toContain('clientCode')
    await page.evaluate(() => {
      const endpoint = { endpoint: '/x' } as object
      adobe.target.init(window, document, { clientCode: 'acme', ...endpoint })
    })
    await expect.poll(() => text(page, '#title')).toBe('Summer')
    expect(await warnings(page)).toContain('without effect in targetGlobalSettings: endpoint')
    await page.evaluate(() => (adobe.target as unknown as { mboxCreate(): void }).mboxCreate())
    expect(await warnings(page)).toContain('mboxCreate')
  })

  test('a data attribute names the account of a page without settings', async () => {
    const page = await open(undefined, {
      settings: undefined,
      scripts: `<script src="/at.js" data-client="acme" data-organization-id="ABC@AdobeOrg" data-server-domain="127.0.0.1:${edgeServer.port}"></script>`,
    })
    await expect.poll(() => text(page, '#title')).toBe('Summer')
  })
})
