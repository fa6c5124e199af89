import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createEmulator, type Offers } from '../../src/emulator.ts'
import { conditionArbitrary } from '../decisioning/condition-arbitraries.ts'

const schema = JSON.parse(readFileSync(new URL('../../schema/activities.schema.json', import.meta.url), 'utf8'))
const conforms = new Ajv({ allowUnionTypes: true }).compile(schema)

const isAccepted = (file: object): boolean => {
  try {
    createEmulator({ offers: file as Offers })
    return true
  } catch {
    return false
  }
}

const activity = (more: object = {}) => ({ id: 1, name: 'Summer', experiences: [{ name: 'Control' }], ...more })
const experience = (more: object) => ({ activities: [activity({ experiences: [{ name: 'Only', ...more }] })] })

it.each(['../../demo/offers.json', 'shop.json'])('files that are in use conform: %s', (file) => {
  const offers = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
  expect(conforms(offers), JSON.stringify(conforms.errors)).toBe(true)
  expect(isAccepted(offers)).toBe(true)
})

it('is what a file says of itself, for editors', () => {
  const offers = { $schema: 'https://example.com/activities.schema.json', activities: [activity()] } as Offers
  expect([conforms(offers), isAccepted(offers)]).toEqual([true, true])
})

it.each<[what: string, file: object]>([
  ['an unknown member', { activities: [activity({ audiences: {} })] }],
  ['no experiences', { activities: [activity({ experiences: [] })] }],
  ['an id of 0', { activities: [activity({ id: 0 })] }],
  ['an empty name', { activities: [activity({ name: '' })] }],
  ['another type', { activities: [activity({ type: 'mvt' })] }],
  ['a share below 0', experience({ share: -1 })],
  ['an offer of two kinds', experience({ offers: { hero: { html: 'a', json: {} } } })],
  ['an empty list of offers', experience({ offers: { hero: [] } })],
  ['a number as an offer', experience({ offers: { hero: 4 } })],
  ['a view of numbers', experience({ views: { cart: [4] } })],
  ['an audience of another word', { activities: [activity({ audience: { country: 'DE' } })] }],
  ['a url of numbers', { activities: [activity({ audience: { url: [4] } })] }],
  ['a rule of an unknown operator', { activities: [activity({ audience: { rule: { regex: ['a'] } } })] }],
  ['a rule of two operators', { activities: [activity({ audience: { rule: { '!': [1], '!!': [1] } } })] }],
  ['a rule that is text', { activities: [activity({ audience: { rule: 'gold' } })] }],
  ['a rule with nothing', { activities: [activity({ audience: { rule: {} } })] }],
  ['an empty QA token', { activities: [activity({ qa: { token: '' } })] }],
  ['an environment without an id', { environments: [{ name: 'staging' }], activities: [] }],
  ['an item in an item', { catalog: { tea: { maker: {} } }, activities: [] }],
  ['a recommendation of nothing', experience({ offers: { hero: { recommend: { most: 2 } } } })],
  ['a recommendation of none', experience({ offers: { hero: { recommend: { list: 'more', most: 0 } } } })],
  ['clicks that are false', { activities: [activity({ clicks: { hero: false } })] }],
])('neither the schema nor the emulator takes %s', (_, file) => {
  expect([conforms(file), isAccepted(file)]).toEqual([false, false])
})

const text = fc.string({ maxLength: 8 })
const name = fc.string({ minLength: 1, maxLength: 8 })
const words = fc.oneof(text, fc.array(text, { maxLength: 2 }))
const junk = fc.oneof(fc.boolean(), fc.integer(), fc.constant(null), fc.constant({}), fc.constant([]))
/** What is meant, and now and then something else. */
const mostly = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: junk })
const some = <Value>(value: fc.Arbitrary<Value>) => fc.dictionary(name, value, { maxKeys: 2 })
const offer = fc.oneof(
  text,
  fc.constant(null),
  fc.record({ html: mostly(text), id: mostly(text) }, { requiredKeys: ['html'] }),
  fc.record({ json: fc.jsonValue() }),
  fc.record({ redirect: mostly(text), name: mostly(text) }, { requiredKeys: ['redirect'] }),
  fc.record({
    recommend: mostly(
      fc.record(
        { list: mostly(text), same: text, most: mostly(fc.integer({ min: 0, max: 3 })), html: text, around: text },
        { requiredKeys: [] },
      ),
    ),
    id: text,
  }),
  fc.record({ actions: mostly(fc.array(fc.record({ type: text }), { maxLength: 2 })) }),
)
const audience = fc.record(
  {
    parameters: mostly(some(mostly(words))),
    profile: mostly(some(words)),
    url: mostly(words),
    channel: mostly(words),
    rule: mostly(conditionArbitrary),
    id: mostly(fc.integer({ min: 0, max: 9 })),
    name: mostly(name),
  },
  { requiredKeys: [] },
)
const anyExperience = fc.record(
  {
    name: mostly(name),
    share: mostly(fc.integer({ min: -1, max: 100 })),
    audience: mostly(audience),
    preview: mostly(name),
    offers: mostly(some(mostly(fc.oneof(offer, fc.array(offer, { maxLength: 2 }))))),
    views: mostly(some(mostly(fc.oneof(offer, fc.array(fc.record({ type: text }), { maxLength: 2 }))))),
    pageLoad: mostly(offer),
  },
  { requiredKeys: ['name'] },
)
const anyActivity = fc.record(
  {
    id: mostly(fc.integer({ min: 0, max: 9 })),
    name: mostly(name),
    type: mostly(fc.constantFrom('ab', 'xt', 'mvt')),
    property: mostly(name),
    audience: mostly(audience),
    qa: mostly(fc.record({ token: mostly(name) })),
    experiences: mostly(fc.array(anyExperience, { maxLength: 1 })),
    conversions: mostly(fc.oneof(fc.constant(true), fc.array(text, { maxLength: 2 }))),
    a4t: mostly(fc.boolean()),
  },
  { requiredKeys: ['id', 'name', 'experiences'] },
)

const item = some(mostly(fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 2 }))))
const file = fc.record(
  {
    activities: fc.tuple(anyActivity),
    catalog: mostly(some(mostly(item))),
    environments: mostly(
      fc.array(fc.record({ id: mostly(fc.integer({ min: 0, max: 9 })), name: mostly(name) }), { maxLength: 1 }),
    ),
  },
  { requiredKeys: ['activities'] },
)

it('what the schema takes is what the emulator takes', () => {
  let taken = 0
  fc.assert(
    fc.property(file, (file) => {
      const isTaken = isAccepted(file)
      taken += isTaken ? 1 : 0
      expect([conforms(file), conforms.errors]).toEqual([isTaken, isTaken ? null : expect.anything()])
    }),
    { numRuns: 4000, seed: 4 },
  )
  expect(taken).toBeGreaterThan(100)
})
