import { expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { click, conversion, display, mbox, mboxes, pageLoad, TargetClient, view } from '../../src/server.ts'

// Requests and notifications built by functions, and what the edge makes of them.

const edge = createEmulator({
  offers: {
    activities: [
      {
        id: 1,
        name: 'Spring',
        experiences: [
          {
            name: 'A',
            offers: { hero: '<b>Hello</b>', footer: null },
            views: { cart: [{ type: 'setText', selector: '#a', content: 'x' }] },
            pageLoad: [{ type: 'setText', selector: '#b', content: 'y' }],
          },
        ],
        clicks: { hero: true, cart: '#a' },
        conversions: ['orderConfirmPage'],
      },
    ],
  },
})
const target = TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', fetchApi: edge })

test('mbox(), mboxes(), view() and pageLoad() write what is asked for', async () => {
  const parameters = { sku: 'a1', price: 19.5, isNew: true }
  const { request } = await target.getOffers({
    request: {
      execute: { pageLoad: pageLoad({ parameters }), mboxes: [mbox('hero', { parameters })] },
      prefetch: { mboxes: mboxes('hero', mbox('footer')), views: [view('cart', { key: 'k' }), view()] },
    },
  })
  const written = { sku: 'a1', price: '19.5', isNew: 'true' }
  expect(edge.requests.at(-1)?.body).toMatchObject({
    execute: { pageLoad: { parameters: written }, mboxes: [{ index: 0, name: 'hero', parameters: written }] },
    prefetch: {
      mboxes: [
        { index: 0, name: 'hero' },
        { index: 1, name: 'footer' },
      ],
      views: [{ name: 'cart', key: 'k' }, {}],
    },
  })
  expect(request.prefetch?.mboxes).toHaveLength(2)
})

test('display(), click() and conversion() carry target, state, every token, an id of their own and the moment', async () => {
  edge.reset()
  const visitor = target.visitor('')
  const { response } = await visitor.getOffers({
    request: { prefetch: { mboxes: mboxes('hero', 'footer'), views: [view()], pageLoad: pageLoad() } },
  })
  const { mboxes: [hero, footer] = [], views: [cart] = [], pageLoad: page } = response.prefetch ?? {}
  if (!hero || !footer || !cart || !page) throw new Error('not all was answered')

  const before = Date.now()
  const shown = [hero, footer, cart, page].map((place) => display(place))
  expect(shown).toMatchObject([
    { type: 'display', mbox: { name: 'hero', state: hero.state }, tokens: [hero.options?.[0]?.eventToken] },
    // Default content is shown too, and counts.
    { type: 'display', mbox: { name: 'footer', state: footer.state }, tokens: [footer.options?.[0]?.eventToken] },
    { type: 'display', view: { name: 'cart', state: cart.state }, tokens: [cart.options?.[0]?.eventToken] },
    { type: 'display', pageLoad: { state: page.state }, tokens: [page.options?.[0]?.eventToken] },
  ])
  const clicked = [click(hero), click(cart), click(footer)]
  expect(clicked).toMatchObject([
    { type: 'click', mbox: { name: 'hero' }, tokens: [hero.metrics?.[0]?.eventToken] },
    { type: 'click', view: { name: 'cart' }, tokens: [cart.metrics?.[0]?.eventToken] },
    undefined as never,
  ])
  const bought = conversion('orderConfirmPage', { id: 'o-1', total: 5 })

  const all = [...shown, ...clicked, bought].flatMap((notification) => notification ?? [])
  expect(new Set(all.map(({ id }) => id)).size).toBe(7)
  for (const { timestamp } of all) expect(timestamp).toBeGreaterThanOrEqual(before)
  for (const notification of all) visitor.notify(notification)
  expect(await target.flush()).toEqual({ sent: 7, rejected: 0, pending: 0 })
  expect(edge.ledger.total('impression')).toBe(4)
  expect(edge.ledger.total('click')).toBe(2)
  expect(edge.ledger.total('conversion')).toBe(1)
})

test('display() has nothing to say of executed content', async () => {
  const { response } = await target.getOffers({ request: { execute: { mboxes: mboxes('hero') } } })
  const [hero] = response.execute?.mboxes ?? []
  expect(hero && display(hero)).toBeUndefined()
  expect(hero && click(hero)).toMatchObject({ type: 'click', mbox: { name: 'hero' } })
})
