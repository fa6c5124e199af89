import { expect, test } from 'vitest'
import { asked, describeAtjs, edge, heard, html, names, notified, requests, text, uncaught } from './atjs-shop.ts'
import type { AtjsHere } from './atjs-site.ts'

declare const adobe: AtjsHere['adobe']

describeAtjs('the at.js edition: offers', ({ open, quiet, site }) => {
  test('71. calls that cannot be made reject with an error in the shape of at.js', async () => {
    const page = await quiet()
    const answers = await page.evaluate(async () => {
      const { target } = adobe as unknown as { target: Record<string, (options?: unknown) => Promise<unknown>> }
      const tell = (name: string, options?: unknown) =>
        target[name]!(options).catch((error: Record<string, unknown>) => [
          name,
          error.valid,
          typeof error.error,
          error.code,
        ])
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

  test('clicks of a whole answer are told as prefetchMetrics, and counted', async () => {
    const page = await quiet()
    await page.evaluate(async () => {
      const request = { prefetch: { mboxes: [{ name: 'hero', index: 0 }] } }
      const response = await adobe.target.getOffers({ request })
      const metrics = [{ type: 'click' as const, selector: '#cta', eventToken: 'clicked' }]
      Object.assign(response.prefetch ?? {}, { metrics })
      await adobe.target.applyOffers({ selector: '#hero', response })
    })
    expect((await heard(page)).at(-1)).toMatchObject({
      type: 'at-content-rendering-succeeded',
      detail: {
        execution: [
          { status: 'success', mbox: 'hero' },
          { status: 'success', prefetchMetrics: true, data: { eventTokens: ['clicked'], responseTokens: [] } },
        ],
      },
    })
    await page.click('#cta')
    await expect.poll(() => notified()).toContainEqual(expect.objectContaining({ type: 'click', tokens: ['clicked'] }))
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
    const to = `${site().url}/elsewhere`
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
})
