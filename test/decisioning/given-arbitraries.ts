import fc from 'fast-check'
import type { Artifact } from '../../src/decisioning/artifact.ts'
import type { DeliveryRequest } from '../../src/delivery/request.ts'
import { conditionArbitrary, values } from './condition-arbitraries.ts'
import { macro } from './rules.ts'

/** What both engines are given. */
export interface Given {
  artifact: Artifact
  request: DeliveryRequest
  sessionId: string
  /** Epoch ms. */
  now: number
  /** Whether domains are found by public suffixes. */
  isListed: boolean
}

const of = <Value>(items: readonly Value[]) => fc.constantFrom(...items)
const some = <Value>(items: readonly Value[]) => fc.subarray([...items])
const maybe = <Shape extends object>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }) =>
  fc.record(shape as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [], noNullPrototype: true })

const MBOXES = ['home', 'cart', 'target-global-mbox', 'flags']
const VIEWS = ['list', 'detail']
const PROPERTIES = ['property-a', 'property-b']
const TOKENS = [
  ...[
    'activity.id',
    'activity.name',
    'activity.type',
    'experience.id',
    'experience.name',
    'location.id',
    'location.name',
  ],
  ...['location.type', 'offer.id', 'offer.name', 'option.id', 'option.name', 'geo.city', 'geo.country', 'geo.state'],
  ...['geo.latitude', 'geo.longitude', 'profile.plan'],
]

const html = of([
  'plain',
  `<b>${macro('activity.name')}</b>`,
  `${macro('campaign.name')} ${macro('recipe.id')} ${macro('campaign.recipe.name')}`,
  `${macro('mbox.name')} ${macro('mbox.plan')} ${macro('user.plan')} ${macro('nobody')} ${macro('a.b.offer.id')} ${macro('Campaign.name')} ${macro('')}`,
])
const eventToken = of(['t1==', 't2==', 't3=='])
const action = fc.record(
  { type: of(['setHtml', 'setStyle']), selector: of(['#a', 'body']), content: fc.oneof(html, of([{ color: 'red' }])) },
  { requiredKeys: ['type'], noNullPrototype: true },
)
const content = fc.oneof(
  html.map((text) => ({ type: 'html', content: text })),
  of([
    { type: 'json', content: { flag: true, nested: { list: [1, { deep: null }] } } },
    { type: 'json', content: [`${macro('activity.name')}`, 2] },
    { type: 'redirect', content: `https://shop.com/${macro('activity.id')}` },
    { type: 'dynamic', content: `/${macro('activity.id')}` },
    {},
  ]),
  fc.array(action, { maxLength: 2 }).map((actions) => ({ type: 'actions', content: actions })),
)
const option = fc
  .tuple(content, fc.option(eventToken, { nil: undefined, freq: 4 }))
  .map(([made, token]) => ({ ...made, ...(token && { eventToken: token }) }))
const metric = fc.record(
  { type: of(['click', 'display']), eventToken, selector: of(['#buy']) },
  { requiredKeys: ['type', 'eventToken'], noNullPrototype: true },
)

const meta = (activity: number) =>
  maybe({
    'activity.name': of([`activity ${activity}`]),
    'activity.type': of(['ab', 'landing']),
    'experience.id': of([0, 1]),
    'experience.name': of(['A', 'B']),
    'location.name': of(['somewhere']),
    'offer.id': of([1, 2]),
    'option.id': of([2]),
    'option.name': of(['Offer "2"']),
  }).chain((known) => some([1, 2]).map((ids) => ({ 'activity.id': activity, 'audience.ids': ids, ...known })))

const ruleOf = (name: string) =>
  of([125, 126, 127]).chain((activity) =>
    fc.record(
      {
        ruleKey: of([`${activity}`, `${activity}-1`]),
        activityId: fc.constant(activity),
        propertyTokens: fc.oneof({ weight: 3, arbitrary: of([[]]) }, { weight: 1, arbitrary: some(PROPERTIES) }),
        condition: conditionArbitrary,
        meta: meta(activity),
        consequence: fc.record(
          {
            name: fc.constant(name),
            options: fc.array(option, { maxLength: 2 }),
            metrics: fc.array(metric, { maxLength: 2 }),
            analytics: of([{ payload: { pe: 'tnt', tnta: '1' } }]),
          },
          { requiredKeys: ['name', 'options', 'metrics'], noNullPrototype: true },
        ),
      },
      { requiredKeys: ['ruleKey', 'condition', 'meta', 'consequence'], noNullPrototype: true },
    ),
  )

const rulesOf = (names: readonly string[]) =>
  fc
    .tuple(...names.map((name) => fc.option(fc.array(ruleOf(name), { maxLength: 5 }), { nil: undefined, freq: 5 })))
    .map((lists) => Object.fromEntries(names.flatMap((name, at) => (lists[at] ? [[name, lists[at]]] : []))))

const artifactArbitrary = fc
  .record({
    mboxes: rulesOf(MBOXES),
    views: rulesOf(VIEWS),
    responseTokens: some(TOKENS),
    localMboxes: some([...MBOXES, ...MBOXES]),
    remoteMboxes: fc.oneof({ weight: 2, arbitrary: of([[]]) }, { weight: 1, arbitrary: some(MBOXES) }),
    localViews: some(VIEWS),
    remoteViews: fc.oneof({ weight: 2, arbitrary: of([[]]) }, { weight: 1, arbitrary: some(VIEWS) }),
    globalMbox: of(['target-global-mbox', undefined]),
  })
  .map(({ mboxes, views, globalMbox, ...rest }) => ({
    version: '1.0.0',
    meta: { clientCode: 'of-the-artifact', environment: 'production' },
    ...(globalMbox && { globalMbox }),
    geoTargetingEnabled: false,
    ...rest,
    rules: { mboxes, views },
  }))

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.1',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 13_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0.4 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/120.0 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:73.0) Gecko/20100101 Firefox/73.0',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko',
  'Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)',
  'Googlebot/2.1 (+http://www.google.com/bot.html)',
  '',
]

const clientHints = maybe({
  platform: of(['Windows', 'macOS', 'Linux', 'Android', 'Chrome OS', '']),
  browserUAWithMajorVersion: of([
    '"Not A;Brand";v="99", "Chromium";v="121", "Google Chrome";v="121"',
    '"Firefox";v="x"',
  ]),
  browserUAWithFullVersion: of(['"Microsoft Edge";v="99.0.1150.39", "Chromium";v="99.0.4844.74"', '']),
})
const geo = maybe({
  countryCode: of(values.places),
  stateCode: of(values.places),
  city: of(values.places),
  latitude: of([37.7, 37.75, 0]),
  longitude: of([-122.4, 0]),
})
const address = maybe({ url: of(values.urls), referringUrl: of(values.urls) })
const context = maybe({ address, userAgent: of(AGENTS), clientHints, geo }).map((known) => ({
  channel: 'web',
  ...known,
}))

const parameters = maybe({
  plan: of(values.texts),
  'user.plan': of(values.texts),
  'user.language': of(['DE', 'de']),
  sku: of(values.texts),
  sku_lc: of(['derived']),
  'a..b': of(['dots']),
  '.a': of(['dot']),
})
const details = maybe({
  parameters,
  // The published engine takes the page of a place for where the visitor came from, so both are the same here.
  address: of(values.urls).map((url) => ({ url, referringUrl: url })),
})
const mbox = fc.tuple(of([...MBOXES, 'nobody']), details).map(([name, rest]) => ({ name, ...rest }))
const mboxes = fc.array(mbox, { maxLength: 4 }).map((list) => list.map((item, index) => ({ index, ...item })))
const view = fc
  .tuple(of([...VIEWS, 'nobody', undefined]), details)
  .map(([name, rest]) => ({ ...(name && { name }), ...rest }))
const execute = maybe({ mboxes, pageLoad: details })
const prefetch = maybe({ mboxes, pageLoad: details, views: fc.array(view, { maxLength: 2 }) })

const id = fc.oneof(
  fc.integer({ min: 0, max: 200 }).map((visitor) => ({ tntId: `visitor-${visitor}.28_0` })),
  fc.integer({ min: 0, max: 200 }).map((visitor) => ({ marketingCloudVisitorId: `${visitor}`, tntId: 'same.1_0' })),
  fc.integer({ min: 0, max: 200 }).map((visitor) => ({ thirdPartyId: `customer.${visitor}` })),
)

const requestArbitrary = fc
  .tuple(
    maybe({ context, execute, prefetch, trace: of([{}]), property: of(PROPERTIES.map((token) => ({ token }))) }),
    id,
  )
  .map(([rest, known]) => ({ requestId: 'request', id: known, ...rest }) as DeliveryRequest)

export const givenArbitrary: fc.Arbitrary<Given> = fc
  .record({
    artifact: artifactArbitrary,
    request: requestArbitrary,
    now: fc.integer({ min: 1.6e12, max: 1.9e12 }),
    isListed: fc.boolean(),
  })
  .map((given) => ({ ...given, sessionId: 'session' }) as Given)
