import type { Geo } from '../delivery/context.ts'

/** How Target's CDN names a place: in the headers of an artifact, and in the body of a look-up by IP address. */
const NAMES = {
  ipAddress: 'x-forwarded-for',
  latitude: 'x-geo-latitude',
  longitude: 'x-geo-longitude',
  countryCode: 'x-geo-country-code',
  stateCode: 'x-geo-region-code',
  city: 'x-geo-city',
}

/** Where the CDN believes somebody to be; undefined when it does not say. */
export const geoOf = (read: (name: string) => unknown): Geo | undefined => {
  const geo: Record<string, unknown> = {}
  for (const [field, name] of Object.entries(NAMES)) {
    const value = read(name)
    const known = field.endsWith('tude') ? Number.parseFloat(`${value}`) : value
    if (known || known === 0) geo[field] = known
  }
  return Object.keys(geo).length ? geo : undefined
}
