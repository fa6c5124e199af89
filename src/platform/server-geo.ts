import type { Geo } from '../delivery/context.ts'
import { invalid } from '../delivery/error.ts'
import type { GeoSource } from './platform.ts'

/** What a host said, as it said it. */
type Said = { [Key in keyof Geo]?: unknown }

/** Where hosts say it. */
interface Spoken {
  header(name: string): string | undefined
  /** What Cloudflare's runtime attaches to a request of a worker. */
  cf?: unknown
}

const json = (text: string | undefined): Record<string, unknown> => {
  const plain = text && !text.trim().startsWith('{') ? atob(text) : text
  return Object(JSON.parse(plain ?? '{}'))
}

/** Sources of the names: the documentation of each host. */
const SOURCES: Record<GeoSource, (spoken: Spoken) => Said> = {
  akamai({ header }) {
    const parts = (header('x-akamai-edgescape') ?? '').split(',').map((part) => part.split('='))
    const { country_code, region_code, city, zip, lat, long } = Object.fromEntries(parts)
    // Several codes are a range, and no place.
    const code = /[+-]/.test(zip ?? '') ? undefined : zip
    const place = { countryCode: country_code, stateCode: region_code, city, zip: code, latitude: lat, longitude: long }
    return { ...place, ipAddress: header('true-client-ip') }
  },
  'app-engine'({ header }) {
    const [latitude, longitude] = (header('x-appengine-citylatlong') ?? '').split(',')
    return {
      countryCode: header('x-appengine-country'),
      stateCode: header('x-appengine-region'),
      city: header('x-appengine-city'),
      latitude,
      longitude,
      ipAddress: header('x-appengine-user-ip'),
    }
  },
  cloudflare({ header, cf }) {
    const { country, regionCode, city, postalCode, latitude, longitude } = Object(cf)
    return {
      countryCode: country ?? header('cf-ipcountry'),
      stateCode: regionCode ?? header('cf-region-code'),
      city: city ?? header('cf-ipcity'),
      zip: postalCode ?? header('cf-postal-code'),
      latitude: latitude ?? header('cf-iplatitude'),
      longitude: longitude ?? header('cf-iplongitude'),
      ipAddress: header('cf-connecting-ip'),
    }
  },
  cloudfront: ({ header }) => ({
    countryCode: header('cloudfront-viewer-country'),
    stateCode: header('cloudfront-viewer-country-region'),
    city: header('cloudfront-viewer-city'),
    zip: header('cloudfront-viewer-postal-code'),
    latitude: header('cloudfront-viewer-latitude'),
    longitude: header('cloudfront-viewer-longitude'),
    // With the port behind the last colon, also in IPv6.
    ipAddress: header('cloudfront-viewer-address')?.replace(/:\d+$/, ''),
  }),
  fly: ({ header }) => ({ ipAddress: header('fly-client-ip') }),
  netlify({ header }) {
    const { city, country, subdivision, postalCode, latitude, longitude } = json(header('x-nf-geo'))
    const { code: countryCode } = Object(country)
    const { code: stateCode } = Object(subdivision)
    const ipAddress = header('x-nf-client-connection-ip')
    return { countryCode, stateCode, city, zip: postalCode, latitude, longitude, ipAddress }
  },
  vercel: ({ header }) => ({
    countryCode: header('x-vercel-ip-country'),
    stateCode: header('x-vercel-ip-country-region'),
    city: header('x-vercel-ip-city'),
    zip: header('x-vercel-ip-postal-code'),
    latitude: header('x-vercel-ip-latitude'),
    longitude: header('x-vercel-ip-longitude'),
    ipAddress: header('x-real-ip'),
  }),
}

/** Throws a {@link TargetError} for a source that is none. */
export const checkedSource = (source: unknown): GeoSource | undefined => {
  if (source === undefined || Object.hasOwn(SOURCES, source as string)) return source as GeoSource | undefined
  throw invalid(`geoFrom: name the host before your server, one of ${Object.keys(SOURCES).join(', ')}`, {
    path: 'geoFrom',
    received: source,
  })
}

const tried = (work: () => string): string | undefined => {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Headers are read as Latin-1: what was sent as UTF-8 or percent-encoded is read again. */
const textOf = (value: unknown, max: number): string | undefined => {
  if (typeof value !== 'string') return undefined
  const bytes = /^[\0-\xff]*$/.test(value) ? Uint8Array.from(value, (char) => char.charCodeAt(0)) : undefined
  const utf8 = bytes && tried(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  const text = (tried(() => decodeURIComponent(utf8 ?? value)) ?? utf8 ?? value).trim()
  // What is longer would match no audience when cut.
  return text && text !== '?' && text.length <= max ? text : undefined
}

const codeOf = (value: unknown, form: RegExp): string | undefined => {
  const code = typeof value === 'string' ? value.trim().toUpperCase() : ''
  return form.test(code) ? code : undefined
}

const numberOf = (value: unknown, max: number): number | undefined => {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value
  return typeof number === 'number' && Math.abs(number) <= max ? number : undefined
}

/**
 * Where the host says that the visitor is; what it does not know, and what Target would refuse, is left out. Never throws: what it
 * reads may come from anybody.
 */
export const geoOf = (source: GeoSource, spoken: Spoken): Geo => {
  let said: Said = {}
  try {
    said = SOURCES[source](spoken)
  } catch {
    // A header that cannot be read says nothing.
  }
  const latitude = numberOf(said.latitude, 90)
  const longitude = numberOf(said.longitude, 180)
  const isPlace = latitude !== undefined && longitude !== undefined && Boolean(latitude || longitude)
  const { ipAddress } = said
  const geo: { [Key in keyof Geo]: Geo[Key] | undefined } = {
    // XX and ZZ are nowhere.
    countryCode: codeOf(said.countryCode, /^(?!XX|ZZ)[A-Z]{2}$/),
    stateCode: codeOf(said.stateCode, /^[A-Z\d]{1,3}$/),
    city: textOf(said.city, 50),
    zip: textOf(said.zip, 12),
    ...(isPlace && { latitude, longitude }),
    ipAddress: typeof ipAddress === 'string' ? ipAddress.trim() : undefined,
  }
  return Object.fromEntries(Object.entries(geo).filter(([, value]) => value !== undefined)) as Geo
}
