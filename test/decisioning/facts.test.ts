import { expect, it } from 'vitest'
import { decide } from '../../src/decisioning/decide.ts'
import type { DomainOf } from '../../src/decisioning/page.ts'
import { compileArtifact } from '../../src/decisioning/ruleset.ts'
import type { DeliveryRequest } from '../../src/delivery/request.ts'
import { publishedDomain } from './published-engine.ts'
import { artifactOf, request, rule } from './rules.ts'

interface Traced {
  evaluatedCampaignTargets: { context: Record<string, Record<string, unknown>> }[]
}

/** All facts that rules are held against, as a trace shows them. */
const factsOf = (asked: DeliveryRequest, { now = 0, domainOf }: { now?: number; domainOf?: DomainOf } = {}) => {
  const artifact = artifactOf({ mboxes: { home: [rule({})] } })
  const rules = compileArtifact(artifact, domainOf && { domainOf })
  const { response } = decide(rules, { ...asked, trace: {} } as DeliveryRequest, now)
  const [home] = response.prefetch!.mboxes!
  return (home!.trace as unknown as Traced).evaluatedCampaignTargets[0]!.context
}

const withContext = (context: object, parts: object = {}) =>
  request({ mboxes: ['home'], context: { channel: 'web', ...context } as DeliveryRequest['context'], ...parts })

const windows = (rest: string) =>
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ${rest}`
const mac = (rest: string) => `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 ${rest}`
const phone = (rest: string) => `Mozilla/5.0 (iPhone; CPU iPhone OS 13_3 like Mac OS X) AppleWebKit/605.1.15 ${rest}`
const chrome = 'Chrome/120.0.0.0 Safari/537.36'

it.each([
  ['Chrome on Windows', windows(chrome), 'chrome', 'windows', 120],
  ['Chrome on Mac', mac('(KHTML, like Gecko) Chrome/80.0.3987.163 Safari/537.36'), 'chrome', 'mac', 80],
  ['Chrome on Linux', `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ${chrome}`, 'chrome', 'linux', 120],
  ['Chrome on Android', `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 ${chrome}`, 'chrome', 'Android', 120],
  ['Chrome on ChromeOS', `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${chrome}`, 'chrome', 'Unix', 120],
  ['Chrome on iOS', phone('CriOS/120.0 Mobile/15E148 Safari/604.1'), 'unknown', 'iOS', -1],
  ['Edge', windows(`${chrome} Edg/120.0.1`), 'edge', 'windows', 120],
  ['the old Edge', windows('Chrome/64.0 Safari/537.36 Edge/18.17763'), 'edge', 'windows', 18],
  ['Edge on iOS', phone('Version/16.0 EdgiOS/120.0 Mobile/15E148 Safari/604.1'), 'edge', 'iOS', 120],
  ['Firefox on Mac', 'Mozilla/5.0 (Macintosh; rv:73.0) Gecko/20100101 Firefox/73.0', 'firefox', 'mac', 73],
  ['Firefox on iOS', phone('FxiOS/121.0 Mobile/15E148 Safari/605.1.15'), 'unknown', 'iOS', -1],
  ['Safari on Mac', mac('Version/13.1 Safari/605.1.15'), 'safari', 'mac', 13],
  ['Safari on an iPhone', phone('Version/13.0.4 Mobile/15E148 Safari/604.1'), 'mobile safari', 'iOS', 13],
  ['IE 11', 'Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko', 'ie', 'windows', 11],
  ['IE 10', 'Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)', 'ie', 'windows', 10],
  ['Opera', windows('Chrome/119.0.0.0 Safari/537.36 OPR/105.0'), 'chrome', 'windows', 119],
  ['a robot', 'Googlebot/2.1 (+http://www.google.com/bot.html)', 'unknown', 'unknown', -1],
  ['nobody', '', 'unknown', 'unknown', -1],
] as const)('2.2 %s', (...[, userAgent, browserType, platform, browserVersion]) => {
  expect(factsOf(withContext({ userAgent })).user).toEqual({ browserType, platform, locale: 'en', browserVersion })
})

it.each([
  [
    'name and version',
    { browserUAWithFullVersion: '"Google Chrome";v="121.0.1"' },
    { browserType: 'chrome', browserVersion: 121 },
  ],
  [
    'full before major',
    { browserUAWithFullVersion: '"Firefox";v="9.1"', browserUAWithMajorVersion: '"Edge";v="1"' },
    { browserType: 'firefox', browserVersion: 9 },
  ],
  [
    'a brand that is not known',
    { browserUAWithMajorVersion: '"Brave";v="7"' },
    { browserType: 'safari', browserVersion: 13 },
  ],
  ['Windows', { platform: 'Windows' }, { platform: 'windows' }],
  ['macOS', { platform: 'macOS' }, { platform: 'mac' }],
  ['another system', { platform: 'Chrome OS' }, { platform: 'Chrome OS' }],
  ['no system', { platform: '' }, { platform: '' }],
])('2.2 client hints have the last word: %s', (_, clientHints, expected) => {
  const userAgent = mac('Version/13.1 Safari/605.1.15')
  expect(factsOf(withContext({ userAgent, clientHints })).user).toMatchObject(expected)
})

it.each([
  ['https://www.adobe.com/a', '', 'adobe.com', 'com'],
  ['https://www.shop.example.co.uk/', 'shop', 'example.co.uk', 'co.uk'],
  ['https://pied.piper.decentralized.test.hooli.com/', 'pied.piper.decentralized.test', 'hooli.com', 'com'],
  ['http://local-target-test:8080/home', '', 'local-target-test', ''],
  ['https://127.0.0.1/', '', '127.0.0.1', ''],
] as const)(
  '2.3 with a list of public suffixes %s has its registrable domain',
  (...[url, subdomain, domain, topLevelDomain]) => {
    const { page } = factsOf(withContext({ address: { url } }), { domainOf: publishedDomain })
    expect(page).toMatchObject({ subdomain, domain, topLevelDomain })
  },
)

it.each([
  ['https://adobe/', '', 'adobe', ''],
  ['https://adobe.com/', '', 'adobe.com', 'com'],
  ['https://www.adobe.com/', '', 'www.adobe.com', 'com'],
  ['https://m.adobe.com/', 'm', 'm.adobe.com', 'com'],
  ['https://www.shop.co.uk/', '', 'www.shop.co.uk', 'co.uk'],
  ['https://m.shop.co.uk/', 'm', 'm.shop.co.uk', 'co.uk'],
  ['https://a.b.shop.co.uk/', 'a', 'a.b.shop.co.uk', 'co.uk'],
] as const)('2.3 without one %s has its whole host', (...[url, subdomain, domain, topLevelDomain]) => {
  expect(factsOf(withContext({ address: { url } })).page).toMatchObject({ subdomain, domain, topLevelDomain })
})

it.each([
  ['https://Shop.com/A/b.HTML?Q=1&u=http://x/?y#Frag', 'Shop.com', '/A/b.HTML', 'Q=1&u=http://x/?y', 'Frag'],
  ['https://user:secret@shop.com:8443/a', 'shop.com', '/a', '', ''],
  ['https://sub.example.com', 'sub.example.com', '', '', ''],
  ['//shop.com/a?b', 'shop.com', '/a', 'b', ''],
  ['shop.com/a', 'shop.com', '/a', '', ''],
  ['https://shop.com?q=a/b:c', 'shop.com', '', 'q=a/b:c', ''],
  ['https://shop.com#a?b', 'shop.com', '', '', 'a?b'],
  ['localhost:3000/', '3000', '/', '', ''],
  ['not a url', 'not a url', '', '', ''],
  ['', '', '', '', ''],
] as const)('2.3 "%s" is taken apart', (...[url, domain, path, query, fragment]) => {
  const { page } = factsOf(withContext({ address: { url } }))
  expect(page).toMatchObject({ url, domain, path, query, fragment })
  expect(page).toMatchObject({
    url_lc: url.toLowerCase(),
    domain_lc: domain.toLowerCase(),
    path_lc: path.toLowerCase(),
  })
})

it('2.3 without an address every part is there, and empty', () => {
  const { page, referring } = factsOf(withContext({}))
  const parts = ['url', 'path', 'query', 'fragment', 'subdomain', 'domain', 'topLevelDomain']
  const empty = Object.fromEntries(parts.flatMap((part) => [part, `${part}_lc`]).map((part) => [part, '']))
  expect(page).toEqual(empty)
  expect(referring).toEqual(empty)
})

it('2.3 a place with an address of its own is on that page, and came from its own', () => {
  const address = { url: 'http://mine.com/', referringUrl: 'http://before.com/' }
  const asked = request({
    mboxes: [{ name: 'home', address }],
    context: { channel: 'web', address: { url: 'http://all.com/', referringUrl: 'http://search.com/' } },
  })
  const { page, referring } = factsOf(asked)
  expect([page!.domain, referring!.domain]).toEqual(['mine.com', 'before.com'])
})

it('2.4 parameters are taken apart at their dots, and have twins in lower case', () => {
  const parameters = { Plan: 'Gold', 'first.second.third': 'VALUE', 'a..b': 'X', '.c': 'x', count: '7' }
  expect(factsOf(request({ mboxes: ['home'], parameters })).mbox).toEqual({
    Plan: 'Gold',
    Plan_lc: 'gold',
    first: { second: { third: 'VALUE', third_lc: 'value' } },
    'a..b': 'X',
    'a..b_lc': 'x',
    '.c': 'x',
    '.c_lc': 'x',
    count: '7',
    count_lc: '7',
  })
})

it('2.5 the place of the visitor is told as it was given', () => {
  const geo = { countryCode: 'US', stateCode: 'ca', city: 'San Francisco', latitude: 37.7, longitude: -122.4 }
  expect(factsOf(withContext({ geo })).geo).toEqual({
    country: 'US',
    region: 'ca',
    city: 'San Francisco',
    latitude: 37.7,
    longitude: -122.4,
  })
  expect(factsOf(withContext({})).geo).toEqual({})
})

it.each([
  ['2021-02-14T09:05:59.999Z', '0905', 7],
  ['2021-02-15T00:00:00.000Z', '0000', 1],
  ['2021-02-20T23:59:00.000Z', '2359', 6],
])('2.6 %s is %s on day %i, in UTC', (iso, current_time, current_day) => {
  const now = Date.parse(iso)
  expect(factsOf(withContext({ timeOffsetInMinutes: 330 }), { now })).toMatchObject({
    current_timestamp: now,
    current_time,
    current_day,
  })
})
