import fc from 'fast-check'
import type { ClientOptions, RequestOptions } from '../../src/server.ts'
import { maybe, requestArbitrary } from './request-arbitraries.ts'

/** A call that both SDKs are given. */
export interface Given {
  method: 'getOffers' | 'getAttributes' | 'sendNotifications'
  client: Partial<ClientOptions>
  /** Mboxes of `getAttributes`. */
  names: string[]
  call: RequestOptions
}

const LATER = 9596233214
const digits = fc.integer({ min: 1, max: 99 }).map(String)
const id = fc.stringMatching(/^[a-zA-Z0-9-]{4,24}$/)
const deviceId = fc.oneof(
  id,
  fc.tuple(id, digits, digits).map(([start, cluster, node]) => `${start}.${cluster}_${node}`),
)
const sessionId = fc.oneof(id, fc.constantFrom('a#b', 'x%y', 'é-1'))

const item = fc
  .tuple(fc.constantFrom('session', 'PC'), deviceId, fc.constantFrom(LATER, LATER, LATER, 1296233214))
  .map(([name, value, expires]) => `${name}#${encodeURIComponent(value)}#${expires}`)
const targetCookie = fc
  .tuple(fc.array(item, { maxLength: 2 }), fc.constantFrom('', '|'))
  .map(([items, end]) => (items.length ? items.join('|') + end : ''))
const wholeEncoded = fc.array(item, { minLength: 1, maxLength: 2 }).map((items) => encodeURIComponent(items.join('|')))

const amcv = fc
  .tuple(fc.constantFrom('38412345678901234567', 'NONE', ''), fc.constantFrom('9', ''), fc.constantFrom('B_1', ''))
  .map(([ecid, hint, blob]) =>
    [
      '-1712354808|MCIDTS|17864',
      ecid && `MCMID|${ecid}`,
      hint && `MCAAMLH-9577836800|${hint}`,
      blob && `MCAAMB-9577836800|${blob}`,
      'vVersion|4.4.0',
    ]
      .filter(Boolean)
      .join('|'),
  )
const visitorCookie = fc.oneof(amcv, amcv.map(encodeURIComponent))

const customerValue = fc.oneof(id, fc.record({ id, authState: fc.constantFrom(0, 1, 2) }), fc.constant(''))
const customerIds = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.dictionary(fc.constantFrom('crm', 'email', 'loyalty'), customerValue, { noNullPrototype: true }),
  },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({
        id,
        integrationCode: fc.constantFrom('crm', 'x'),
        authenticatedState: fc.constant('unknown' as const),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  },
)

const client: fc.Arbitrary<Partial<ClientOptions>> = maybe(
  {
    propertyToken: fc.constantFrom('of-the-client', ''),
    environmentId: fc.constantFrom(0, 1, 12345),
    serverDomain: fc.constantFrom('target.acme.test', 'localhost:8080'),
    secure: fc.boolean(),
    version: fc.constantFrom('1.2.3', 'a b&c'),
    targetLocationHint: digits,
  },
  1,
  4,
)

const options = maybe({
  targetCookie: fc.oneof({ weight: 9, arbitrary: targetCookie }, { weight: 1, arbitrary: wholeEncoded }),
  visitorCookie,
  customerIds,
  sessionId,
  targetLocationHint: digits,
  consumerId: id,
})

export const givenArbitrary: fc.Arbitrary<Given> = fc
  .constantFrom('getOffers', 'getOffers', 'getOffers', 'getAttributes', 'sendNotifications')
  .chain((method) =>
    fc.record({
      method: fc.constant(method as Given['method']),
      client,
      names: fc.array(fc.constantFrom('flags', 'home', 'cart'), { minLength: 1, maxLength: 3 }),
      call: fc
        .tuple(options, requestArbitrary(method === 'sendNotifications'))
        .map(([more, request]) => ({ ...more, request }) as RequestOptions),
    }),
  )
