import fc from 'fast-check'

/** What facts are, and what they are compared with: few values, so that they often meet. */
export const values = {
  urls: [
    'https://www.shop.com/Catalog/Shoes?size=42#top',
    'http://shop.com/',
    'https://m.shop.co.uk/cart?plan=Gold',
    'http://local-target-test:8080/home',
    'https://user:secret@shop.com:8443/a/b.html?x=/y?z#q',
    '//shop.com/no-scheme',
    'shop.com/bare?q',
    'https://127.0.0.1/',
    '',
  ],
  hosts: ['shop.com', 'www.shop.com', 'shop.co.uk', 'local-target-test', 'com', 'co.uk', 'm', 'www', ''],
  paths: ['/', '/Catalog/Shoes', '/catalog/shoes', '/home', '/a/b.html', 'size=42', 'plan=gold', 'top', 'q', ''],
  texts: ['gold', 'Gold', 'GOLD', '7', '7.5', 'de', '', 'shoes'],
  browsers: ['chrome', 'edge', 'firefox', 'safari', 'mobile safari', 'ie', 'unknown'],
  platforms: ['windows', 'mac', 'linux', 'iOS', 'Android', 'Unix', 'unknown', 'Chrome OS'],
  places: ['US', 'DE', 'CALIFORNIA', 'CA', 'SAN FRANCISCO', 'BERLIN'],
  numbers: [0, 1, 7, 37.7, 37.75, 42, 50, 100, 120, -122.4],
  times: ['0000', '0900', '1745', '2359'],
  days: [1, 2, 3, 4, 5, 6, 7, '5'],
} as const

const pageParts = ['url', 'path', 'query', 'fragment', 'subdomain', 'domain', 'topLevelDomain']
const twins = (parts: readonly string[]) => parts.flatMap((part) => [part, `${part}_lc`])

const facts = {
  page: [...twins(pageParts).map((part) => `page.${part}`), ...twins(pageParts).map((part) => `referring.${part}`)],
  texts: twins(['plan', 'user.plan', 'user.language', 'sku', 'nobody', 'a..b']).map((name) => `mbox.${name}`),
  unknown: ['page.nothing', 'nothing', 'nothing.at.all', 'user', 'geo', 'mbox', 'mbox.user', 'page.url.nothing', ''],
}

const of = <Value>(items: readonly Value[]) => fc.constantFrom(...items)
const fact = (names: readonly string[]) => of(names).map((name) => ({ var: name }))

/** A fact, and something that it may well be. */
const pair: fc.Arbitrary<[unknown, unknown]> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(of(values.numbers), fact(['allocation'])) },
  { weight: 4, arbitrary: fc.tuple(of([...values.hosts, ...values.paths, ...values.urls]), fact(facts.page)) },
  { weight: 4, arbitrary: fc.tuple(of([...values.texts, ...values.numbers]), fact(facts.texts)) },
  { weight: 2, arbitrary: fc.tuple(of(values.browsers), fact(['user.browserType'])) },
  { weight: 2, arbitrary: fc.tuple(of(values.platforms), fact(['user.platform', 'user.locale'])) },
  { weight: 1, arbitrary: fc.tuple(of(values.numbers), fact(['user.browserVersion'])) },
  { weight: 2, arbitrary: fc.tuple(of(values.places), fact(['geo.country', 'geo.region', 'geo.city'])) },
  { weight: 2, arbitrary: fc.tuple(of([...values.numbers, '37.70']), fact(['geo.latitude', 'geo.longitude'])) },
  { weight: 1, arbitrary: fc.tuple(of(values.times), fact(['current_time'])) },
  { weight: 1, arbitrary: fc.tuple(of(values.days), fact(['current_day'])) },
  { weight: 1, arbitrary: fc.tuple(of([0, 1.7e12, 4e12]), fact(['current_timestamp'])) },
  { weight: 1, arbitrary: fc.tuple(of([...values.texts, null, true]), fact(facts.unknown)) },
)

const relations = ['==', '!=', '===', '!==', '<', '<=', '>', '>=']
const compared = fc
  .tuple(of(relations), pair, fc.boolean())
  .map(([operator, [value, read], isTurned]) => ({ [operator]: isTurned ? [read, value] : [value, read] }))
const between = fc
  .tuple(of(['<', '<=']), pair, of(values.numbers))
  .map(([operator, [value, read], end]) => ({ [operator]: [value, read, end] }))
const contained = fc.oneof(
  pair.map(([value, read]) => ({ in: [value, read] })),
  fc.tuple(pair, fc.array(of(values.texts))).map(([[value, read], more]) => ({ in: [read, [...more, value]] })),
)

const scalar = fc.oneof(of(values.texts), of(values.numbers), of([null, true, false]))
const term = fc.oneof(
  scalar,
  pair.map(([, read]) => read),
)
const terms = (minLength: number) => fc.array(term, { minLength, maxLength: 3 })

/** Operators that Target's artifacts do without; JsonLogic has them. */
const computed = fc.oneof(
  fc
    .tuple(of(['+', '-', '*', '/', '%', 'min', 'max', 'cat', 'merge']), terms(1))
    .map(([name, list]) => ({ [name]: list })),
  fc.tuple(term, of([0, 1, -2]), of([2, -1])).map(([text, start, end]) => ({ substr: [text, start, end] })),
  pair.map(([value, read]) => ({ var: [(read as { var: string }).var, value] })),
  fc.array(of([...facts.texts, 'page.url', 'geo.city']), { maxLength: 3 }).map((names) => ({
    missing: names.map((name) => name),
  })),
  fc.array(of(facts.texts), { maxLength: 3 }).map((names) => ({ missing_some: [1, names] })),
  fc
    .tuple(of(['map', 'filter', 'all', 'some', 'none']), terms(0), of(relations), scalar)
    .map(([name, list, relation, value]) => ({ [name]: [list, { [relation]: [{ var: '' }, value] }] })),
  terms(0).map((list) => ({
    reduce: [list, { '+': [{ var: 'current' }, { var: 'accumulator' }] }, 0],
  })),
)

const simple = fc.oneof(
  { weight: 8, arbitrary: compared },
  { weight: 2, arbitrary: between },
  { weight: 4, arbitrary: contained },
  { weight: 1, arbitrary: computed },
  { weight: 1, arbitrary: fc.tuple(of(relations), computed, scalar).map(([name, a, b]) => ({ [name]: [a, b] })) },
  { weight: 1, arbitrary: scalar },
)

const share: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: of([{ '<=': [0, { var: 'allocation' }] }, { '>=': [50, { var: 'allocation' }] }]) },
  { weight: 4, arbitrary: of([{ '<': [50, { var: 'allocation' }] }, { '>=': [100, { var: 'allocation' }] }]) },
  { weight: 1, arbitrary: of([{ '<': [0, { var: 'allocation' }, 50] }]) },
)

/** Conditions over all operators and facts. */
export const conditionArbitrary: fc.Arbitrary<unknown> = fc.letrec<{ part: unknown; whole: unknown }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'condition' },
    { weight: 6, arbitrary: simple },
    { weight: 3, arbitrary: fc.array(tie('part'), { maxLength: 3 }).map((list) => ({ and: list })) },
    { weight: 3, arbitrary: fc.array(tie('part'), { maxLength: 3 }).map((list) => ({ or: list })) },
    { weight: 2, arbitrary: fc.tuple(of(['!', '!!']), tie('part')).map(([name, part]) => ({ [name]: [part] })) },
    { weight: 1, arbitrary: tie('part').map((part) => ({ '!': part })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(of(['if', '?:']), fc.array(tie('part'), { maxLength: 5 }))
        .map(([name, list]) => ({ [name]: list })),
    },
  ),
  whole: fc.oneof(
    { weight: 5, arbitrary: share },
    { weight: 5, arbitrary: fc.tuple(share, tie('part')).map(([split, part]) => ({ and: [split, part] })) },
    { weight: 8, arbitrary: tie('part') },
    { weight: 3, arbitrary: of([true]) },
    {
      weight: 1,
      arbitrary: of([{ nonsense: [1] }, { or: [true, { nonsense: [1] }] }, { and: [{ nonsense: [] }, true] }]),
    },
  ),
})).whole
