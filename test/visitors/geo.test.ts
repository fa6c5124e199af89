import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { type ClientOptions, type Context, TargetClient } from '../../src/server.ts'

const edge = createEmulator({ offers: { hero: 'x' } })
let listening: Listening
beforeAll(async () => {
  listening = await edge.listen(0)
})
beforeEach(() => edge.reset())
afterAll(() => listening.close())

type GeoFrom = NonNullable<ClientOptions['geoFrom']>
const create = (options: Partial<ClientOptions> = {}) =>
  TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    serverDomain: `127.0.0.1:${listening.port}`,
    secure: false,
    ...options,
  })
const request = { execute: { mboxes: [{ name: 'hero' }] } }
const context = () => (edge.requests.at(-1) as { body: { context: Context } }).body.context

/** What arrives at the edge for a visitor with such headers. */
const told = async (headers: Record<string, string>, options: Partial<ClientOptions> = {}, details = {}) => {
  await create(options).visitor({ headers }, details).getOffers({ request })
  expect(edge.requests).toHaveLength(1)
  return context()
}

const HEADERS: Record<GeoFrom, Record<string, string>> = {
  akamai: {
    'x-akamai-edgescape':
      'georegion=246,country_code=US,region_code=CA,city=SANFRANCISCO,lat=37.7795,long=-122.4195,zip=94102,network=x',
    'true-client-ip': '203.0.113.7',
  },
  'app-engine': {
    'x-appengine-country': 'US',
    'x-appengine-region': 'ca',
    'x-appengine-city': 'mountain view',
    'x-appengine-citylatlong': '37.386051,-122.083851',
    'x-appengine-user-ip': '203.0.113.7',
  },
  cloudflare: {
    'cf-ipcountry': 'DE',
    'cf-region-code': 'BY',
    // As Node.js reads UTF-8 from a header.
    'cf-ipcity': Buffer.from('München').toString('latin1'),
    'cf-postal-code': '80331',
    'cf-iplatitude': '48.13743',
    'cf-iplongitude': '11.57549',
    'cf-connecting-ip': '2001:db8::7',
  },
  cloudfront: {
    'cloudfront-viewer-country': 'GB',
    'cloudfront-viewer-country-region': 'ENG',
    'cloudfront-viewer-city': 'Newcastle upon Tyne',
    'cloudfront-viewer-postal-code': 'NE1',
    'cloudfront-viewer-latitude': '54.97330',
    'cloudfront-viewer-longitude': '-1.61396',
    'cloudfront-viewer-address': '2001:db8::7:46532',
  },
  fly: { 'fly-client-ip': '203.0.113.7' },
  netlify: {
    'x-nf-geo': Buffer.from(
      JSON.stringify({
        city: 'Zürich',
        country: { code: 'CH', name: 'Switzerland' },
        subdivision: { code: 'ZH', name: 'Zurich' },
        postalCode: '8001',
        latitude: 47.37,
        longitude: 8.54,
        timezone: 'Europe/Zurich',
      }),
    ).toString('base64'),
    'x-nf-client-connection-ip': '203.0.113.7',
  },
  vercel: {
    'x-vercel-ip-country': 'BR',
    'x-vercel-ip-country-region': 'SP',
    'x-vercel-ip-city': 'S%C3%A3o%20Paulo',
    'x-vercel-ip-postal-code': '01000-000',
    'x-vercel-ip-latitude': '-23.5475',
    'x-vercel-ip-longitude': '-46.6361',
    'x-real-ip': '203.0.113.7',
  },
}

const PLACES: Record<GeoFrom, object> = {
  akamai: {
    countryCode: 'US',
    stateCode: 'CA',
    city: 'SANFRANCISCO',
    zip: '94102',
    latitude: 37.7795,
    longitude: -122.4195,
  },
  'app-engine': {
    countryCode: 'US',
    stateCode: 'CA',
    city: 'mountain view',
    latitude: 37.386051,
    longitude: -122.083851,
  },
  cloudflare: {
    countryCode: 'DE',
    stateCode: 'BY',
    city: 'München',
    zip: '80331',
    latitude: 48.13743,
    longitude: 11.57549,
  },
  cloudfront: {
    countryCode: 'GB',
    stateCode: 'ENG',
    city: 'Newcastle upon Tyne',
    zip: 'NE1',
    latitude: 54.9733,
    longitude: -1.61396,
  },
  fly: {},
  netlify: { countryCode: 'CH', stateCode: 'ZH', city: 'Zürich', zip: '8001', latitude: 47.37, longitude: 8.54 },
  vercel: {
    countryCode: 'BR',
    stateCode: 'SP',
    city: 'São Paulo',
    zip: '01000-000',
    latitude: -23.5475,
    longitude: -46.6361,
  },
}
const SOURCES = Object.keys(HEADERS) as GeoFrom[]

describe('where a visitor is', () => {
  it.each(SOURCES)('is read from the headers of %s, when the client says so', async (geoFrom) => {
    const { geo } = await told(HEADERS[geoFrom], { geoFrom })
    expect(geo).toEqual({ ipAddress: expect.stringMatching(/^(203\.0\.113\.7|2001:db8::7)$/), ...PLACES[geoFrom] })
  })

  it.each([undefined, ...SOURCES])(
    'is not read from headers of others: what a visitor forges counts nothing, %s',
    async (geoFrom) => {
      const forged = Object.assign(
        {},
        ...SOURCES.filter((source) => source !== geoFrom).map((source) => HEADERS[source]),
      )
      const all = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9', ...forged }
      expect(await told(all, geoFrom && { geoFrom })).not.toHaveProperty('geo')
    },
  )

  it('is read from what the runtime of Cloudflare knows of a request, before its headers', async () => {
    const cf = {
      country: 'FR',
      regionCode: 'IDF',
      city: 'Orléans',
      postalCode: '45000',
      latitude: '47.9',
      longitude: '1.9',
    }
    const asked = Object.assign(new Request('https://shop.example/', { headers: HEADERS.cloudflare }), { cf })
    await create({ geoFrom: 'cloudflare' }).visitor(asked).getOffers({ request })
    expect(context().geo).toEqual({
      countryCode: 'FR',
      stateCode: 'IDF',
      city: 'Orléans',
      zip: '45000',
      latitude: 47.9,
      longitude: 1.9,
      ipAddress: '2001:db8::7',
    })
    edge.reset()
    await create().visitor(asked).getOffers({ request })
    expect(context()).not.toHaveProperty('geo')
  })

  it("is what the caller knows: the call's before the visitor's, the visitor's before the header's", async () => {
    const target = create({ geoFrom: 'vercel' })
    const visitor = target.visitor(
      { headers: HEADERS.vercel },
      { ipAddress: '198.51.100.1', geo: { city: 'Santos', zip: '' } },
    )
    await visitor.getOffers({ request })
    const { zip, ...place } = PLACES.vercel as { zip: string }
    expect(context().geo).toEqual({ ...place, city: 'Santos', ipAddress: '198.51.100.1' })
    await visitor.getOffers({ request: { ...request, context: { geo: { countryCode: 'CL' } } } })
    expect(context().geo).toEqual({ countryCode: 'CL' })
  })

  it.each<[GeoFrom, Record<string, string>, object | undefined]>([
    ['cloudflare', { 'cf-ipcountry': 'XX' }, undefined],
    ['cloudflare', { 'cf-ipcountry': 'T1' }, undefined],
    [
      'app-engine',
      { 'x-appengine-country': 'ZZ', 'x-appengine-city': '?', 'x-appengine-citylatlong': '0.000000,0.000000' },
      undefined,
    ],
    [
      'vercel',
      { 'x-vercel-ip-country': 'Brazil', 'x-vercel-ip-country-region': 'LONG', 'x-vercel-ip-city': 'x'.repeat(51) },
      undefined,
    ],
    [
      'vercel',
      { 'x-vercel-ip-country': 'br', 'x-vercel-ip-city': '100%25 %E0%A4%A' },
      { countryCode: 'BR', city: '100%25 %E0%A4%A' },
    ],
    ['vercel', { 'x-vercel-ip-latitude': '91', 'x-vercel-ip-longitude': '10' }, undefined],
    ['vercel', { 'x-vercel-ip-latitude': 'NaN', 'x-vercel-ip-longitude': ' ' }, undefined],
    ['vercel', { 'x-real-ip': '203.0.113.7, 10.0.0.1' }, undefined],
    ['netlify', { 'x-nf-geo': '{"country":{"code":"CH"},"city":7}' }, { countryCode: 'CH' }],
    ['netlify', { 'x-nf-geo': '%%%' }, undefined],
    ['netlify', { 'x-nf-geo': 'bnVsbA==' }, undefined],
    ['akamai', { 'x-akamai-edgescape': 'country_code=US,zip=94102-94105+94107,__proto__=x,,=' }, { countryCode: 'US' }],
    ['cloudfront', { 'cloudfront-viewer-address': '203.0.113.7:46532' }, { ipAddress: '203.0.113.7' }],
    [
      'cloudflare',
      { 'cf-ipcity': Buffer.from([0xff, 0xfe]).toString('latin1'), 'cf-ipcountry': 'DE' },
      { countryCode: 'DE', city: 'ÿþ' },
    ],
  ])('is left out where it is nowhere or no place at all: %s %j', async (geoFrom, headers, geo) => {
    expect((await told(headers, { geoFrom })).geo).toEqual(geo)
    expect(edge.requests[0]?.status).toBe(200)
  })

  it.each(['cloudfare', '', 'constructor', {}])('is from no host of the name %j', (geoFrom) => {
    expect(() => create({ geoFrom: geoFrom as never })).toThrow(
      'geoFrom: name the host before your server, one of akamai, app-engine',
    )
  })

  it('comes over a real socket as it is', async () => {
    const target = create({ geoFrom: 'cloudflare' })
    const shop = createServer((asked, answer) => {
      target
        .visitor(asked)
        .getOffers({ request })
        .then(
          () => answer.end(),
          () => answer.destroy(),
        )
    })
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
    const { port } = shop.address() as AddressInfo
    await new Promise((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1', headers: HEADERS.cloudflare }, (answer) =>
        answer.resume().on('end', resolve),
      )
        .on('error', reject)
        .end()
    })
    shop.close()
    expect(context().geo).toMatchObject({ city: 'München', ipAddress: '2001:db8::7' })
  })
})

describe('what a visitor uses', () => {
  it('is told by the user agent and all client hints that the browser sent', async () => {
    const { userAgent, clientHints } = await told({
      'user-agent': 'Mozilla/5.0',
      'sec-ch-ua': '"Chromium";v="130", "Not?A_Brand";v="99"',
      'sec-ch-ua-full-version-list': '"Chromium";v="130.0.6723.58"',
      'sec-ch-ua-mobile': '?1',
      'sec-ch-ua-platform': '"Android"',
      'sec-ch-ua-platform-version': '"14.0.0"',
      'sec-ch-ua-model': '"Pixel 8"',
      'sec-ch-ua-arch': '"arm"',
      'sec-ch-ua-bitness': '"64"',
    })
    expect(userAgent).toBe('Mozilla/5.0')
    expect(clientHints).toEqual({
      browserUAWithMajorVersion: '"Chromium";v="130", "Not?A_Brand";v="99"',
      browserUAWithFullVersion: '"Chromium";v="130.0.6723.58"',
      mobile: true,
      platform: 'Android',
      platformVersion: '14.0.0',
      model: 'Pixel 8',
      architecture: 'arm',
      bitness: '64',
    })
  })

  it('says nothing of what the browser did not', async () => {
    expect(await told({ 'sec-ch-ua-mobile': '?0', 'sec-ch-ua-model': '""' })).toMatchObject({
      clientHints: { mobile: false },
    })
    edge.reset()
    expect(await told({ 'user-agent': 'curl' })).not.toHaveProperty('clientHints')
  })
})
