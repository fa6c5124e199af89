import { describe, expect, it } from 'vitest'
import { decide } from '../../src/decisioning/decide.ts'
import { ask, named, newSession, said } from './call.ts'
import { context, page, publish } from './published.ts'

describe('what a device reports', () => {
  const id = { tntId: 'abc' }

  it('counts: displays at once and prefetched, and clicks', async () => {
    const { edge, artifact } = await publish({ offers: page })
    const asked = { ...named('hero'), pageLoad: {} }
    const { response, notifications } = decide(artifact, { context, id, execute: asked }, Date.now())
    expect(notifications.map(({ mbox }) => mbox?.name)).toEqual(['hero', 'target-global-mbox', 'target-global-mbox'])
    const [hero] = response.execute?.mboxes ?? []
    const clicks = [
      said('c-1', { type: 'click', mbox: { name: 'hero' }, tokens: [hero?.metrics?.[0]?.eventToken] }),
      said('c-2', { type: 'click', pageLoad: {}, tokens: [response.execute?.pageLoad?.metrics?.[0]?.eventToken] }),
    ]
    const answered = await ask(edge, { id, notifications: [...notifications, ...clicks] }, { session: newSession() })
    expect(answered.notifications).toHaveLength(5)
    expect(edge.ledger.activities().map(({ experiences }) => experiences[0])).toMatchObject([
      { visitors: 1, visits: 1, impressions: 2, clicks: 2 },
      { visitors: 1, visits: 1, impressions: 1, clicks: 0 },
    ])
    expect(edge.ledger.total('conversion')).toBe(0)
  })

  it('counts for views', async () => {
    const { edge, artifact } = await publish({ offers: page })
    const { response } = decide(artifact, { context, id, prefetch: { views: [{ name: 'cart' }] } }, Date.now())
    const [cart] = response.prefetch?.views ?? []
    const tokens = cart?.options?.map(({ eventToken }) => eventToken)
    const click = [cart?.metrics?.find(({ selector }) => selector === '#b')?.eventToken]
    await ask(edge, {
      id,
      notifications: [
        said('n-1', { view: { name: 'cart' }, tokens }),
        said('n-2', { type: 'click', view: { name: 'cart' }, tokens: click }),
      ],
    })
    expect([edge.ledger.total('impression'), edge.ledger.total('click')]).toEqual([2, 1])
  })

  it('counts after a reset and in another run, for whichever visitor', async () => {
    const { artifact } = await publish({ offers: page })
    const { edge } = await publish({ offers: page })
    edge.reset()
    for (const tntId of ['one', 'two']) {
      const request = { context, id: { tntId }, execute: named('hero') }
      const { notifications } = decide(artifact, request, Date.now())
      await ask(edge, { id: { tntId }, notifications })
    }
    expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ visitors: 2, impressions: 2 })
  })

  it('does not count for another place, nor as another event', async () => {
    const { edge, artifact } = await publish({ offers: page })
    const { notifications } = decide(artifact, { context, id, execute: named('hero') }, Date.now())
    const tokens = notifications[0]?.tokens
    expect(await ask(edge, { id, notifications: [said('n-1', { mbox: { name: 'empty' }, tokens })] })).toMatchObject({
      status: 400,
    })
    const click = said('n-2', { type: 'click', mbox: { name: 'hero' }, tokens })
    expect(await ask(edge, { id, notifications: [click] })).toMatchObject({ status: 400 })
  })

  it('makes the visitor one who may convert', async () => {
    const { edge, artifact } = await publish({ offers: { hero: 'x' } })
    const { notifications } = decide(artifact, { context, id, execute: named('hero') }, Date.now())
    await ask(edge, { id, notifications })
    await ask(edge, { id, execute: named('orderConfirmPage') })
    expect(edge.ledger.total('conversion')).toBe(1)
  })
})

it('clicks that belong to no one place are measured on the page load, or with the views', async () => {
  const activity = (more: object) => ({
    id: 1,
    name: 'A',
    clicks: { '*': '#help' },
    experiences: [{ name: 'E', ...more }],
  })
  const rulesOf = async (more: object) => (await publish({ offers: { activities: [activity(more)] } })).artifact.rules
  const loose = { metrics: [{ type: 'click', selector: '#help' }] }
  expect(await rulesOf({ offers: { hero: 'x' } })).toMatchObject({
    mboxes: { hero: [{}], 'target-global-mbox': [{ consequence: { options: [], ...loose } }] },
  })
  expect(await rulesOf({ views: { cart: [] } })).toMatchObject({ views: { cart: [{ consequence: loose }] } })
  const [rule] = (await rulesOf({ views: { cart: [] }, pageLoad: [] })).views?.cart ?? []
  expect(rule?.consequence).not.toHaveProperty('metrics')
})
