import { expect, it } from 'vitest'
import type { Artifact, Rule } from '../../src/decisioning/artifact.ts'
import { decide } from '../../src/decisioning/decide.ts'
import { createDecide } from '../../src/decisioning/engine.ts'
import { artifactOf, macro, request, rule } from './rules.ts'

const home = (...rules: Rule[]) => artifactOf({ mboxes: { home: rules } })
const ID = /^[\da-f]{32}$/
const method = { 'activity.decisioningMethod': 'on-device' }

const options = [{ type: 'html', content: 'a', eventToken: 't1' }, { eventToken: 't2' }, {}]
const metrics = [
  { type: 'display', eventToken: 'd1' },
  { type: 'click', eventToken: 'c2', selector: '#buy' },
  { type: 'display', eventToken: 'd3' },
]

it('4.1 the answer names the request, the visitor and the client, and has the modes that were asked for', () => {
  const artifact = home(rule({}))
  const asked = request({ mboxes: ['home'], requestId: 'r', id: { tntId: 'abc.28_0' } })
  const { response } = decide(artifact, asked, 0)
  expect(response).toMatchObject({ status: 200, requestId: 'r', id: { tntId: 'abc.28_0' }, client: 'acme' })
  expect(response).not.toHaveProperty('execute')
  const nothing = decide(artifact, { context: { channel: 'web' } } as typeof asked, 0)
  expect(Object.keys(nothing.response)).toEqual(['status', 'requestId', 'id', 'client'])
  expect(nothing.response.requestId).toMatch(ID)
  expect(decide(artifact, { ...asked, execute: {} } as typeof asked, 0).response.execute).toEqual({})
})

it('2.1 a visitor without an id gets a device id, which names the cluster when one is known', () => {
  const visitor = (id: object | undefined, targetLocationHint?: string) => {
    const asked = { ...request({ mboxes: ['home'] }), id } as ReturnType<typeof request>
    return decide(home(), asked, { now: 0, targetLocationHint }).response.id
  }
  expect(visitor(undefined)?.tntId).toMatch(ID)
  expect(visitor({}, '28')?.tntId).toMatch(/^[\da-f]{32}\.28_0$/)
  expect(visitor({}, ' ')?.tntId).toMatch(ID)
  expect(visitor({ thirdPartyId: 'me' })).toEqual({ thirdPartyId: 'me' })
  const customerIds = [{ id: 'me', integrationCode: 'crm', authenticatedState: 'logged_out' }]
  expect(visitor({ customerIds })?.tntId, 'who has logged out is nobody').toMatch(ID)
})

it('4.2 what is shown at once has no event tokens, no blank options, and only clicks', () => {
  const { response } = decide(home(rule({ options, metrics })), request({ mboxes: ['home'], mode: 'execute' }), 0)
  expect(response.execute?.mboxes).toEqual([
    {
      name: 'home',
      index: 0,
      options: [{ type: 'html', content: 'a', responseTokens: method }],
      metrics: [{ type: 'click', eventToken: 'c2', selector: '#buy' }],
    },
  ])
  const without = decide(home(rule({ options })), request({ mboxes: ['home'], mode: 'execute' }), 0)
  expect(without.response.execute?.mboxes?.[0]).not.toHaveProperty('metrics')
})

it('4.2 what is prefetched keeps its tokens, or has those of its display metrics; only views have metrics', () => {
  const tokens = [
    { type: 'html', content: 'a', eventToken: 't1', responseTokens: method },
    { eventToken: 't2', responseTokens: method },
    { eventToken: 'd3', responseTokens: method },
  ]
  const artifact = { ...artifactOf({ mboxes: { home: [rule({ options, metrics })] } }) }
  const { response } = decide(artifact, request({ mboxes: ['home'] }), 0)
  expect(response.prefetch?.mboxes).toEqual([{ name: 'home', index: 0, options: tokens }])
  const views = artifactOf({ views: { list: [rule({ name: 'list', options, metrics })] } })
  expect(decide(views, request({ views: [{}] }), 0).response.prefetch?.views).toEqual([
    { name: 'list', options: tokens, metrics },
  ])
})

it('4.2 what else a rule has to say is handed on', () => {
  const analytics = { payload: { pe: 'tnt', tnta: '1' } }
  const said = { ...rule({}), consequence: { ...rule({}).consequence, analytics } } as Rule
  expect(decide(home(said), request({ mboxes: ['home'] }), 0).response.prefetch?.mboxes?.[0]).toMatchObject({
    analytics,
  })
})

it('4.3 the page load has all options, and of the metrics with one token the last', () => {
  const click = (selector: string) => ({ type: 'click', eventToken: 'same', selector })
  const artifact = artifactOf({
    mboxes: {
      'target-global-mbox': [
        rule({ ruleKey: '1', content: 'a', metrics: [click('#a')] }),
        rule({ ruleKey: '2', content: 'b', metrics: [click('#b')] }),
      ],
    },
  })
  const { response } = decide(artifact, request({ pageLoad: {}, mode: 'execute' }), 0)
  expect(response.execute?.pageLoad?.options?.map(({ content }) => content)).toEqual(['a', 'b'])
  expect(response.execute?.pageLoad?.metrics).toEqual([click('#b')])
  expect(decide(artifact, request({ pageLoad: {} }), 0).response.prefetch?.pageLoad).not.toHaveProperty('metrics')
})

it('4.4 response tokens are those that the account asks for and that are known', () => {
  const responseTokens = [
    'activity.id',
    'experience.name',
    'offer.name',
    'geo.city',
    'geo.state',
    'geo.latitude',
    'profile.x',
  ]
  const artifact = { ...home(rule({ activity: 7 })), responseTokens }
  const context = { channel: 'web' as const, geo: { city: 'Berlin', stateCode: 'BE' } }
  const tokens = (asked: Parameters<typeof decide>[1]) =>
    decide(artifact, asked, 0).response.prefetch?.mboxes?.[0]?.options?.[0]?.responseTokens
  expect(tokens(request({ mboxes: ['home'], context }))).toEqual({
    'activity.id': 7,
    'experience.name': 'experience 0',
    'geo.city': 'Berlin',
    'geo.state': 'BE',
    ...method,
  })
  expect(tokens(request({ mboxes: ['home'] }))).toEqual({
    'activity.id': 7,
    'experience.name': 'experience 0',
    ...method,
  })
})

it.each([
  ['activity.name', 'activity 1'],
  ['campaign.name', 'activity 1'],
  ['recipe.id', '0'],
  ['campaign.recipe.name', 'experience 0'],
  ['a.b.offer.id', '100'],
  ['mbox.name', 'home'],
  ['mbox.index', '0'],
  ['mbox.user', 'Sam'],
  ['user', 'Sam'],
  ['user.city', 'Rome'],
  ['html', '<b>&</b>'],
  ['audience.ids', '10'],
  ['nobody', macro('nobody')],
  ['Campaign.name', macro('Campaign.name')],
  ['', macro('')],
  ['no macro!', macro('no macro!')],
])('4.5 the macro %s is written as %s', (name, expected) => {
  const parameters = { user: 'Sam', 'user.city': 'Rome', html: '<b>&</b>' }
  const text = `-${macro(name)}-${macro(name)}-`
  const written = (type: string, content: unknown) => {
    const asked = request({ mboxes: ['home'], parameters })
    return decide(home(rule({ type, content })), asked, 0).response.prefetch?.mboxes?.[0]?.options?.[0]?.content
  }
  expect(written('html', text)).toBe(`-${expected}-${expected}-`)
  expect(
    written('actions', [
      { type: 'setHtml', content: text },
      { type: 'setStyle', content: { a: text } },
    ]),
  ).toEqual([
    { type: 'setHtml', content: `-${expected}-${expected}-` },
    { type: 'setStyle', content: { a: text } },
  ])
  expect(written('json', { text })).toEqual({ text })
  expect(written('redirect', text)).toBe(text)
})

const shownOf = (artifact: Artifact, asked: Parameters<typeof decide>[1]) =>
  decide(artifact, asked, 1.7e12).notifications

it('4.7 what is shown at once is noted, with every token of a place once', () => {
  const artifact = artifactOf({
    mboxes: {
      home: [rule({ options })],
      cart: [rule({ name: 'cart', options: [{ eventToken: 't1' }, { eventToken: 't1' }] })],
      quiet: [rule({ name: 'quiet', options: [{ type: 'html', content: 'a' }] })],
      'target-global-mbox': [
        rule({ name: 'target-global-mbox', ruleKey: '1', options: [{ eventToken: 'g1' }] }),
        rule({ name: 'target-global-mbox', ruleKey: '2', options: [{ eventToken: 'g1' }, { eventToken: 'g2' }] }),
      ],
    },
  })
  const asked = request({ mboxes: ['home', 'cart', 'quiet', 'nobody', 'home'], pageLoad: {}, mode: 'execute' })
  const notifications = shownOf(artifact, asked)
  expect(notifications.map(({ mbox, tokens }) => [mbox?.name, tokens])).toEqual([
    ['home', ['t1', 't2']],
    ['cart', ['t1']],
    ['target-global-mbox', ['g1']],
    ['target-global-mbox', ['g2']],
  ])
  for (const { type, timestamp } of notifications) expect([type, timestamp]).toEqual(['display', 1.7e12])
  expect(shownOf(artifact, request({ mboxes: ['home'] })), 'of what is prefetched').toEqual([])
})

it('4.7 no two notifications have an id in common', () => {
  const artifact = artifactOf({ mboxes: { home: [rule({})], cart: [rule({ name: 'cart' })] } })
  const asked = request({ mboxes: ['home', 'cart'], mode: 'execute', requestId: 'always the same' })
  const engines = [decide, createDecide({ createId: () => 'first' }), createDecide({ createId: () => 'second' })]
  const all = engines.flatMap((engine) =>
    Array.from({ length: 50 }).flatMap(() => engine(artifact, asked, 0).notifications),
  )
  expect(new Set(all.map(({ id }) => id)).size).toBe(300)
  expect(new Set(all.map(({ impressionId }) => impressionId)).size).toBe(300)
  for (const { id, impressionId = '' } of all) expect(Math.max(id.length, impressionId.length)).toBeLessThanOrEqual(128)
})

it('4.6 there are traces only where they are asked for, and an engine may do without them', () => {
  const asked = request({ mboxes: ['home', 'nobody'], pageLoad: {}, trace: { authorizationToken: 't' } })
  const traces = (engine: typeof decide) => {
    const { mboxes = [], pageLoad } = engine(home(rule({})), asked, 0).response.prefetch ?? {}
    return [...mboxes, pageLoad].map((place) => place?.trace !== undefined)
  }
  expect(traces(decide)).toEqual([true, true, false])
  expect(traces(createDecide({ createId: () => 'id' }))).toEqual([false, false, false])
})
