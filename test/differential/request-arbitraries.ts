import fc from 'fast-check'

const ABSENT = Symbol('absent')

/** A record whose members are missing more often than not, so that many requests differ in nothing. */
export const maybe = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }, present = 1, absent = 2) => {
  const entries = Object.entries(model) as [string, fc.Arbitrary<unknown>][]
  const members = entries.map(([name, arbitrary]): [string, fc.Arbitrary<unknown>] => [
    name,
    fc.oneof({ weight: absent, arbitrary: fc.constant(ABSENT) }, { weight: present, arbitrary }),
  ])
  return fc
    .record(Object.fromEntries(members))
    .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== ABSENT)) as Partial<T>)
}
/** The same, with some members that are always there. */
const record = <T, M>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }, more: { [K in keyof M]: fc.Arbitrary<M[K]> }) =>
  fc.tuple(fc.record(model), maybe(more)).map(([must, may]) => ({ ...must, ...may }))

const text = (maxLength: number) => fc.string({ minLength: 1, maxLength, unit: 'grapheme' }).map((value) => `x${value}`)
const word = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9 _-]{0,11}$/)
const few = <T>(item: fc.Arbitrary<T>, minLength = 0) => fc.array(item, { minLength, maxLength: 3 })

const map = (value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.oneof(fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,6}$/), fc.constantFrom('user.score', 'ä b')), value, {
    maxKeys: 3,
    noNullPrototype: true,
  })
const scalar = fc.oneof(
  { weight: 6, arbitrary: text(20) },
  { weight: 1, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
)

const url = fc.oneof(
  { weight: 9, arbitrary: fc.webUrl({ withQueryParameters: true, size: 'small' }) },
  { weight: 1, arbitrary: fc.constant(`https://acme.test/?q=${'x'.repeat(4200)}`) },
)
const address = maybe({ url, referringUrl: fc.oneof(url, fc.constant('')) })

const order = maybe({
  id: text(20),
  total: fc.integer({ min: 0, max: 99999 }).map((cents) => cents / 100),
  purchasedProductIds: few(word),
  time: fc.constantFrom<unknown>('2020-01-31T12:00:00Z', '2020-01-31T12:00:00.000Z', new Date(1580472000000)),
  experienceLocalId: fc.integer({ min: 0, max: 9 }),
  duplicate: fc.boolean(),
  outlier: fc.boolean(),
})
const product = maybe({ id: word, categoryId: word })

const details = {
  address,
  parameters: map(scalar),
  profileParameters: map(text(20)),
  order,
  product,
}

const mboxes = few(record({ name: word }, { index: fc.nat(9), ...details })).map((list) => {
  const taken = new Set<number>()
  return list.map((item) => {
    const { index, ...rest } = item
    if (index === undefined || taken.has(index)) return rest
    taken.add(index)
    return item
  })
})
const view = maybe({ name: word, key: word, ...details })

type Part = { pageLoad?: unknown; mboxes?: unknown[]; views?: unknown[] }
const asksForSomething = ({ pageLoad, mboxes, views }: Part) => Boolean(pageLoad || mboxes?.length || views?.length)
const execute = maybe({ pageLoad: maybe(details), mboxes }).filter(asksForSomething)
const prefetch = maybe({ pageLoad: maybe(details), mboxes, views: few(view) }).filter(asksForSomething)

const context = maybe({
  channel: fc.constantFrom('web', 'web', 'mobile'),
  address,
  geo: maybe({
    ipAddress: fc.oneof(fc.ipV4(), fc.ipV6()),
    latitude: fc.integer({ min: -90, max: 90 }),
    longitude: fc.integer({ min: -180, max: 180 }),
    countryCode: fc.constantFrom('CH', 'US', ''),
    stateCode: fc.constantFrom('ZH', 'CA', ''),
    city: fc.constantFrom('Zürich', ''),
    zip: fc.constantFrom('8001', ''),
  }),
  userAgent: fc.constantFrom('Mozilla/5.0 (X11; Linux x86_64)', 'bot'),
  clientHints: maybe({
    mobile: fc.boolean(),
    model: word,
    platform: word,
    platformVersion: word,
    browserUAWithMajorVersion: fc.constant('"Chromium";v="120"'),
    browserUAWithFullVersion: fc.constant('"Chromium";v="120.0.1"'),
    architecture: word,
    bitness: fc.constantFrom('32', '64'),
  }),
  timeOffsetInMinutes: fc.constantFrom(0, 330, -480),
  browser: maybe({ host: fc.domain(), language: fc.constantFrom('de-CH'), webGLRenderer: word }),
  screen: maybe({
    width: fc.nat(4000),
    height: fc.nat(4000),
    colorDepth: fc.constantFrom(8, 24),
    pixelRatio: fc.constantFrom(1, 1.5, 2),
    orientation: fc.constantFrom('portrait', 'landscape'),
  }),
  window: maybe({ width: fc.nat(4000), height: fc.nat(4000) }),
  application: maybe({ id: word, name: word, version: fc.constantFrom('1.0') }),
  mobilePlatform: record(
    { platformType: fc.constantFrom('ios', 'android'), deviceType: fc.constantFrom('phone', 'tablet') },
    { deviceName: word, version: fc.constantFrom('17') },
  ),
  crossDomain: fc.constantFrom('enabled', 'disabled'),
})

const tntId = fc
  .tuple(fc.stringMatching(/^[a-f0-9]{8}$/), fc.constantFrom('', '.35_0', '.28_131'))
  .map(([id, suffix]) => id + suffix)
const customerId = record(
  {
    id: word,
    integrationCode: word,
    authenticatedState: fc.constantFrom('unknown', 'authenticated', 'logged_out'),
  },
  { type: fc.constantFrom('NS', 'DS'), primary: fc.boolean() },
)
const visitorId = maybe({
  tntId: fc.oneof(tntId, fc.constant('')),
  thirdPartyId: word,
  marketingCloudVisitorId: fc.stringMatching(/^\d{20}$/),
  customerIds: few(customerId),
})

const host = fc.constantFrom('metrics.acme.test', 'https://metrics.acme.test')
const experienceCloud = maybe({
  analytics: maybe({
    logging: fc.constantFrom('server_side', 'client_side'),
    supplementalDataId: fc.constant('1234567890ABCDEF-1234567890ABCDEF'),
    trackingServer: host,
    trackingServerSecure: host,
  }),
  audienceManager: maybe({
    locationHint: fc.integer({ min: 1, max: 9 }),
    blob: word,
    uuid: word,
    dataPartnerId: word,
    dataPartnerUserId: word,
  }),
  platform: fc.record({ sandboxId: word, sandboxName: word }),
})

const place = fc.oneof(
  fc.record({ mbox: record({ name: word }, { state: word }) }),
  fc.record({ view: maybe({ name: word, key: word, state: word }) }),
  fc.record({ pageLoad: maybe({ state: word }) }),
  fc.constant({}),
)
const notification = fc
  .tuple(
    place,
    record(
      { id: word, type: fc.constantFrom('display', 'click'), timestamp: fc.integer({ min: 1.5e12, max: 1.7e12 }) },
      { impressionId: word, tokens: few(fc.base64String({ minLength: 4, maxLength: 40 }), 1), ...details },
    ),
  )
  .map(([where, rest]) => ({ ...rest, ...where }))

const ids = few(fc.nat(999))
const qaMode = maybe({
  token: word,
  listedActivitiesOnly: fc.boolean(),
  evaluateAsTrueAudienceIds: ids,
  evaluateAsFalseAudienceIds: ids,
  previewIndexes: few(
    record({ activityIndex: fc.integer({ min: 1, max: 9 }) }, { experienceIndex: fc.integer({ min: 1, max: 9 }) }),
  ),
})

const common = {
  requestId: word,
  impressionId: word,
  id: visitorId,
  environmentId: fc.constantFrom(0, 7),
  property: fc.record({ token: fc.constantFrom('of-the-call', '') }),
  trace: record({ authorizationToken: word }, { usage: map(word) }),
  context,
  experienceCloud,
  qaMode,
  preview: maybe({ token: word }),
}

const notifications = few(notification, 1)

/** Requests that the wire contract allows. */
export const requestArbitrary = (notifying: boolean): fc.Arbitrary<object> =>
  notifying
    ? fc.tuple(maybe(common), notifications).map(([request, list]) => ({ ...request, notifications: list }))
    : fc
        .tuple(maybe({ ...common, notifications: few(notification) }), maybe({ execute, prefetch }, 2, 1))
        .map(([request, content]) => ({ ...request, ...content }))
        .filter((request) => Object.keys(request).length > 0)
