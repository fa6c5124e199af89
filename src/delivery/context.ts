import * as v from 'valibot'
import { fields, text } from './schema.ts'

/** A URL of at most 4096 characters. A longer one is cut: a long link must never cost the visitor the offer. */
const url = v.pipe(
  v.string(),
  v.transform((input) => input.slice(0, 4096)),
)

/** The page and where the visitor came from. */
export const Address = fields({ url: v.optional(url), referringUrl: v.optional(url) })
export type Address = v.InferInput<typeof Address>

const IPV4 = /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$/

const isAddress = (ip: string): boolean => {
  try {
    return IPV4.test(ip) || Boolean(ip.includes(':') && new URL(`http://[${ip.replace(/%.*/, '')}]`))
  } catch {
    return false
  }
}

/**
 * Where the visitor is. An empty text and an address that is none are left out, as Target would refuse
 * the call; with nothing left there is no `geo`, so that Target looks the caller's address up.
 */
export const Geo = v.pipe(
  fields({
    /** IPv4 or IPv6. From a server it should be set, else Target takes the server's own. */
    ipAddress: v.optional(v.string()),
    latitude: v.optional(v.number()),
    longitude: v.optional(v.number()),
    /** ISO 3166-1 alpha-2. */
    countryCode: v.optional(v.pipe(v.string(), v.regex(/^(..)?$/, 'must be 2 letters'))),
    /** The part after the country in ISO 3166-2, at most 3 characters. */
    stateCode: v.optional(text(3)),
    /** At most 50 characters. */
    city: v.optional(text(50)),
    /** At most 12 characters. */
    zip: v.optional(text(12)),
  }),
  v.transform((geo) => {
    const output = { ...geo }
    for (const key of Object.keys(output) as (keyof typeof output)[]) if (output[key] === '') delete output[key]
    if (output.ipAddress && !isAddress(output.ipAddress.trim())) delete output.ipAddress
    return Object.keys(output).length ? output : undefined
  }),
)
export type Geo = v.InferInput<typeof Geo>

/** User-agent client hints, under the names of the schema. Source: `ClientHints.yaml`. */
export const ClientHints = fields({
  mobile: v.optional(v.boolean()),
  model: v.optional(v.string()),
  platform: v.optional(v.string()),
  platformVersion: v.optional(v.string()),
  /** `Sec-CH-UA`, in header syntax: `"Brand";v="99", …`. */
  browserUAWithMajorVersion: v.optional(v.string()),
  /** `Sec-CH-UA-Full-Version-List`, in header syntax. */
  browserUAWithFullVersion: v.optional(v.string()),
  architecture: v.optional(v.string()),
  bitness: v.optional(v.string()),
})
export type ClientHints = v.InferInput<typeof ClientHints>

/** Where and on what the offer is shown. */
export const Context = fields({
  /** Only activities of this channel are evaluated. @default 'web' */
  channel: v.optional(v.picklist(['web', 'mobile']), 'web'),
  address: v.optional(Address),
  browser: v.optional(
    fields({
      /** Host of the page; it decides the environment. */
      host: v.optional(v.string()),
      /** Accept-Language syntax, RFC 7231 section 5.3.5. */
      language: v.optional(v.string()),
      webGLRenderer: v.optional(v.string()),
    }),
  ),
  screen: v.optional(
    fields({
      width: v.optional(v.number()),
      height: v.optional(v.number()),
      colorDepth: v.optional(v.number()),
      pixelRatio: v.optional(v.number()),
      orientation: v.optional(v.picklist(['portrait', 'landscape'])),
    }),
  ),
  window: v.optional(fields({ width: v.optional(v.number()), height: v.optional(v.number()) })),
  application: v.optional(
    fields({ id: v.optional(text(250)), name: v.optional(text(250)), version: v.optional(text(128)) }),
  ),
  mobilePlatform: v.optional(
    fields({
      platformType: v.picklist(['android', 'ios']),
      deviceType: v.picklist(['phone', 'tablet']),
      deviceName: v.optional(v.string()),
      version: v.optional(text(128)),
    }),
  ),
  geo: v.optional(Geo),
  /** Minutes east of UTC: 330 in India. */
  timeOffsetInMinutes: v.optional(v.number()),
  /** The only user agent that the Delivery API honours; the HTTP header is ignored. */
  userAgent: v.optional(v.string()),
  clientHints: v.optional(ClientHints),
  /** Set by the beacon alone: the answer is then 204 without a body. @default false */
  beacon: v.optional(v.boolean()),
  /** Sent by at.js 2.10 and later; left out unless set. */
  crossDomain: v.optional(v.picklist(['enabled', 'disabled'])),
})
export type Context = v.InferInput<typeof Context>
