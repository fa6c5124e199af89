import { createElement as h, type ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import { type OffersState, offersState, TargetProvider, useView } from '../../src/react.ts'
import type { Client } from '../../src/server.ts'
import { Columns, Hero, openShop, Promo, stream, Waiting } from './shop.ts'

const App = ({ client, state, children }: { client?: Client; state?: OffersState; children?: ReactNode }) =>
  h(TargetProvider, { client, state }, children)

const All = () => [h(Promo, { key: 1 }), h(Columns, { key: 2 }), h(Hero, { key: 3 })]
const mboxes = ['promo', 'flags', 'hero'].map((name) => ({ name }))
const DEFAULTS = '<p title="pending">Our shop</p><i>3</i><div class="hero"><h1>Welcome</h1></div>'
const FILLED = '<p title="ready">Summer sale</p><i>4</i><div class="hero"><b>Sun</b></div>'

it('a stream waits for the offers, which are asked for by one call, as the visitor of the request', async () => {
  const { edge, visit, mboxesOf } = openShop()
  const visitor = visit('mbox=session#s1#9999999999')
  const { html, errors } = await stream(h(App, { client: visitor }, h(Waiting)))
  expect(html).toContain(FILLED)
  expect(errors).toEqual([])
  expect(edge.requests).toHaveLength(1)
  expect(mboxesOf(0)).toEqual(['promo', 'flags', 'hero'])
  expect(edge.requests[0]?.url).toContain('sessionId=s1')
  expect(visitor.setCookies().join()).toContain('mbox=session#s1')
})

it('nothing is reported by a server', async () => {
  const { edge, target, visit } = openShop()
  await stream(h(App, { client: visit() }, h(Waiting)))
  await target.flush()
  expect(edge.requests).toHaveLength(1)
  expect(edge.ledger.total('impression')).toBe(0)
})

it('each visitor has offers of their own', async () => {
  const { edge, visit } = openShop()
  const [one, other] = [visit(), visit()]
  await Promise.all([stream(h(App, { client: one }, h(Waiting))), stream(h(App, { client: other }, h(Waiting)))])
  expect(edge.requests).toHaveLength(2)
  expect(offersState(one).response).not.toEqual(offersState(other).response)
})

it('the same is rendered at once from a state, and nobody is asked', async () => {
  const { edge, target, visit } = openShop()
  const { response } = await visit().getOffers({ request: { prefetch: { mboxes } } })
  const state = JSON.parse(JSON.stringify({ response })) as OffersState
  expect(renderToString(h(App, { client: visit(), state }, h(All)))).toBe(FILLED)
  // A page that a component of the page renders on the server has no visitor at hand.
  expect(renderToString(h(App, { client: target, state }, h(All)))).toBe(FILLED)
  expect(renderToString(h(App, { state }, h(All)))).toBe(FILLED)
  expect(renderToString(h(App, { state }, h(Waiting)))).toContain(FILLED)
  expect(edge.requests).toHaveLength(1)
})

it('what one page was given is not given to the next, though both have the client of the process', async () => {
  const { target, visit } = openShop()
  const { response } = await visit().getOffers({ request: { prefetch: { mboxes } } })
  expect(renderToString(h(App, { client: target, state: { response } }, h(All)))).toBe(FILLED)
  expect(renderToString(h(App, { client: target }, h(All)))).toBe(DEFAULTS)
})

it('without a state, who does not wait renders the default content, and asks nobody', async () => {
  const { edge, visit } = openShop()
  expect(renderToString(h(App, { client: visit() }, h(All)))).toBe(DEFAULTS)
  await null
  expect(edge.requests).toHaveLength(0)
})

it('who waits without anybody to ask leaves it to the page', async () => {
  const { target } = openShop()
  const { html, errors } = await stream(h(App, { client: target }, h('main', null, h(Waiting))))
  expect(html).toContain('…')
  expect(html).not.toContain('Summer sale')
  expect(errors[0]).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('target.visitor(request)'),
  })
})

it('an offer that does not come in time leaves the default content', async () => {
  const { visit } = openShop({ latency: 5_000 }, { timeout: 30 })
  const { html, errors } = await stream(h(App, { client: visit() }, h(Waiting)))
  expect(html).toContain('<p title="NOT_READY">Our shop</p><i>3</i><div class="hero"><h1>Welcome</h1></div>')
  expect(errors).toEqual([])
})

it('one that cannot be asked for takes no other along', async () => {
  const { edge, visit } = openShop()
  const bad = h(Promo, { suspense: true, parameters: { ['x'.repeat(200)]: '1' } })
  const { html } = await stream(h(App, { client: visit() }, bad, h(Waiting)))
  expect(html).toContain('<p title="NOT_READY">Our shop</p>')
  expect(html).toContain(FILLED)
  expect(edge.requests).toHaveLength(1)
})

it('the state of a stream holds what was asked in it, for those who waited', async () => {
  const { edge, visit } = openShop()
  const visitor = visit()
  const sale = h(Promo, { suspense: true, parameters: { sale: 'yes', size: '2' } })
  await stream(h(App, { client: visitor }, h(Waiting), sale))
  const state = JSON.parse(JSON.stringify(offersState(visitor))) as OffersState
  expect(state.response.prefetch?.mboxes?.map(({ name }) => name)).toEqual(['promo', 'flags', 'hero', 'promo'])
  expect(state.streamed).toEqual([0, 1, 2, 3])
  expect(renderToString(h(App, { state }, h(Waiting)))).toContain(FILLED)
  expect(renderToString(h(App, { state }, h(All)))).toBe(DEFAULTS)
  // The order of parameters says nothing, their values do.
  const again = (parameters: object) => renderToString(h(App, { state }, h(Promo, { suspense: true, parameters })))
  expect(again({ size: 2, sale: 'yes' })).toContain('Summer sale')
  expect(() => again({ size: 3, sale: 'yes' })).toThrow('There is nobody to ask')
  expect(edge.requests).toHaveLength(1)
})

it('views are a matter of the page', async () => {
  const { edge, visit } = openShop()
  const View = () => {
    useView('home')
    return 'home'
  }
  const { html } = await stream(h(App, { client: visit() }, h(View)))
  expect(html).toBe('home')
  expect(edge.requests).toEqual([])
})

it('a hook outside of a provider says what is missing', () => {
  expect(() => renderToString(h(Promo))).toThrow('There is no TargetProvider around this component')
})
