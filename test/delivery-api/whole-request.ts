import fc from 'fast-check'
import type { DeliveryRequestInput } from '../../src/delivery/request.ts'

export const NOW = 1_735_689_600_000

/** Any string at all, also with halves of surrogate pairs. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes)),
)

export const freeze = <Value>(value: Value): Value => {
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
export const WHOLE: DeliveryRequestInput = {
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

export const pathsOf = (value: unknown, path: string[] = []): string[][] =>
  typeof value === 'object' && value !== null
    ? [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))]
    : [path]

export const replaced = (value: unknown, [key, ...rest]: string[], by: unknown): unknown => {
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
export const requests = fc
  .tuple(fc.constantFrom(...pathsOf(WHOLE)), fc.option(fc.constantFrom('unknown', '__proto__', '0')), anyValue)
  .map(([path, further, value]) => replaced(WHOLE, further ? [...path, further] : path, value))
