import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decide } from '../../src/decisioning/decide.ts'
import { explain } from '../../src/decisioning/explain.ts'
import { givenArbitrary } from './given-arbitraries.ts'
import { artifactOf, request, rule } from './rules.ts'

const half = (from: number, to: number) => ({
  and: [{ '<=': [from, { var: 'allocation' }] }, { '>=': [to, { var: 'allocation' }] }],
})
const artifact = artifactOf({
  mboxes: {
    home: [
      rule({ activity: 125880, condition: { and: [half(0, 50), { '==': ['shop.com', { var: 'page.domain' }] }] } }),
      rule({ activity: 125880, experience: 1, propertyTokens: ['app'] }),
      rule({ activity: 125880, experience: 2, condition: { '!': [{ in: ['gold', ['gold', { var: 'mbox.plan' }]] }] } }),
      rule({
        activity: 9,
        experience: 3,
        condition: { or: [{ '<': ['0900', { var: 'current_time' }, '1745'] }, { nonsense: 1 }] },
      }),
      rule({ activity: 9, experience: 4 }),
      null as never,
    ],
  },
})
const asked = request({
  mboxes: ['home', 'nobody'],
  parameters: { plan: 'basic' },
  id: { tntId: '338e3c1e51f7416a8e1ccba4f81acea0.28_0' },
  context: { channel: 'web', address: { url: 'http://other.com/' } },
})
const NIGHT = Date.UTC(2021, 1, 14, 3, 5)

it('says rule by rule what was compared and what failed', () => {
  const [home] = explain({ ...artifact, meta: { clientCode: 'targettesting' } }, asked, NIGHT)
  expect(home?.rules.map(({ path, outcome, reason }) => [path, outcome, reason])).toEqual([
    ['rules.mboxes.home.0', 'fails', 'allocation must be at most 50, but is 72.23'],
    ['rules.mboxes.home.1', 'skipped', 'it takes part in the properties app, and the request names none'],
    ['rules.mboxes.home.2', 'fails', 'none of this: "gold" must be one of ["gold","basic"], and is "gold"'],
    ['rules.mboxes.home.3', 'fails', 'operator nonsense is not one of JsonLogic: publish the activity anew'],
    ['rules.mboxes.home.4', 'matches', 'it asks for nothing'],
    ['rules.mboxes.home.5', 'invalid', expect.stringContaining('rule must be object, not null')],
  ])
  expect(home?.rules[0]?.comparisons).toEqual([
    { text: 'allocation must be at least 0, and is 72.23', holds: true },
    { text: 'allocation must be at most 50, but is 72.23', holds: false },
    { text: 'page.domain must be "shop.com", but is "other.com"', holds: false },
  ])
  expect(home?.rules[3]).toMatchObject({
    activity: { id: 9, name: 'activity 9' },
    experience: { id: 3, name: 'experience 3' },
  })
})

it('says place by place what is shown', () => {
  const more = artifactOf({
    mboxes: { ...artifact.rules.mboxes, 'target-global-mbox': [rule({ ruleKey: '1' }), rule({ ruleKey: '1' })] },
    views: { list: [rule({ condition: false })] },
  } as never)
  const places = explain(
    more,
    { ...request({ pageLoad: {}, views: [{}, { name: 'list' }], mboxes: ['home', 'nobody'] }) },
    NIGHT,
  )
  expect(places.map(({ mode, place, outcome }) => [mode, place, outcome])).toEqual([
    ['prefetch', 'mbox home', 'rules.mboxes.home.4: activity 9, experience 4'],
    ['prefetch', 'mbox nobody', 'there are no rules: only the edge can decide'],
    ['prefetch', 'all views', 'no rule matches'],
    ['prefetch', 'view list', 'no rule matches'],
    ['prefetch', 'page load', 'rules.mboxes.target-global-mbox.0: activity 1, experience 0'],
  ])
  expect(places[4]?.rules.map(({ reason }) => reason)).toEqual(['it asks for nothing', 'a rule before it matches'])
})

it.each([
  [{ '<': [{ var: 'current_day' }, 3] }, 'current_day must be less than 3, but is 7'],
  [{ '>': [3, { var: 'current_day' }] }, 'current_day must be less than 3, but is 7'],
  [{ '!=': [{ var: 'user.locale' }, 'en'] }, 'user.locale must not be "en", but is "en"'],
  [{ in: [{ var: 'mbox.plan' }, ['gold']] }, 'mbox.plan must be one of ["gold"], but is "basic"'],
  [{ in: ['gold', { var: 'mbox.plan' }] }, 'mbox.plan must contain "gold", but is "basic"'],
  [{ '==': [{ var: 'mbox.nothing' }, 'x'] }, 'mbox.nothing must be "x", but is not known'],
  [{ '==': [{ cat: ['a', 'b'] }, 'x'] }, '{"cat":["a","b"]} must be "x", but is "ab"'],
  [{ missing: [] }, '{"missing":[]} must hold'],
  [{ var: 'mbox.nothing' }, 'mbox.nothing must be known and not empty, but is not known'],
  [{ '<': [7, { var: 'current_day' }, 9] }, 'current_day must be more than 7 and less than 9, but is 7'],
  [{ '<=': [1, { var: 'current_day' }, 6] }, 'current_day must be at least 1 and at most 6, but is 7'],
  [{ '<': [2, 1, 3] }, '1 must be more than 2 and less than 3, but is 1'],
  [
    { '>': [{ var: 'current_timestamp' }, NIGHT] },
    'current_timestamp must be more than 2021-02-14T03:05:00.000Z, but is 2021-02-14T03:05:00.000Z',
  ],
  [
    { '<=': [NIGHT + 60_000, { var: 'current_timestamp' }, 8.7e15] },
    'current_timestamp must be at least 2021-02-14T03:06:00.000Z and at most 8700000000000000, but is 2021-02-14T03:05:00.000Z',
  ],
  [false, 'the condition is false'],
])('puts %j into words', (condition, reason) => {
  const [home] = explain(artifactOf({ mboxes: { home: [rule({ condition })] } }), asked, NIGHT)
  expect(home?.rules[0]).toMatchObject({ outcome: 'fails', reason })
})

it('tells alternatives from what must all hold', () => {
  const is = (plan: string) => ({ '==': [{ var: 'mbox.plan' }, plan] })
  const condition = { or: [is('gold'), { and: [{ var: 'mbox.plan' }, is('basic')] }, { or: [is('a'), is('b')] }] }
  const [home] = explain(artifactOf({ mboxes: { home: [rule({ condition })] } }), asked, NIGHT)
  expect(home?.rules[0]).toMatchObject({ outcome: 'matches', reason: 'all that it asks for holds' })
  expect(home?.rules[0]?.comparisons.map(({ text }) => text)).toEqual([
    'either mbox.plan must be "gold", but is "basic"',
    'or mbox.plan must be known and not empty, and is "basic"',
    'and mbox.plan must be "basic", and is "basic"',
    'or either mbox.plan must be "a", but is "basic"',
    'or mbox.plan must be "b", but is "basic"',
  ])
})

it('says where only the edge can decide', () => {
  const local = { localMboxes: ['home', 'empty', 'hero'], remoteMboxes: ['hero'] }
  const places = explain(
    artifactOf({ mboxes: { home: [rule({})], hero: [rule({})] }, ...local }),
    request({ mboxes: ['home', 'empty', 'hero', 'nobody'], views: [{}, { name: 'list' }], pageLoad: {} }),
    NIGHT,
  )
  expect(places.map(({ place, isRemote, outcome }) => [place, isRemote, outcome])).toEqual([
    ['mbox home', false, 'rules.mboxes.home.0: activity 1, experience 0'],
    ['mbox empty', false, 'there are no rules'],
    ['mbox hero', true, 'rules.mboxes.hero.0: activity 1, experience 0'],
    ['mbox nobody', true, 'there are no rules: only the edge can decide'],
    ['all views', false, 'there are no rules'],
    ['view list', true, 'there are no rules: only the edge can decide'],
    ['page load', true, 'there are no rules: only the edge can decide'],
  ])
})

it('explains what is decided: 200 times the rules that match are those that are shown', () => {
  let shown = 0
  for (const { artifact, request, now } of fc.sample(givenArbitrary, { numRuns: 200, seed: 9 })) {
    const { response } = decide(artifact, request, now)
    const explained = explain(artifact, request, now).filter(({ place }) => place.startsWith('mbox '))
    const matches = explained.map(({ rules }) => rules.some(({ outcome }) => outcome === 'matches'))
    const asked = [...(request.execute?.mboxes ?? []), ...(request.prefetch?.mboxes ?? [])]
    const answered = (['execute', 'prefetch'] as const).flatMap((mode) => {
      const { mboxes = [] } = response[mode] ?? {}
      return (request[mode]?.mboxes ?? []).map(({ index }) =>
        mboxes.some((mbox) => mbox.index === index && mbox.options),
      )
    })
    expect(matches).toEqual(answered)
    expect(matches).toHaveLength(asked.length)
    shown += matches.filter(Boolean).length
  }
  expect(shown).toBeGreaterThan(50)
})
