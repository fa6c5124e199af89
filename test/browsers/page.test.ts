import { expect, test } from 'vitest'
import { TargetClient } from '../../src/server.ts'
import { account, describePages, edge, opacity, posts, text } from './page-shop.ts'
import { scriptTag } from './page-site.ts'

// A page with nothing but a script element, as an author writes it.

type Call = (command: string, ...args: unknown[]) => Promise<unknown>
declare const isotarget: Call & { TargetClient: object }

describePages('a page', ({ open }) => {
  test('61. asks, shows and counts what its script element says', async () => {
    const page = await open({ head: scriptTag({ ...account(), mboxes: 'hero', follow: 'hash', prehide: 'body' }) })
    await expect.poll(() => text(page, '#title')).toBe('Summer')
    expect(await text(page, '[data-mbox]')).toBe('Sun')
    await expect.poll(() => text(page, '#view')).toBe('at home')
    expect(await opacity(page)).toBe('1')
    await page.evaluate(() => {
      location.hash = '#/cart'
    })
    await expect.poll(() => text(page, '#view')).toBe('your cart')
    await page.click('#title')
    await expect.poll(() => edge.ledger.total('click')).toBe(1)
    const shown = () =>
      posts().flatMap(({ notifications }) => (notifications as { type: string; view?: object; mbox?: object }[]) ?? [])
    await expect.poll(shown).toHaveLength(4)
    expect(shown().map(({ type, view, mbox }) => view ?? mbox ?? type)).toEqual([
      expect.objectContaining({ name: 'hero' }),
      expect.objectContaining({ name: 'home' }),
      expect.objectContaining({ name: 'cart' }),
      'click',
    ])
    expect(edge.preflights).toBe(0)
  })

  test('104. calls that were made before the script was there are done in their order, with what comes of them', async () => {
    const stub = `<script>
      isotarget = function () {
        var asked = arguments
        return new Promise(function (resolve, reject) { (isotarget.q = isotarget.q || []).push([[].slice.call(asked), resolve, reject]) })
      }
      log = []
      isotarget('triggerView', 'home').then(function () { log.push('home') })
      isotarget('triggerView', 'cart').then(function (rendered) { log.push(rendered.places[0].name) })
      isotarget('nonsense').catch(function (error) { log.push(error.code) })
      isotarget('getOffers', { request: { prefetch: { mboxes: [{ name: 'hero' }] } } }).then(function (result) {
        log.push(result.response.prefetch.mboxes[0].options[0].content)
      })
    </script>`
    const page = await open({ head: stub + scriptTag(account(), '?delay=100', 'async') })
    const log = () => page.evaluate(() => (globalThis as unknown as { log: string[] }).log)
    await expect.poll(log).toHaveLength(4)
    expect([...(await log())].sort()).toEqual(['<b>Sun</b>', 'INVALID_ARGUMENT', 'cart', 'home'])
    expect(await text(page, '#view')).toBe('your cart')
    const shown = () => posts().flatMap(({ notifications }) => (notifications as { view: { name: string } }[]) ?? [])
    await expect.poll(() => shown().map(({ view }) => view.name)).toEqual(['home', 'cart'])
  })

  test('102. a second script changes nothing, and says so', async () => {
    const warnings = '<script>warned = []; console.warn = function (text) { warned.push(text) }</script>'
    const tag = scriptTag(account())
    const page = await open({ head: warnings + tag + tag })
    await expect.poll(() => text(page, '#title')).toBe('Summer')
    const warned = await page.evaluate(() => (globalThis as unknown as { warned: string[] }).warned)
    expect(warned).toEqual([expect.stringContaining('on this page already')])
    expect(edge.requests).toHaveLength(1)
  })

  test('a global says the same as attributes, and the command start too', async () => {
    const settings = JSON.stringify({
      client: 'acme',
      organizationId: 'ABC@AdobeOrg',
      serverDomain: account()['server-domain'],
      secure: false,
    })
    const first = await open({ head: `<script>isotargetSettings = ${settings}</script>${scriptTag({})}` })
    await expect.poll(() => text(first, '#title')).toBe('Summer')
    const second = await open({ head: `${scriptTag({})}<script>isotarget('start', ${settings})</script>` })
    await expect.poll(() => text(second, '#title')).toBe('Summer')
  })

  test('settings that lack something are told, and calls hear of it', async () => {
    const told = '<script>told = []; console.error = function (error) { told.push(error.message) }</script>'
    const page = await open({ head: told + scriptTag({ client: 'acme' }) })
    const heard = await page.evaluate(async () => [
      ...(globalThis as unknown as { told: string[] }).told,
      await isotarget('triggerView', 'home').catch((error) => error.path),
    ])
    expect(heard).toEqual([expect.stringContaining('Organization Id is required: pass'), 'organizationId'])
    expect(edge.requests).toEqual([])
  })

  test.for([
    ['45. no offers', {}, { body: { status: 200, execute: { pageLoad: {} } } }],
    ['46. an edge that hangs', { timeout: 300 }, { delay: 5000 }],
    ['47. a server in trouble', {}, { status: 500 }],
    ['47. an answer that is no JSON', {}, { body: '<html>' }],
    ['47. a connection that breaks', {}, { reset: true }],
  ] as const)('%s: what was hidden is shown', async ([, attributes, fault]) => {
    edge.fail({ ...fault, times: Number.POSITIVE_INFINITY })
    const page = await open({ head: scriptTag({ ...account(), prehide: 'body', ...attributes }) })
    await expect.poll(() => opacity(page)).toBe('1')
    expect(await text(page, '#title')).toBe('Hello')
    edge.reset()
  })

  test.for([
    ['48. consent is pending', { 'default-consent': 'pending' }, ''],
    ['48. consent is refused', { 'default-consent': 'out' }, ''],
    ['48. the opt-in service of the page is not there', { consent: 'adobe' }, ''],
    ['81. mboxDisable', {}, '?mboxDisable=true'],
  ] as const)('%s: nothing is asked, stored or hidden', async ([, attributes, query]) => {
    const snippet = `<style id="isotarget-prehide">body { opacity: 0 }</style>`
    const page = await open({ head: snippet + scriptTag({ ...account(), prehide: 'body', ...attributes }) }, query)
    expect(await opacity(page)).toBe('1')
    expect(await page.evaluate(() => [document.cookie, localStorage.length])).toEqual(['', 0])
    expect(edge.requests).toEqual([])
  })

  test('48. the opt-in service of the page decides, also later', async () => {
    const service = `<script>
      approved = false; listeners = []
      adobe = { OptInCategories: { TARGET: 'target' }, optIn: {
        fetchPermissions: function (listener) { listeners.push(listener) },
        isApproved: function () { return approved } } }
    </script>`
    const page = await open({ head: service + scriptTag({ ...account(), consent: 'adobe' }) })
    expect(edge.requests).toEqual([])
    await page.evaluate(() => {
      const scope = globalThis as unknown as { approved: boolean; listeners: (() => void)[] }
      scope.approved = true
      for (const listener of scope.listeners) listener()
    })
    await expect.poll(() => text(page, '#title')).toBe('Summer')
  })

  test('52. what a server has asked for is shown, and nothing is asked', async () => {
    const response = {
      status: 200,
      execute: {
        pageLoad: {
          options: [
            { type: 'actions', content: [{ type: 'setText', selector: '#title', content: 'from the server' }] },
          ],
        },
      },
    }
    const state = `<script>isotargetSettings = { serverState: { response: ${JSON.stringify(response)} } }</script>`
    const page = await open({ head: state + scriptTag({ ...account(), prehide: 'body' }) })
    await expect.poll(() => text(page, '#title')).toBe('from the server')
    expect(edge.requests).toEqual([])
  })

  test('52. the text of dehydrate() as well: displays repeat what was asked for, executed content counts once', async () => {
    const { client, 'organization-id': organizationId, 'server-domain': serverDomain } = account()
    const target = TargetClient.create({ client, organizationId, serverDomain, secure: false })
    const visitor = target.visitor('')
    await visitor.getOffers({
      request: { execute: { pageLoad: {} }, prefetch: { mboxes: [{ name: 'hero', parameters: { sku: 'a1' } }] } },
    })
    const state = `<script>isotargetSettings = { serverState: ${JSON.stringify(visitor.dehydrate())} }</script>`
    const page = await open({ head: state + scriptTag(account()) })
    await expect.poll(() => text(page, '#title')).toBe('Summer')
    await expect.poll(() => posts().length).toBe(2)
    expect(posts()[1]?.notifications).toMatchObject([{ mbox: { name: 'hero' }, parameters: { sku: 'a1' } }])
    expect(posts()[1]).not.toHaveProperty('execute')
    await target.close()
  })

  test('87. mboxSession of the address is the session; 91. mboxDebug with an authorization traces', async () => {
    const page = await open({ head: scriptTag(account()) }, '?mboxSession=S1&mboxDebug=1&authorization=abc')
    await expect.poll(() => text(page, '#title')).toBe('Summer')
    expect(new URL(edge.requests[0]?.url ?? '', 'http://edge').searchParams.get('sessionId')).toBe('S1')
    expect(posts()[0]?.trace).toEqual({ authorizationToken: 'abc' })
  })

  test('94. the ID service of the page says who it is, and is not waited for longer than said', async () => {
    const service = (values: string) => `<script>Visitor = { getInstance: function () { return {
      getVisitorValues: function (callback) { ${values} },
      getState: function () { return { 'ABC@AdobeOrg': { customerIDs: { crm: { id: 'c-1', authState: 1 } } } } },
      getSupplementalDataID: function () { return '0123456789ABCDEF-0123456789ABCDEF' } } } }</script>`
    const known = await open({
      head: service("callback({ MCMID: '7', MCAAMLH: '9', MCAAMB: 'blob' })") + scriptTag(account()),
    })
    await expect.poll(() => text(known, '#title')).toBe('Summer')
    expect(posts()[0]).toMatchObject({
      id: {
        marketingCloudVisitorId: '7',
        customerIds: [{ id: 'c-1', integrationCode: 'crm', authenticatedState: 'authenticated' }],
      },
      experienceCloud: {
        audienceManager: { locationHint: 9, blob: 'blob' },
        analytics: { supplementalDataId: '0123456789ABCDEF-0123456789ABCDEF' },
      },
    })
    edge.reset()
    const silent = await open({ head: service('') + scriptTag({ ...account(), 'visitor-timeout': 100 }) })
    await expect.poll(() => text(silent, '#title')).toBe('Summer')
  })
})
