import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  asked,
  bodies,
  describeAtjs,
  edge,
  edgePort,
  heard,
  html,
  notified,
  opacity,
  requests,
  text,
  uncaught,
  warnings,
} from './atjs-shop.ts'
import { type AtjsHere, SCRIPT } from './atjs-site.ts'
import type { Page } from './engines/engine.ts'

declare const adobe: AtjsHere['adobe']

describeAtjs('the at.js edition: visitors, reports, settings', ({ open, quiet }) => {
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
      const useless = { cdnBasePath: '/x' } as object
      adobe.target.init(window, document, { clientCode: 'acme', ...useless })
    })
    await expect.poll(() => text(page, '#title')).toBe('Summer')
    expect(await warnings(page)).toContain('without effect in targetGlobalSettings: cdnBasePath')
    await page.evaluate(() => (adobe.target as unknown as { mboxCreate(): void }).mboxCreate())
    expect(await warnings(page)).toContain('mboxCreate')
  })

  test('a data attribute names the account of a page without settings', async () => {
    const page = await open(undefined, {
      settings: undefined,
      scripts: `<script src="/at.js" data-client="acme" data-organization-id="ABC@AdobeOrg" data-server-domain="127.0.0.1:${edgePort()}"></script>`,
    })
    await expect.poll(() => text(page, '#title')).toBe('Summer')
  })
})
