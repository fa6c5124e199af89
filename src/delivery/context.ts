import * as v from 'valibot'
import { located, shortened } from './rules.ts'
import { fields, fitting, flag, number, oneOf, text, written } from './schema.ts'
import { country } from './tests.ts'

/** A URL of at most 4096 characters. A longer one is cut: a long link must never cost the visitor the offer. */
const url = v.pipe(text(), written(shortened))

/** The page and where the visitor came from. */
export const Address = fields({ url: url, referringUrl: url })
export type Address = v.InferInput<typeof Address>

const geoFields = fields({
  /** IPv4 or IPv6. From a server it should be set, else Target takes the server's own. */
  ipAddress: text(),
  latitude: number(),
  longitude: number(),
  /** ISO 3166-1 alpha-2. */
  countryCode: fitting<string>(country),
  /** The part after the country in ISO 3166-2, at most 3 characters. */
  stateCode: text(3),
  /** At most 50 characters. */
  city: text(50),
  /** At most 12 characters. */
  zip: text(12),
})
export type Geo = v.InferOutput<typeof geoFields>

/**
 * Where the visitor is. An empty text and an address that is none are left out, as Target would refuse
 * the call; with nothing left there is no `geo`, so that Target looks the caller's address up.
 */
export const Geo = v.pipe(geoFields, written(located<Geo>))

/** User-agent client hints, under the names of the schema. Source: `ClientHints.yaml`. */
export const ClientHints = fields({
  mobile: flag(),
  model: text(),
  platform: text(),
  platformVersion: text(),
  /** `Sec-CH-UA`, in header syntax: `"Brand";v="99", …`. */
  browserUAWithMajorVersion: text(),
  /** `Sec-CH-UA-Full-Version-List`, in header syntax. */
  browserUAWithFullVersion: text(),
  architecture: text(),
  bitness: text(),
})
export type ClientHints = v.InferInput<typeof ClientHints>

/** Where and on what the offer is shown. */
export const Context = fields(
  {
    address: Address,
    browser: fields({
      /** Host of the page; it decides the environment. */
      host: text(),
      /** Accept-Language syntax, RFC 7231 section 5.3.5. */
      language: text(),
      webGLRenderer: text(),
    }),
    screen: fields({
      width: number(),
      height: number(),
      colorDepth: number(),
      pixelRatio: number(),
      orientation: oneOf('portrait', 'landscape'),
    }),
    window: fields({ width: number(), height: number() }),
    application: fields({ id: text(250), name: text(250), version: text(128) }),
    mobilePlatform: fields(
      { deviceName: text(), version: text(128) },
      { platformType: oneOf('android', 'ios'), deviceType: oneOf('phone', 'tablet') },
    ),
    geo: Geo,
    /** Minutes east of UTC: 330 in India. */
    timeOffsetInMinutes: number(),
    /** The only user agent that the Delivery API honours; the HTTP header is ignored. */
    userAgent: text(),
    clientHints: ClientHints,
    /** Set by the beacon alone: the answer is then 204 without a body. @default false */
    beacon: flag(),
    /** Sent by at.js 2.10 and later; left out unless set. */
    crossDomain: oneOf('enabled', 'disabled'),
  },
  {
    /** Only activities of this channel are evaluated. @default 'web' */
    channel: v.optional(oneOf('web', 'mobile'), 'web'),
  },
)
export type Context = v.InferInput<typeof Context>
