import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decide } from '../../src/decisioning/decide.ts'
import { explain } from '../../src/decisioning/explain.ts'
import { problemsOf } from '../../src/decisioning/problems.ts'
import { compileArtifact } from '../../src/decisioning/ruleset.ts'
import { isTargetError } from '../../src/delivery/error.ts'
import type { DeliveryRequest } from '../../src/delivery/request.ts'
import { givenArbitrary } from './given-arbitraries.ts'
import { artifactOf, macro, request, rule } from './rules.ts'

const caught = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

it.each([
  ['nothing', undefined, 'artifact'],
  ['null', null, 'artifact'],
  ['text', '{"version":"1.0.0"}', 'artifact'],
  ['a list', [], 'artifact'],
  ['half an artifact', {}, 'artifact.version'],
  ['another version', { ...artifactOf({}), version: '2.0.0' }, 'artifact.version'],
  ['a version that is none', { ...artifactOf({}), version: null }, 'artifact.version'],
  ['no rules', { version: '1.0.0' }, 'artifact.rules'],
  ['a list of rules', { ...artifactOf({}), rules: [] }, 'artifact.rules'],
  ['mboxes that are none', { ...artifactOf({}), rules: { mboxes: [] } }, 'artifact.rules.mboxes'],
  ['views that are none', { ...artifactOf({}), rules: { views: 'all' } }, 'artifact.rules.views'],
  ['tokens that are none', { ...artifactOf({}), responseTokens: null }, 'artifact.responseTokens'],
  ['local mboxes that are none', { ...artifactOf({}), localMboxes: { home: true } }, 'artifact.localMboxes'],
])('an artifact that is %s is refused, with its path and what to do', (_, artifact, path) => {
  for (const refuse of [compileArtifact, problemsOf]) {
    const error = caught(() => refuse(artifact))
    expect(isTargetError(error) && error.code).toBe('INVALID_ARGUMENT')
    expect(error).toMatchObject({
      path,
      message: expect.stringMatching(/^artifact.* must be .*: .*download the rules/),
    })
  }
})

const endless: { and: unknown[] } = { and: [] }
endless.and.push(endless, endless)
const endlessContent: Record<string, unknown> = { type: 'json' }
endlessContent.content = endlessContent
const deep = (levels: number) => Array.from({ length: levels }).reduce<unknown>((inner) => ({ '!!': [inner] }), true)
const deepList = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)

const badRules: [string, unknown][] = [
  ['null', null],
  ['text', 'rule'],
  ['without meta', { ...rule({}), meta: undefined }],
  ['without a consequence', { ...rule({}), consequence: undefined }],
  ['with options that are no list', { ...rule({}), consequence: { name: 'home', options: {} } }],
  ['with options that are nothing', rule({ options: [null] })],
  ['with property tokens that are no list', { ...rule({}), propertyTokens: 'a' }],
  ['with an unknown operator', rule({ condition: { nonsense: [1] } })],
  ['with an operator of every object', rule({ condition: { constructor: [1] } })],
  ['with an operator that is __proto__', JSON.parse(JSON.stringify(rule({})).replace('true', '{"__proto__":[1]}'))],
  ['with a condition that holds itself', rule({ condition: endless })],
  ['with a condition of 100,000 levels', rule({ condition: deep(100_000) })],
  ['with a list of 100,000 levels', rule({ condition: { in: [1, deepList] } })],
  ['with content that holds itself', rule({ options: [endlessContent] })],
  ['that multiplies nothing', rule({ condition: { '*': [] } })],
  ['that asks what no number has', rule({ condition: { missing_some: [1, 7] } })],
  ['that compares a bare object', rule({ condition: { '==': [{ var: 'mbox' }, 'x'] } })],
]

it.each(badRules)('a rule %s matches nobody, and spoils no other', (_, bad) => {
  const good = rule({ content: 'good', ruleKey: 'good' })
  const artifact = artifactOf({
    mboxes: { home: [bad as typeof good, good], 'target-global-mbox': [bad as typeof good, good] },
    views: { list: [bad as typeof good, { ...good, consequence: { ...good.consequence, name: 'list' } }] },
  })
  for (const mode of ['execute', 'prefetch'] as const) {
    const asked = request({ mboxes: ['home'], pageLoad: {}, views: [{}], mode, parameters: { plan: 'x' } })
    const { response } = decide(artifact, asked, 0)
    const { mboxes, views, pageLoad } = response[mode] as NonNullable<typeof response.prefetch>
    for (const place of [mboxes?.[0], views?.[0], pageLoad]) {
      expect(place?.options?.map(({ content }) => content)).toEqual(['good'])
    }
    expect(explain(artifact, asked, 0)[0]?.rules[0]?.outcome).toMatch(/invalid|fails|matches/)
  }
})

it.each(badRules.filter(([name]) => !/multiplies|no number|bare/.test(name)))(
  'what is wrong with a rule %s is said, with its path',
  (_, bad) => {
    const problems = problemsOf(artifactOf({ mboxes: { home: [rule({}), bad as ReturnType<typeof rule>] } }))
    expect(problems).toHaveLength(1)
    expect(problems[0]?.path).toMatch(/^rules\.mboxes\.home\.1(\.condition)?$/)
    expect(problems[0]?.message).toMatch(/must be|operator|too deep/)
  },
)

it.each([
  ['rules that are no list', { home: 'rules' }],
  ['rules that are nothing', { home: null }],
])('%s match nobody', (_, mboxes) => {
  const artifact = artifactOf({ mboxes: mboxes as never })
  expect(decide(artifact, request({ mboxes: ['home'] }), 0).response.prefetch?.mboxes).toEqual([
    { name: 'home', index: 0 },
  ])
  expect(problemsOf(artifact)).toHaveLength(1)
})

it('a list of 5,000 alternatives is no burden', () => {
  const condition = { or: Array.from({ length: 5000 }, (_, at) => ({ '==': [at, { var: 'mbox.at' }] })) }
  const artifact = artifactOf({ mboxes: { home: [rule({ condition })] } })
  const { response } = decide(artifact, request({ mboxes: ['home'], parameters: { at: '4999' } }), 0)
  expect(response.prefetch?.mboxes?.[0]?.options).toHaveLength(1)
})

it('an artifact of 50 MB decides like a small one', () => {
  const content = 'x'.repeat(50_000)
  const names = Array.from({ length: 1000 }, (_, at) => `mbox-${at}`)
  const artifact = artifactOf({ mboxes: Object.fromEntries(names.map((name) => [name, [rule({ name, content })]])) })
  const json = JSON.stringify(artifact)
  expect(json.length).toBeGreaterThan(50 * 2 ** 20 * 0.95)
  const { response } = decide(JSON.parse(json), request({ mboxes: ['mbox-7', 'mbox-999'] }), 0)
  expect(response.prefetch?.mboxes?.map(({ options }) => options?.[0]?.content)).toEqual([content, content])
})

it.each([
  ['no context', { context: undefined }],
  ['NaN for a moment', { now: Number.NaN }],
  ['a moment beyond all calendars', { now: 1e300 }],
  ['huge numbers', { context: { channel: 'web', geo: { latitude: 1e308, longitude: -1e308 } } }],
  ['NaN for a place', { context: { channel: 'web', geo: { latitude: Number.NaN } } }],
  ['an address of 1 MB', { context: { channel: 'web', address: { url: `http://a/${'@:/?#['.repeat(175_000)}` } } }],
  ['a user agent of 1 MB', { context: { channel: 'web', userAgent: 'Version/1 Trident rv: ('.repeat(45_000) } }],
  [
    '10,000 parameters',
    { parameters: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`a.${at}`, 'x'])) },
  ],
])('a request with %s gets an answer', (_, { now = 0, ...parts }: Record<string, unknown>) => {
  const names = ['current_time', 'current_day', 'geo.latitude', 'geo.longitude', 'page.domain', 'page.query_lc']
  const rules = [...names, 'user.browserType', 'mbox.a.7', 'mbox.b', 'mbox', ''].map((name) =>
    rule({ condition: { '==': [{ var: name }, 'something'] } }),
  )
  const artifact = artifactOf({ mboxes: { home: [...rules, rule({ content: 'last' })] } })
  const asked = { ...request({ mboxes: ['home'], ...parts }), trace: { authorizationToken: '' } } as DeliveryRequest
  const { trace, ...untraced } = asked
  const { response } = decide(artifact, untraced as DeliveryRequest, now as number)
  expect(response.prefetch?.mboxes?.[0]?.options?.[0]?.content).toBe('last')
})

it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'places and properties named %s are not there',
  (name) => {
    const artifact = artifactOf({ mboxes: { home: [rule({})] } })
    const asked = request({ mboxes: [name], views: [{ name }], property: { token: name } })
    expect(decide(artifact, asked, 0).response.prefetch).toEqual({ mboxes: [{ name, index: 0 }], views: [] })
  },
)

it.each(['__proto__.polluted', 'constructor.prototype.polluted', '__proto__', 'a.__proto__.polluted'])(
  'a parameter named %s changes nothing but itself',
  (name) => {
    const parameters = JSON.parse(`{"${name}":"yes","plan":"gold"}`)
    const condition = { and: [{ '!!': [{ var: 'mbox' }] }, { '==': [{ var: `mbox.${name}` }, 'yes'] }] }
    const content = `${macro('polluted')} ${macro('__proto__')}`
    const artifact = artifactOf({ mboxes: { home: [rule({ condition, content })] } })
    const asked = { ...request({ mboxes: [{ name: 'home', parameters }] }), trace: { authorizationToken: '' } }
    const before = Object.getOwnPropertyNames(Object.prototype)
    const { response } = decide(artifact, asked, 0)
    expect(response.prefetch?.mboxes?.[0]?.options).toHaveLength(1)
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
    expect('polluted' in {}).toBe(false)
    expect('polluted' in response).toBe(false)
  },
)

const frozen = <Value>(value: Value): Value => {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) frozen(member)
  return Object.freeze(value)
}

const plain = (value: unknown) =>
  JSON.parse(JSON.stringify(value), (key, member) => (/^(id|impressionId)$/.test(key) ? undefined : member))

it('artifacts and requests that are frozen through and through are decided like any other', () => {
  for (const { artifact, request: asked, now } of fc.sample(givenArbitrary, { numRuns: 100, seed: 7 })) {
    const loose = decide(JSON.parse(JSON.stringify(artifact)), asked, now)
    const rules = compileArtifact(frozen(artifact), { client: 'of-the-artifact' })
    for (let again = 0; again < 2; again++) expect(plain(decide(rules, frozen(asked), now))).toEqual(plain(loose))
    expect(() => explain(rules, asked, now)).not.toThrow()
  }
})

it('whoever gets an answer may change it, and the next one does not notice', () => {
  const ravaged = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const key of Object.keys(value)) {
      ravaged(Reflect.get(value, key))
      Reflect.set(value, key, 'changed')
    }
    Reflect.set(value, 'added', 'changed')
  }
  for (const { artifact, request: asked, now } of fc.sample(givenArbitrary, { numRuns: 100, seed: 8 })) {
    const rules = compileArtifact(artifact)
    const first = decide(rules, asked, now)
    const before = plain(first)
    const { id, ...rest } = first.response
    ravaged({ ...first, response: rest })
    expect(plain(decide(rules, asked, now))).toEqual(before)
  }
})

it('what one visitor says is in no other answer', () => {
  const secret = 'of-the-first-visitor'
  const content = `${macro('user')} ${macro('mbox.name')}`
  const artifact = artifactOf({
    mboxes: { home: [rule({ content })], cart: [rule({ type: 'actions', content: [{ type: 'setHtml', content }] })] },
    responseTokens: ['geo.city'],
  })
  const rules = compileArtifact(artifact)
  const asked = (parts: object) =>
    request({ mboxes: ['home', 'cart'], mode: 'execute', trace: { authorizationToken: '' }, ...parts })
  const context = { channel: 'web', geo: { city: secret }, address: { url: `http://${secret}/` }, userAgent: secret }
  const first = decide(rules, asked({ context, parameters: { user: secret }, id: { tntId: secret } }), 0)
  expect(JSON.stringify(first)).toContain(secret)
  expect(JSON.stringify(decide(rules, asked({ id: { tntId: 'second' } }), 0))).not.toContain(secret)
  expect(JSON.stringify(artifact)).not.toContain(secret)
})
