import { describe, expect, it } from 'vitest'
import { createEmulator, type Offers } from '../../src/emulator.ts'
import { ask, named, newSession } from './call.ts'
import { summer } from './summer.ts'

const token = expect.stringMatching(/^[A-Za-z0-9+/]+=+$/)

describe('prefetched content', () => {
  it('carries what its display must report', async () => {
    const edge = createEmulator({ offers: summer('Sun') })
    const { prefetch } = await ask(edge, { prefetch: named('hero', 'flags', 'unknown') })
    expect(prefetch?.mboxes).toEqual([
      {
        index: 0,
        name: 'hero',
        options: [{ type: 'html', content: '<h1>Sun</h1>', eventToken: token, responseTokens: expect.any(Object) }],
        metrics: [{ type: 'click', eventToken: token }],
        state: token,
      },
      {
        index: 1,
        name: 'flags',
        options: [
          { type: 'json', content: { newCheckout: true }, eventToken: token, responseTokens: expect.any(Object) },
        ],
        state: token,
      },
      { index: 2, name: 'unknown' },
    ])
  })

  it('stands for the default content where only another experience has an offer', async () => {
    const edge = createEmulator({ offers: summer('Control') })
    const { prefetch } = await ask(edge, { prefetch: named('hero') })
    const [option] = prefetch?.mboxes?.[0]?.options ?? []
    expect(option).toEqual({
      eventToken: token,
      responseTokens: expect.objectContaining({ 'experience.name': 'Control' }),
    })
  })

  it('has all views, or the one that is named', async () => {
    const edge = createEmulator({ offers: summer('Sun') })
    const view = {
      name: 'checkout',
      options: [
        {
          type: 'actions',
          content: [{ type: 'setHtml', selector: '#pay', content: 'Pay now' }],
          eventToken: token,
          responseTokens: expect.any(Object),
        },
      ],
      metrics: [{ type: 'click', selector: '#pay', eventToken: token }],
      state: token,
    }
    expect((await ask(edge, { prefetch: { views: [{}] } })).prefetch?.views).toEqual([view])
    const keyed = await ask(edge, { prefetch: { views: [{ name: 'checkout', key: 'k' }] } })
    expect(keyed.prefetch?.views).toEqual([{ ...view, key: 'k', state: token }])
    expect((await ask(edge, { prefetch: { views: [{ name: 'Checkout' }] } })).prefetch?.views).toEqual([])
  })

  it('has clicks that belong to no one view beside the views, unless the page load is executed too', async () => {
    const edge = createEmulator({ offers: summer('Sun') })
    const metrics = [{ type: 'click', selector: '#help', eventToken: token }]
    const views = { views: [{}] }
    expect((await ask(edge, { prefetch: views })).prefetch?.metrics).toEqual(metrics)
    const both = await ask(edge, { execute: { pageLoad: {} }, prefetch: views })
    expect([both.execute?.pageLoad?.metrics, both.prefetch?.metrics]).toEqual([metrics, undefined])
  })

  it('counts nothing', async () => {
    const edge = createEmulator({ offers: summer('Sun') })
    await ask(edge, { prefetch: { ...named('hero'), pageLoad: {}, views: [{}] } })
    expect(edge.ledger.entries).toEqual([])
  })
})

describe('executed content', () => {
  it('has no event tokens but for clicks, and no state', async () => {
    const edge = createEmulator({ offers: summer('Sun') })
    const { execute } = await ask(edge, { execute: { pageLoad: {}, ...named('hero', 'unknown') } })
    expect(execute).toEqual({
      pageLoad: {
        options: [
          {
            type: 'actions',
            content: [{ type: 'setText', selector: 'h1', content: 'Summer' }],
            responseTokens: expect.any(Object),
          },
        ],
        metrics: [{ type: 'click', selector: '#help', eventToken: token }],
      },
      mboxes: [
        {
          index: 0,
          name: 'hero',
          options: [{ type: 'html', content: '<h1>Sun</h1>', responseTokens: expect.any(Object) }],
          metrics: [{ type: 'click', eventToken: token }],
        },
        { index: 1, name: 'unknown' },
      ],
    })
  })

  it('shows event tokens when asked to', async () => {
    const edge = createEmulator({ offers: { hero: 'x' }, executeTokens: true })
    const { execute } = await ask(edge, { execute: named('hero') })
    expect(execute?.mboxes?.[0]?.options?.[0]?.eventToken).toEqual(token)
  })

  it('counts one impression for each activity at once, whatever the number of its mboxes', async () => {
    const edge = createEmulator({ offers: summer('Sun') })
    await ask(edge, { execute: { pageLoad: {}, ...named('hero', 'flags') } })
    const [, sun] = edge.ledger.activities()[0]?.experiences ?? []
    expect(sun).toMatchObject({ name: 'Sun', visitors: 1, visits: 1, impressions: 1 })
  })
})

describe('response tokens', () => {
  it('name the activity and the experience, and tell of the visitor', async () => {
    const edge = createEmulator({
      offers: {
        activities: [
          { id: 7, name: 'A', experiences: [{ name: 'E', offers: { hero: { id: 'o-1', name: 'Big', html: 'x' } } }] },
        ],
      },
    })
    const { execute } = await ask(edge, {
      context: { channel: 'web', geo: { city: 'Pune', countryCode: 'IN' } },
      execute: { mboxes: [{ index: 0, name: 'hero', profileParameters: { memberlevel: 'gold' } }] },
    })
    expect(execute?.mboxes?.[0]?.options?.[0]?.responseTokens).toEqual({
      'activity.id': '7',
      'activity.name': 'A',
      'experience.id': '0',
      'experience.name': 'E',
      'option.id': 'o-1',
      'option.name': 'Big',
      'geo.city': 'Pune',
      'geo.country': 'IN',
      'profile.memberlevel': 'gold',
      'profile.activeActivities': ['7'],
    })
  })
})

const halves = (id = 1): Offers => ({
  activities: [
    {
      id,
      name: 'Halves',
      experiences: [
        { name: 'A', share: 50, offers: { hero: 'a' } },
        { name: 'B', share: 50, offers: { hero: 'b' } },
      ],
    },
  ],
})

const heroOf = async (edge: ReturnType<typeof createEmulator>, tntId: string) =>
  (await ask(edge, { id: { tntId }, prefetch: named('hero') })).prefetch?.mboxes?.[0]?.options?.[0]?.content

describe('who gets what', () => {
  it('is decided by the shares, and the same for a visitor on every edge', async () => {
    const one = createEmulator({ offers: halves() })
    const other = createEmulator({ offers: halves() })
    const visitors = Array.from({ length: 400 }, (_, at) => `visitor${at}`)
    const seen = await Promise.all(visitors.map((visitor) => heroOf(one, visitor)))
    const again = await Promise.all(visitors.map((visitor) => heroOf(other, `${visitor}.12_3`)))
    expect(again).toEqual(seen)
    const share = seen.filter((content) => content === 'a').length / seen.length
    expect(share).toBeGreaterThan(0.4)
    expect(share).toBeLessThan(0.6)
  })

  it('is decided anew for every activity and every seed', async () => {
    const visitors = Array.from({ length: 50 }, (_, at) => `visitor${at}`)
    const all = (edge: ReturnType<typeof createEmulator>) =>
      Promise.all(visitors.map((visitor) => heroOf(edge, visitor)))
    const base = await all(createEmulator({ offers: halves() }))
    expect(await all(createEmulator({ offers: halves(2) }))).not.toEqual(base)
    expect(await all(createEmulator({ offers: halves(), seed: 'spring' }))).not.toEqual(base)
  })

  it('is repeatable to the letter with a seed', async () => {
    const run = async () => {
      const edge = createEmulator({ offers: summer('Sun'), seed: 'spring', now: () => 1e12 })
      return [await ask(edge, { prefetch: named('hero') }), await ask(edge, { execute: named('hero') })]
    }
    expect(await run()).toEqual(await run())
  })

  it('is the first activity for an mbox, and all of them for the page load', async () => {
    const activity = (id: number) => ({
      id,
      name: `A${id}`,
      experiences: [{ name: 'E', offers: { hero: `hero ${id}` }, pageLoad: { html: `page ${id}` } }],
    })
    const edge = createEmulator({ offers: { activities: [activity(1), activity(2)] } })
    const { execute } = await ask(edge, { execute: { pageLoad: {}, ...named('hero') } })
    expect(execute?.mboxes?.[0]?.options?.map(({ content }) => content)).toEqual(['hero 1'])
    expect(execute?.pageLoad?.options?.map(({ content }) => content)).toEqual(['page 1', 'page 2'])
  })
})

describe('audiences', () => {
  const only = (audience: object, type = 'ab'): Offers => ({
    activities: [{ id: 1, name: 'A', type, audience, experiences: [{ name: 'E', offers: { hero: 'x' } }] }],
  })
  const isShown = async (audience: object, request: object, mbox: object = {}) => {
    const mboxes = [{ index: 0, name: 'hero', ...mbox }]
    const answered = await ask(createEmulator({ offers: only(audience) }), { ...request, prefetch: { mboxes } })
    return answered.prefetch?.mboxes?.[0]?.options !== undefined
  }

  type Case = [shown: boolean, audience: object, request: object, mbox: object]
  const cases: Case[] = [
    [true, { parameters: { tier: 'gold' } }, {}, { parameters: { tier: 'gold' } }],
    [false, { parameters: { tier: 'gold' } }, {}, { parameters: { tier: 'tin' } }],
    [false, { parameters: { tier: 'gold' } }, {}, {}],
    [true, { parameters: { tier: ['gold', 'tin'] } }, {}, { parameters: { tier: 'tin' } }],
    [true, { profile: { member: 'yes' } }, {}, { profileParameters: { member: 'yes' } }],
    [false, { profile: { member: 'yes' } }, {}, { parameters: { member: 'yes' } }],
    [true, { channel: 'mobile' }, { context: { channel: 'mobile' } }, {}],
    [false, { channel: 'mobile' }, {}, {}],
    [
      true,
      { url: 'https://a.example/*' },
      { context: { channel: 'web', address: { url: 'https://a.example/x' } } },
      {},
    ],
    [
      false,
      { url: 'https://a.example/' },
      { context: { channel: 'web', address: { url: 'https://a.example/x' } } },
      {},
    ],
    [true, { url: 'https://a.example/?x' }, {}, { address: { url: 'https://a.example/?x' } }],
  ]

  it.each(cases)('%s for %j with %j %j', async (...[shown, ...situation]) => {
    expect(await isShown(...situation)).toBe(shown)
  })

  it('choose the experience in an activity of type xt', async () => {
    const edge = createEmulator({
      offers: {
        activities: [
          {
            id: 1,
            name: 'A',
            type: 'xt',
            experiences: [
              { name: 'Phone', audience: { channel: 'mobile' }, offers: { hero: 'small' } },
              { name: 'Other', offers: { hero: 'large' } },
            ],
          },
        ],
      },
    })
    const hero = async (channel: string) =>
      (await ask(edge, { id: { tntId: 'a' }, context: { channel }, prefetch: named('hero') })).prefetch?.mboxes?.[0]
    expect((await hero('web'))?.options?.[0]?.content).toBe('large')
    expect((await hero('mobile'))?.options?.[0]?.content).toBe('small')
  })
})

describe('property tokens', () => {
  const offers: Offers = {
    activities: [
      { id: 1, name: 'Scoped', property: 'p-1', experiences: [{ name: 'E', offers: { scoped: 'x' } }] },
      { id: 2, name: 'Free', experiences: [{ name: 'E', offers: { free: 'x' } }] },
    ],
  }
  const shown = async (edge: ReturnType<typeof createEmulator>, property?: object) => {
    const { prefetch } = await ask(edge, { ...(property && { property }), prefetch: named('scoped', 'free') })
    return prefetch?.mboxes?.filter(({ options }) => options).map(({ name }) => name)
  }

  it('open the activities of their property', async () => {
    const edge = createEmulator({ offers })
    expect(await shown(edge, { token: 'p-1' })).toEqual(['scoped', 'free'])
    expect(await shown(edge, { token: 'p-2' })).toEqual(['free'])
    expect(await shown(edge)).toEqual(['free'])
  })

  it('are needed for any content in an account that uses them', async () => {
    const edge = createEmulator({ offers, propertyTokens: ['p-1', 'p-2'] })
    expect(await shown(edge, { token: 'p-1' })).toEqual(['scoped', 'free'])
    expect(await shown(edge, { token: 'p-2' })).toEqual(['free'])
    expect(await shown(edge, { token: 'p-3' })).toEqual([])
    expect(await shown(edge)).toEqual([])
  })
})

it('client-side Analytics is given its payload for the display and for the click', async () => {
  const edge = createEmulator({ offers: summer('Sun') })
  const analytics = (tnta: string) => ({ payload: { pe: 'tnt', tnta } })
  const experienceCloud = { analytics: { logging: 'client_side' } }
  const { prefetch } = await ask(edge, { experienceCloud, prefetch: named('hero') })
  expect(prefetch?.mboxes?.[0]).toMatchObject({
    analytics: analytics('101:1:0|2'),
    metrics: [{ analytics: analytics('101:1:0|32767') }],
  })
  expect((await ask(edge, { prefetch: named('hero') })).prefetch?.mboxes?.[0]).not.toHaveProperty('analytics')
})

it('a trace tells for each place why', async () => {
  const edge = createEmulator({
    offers: {
      activities: [
        { id: 1, name: 'A', property: 'p-1', experiences: [{ name: 'E', offers: { hero: 'x' } }] },
        { id: 2, name: 'B', experiences: [{ name: 'E', offers: { hero: 'x' } }] },
      ],
    },
  })
  const { execute } = await ask(edge, {
    trace: { authorizationToken: 't' },
    execute: { pageLoad: {}, ...named('hero') },
  })
  expect(execute?.mboxes?.[0]?.trace).toMatchObject({
    clientCode: 'acme',
    activities: [
      { id: 1, matched: false, why: 'property: another token' },
      { id: 2, matched: true, experience: 'E' },
    ],
  })
  expect(execute?.pageLoad?.trace).toMatchObject({ activities: [{ matched: false }, { matched: false }] })
})

describe('QA mode', () => {
  it('shows the experience that is asked for and counts it apart', async () => {
    const edge = createEmulator({ offers: summer('Control') })
    const qaMode = { token: 't', previewIndexes: [{ activityIndex: 1, experienceIndex: 2 }] }
    const id = { tntId: 'abc' }
    const session = newSession()
    const { execute } = await ask(edge, { id, qaMode, execute: named('hero') }, { session })
    expect(execute?.mboxes?.[0]?.options?.[0]?.content).toBe('<h1>Sun</h1>')
    expect([edge.ledger.total('impression'), edge.ledger.total('impression', { qa: true })]).toEqual([0, 1])
    expect(edge.ledger.activities({ qa: true })[0]?.experiences[1]).toMatchObject({ name: 'Sun', impressions: 1 })
    expect(edge.ledger.entries).toMatchObject([{ qa: true, experience: 'Sun', counted: true }])

    const live = await ask(edge, { id, execute: named('hero') }, { session })
    expect(live.execute?.mboxes?.[0]?.options?.[0]).not.toHaveProperty('content')
  })

  it('can leave out everything else, and notices an activity that does not exist', async () => {
    const activity = (id: number) => ({ id, name: `A${id}`, experiences: [{ name: 'E', offers: { [`m${id}`]: 'x' } }] })
    const edge = createEmulator({ offers: { activities: [activity(1), activity(2)] } })
    const qaMode = { previewIndexes: [{ activityIndex: 2 }, { activityIndex: 9 }], listedActivitiesOnly: true }
    const { prefetch } = await ask(edge, { qaMode, prefetch: named('m1', 'm2') })
    expect(prefetch?.mboxes?.map(({ options }) => Boolean(options))).toEqual([false, true])
    expect(edge.requests[0]?.warnings).toEqual(['qaMode: there is no activity 9'])
  })
})
