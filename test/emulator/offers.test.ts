import { describe, expect, it } from 'vitest'
import { createEmulator, type Offers } from '../../src/emulator.ts'
import { ask, named } from './call.ts'
import shop from './shop.json' with { type: 'json' }

const contents = async (offers: Offers, ...names: string[]) => {
  const { execute } = await ask(createEmulator({ offers }), { execute: named(...names) })
  return execute?.mboxes?.map(({ options }) => options?.map(({ type, content }) => [type, content]))
}

describe('the smallest offers', () => {
  it('are mboxes by name: text is HTML, an object is JSON', async () => {
    const offers = { hero: '<b>hi</b>', flags: { newCheckout: true } }
    expect(await contents(offers, 'hero', 'flags')).toEqual([
      [['html', '<b>hi</b>']],
      [['json', { newCheckout: true }]],
    ])
  })

  it('may say what they are', async () => {
    const offers = { hero: { html: '<b>hi</b>' }, old: { redirect: 'https://new.example/' }, flags: { json: [1, 2] } }
    expect(await contents(offers, 'hero', 'old', 'flags')).toEqual([
      [['html', '<b>hi</b>']],
      [['redirect', 'https://new.example/']],
      [['json', [1, 2]]],
    ])
  })

  it('may have the names of what every object has', async () => {
    expect(await contents({ hero: '<b>hi</b>' }, 'constructor', '__proto__', 'toString')).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

it('offers may come from a JSON file', async () => {
  expect(await contents(shop, 'hero', 'flags', 'banner', 'teasers')).toEqual([
    [['html', '<h1>Sun</h1>']],
    [['json', { newCheckout: true }]],
    [[undefined, undefined]],
    [
      ['html', '<p>One</p>'],
      ['html', '<p>Two</p>'],
    ],
  ])
})

const withActivity = (more: object) => ({
  activities: [{ id: 1, name: 'A', experiences: [{ name: 'E', offers: { hero: 'x' } }], ...more }],
})

/** [what is wrong, the offers, what the error says] */
const wrong: [string, unknown, RegExp][] = [
  ['no object', [], /^offers: must be an object/],
  ['a list for an mbox', { activites: [] }, /^offers\.activites: .*activities/],
  ['activities that are no list', { activities: {} }, /^offers\.activities: must be a list/],
  ['a misspelt member', withActivity({ experience: [] }), /^offers\.activities\.0\.experience: is not known here/],
  ['no id', withActivity({ id: undefined }), /^offers\.activities\.0\.id/],
  ['no experience', withActivity({ experiences: [] }), /^offers\.activities\.0\.experiences: must have at least one/],
  ['an unknown type', withActivity({ type: 'mvt' }), /^offers\.activities\.0\.type: must be one of ab, xt/],
  ['a negative share', withActivity({ experiences: [{ name: 'E', share: -1 }] }), /experiences\.0\.share/],
  [
    'an offer that is none',
    withActivity({ experiences: [{ name: 'E', offers: { hero: 5 } }] }),
    /experiences\.0\.offers\.hero: must be one offer/,
  ],
  [
    'an unknown kind of offer',
    withActivity({ experiences: [{ name: 'E', offers: { hero: { video: 'x' } } }] }),
    /offers\.hero/,
  ],
  [
    'a view that is no list',
    withActivity({ experiences: [{ name: 'E', views: { home: 5 } }] }),
    /views\.home: must be a list of actions/,
  ],
  ['clicks on nothing', withActivity({ clicks: { heros: true } }), /clicks\.heros: no experience/],
  ['a click on a whole page', withActivity({ clicks: { '*': true } }), /clicks\.\*: must be a selector/],
  [
    'an id twice',
    { activities: [...withActivity({}).activities, ...withActivity({}).activities] },
    /^offers\.activities\.1\.id: 1 is taken/,
  ],
]

it.each(wrong)('offers that are malformed are told where: %s', (_, offers, message) => {
  const create = () => createEmulator({ offers: offers as Offers })
  expect(create).toThrow(
    expect.objectContaining({ name: 'TargetError', code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
  )
})

it.each([null, 42, 'rules.json', [], true])('an artifact is an object or bytes, not %j', (artifact) => {
  expect(() => createEmulator({ artifact })).toThrow(
    expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      path: 'artifact',
      message: expect.stringMatching(/an object or the bytes of a file/),
    }),
  )
})

it('an artifact holds no ring, and a cluster is digits', () => {
  const ring: Record<string, unknown> = {}
  ring.self = ring
  expect(() => createEmulator({ artifact: ring })).toThrow(/^artifact: must be an object that JSON can carry/)
  expect(() => createEmulator({ cluster: 'x.evil.example' })).toThrow(/^cluster: must be digits/)
})

it('an mbox that no activity mentions is reported', async () => {
  const unknown: string[] = []
  const edge = createEmulator({
    offers: withActivity({ conversions: ['order'] }),
    onUnknownMbox: (name) => unknown.push(name),
  })
  await ask(edge, { execute: named('hero', 'heor', 'order') })
  expect(unknown).toEqual(['heor'])
})
