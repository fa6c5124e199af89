import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ClientOptions, TargetClient as PageClient, type RequestOptions } from '../../src/browser.ts'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import { mbox, mboxes, TargetClient, view } from '../../src/server.ts'
import { openPage } from '../delivery-api/page.ts'

const account = { client: 'acme', organizationId: 'ABC@AdobeOrg' }
const offers = {
  activities: [
    {
      id: 1,
      name: 'Shop',
      experiences: [
        {
          name: 'Sun',
          offers: { hero: '<h1>Sun</h1>', teaser: '<p>Tea</p>', flags: { json: { columns: 3 } }, footer: 'Foot' },
          views: { home: [{ type: 'setText', selector: 'h1', content: 'Home' }], cart: [] },
          pageLoad: [{ type: 'setText', selector: 'h1', content: 'Summer' }],
        },
      ],
      clicks: { hero: true },
    },
  ],
}

let edge: Emulator
beforeEach(() => {
  edge = createEmulator({ ...account, offers })
})
afterEach(() => vi.unstubAllGlobals())

/** A server has answered, and its page is open: the state it left, its cookies, and what was asked so far. */
const served = async (request: RequestOptions['request'], options: Partial<ClientOptions> = {}) => {
  const target = TargetClient.create({ ...account, fetchApi: edge, ...options })
  const visitor = target.visitor(new Request('https://shop.example/'))
  await visitor.getOffers({ request })
  await target.close()
  openPage({ url: 'https://shop.example/' })
  for (const cookie of visitor.setCookies()) document.cookie = cookie
  return visitor.dehydrate()
}

/** A client of the page, and its warnings. */
const opened = (serverState: ClientOptions['serverState'], options: Partial<ClientOptions> = {}) => {
  const warnings: string[] = []
  const events = { warning: ({ message }: { message: string }) => void warnings.push(message) }
  const target = PageClient.create({
    ...account,
    fetchApi: edge,
    events,
    ...options,
    serverState: serverState as never,
  })
  return { target, warnings }
}

const sent = () => edge.requests.map(({ body }) => body as Record<string, never>)

describe('a call is answered from the state', () => {
  const request = {
    execute: { pageLoad: {}, mboxes: [mbox('hero', { parameters: { sku: 'a1', size: 9 } })] },
    prefetch: { mboxes: mboxes('teaser'), views: [view()] },
  }

  it.each(['text', 'object'] as const)('as %s, without a request, with the answer of the server', async (form) => {
    const text = await served(request)
    const { target } = opened(form === 'text' ? text : JSON.parse(text))
    const result = await target.getOffers({ request })
    expect(edge.requests).toHaveLength(1)
    expect(result.response).toEqual(JSON.parse(text).response)
    expect(result).toMatchObject({
      status: { status: 200, message: 'OK', remoteMboxes: [], remoteViews: [] },
      meta: { decisioningMethod: 'server-side', remoteMboxes: [], remoteViews: [] },
      request: { execute: { mboxes: [{ name: 'hero', parameters: { sku: 'a1', size: '9' } }] } },
    })
  })

  it('executed places count nothing again, whatever is done with them, and their clicks are told', async () => {
    const { target } = opened(await served(request))
    const { response } = await target.getOffers({ request })
    const [hero] = response.execute?.mboxes ?? []
    expect(hero && target.display(hero)).toBeUndefined()
    expect(hero && target.click(hero)).toMatchObject({ type: 'click', mbox: { name: 'hero' } })
    await target.close()
    expect([edge.ledger.total('impression'), edge.ledger.total('click')]).toEqual([1, 1])
  })

  it('displays of prefetched places are reported once, as the visitor and in the session of the server', async () => {
    const { target } = opened(await served({ prefetch: { mboxes: [mbox('teaser', { parameters: { sku: 'a1' } })] } }))
    const { response } = await target.getOffers({
      request: { prefetch: { mboxes: [mbox('teaser', { parameters: { sku: 'a1' } })] } },
    })
    const [teaser] = response.prefetch?.mboxes ?? []
    if (teaser) target.display(teaser)
    await target.close()
    const [first, second] = edge.requests.map(({ url, host }) => [new URL(url, 'http://edge').search, host])
    expect(second).toEqual([first?.[0], 'mboxedge35.tt.omtrdc.net'])
    expect(sent()[1]).toMatchObject({
      id: { tntId: expect.stringMatching(/\.35_/) },
      notifications: [{ type: 'display', mbox: { name: 'teaser' }, parameters: { sku: 'a1' } }],
    })
    expect(edge.ledger.total('impression')).toBe(1)
    expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ visitors: 1, visits: 1 })
  })

  it('wherever the places stand in their lists, and in whatever order their parameters', async () => {
    const { target } = opened(
      await served({
        prefetch: { mboxes: [mbox('teaser'), ...mboxes('hero')].map((item, index) => ({ ...item, index })) },
      }),
    )
    const { response } = await target.getOffers({ request: { prefetch: { mboxes: [{ name: 'hero', index: 7 }] } } })
    expect(response.prefetch?.mboxes).toMatchObject([
      { name: 'hero', index: 7, options: [{ content: '<h1>Sun</h1>' }] },
    ])
    const other = opened(await served(request)).target
    const parameters = { size: 9, sku: 'a1' }
    await other.getOffers({ request: { execute: { mboxes: [mbox('hero', { parameters })] } } })
    expect(edge.requests).toHaveLength(2)
  })

  it('flags too', async () => {
    const { target } = opened(await served({ execute: { mboxes: mboxes('flags') } }))
    const flags = await target.getAttributes(['flags'])
    expect(flags.getValue('flags', 'columns', 1)).toBe(3)
    expect(edge.requests).toHaveLength(1)
  })

  it('as often as it is asked, and each answer is a fresh one', async () => {
    const { target } = opened(await served(request))
    const first = await target.getOffers({ request })
    const before = JSON.stringify(first.response)
    first.response.execute?.mboxes?.[0]?.options?.splice(0)
    first.response.prefetch?.views?.splice(0)
    expect(JSON.stringify((await target.getOffers({ request })).response)).toBe(before)
    expect(edge.requests).toHaveLength(1)
  })

  it("displays hang together with the server's call in Analytics", async () => {
    const { target } = opened(await served(request))
    const { response, request: asked } = await target.getOffers({ request })
    const [teaser] = response.prefetch?.mboxes ?? []
    if (teaser) target.display(teaser)
    await target.close()
    const [first, second] = sent().map(({ experienceCloud }) => experienceCloud)
    expect(second).toEqual(first)
    expect(asked.experienceCloud).toEqual(first)
  })

  it('response tokens and Analytics payloads are listed as ever, and traces are not', async () => {
    const analytics = { payload: { pe: 'tnt', tnta: '1:0:0' } }
    const response = {
      status: 200,
      execute: {
        mboxes: [
          { index: 0, name: 'hero', analytics, trace: { a: 1 }, options: [{ responseTokens: { 'activity.id': '1' } }] },
        ],
      },
    }
    const hero = { execute: { mboxes: mboxes('hero') } }
    const { target } = opened(await served(hero, { fetchApi: async () => Response.json(response) }))
    expect(await target.getOffers({ request: hero })).toMatchObject({
      responseTokens: [{ 'activity.id': '1' }],
      analyticsDetails: [analytics],
    })
    expect(await target.getOffers({ request: hero })).not.toHaveProperty('trace')
    expect(edge.requests).toEqual([])
  })

  it('what a device decided says so, and what it could not decide', async () => {
    const artifactPayload = await (await edge('https://assets.adobetarget.com/acme/production/v1/rules.json')).json()
    const hero = { execute: { mboxes: mboxes('hero', 'unknown') } }
    const { target } = opened(
      await served(hero, { decisioningMethod: 'on-device', artifactPayload, pollingInterval: 0 }),
    )
    edge.reset()
    expect(await target.getOffers({ request: hero })).toMatchObject({
      response: { status: 206 },
      status: { status: 206, remoteMboxes: ['unknown'] },
      meta: { decisioningMethod: 'on-device', remoteMboxes: ['unknown'], remoteViews: [] },
    })
    expect(edge.requests).toEqual([])
  })
})

describe('the edge is asked', () => {
  const prefetch = { mboxes: mboxes('hero') }

  it.each<[string, RequestOptions]>([
    ['for another mbox', { request: { prefetch: { mboxes: mboxes('footer') } } }],
    ['with other parameters', { request: { prefetch: { mboxes: [mbox('hero', { parameters: { a: '1' } })] } } }],
    ['to execute what was prefetched', { request: { execute: prefetch } }],
    ['for another property', { request: { prefetch, property: { token: 'other' } } }],
    ['for another environment', { request: { prefetch, environmentId: 7 } }],
    ['in a QA mode', { request: { prefetch, qaMode: { token: 't' } } }],
    ['for a trace', { request: { prefetch, trace: { authorizationToken: 't' } } }],
    ['when a call says so', { request: { prefetch }, serverState: false }],
  ])('%s', async (_, call) => {
    const { target } = opened(await served({ prefetch }))
    await target.getOffers(call)
    expect(sent()[1]).toMatchObject(JSON.parse(JSON.stringify(call.request)))
  })

  it('with what rides on a call, even when all is answered', async () => {
    const { target } = opened(await served({ prefetch }))
    const notifications = [{ id: 'n-1', type: 'display' as const, timestamp: Date.now(), mbox: { name: 'order' } }]
    const { response } = await target.getOffers({ request: { prefetch, notifications } })
    expect(sent()[1]).not.toHaveProperty('prefetch')
    expect(response).toMatchObject({ notifications: [{ id: 'n-1' }], prefetch: { mboxes: [{ name: 'hero' }] } })
  })

  it('for the views that are not there, and the answer has both, with the metrics of both', async () => {
    const { target } = opened(await served({ prefetch: { views: [view('home')] } }))
    const { response } = await target.getOffers({ request: { prefetch: { views: [view('cart'), view('home')] } } })
    expect(sent()[1]).toMatchObject({ prefetch: { views: [{ name: 'cart' }] } })
    expect(response.prefetch?.views?.map(({ name }) => name)).toEqual(['cart', 'home'])
    for (const shown of response.prefetch?.views ?? []) target.display(shown)
    await target.close()
    expect(
      sent()
        .slice(2)
        .flatMap(({ notifications }) => notifications),
    ).toMatchObject([{ view: { name: 'cart' } }, { view: { name: 'home' } }])
  })

  it('and says so when it fails: nothing is half answered', async () => {
    const { target } = opened(await served({ prefetch }), { retries: 0 })
    edge.fail({ status: 503 })
    const asked = target.getOffers({ request: { prefetch: { mboxes: mboxes('hero', 'footer') } } })
    await expect(asked).rejects.toMatchObject({ code: 'HTTP_ERROR' })
  })

  it.each<[string, unknown]>([
    ['no JSON', '{"client":'],
    ['a number', 5],
    ['a text of a number', '5'],
    ['a list', []],
    ['without a response', { client: 'acme', request: {} }],
    ['with a response that is none', { response: null }],
    ['with a text for a response', { response: 'x' }],
    ['of another client', { client: 'other', response: {} }],
    ['with a request that cannot be', { request: { execute: { mboxes: [{ name: '' }] } }, response: {} }],
    ['a function', () => {}],
  ])('when the state is %s, with one warning', async (_, serverState) => {
    openPage({ url: 'https://shop.example/' })
    const { target, warnings } = opened(serverState as never)
    expect(target.offered()).toBeUndefined()
    const { response } = await target.getOffers({ request: { prefetch } })
    expect(response.prefetch?.mboxes).toMatchObject([{ name: 'hero' }])
    expect(warnings).toEqual([expect.stringMatching(/^serverState cannot be used: /)])
    expect(edge.requests).toHaveLength(1)
  })

  it.each([undefined, null, 'null', ''])('without a warning when there is no state: %j', async (serverState) => {
    openPage({ url: 'https://shop.example/' })
    const { target, warnings } = opened(serverState)
    await target.getOffers({ request: { prefetch } })
    expect(warnings).toEqual([])
  })

  it('when lists of an answer hold anything at all', async () => {
    openPage({ url: 'https://shop.example/' })
    const request = { execute: { mboxes: mboxes('hero') }, prefetch: { views: [view()], mboxes: mboxes('hero') } }
    const response = {
      execute: 5,
      prefetch: { mboxes: [null, 'x', 7], views: [null, { name: 'a' }], metrics: 'x' },
    } as never
    const { target } = opened({ request, response })
    const result = await target.getOffers({ request })
    expect(result.response.prefetch?.views).toContainEqual({ name: 'a' })
    expect(edge.requests).toEqual([])
  })
})

describe('offered()', () => {
  const request = { execute: { mboxes: mboxes('hero') }, prefetch: { mboxes: mboxes('teaser') } }

  it('gives a place at once, as long as all of the question is answered', async () => {
    const { target } = opened(await served(request))
    expect(target.offered({ prefetch: { mboxes: mboxes('teaser') } })?.prefetch?.mboxes).toMatchObject([
      { name: 'teaser', options: [{ content: '<p>Tea</p>' }] },
    ])
    expect(target.offered({ prefetch: { mboxes: mboxes('teaser', 'footer') } })).toBeUndefined()
    expect(target.offered({ prefetch: { mboxes: [mbox('teaser', { parameters: { a: 1 } })] } })).toBeUndefined()
    expect(() => target.offered({ prefetch: { mboxes: [mbox('')] } })).toThrow('must name an mbox')
  })

  it('gives all of it without a question', async () => {
    const text = await served(request)
    const { target } = opened(text)
    expect(target.offered()).toEqual(JSON.parse(text).response)
  })

  it('needs no consent, sets no cookie and sends nothing; what is reported of it waits for the answer', async () => {
    const text = await served(request)
    const before = document.cookie
    const { target } = opened(text, { defaultConsent: 'pending' })
    const [teaser] = target.offered(request)?.prefetch?.mboxes ?? []
    if (teaser) target.display(teaser)
    expect([document.cookie, edge.requests.length]).toEqual([before, 1])
    target.optIn()
    await target.close()
    expect(edge.ledger.total('impression')).toBe(2)
    expect(edge.requests).toHaveLength(2)
  })

  it('its places are reported like those of a call: once, with their parameters, executed ones not at all', async () => {
    const parameters = { sku: 'a1' }
    const asked = { execute: { mboxes: mboxes('hero') }, prefetch: { mboxes: [mbox('teaser', { parameters })] } }
    const { target } = opened(await served({ ...asked, property: { token: 'token' } }))
    const { execute, prefetch } = target.offered() ?? {}
    for (const place of [...(execute?.mboxes ?? []), ...(prefetch?.mboxes ?? [])]) target.display(place)
    await target.close()
    expect(sent()).toHaveLength(2)
    expect(sent()[1]).toMatchObject({
      property: { token: 'token' },
      experienceCloud: {
        analytics: (sent()[0] as never as { experienceCloud: { analytics: object } }).experienceCloud.analytics,
      },
      notifications: [{ mbox: { name: 'teaser' }, parameters }],
    })
    expect((sent()[1] as never as { notifications: object[] }).notifications).toHaveLength(1)
  })

  it('is undefined on a page without a state', () => {
    openPage({ url: 'https://shop.example/' })
    expect(opened(undefined).target.offered()).toBeUndefined()
  })
})

it('a state of somebody else, { response } alone, is offered and answers no call', async () => {
  openPage({ url: 'https://shop.example/' })
  const { target, warnings } = opened({ response: { prefetch: { mboxes: [{ index: 0, name: 'hero' }] } } })
  expect(target.offered()).toEqual({ prefetch: { mboxes: [{ index: 0, name: 'hero' }] } })
  await target.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
  expect(edge.requests).toHaveLength(1)
  expect(warnings).toEqual([])
})

it('the { request, response } that the Node.js SDK and at.js know is understood', async () => {
  openPage({ url: 'https://shop.example/' })
  const target = TargetClient.create({ ...account, fetchApi: edge })
  const { request, response } = await target.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
  const page = opened({ request, response })
  await page.target.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
  expect([edge.requests.length, page.warnings]).toEqual([1, []])
})

it("the caller's state is left as it was, frozen or not", async () => {
  const text = await served({ prefetch: { mboxes: mboxes('hero') } })
  const frozen = JSON.parse(text, (_, value) => Object.freeze(value))
  const { target } = opened(frozen)
  const { response } = await target.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
  for (const place of response.prefetch?.mboxes ?? []) target.display(place)
  await target.close()
  expect(JSON.stringify(frozen)).toBe(JSON.stringify(JSON.parse(text)))
  expect(edge.ledger.total('impression')).toBe(1)
})
