import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseVisitorCookie } from '../../src/client/supplemental-data.ts'
import { clusterOfHint, clusterOfHost, hostOf } from '../../src/delivery/endpoint.ts'
import { isTargetError } from '../../src/delivery/error.ts'
import { previewOf } from '../../src/delivery/preview.ts'
import { type DeliveryRequestInput, parseRequest } from '../../src/delivery/request.ts'
import { formatTargetCookie, isSessionId, parseTargetCookie } from '../../src/delivery/session.ts'
import { clusterOf } from '../../src/delivery/visitor.ts'

const NOW = 1_735_689_600_000

/** Any string at all, also with halves of surrogate pairs. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes)),
)

/** Strings that look like cookies, links and hosts, broken in all ways. */
const textOf = (...parts: string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...parts), fc.string({ maxLength: 5 })), { maxLength: 12 })
    .map((all) => all.join(''))

const sessionIds = fc.string({ minLength: 1, maxLength: 128 }).filter(isSessionId)

describe('cookies', () => {
  it('check 28: no text of a cookie makes the reader throw', () => {
    const cookies = fc.oneof(anyText, textOf('session', 'PC', '#', '|', '%', '%E0%A4%A', '__proto__', '9999999999'))
    fc.assert(
      fc.property(cookies, (cookie) => {
        for (const value of Object.values(parseTargetCookie(cookie, NOW))) expect(typeof value).toBe('string')
      }),
    )
    fc.assert(fc.property(fc.anything(), (cookie) => void parseTargetCookie(cookie, NOW)))
  })

  it('check 29: what is written is read again as it was, until it has expired', () => {
    fc.assert(
      fc.property(sessionIds, fc.string({ minLength: 1, maxLength: 128 }), fc.nat(1859), (sessionId, tntId, age) => {
        const { value, maxAge } = formatTargetCookie({ sessionId, tntId }, NOW)
        expect(parseTargetCookie(value, NOW + age * 1000)).toEqual({ session: sessionId, PC: tntId })
        expect(parseTargetCookie(`${value}|`, NOW)).toEqual({ session: sessionId, PC: tntId })
        expect(parseTargetCookie(value, NOW + 1_862_000)).toEqual({ PC: tntId })
        expect(parseTargetCookie(value, NOW + (maxAge + 2) * 1000)).toEqual({})
        expect(value).toMatch(/^[!-+\--:<-[\]-~]*$/)
      }),
    )
  })

  it('check 29: no id makes the writer throw', () => {
    fc.assert(fc.property(anyText, anyText, (sessionId, tntId) => void formatTargetCookie({ sessionId, tntId }, NOW)))
  })

  it('check 30: no text of an AMCV cookie makes the reader throw', () => {
    const cookies = fc.oneof(anyText, textOf('MCMID', 'MCAAMLH-1', 'MCAAMB-1', '|', 'NONE', '%7C', '%', '-1'))
    fc.assert(
      fc.property(cookies, (cookie) => {
        for (const [name, value] of Object.entries(parseVisitorCookie(cookie))) {
          expect(name).toMatch(/^(MCMID|MCAAMLH|MCAAMB)$/)
          expect(value).toMatch(/^[^|]+$/)
        }
      }),
    )
    fc.assert(fc.property(fc.anything(), (cookie) => void parseVisitorCookie(cookie)))
  })
})

describe('hosts', () => {
  it('check 4: whatever stands in an id, a hint or a host, a cluster is digits or nothing', () => {
    const texts = fc.oneof(anyText, textOf('abc', '.', '_', '35', '0', '/', '@', 'mboxedge', '.tt.omtrdc.net', '３'))
    fc.assert(
      fc.property(texts, (text) => {
        for (const cluster of [clusterOf(text), clusterOfHint(text), clusterOfHost(text)]) {
          if (cluster !== undefined) expect(cluster).toMatch(/^[0-9]+$/)
          expect(hostOf({ client: 'acme', organizationId: 'X' }, cluster)).toMatch(
            /^(acme|mboxedge[0-9]+)\.tt\.omtrdc\.net$/,
          )
        }
      }),
    )
  })

  it('check 4: the cluster of a well-formed tntId is found', () => {
    const ids = fc.tuple(fc.stringMatching(/^[\da-f-]{1,36}$/), fc.nat(9999), fc.nat(999))
    fc.assert(
      fc.property(ids, ([id, cluster, node]) => {
        expect(clusterOf(`${id}.${cluster}_${node}`)).toBe(`${cluster}`)
      }),
    )
  })

  it('check 60: no link makes a QA mode that the wire would refuse', () => {
    const parts = ['at_preview_token=', 'at_preview_index=', 'at_preview_evaluate_as_true_audience_ids=', '&', '_', '1']
    fc.assert(
      fc.property(textOf(...parts, '-', '.', '%', 'at_preview='), (search) => {
        expect(() => parseRequest({ ...previewOf(search), execute: { pageLoad: {} } })).not.toThrow()
      }),
    )
  })
})

const freeze = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  return value
}

const details = {
  address: { url: 'https://shop.example/', referringUrl: '' },
  parameters: { a: 1, b: true, c: null },
  profileParameters: { tier: 'gold' },
  order: { id: 'o', total: 1, purchasedProductIds: ['a'], time: '2025-01-01T00:00:00Z', experienceLocalId: 1 },
  product: { id: 'p', categoryId: 'c' },
}

/** Has every member of the contract; any of them is then put wrong. */
const WHOLE: DeliveryRequestInput = {
  requestId: 'r',
  impressionId: 'i',
  id: {
    tntId: 'abc.35_0',
    thirdPartyId: 't',
    marketingCloudVisitorId: 'm',
    customerIds: [{ id: 'c', integrationCode: 'crm', authenticatedState: 'unknown' }],
  },
  environmentId: 1,
  property: { token: 'p' },
  trace: { authorizationToken: 'a', usage: { a: 'b' } },
  context: {
    channel: 'mobile',
    address: { url: 'https://shop.example/' },
    browser: { host: 'shop.example', language: 'en' },
    screen: { width: 1, height: 1, colorDepth: 24, pixelRatio: 2, orientation: 'portrait' },
    window: { width: 1, height: 1 },
    application: { id: 'a', name: 'n', version: '1' },
    mobilePlatform: { platformType: 'ios', deviceType: 'phone', deviceName: 'd', version: '1' },
    geo: {
      ipAddress: '1.2.3.4',
      latitude: 1,
      longitude: 1,
      countryCode: 'CH',
      stateCode: 'BE',
      city: 'Bern',
      zip: '3000',
    },
    timeOffsetInMinutes: 60,
    userAgent: 'u',
    clientHints: { mobile: true, model: 'm', platform: 'p' },
    crossDomain: 'enabled',
  },
  experienceCloud: {
    analytics: { logging: 'server_side', supplementalDataId: 's', trackingServer: 'https://t.example' },
    audienceManager: { locationHint: 9, blob: 'b' },
    platform: { sandboxId: '1', sandboxName: 'n' },
  },
  execute: {
    pageLoad: details,
    mboxes: [
      { name: 'a', ...details },
      { name: 'b', index: 0 },
    ],
  },
  prefetch: { pageLoad: details, mboxes: [{ name: 'a' }], views: [{ name: 'v', key: 'k', ...details }] },
  notifications: [
    { id: 'n', type: 'display', timestamp: NOW, tokens: ['t'], mbox: { name: 'm', state: 's' }, ...details },
    { id: 'o', type: 'click', timestamp: NOW, view: { name: 'v', key: 'k', state: 's' } },
  ],
  qaMode: { token: 'q', evaluateAsTrueAudienceIds: [1], previewIndexes: [{ activityIndex: 1, experienceIndex: 1 }] },
  preview: { token: 'p' },
}

const pathsOf = (value: unknown, path: string[] = []): string[][] =>
  typeof value === 'object' && value !== null
    ? [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))]
    : [path]

const replaced = (value: unknown, [key, ...rest]: string[], by: unknown): unknown => {
  if (key === undefined) return by
  const copy: object = Object.assign(Array.isArray(value) ? [] : {}, value)
  const inner = replaced((value as Record<string, unknown> | undefined)?.[key], rest, by)
  // Defined and not assigned, so that __proto__ becomes a name like any other.
  return Object.defineProperty(copy, key, { value: inner, enumerable: true, configurable: true, writable: true })
}

const anyValue = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSet: true }),
  fc.jsonValue(),
  anyText,
  fc.constantFrom<unknown>(Symbol('s'), () => 1, Number.NaN, -0, [[]], 'x'.repeat(6000)),
)

/** Whole requests with something else in one place, at or below a known member. */
const requests = fc
  .tuple(fc.constantFrom(...pathsOf(WHOLE)), fc.option(fc.constantFrom('unknown', '__proto__', '0')), anyValue)
  .map(([path, further, value]) => replaced(WHOLE, further ? [...path, further] : path, value))

/** What becomes of a request: the text that goes over the wire, or the error. */
const outcomeOf = (input: unknown): { text: string } | { error: unknown } => {
  try {
    return { text: JSON.stringify(parseRequest(freeze(input) as DeliveryRequestInput)) }
  } catch (error) {
    return { error }
  }
}

describe('requests', () => {
  it('check 63: the whole request is good', () => {
    expect(outcomeOf(WHOLE)).toHaveProperty('text')
  })

  it('check 63: any JSON is sent or refused by a TargetError, and is never changed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        const before = JSON.stringify(input)
        const outcome = outcomeOf(input)
        if ('error' in outcome) expect(isTargetError(outcome.error)).toBe(true)
        expect(JSON.stringify(input)).toBe(before)
      }),
    )
  })

  it('check 63: a request that is wrong in any one place is sent or refused by a TargetError, and is never changed', () => {
    fc.assert(
      fc.property(requests, (input) => {
        const outcome = outcomeOf(input)
        if ('error' in outcome && !isTargetError(outcome.error)) throw outcome.error
      }),
      { numRuns: 2000 },
    )
  })

  it('check 63: what is sent is accepted again, as it is', () => {
    fc.assert(
      fc.property(requests, (input) => {
        const outcome = outcomeOf(input)
        // What JSON does not know becomes null in members that the contract does not know either.
        if ('text' in outcome && !outcome.text.includes('null'))
          expect(outcomeOf(JSON.parse(outcome.text))).toEqual(outcome)
      }),
    )
  })

  it('check 46: no name reaches a prototype', () => {
    const evil = fc
      .constantFrom(...pathsOf(WHOLE))
      .map((path) => replaced(WHOLE, path, JSON.parse('{"__proto__":{"x":1}}')))
    fc.assert(
      fc.property(evil, (input) => {
        outcomeOf(input)
        expect(({} as Record<string, unknown>).x).toBeUndefined()
      }),
    )
  })
})
