import { describe, expect, it } from 'vitest'
import type { DeliveryResponse, Shown } from '../../src/server.ts'
import { openPage } from './page.ts'
import prefetched from './prefetched.json' with { type: 'json' }
import { answering } from './recorder.ts'
import { HERO, loosely, useEdge } from './setup.ts'

const edge = useEdge()
const BOTH = { ...HERO, prefetch: { mboxes: [{ name: 'hero' }], views: [{}] } }

const asking = async (members: object, target = edge.client()) => {
  edge.recorder.answer(answering(members))
  const result = await target.getOffers({ request: BOTH, sessionId: 's1' })
  return { target, result, response: result.response }
}

describe('what may be missing or new', () => {
  it('check 80: an mbox without options has nothing to show, and breaks nothing', async () => {
    const { target, result, response } = await asking({
      execute: { mboxes: [{ index: 0, name: 'hero' }] },
      prefetch: { mboxes: [{ index: 0, name: 'hero', state: 's' }] },
    })
    expect(response.execute?.mboxes).toEqual([{ index: 0, name: 'hero' }])
    expect(result).not.toHaveProperty('responseTokens')
    expect(target.display(response.prefetch?.mboxes?.[0] as Shown)).toBeUndefined()
    expect(target.click(response.execute?.mboxes?.[0] as Shown)).toBeUndefined()
    const attributes = await target.getAttributes(['hero'])
    expect([attributes.asObject('hero'), attributes.getValue('hero', 'a', 'default')]).toEqual([{}, 'default'])
  })

  it.each([
    {},
    { execute: null, prefetch: null, id: null, edgeHost: null },
    { execute: { pageLoad: null, mboxes: [null, {}] }, prefetch: { mboxes: null, views: [null], metrics: null } },
    { execute: { mboxes: [{ index: 0, name: 'hero', options: [null, {}], metrics: [null], trace: null }] } },
    { execute: { mboxes: {} }, prefetch: { views: 'none' }, notifications: {}, telemetryServerToken: 5 },
  ])('check 80: an answer of %j breaks nothing', async (members) => {
    const { target, response } = await asking(members)
    expect(response).toMatchObject(members)
    await target.getAttributes(['hero'])
    await target.getOffers({ request: HERO })
  })

  it('check 81: two mboxes of one name are told apart by their index', async () => {
    const { target, response } = await asking(prefetched)
    const [first, second] = response.prefetch?.mboxes ?? []
    expect([first?.index, second?.index]).toEqual([0, 1])
    target.display(first as Shown)
    target.display(second as Shown)
    await target.flush()
    expect(edge.recorder.last.body.notifications?.map(({ mbox, tokens }) => [mbox?.state, tokens?.[0]])).toEqual([
      ['hero0+state/==', 'hero0-a+/=='],
      ['hero1', 'hero1-a'],
    ])
  })

  it('check 81: each display repeats the parameters of its own request item', async () => {
    edge.recorder.answer(answering(prefetched))
    const target = edge.client()
    const mboxes = ['a', 'b'].map((sku) => ({ name: 'hero', parameters: { sku } }))
    const { response } = await target.getOffers({ request: { prefetch: { mboxes } } })
    for (const mbox of response.prefetch?.mboxes?.slice(0, 2) ?? []) target.display(mbox)
    await target.flush()
    expect(edge.recorder.last.body.notifications?.map(({ parameters }) => parameters)).toEqual([
      { sku: 'a' },
      { sku: 'b' },
    ])
  })

  it('check 82: unknown types and members stay in the answer as they came', async () => {
    const members = {
      futureMember: { a: [1] },
      prefetch: {
        views: [{ id: 17, name: 'cart', state: 's', options: [{ type: 'hologram', content: 5, eventToken: 't' }] }],
        mboxes: [{ $_type: 'x', index: 0, name: 'hero', extra: true, options: [] }],
      },
      execute: { pageLoad: { options: [{ type: 'actions', content: [{ type: 'teleport', selector: '#a', z: 1 }] }] } },
      notifications: [{ id: 'n', events: [{ errorCode: 7 }] }],
    }
    const { target, response } = await asking(members)
    expect(response).toMatchObject(members)
    target.display(response.prefetch?.views?.[0] as Shown)
    await target.flush()
    expect(edge.recorder.last.body.notifications?.[0]).toMatchObject({ view: { name: 'cart' }, tokens: ['t'] })
  })

  it('check 83: click metrics are found at page load, mboxes, views and those of no one view', async () => {
    const { target, response } = await asking(prefetched)
    const { prefetch, execute } = response
    const places = [prefetch?.pageLoad, prefetch?.mboxes?.[0], prefetch?.views?.[0], prefetch, execute?.pageLoad]
    for (const place of [...places, execute?.mboxes?.[0]]) target.click(place as Shown)
    await target.flush()
    const { body, query } = edge.recorder.last
    expect(body.notifications?.flatMap(({ tokens }) => tokens)).toEqual([
      'page-click==',
      'hero0-click+/==',
      'cart-click',
      'loose-click',
      'top-click',
      'now-click',
    ])
    expect(new Set(body.notifications?.map(({ type }) => type))).toEqual(new Set(['click']))
    expect(query.get('sessionId')).toBe('s1')
    expect(target.told.rejected).toEqual([])
  })
})

describe('what is handed over', () => {
  it('check 84: response tokens keep their lists', async () => {
    const responseTokens = { 'activity.id': '5', 'profile.activeActivities': ['1', '2'], 'geo.city': 'bern' }
    const { result } = await asking({
      execute: { mboxes: [{ index: 0, name: 'hero', options: [{ type: 'html', content: '', responseTokens }] }] },
    })
    expect(result.response.execute?.mboxes?.[0]?.options?.[0]?.responseTokens).toEqual(responseTokens)
    expect(result.responseTokens).toEqual([responseTokens])
  })

  it('check 85: the text of an answer is at hand, for numbers above 2 to the 53rd', async () => {
    const text =
      '{"status":200,"execute":{"mboxes":[{"index":0,"name":"hero","options":[{"type":"json","content":{"n":9223372036854775801}}]}]}}'
    edge.recorder.answer({ text })
    const texts: string[] = []
    const target = edge.client()
    target.on('response', (event) => texts.push(event.text))
    await target.getOffers({ request: HERO })
    expect(texts).toEqual([text])
  })

  it.each(['a server', 'a page'])('check 86: on %s no redirect and no dynamic offer is followed', async (where) => {
    if (where === 'a page') openPage()
    const target = where === 'a page' ? edge.browser() : edge.client()
    const content = `http://${edge.recorder.host}/offer`
    const options = [
      { type: 'redirect', content, eventToken: 'a' },
      { type: 'dynamic', content, eventToken: 'b' },
    ]
    const { response } = await asking(
      { execute: { mboxes: [{ index: 0, name: 'hero', options }] }, prefetch: { pageLoad: { state: 's', options } } },
      target,
    )
    target.display(response.prefetch?.pageLoad as Shown)
    await target.flush()
    expect(response.execute?.mboxes?.[0]?.options).toEqual(options)
    expect(edge.recorder.arrivals.filter(({ method, url }) => method !== 'POST' || url.startsWith('/offer'))).toEqual(
      [],
    )
    expect(edge.recorder.arrivals).toHaveLength(2)
  })

  it('check 87: Analytics payloads are handed over untouched, of containers and of metrics', async () => {
    const analyticsOf = (segment: string) => ({
      payload: { pe: 'tnt', tnta: `167169:${segment}:0|2|100,167169:1:0|1` },
    })
    const { result, response } = await asking({
      execute: {
        pageLoad: { analytics: analyticsOf('a'), metrics: [{ type: 'click', analytics: analyticsOf('b') }] },
        mboxes: [{ index: 0, name: 'hero', analytics: analyticsOf('c') }],
      },
      prefetch: { views: [{ name: 'cart', analytics: analyticsOf('d') }] },
    })
    expect(response.execute?.pageLoad?.analytics).toEqual(analyticsOf('a'))
    expect(response.execute?.pageLoad?.metrics?.[0]?.analytics).toEqual(analyticsOf('b'))
    expect(result.analyticsDetails).toEqual(['a', 'c', 'd'].map(analyticsOf))
  })

  it('check 87: without a payload there are no Analytics details', async () => {
    expect((await asking(prefetched)).result).not.toHaveProperty('analyticsDetails')
  })

  it('check 88: with a trace token each place has its trace, and the result has all of them', async () => {
    edge.recorder.answer((arrival, index) => {
      const trace = (of: string) => (arrival.body.trace ? { trace: { clientCode: 'acme', of } } : {})
      const members: DeliveryResponse = {
        execute: { pageLoad: trace('page'), mboxes: [{ index: 0, name: 'hero', ...trace('hero') }] },
        prefetch: { views: [{ name: 'cart', ...trace('cart') }] },
        notifications: [{ id: 'n', ...trace('n') }],
      }
      return answering(members)(arrival, index)
    })
    const target = edge.client()
    const traced = await target.getOffers({ request: { ...HERO, trace: { authorizationToken: 'token' } } })
    const untraced = await target.getOffers({ request: HERO })
    expect(edge.recorder.bodies.map(({ trace }) => trace)).toEqual([{ authorizationToken: 'token' }, undefined])
    expect(traced.response.execute?.mboxes?.[0]?.trace).toEqual({ clientCode: 'acme', of: 'hero' })
    expect(traced.response.notifications?.[0]?.trace).toEqual({ clientCode: 'acme', of: 'n' })
    expect(traced.trace?.map((trace) => trace.of)).toEqual(['page', 'hero', 'cart'])
    expect(untraced).not.toHaveProperty('trace')
  })

  it('check 88: a trace without its token is rejected', async () => {
    const request = { ...HERO, trace: loosely<{ authorizationToken: string }>({}) }
    await expect(edge.client().getOffers({ request })).rejects.toMatchObject({ path: 'trace.authorizationToken' })
    expect(edge.recorder.arrivals).toEqual([])
  })
})
