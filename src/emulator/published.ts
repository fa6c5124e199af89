import type { Geo } from '../delivery/context.ts'
import { makeArtifact, openPublished } from './artifact.ts'
import { closed } from './container.ts'
import { isEnvironment } from './environment.ts'
import { hash } from './hash.ts'
import type { EdgeRequest, Settings } from './options.ts'
import { refusal } from './refusal.ts'
import type { Reply } from './reply.ts'
import type { Seal } from './tokens.ts'

/** What is published for devices: the rules of the account, and where somebody is. It outlives a reset. */
export interface Published {
  /** Answers a request for a file; undefined for a request to the edge. Throws a refusal. */
  serve(arrived: EdgeRequest): Reply | undefined
  /** What a token of the rules stands for. */
  open(token: string): Seal | undefined
  /** The activities are others now: rules are made anew. */
  refresh(): void
  /** The client code by which rules were asked for last. */
  client(): string | undefined
}

/** `/acme/production/v1/rules.json`, or with the token of a property before the name of the file. */
const RULES = /^\/([^/]+)\/([^/]+)\/v1(?:\/([^/]+))?\/rules\.(json|bin)$/
const LOOKUP = '/v1/geo'

const GEO_HEADERS = {
  ipAddress: 'x-forwarded-for',
  latitude: 'x-geo-latitude',
  longitude: 'x-geo-longitude',
  countryCode: 'x-geo-country-code',
  stateCode: 'x-geo-region-code',
  city: 'x-geo-city',
} as const

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': ['etag', ...Object.values(GEO_HEADERS)].join(),
}

/** True for the address of a file. */
export const isPublished = (url: string): boolean => {
  const { pathname } = new URL(url)
  return pathname === LOOKUP || RULES.test(pathname)
}

const geoFields = (geo: Geo | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(GEO_HEADERS).flatMap(([field, name]) => {
      const value = geo?.[field as keyof typeof GEO_HEADERS]
      return value === undefined ? [] : [[name, `${value}`]]
    }),
  )

/** A file as it is sent. */
interface File {
  body: string | Uint8Array<ArrayBuffer>
  etag: string
}

type Address = Record<'client' | 'environment' | 'form', string> & { property: string | undefined }

const addressOf = (pathname: string): Address | undefined => {
  const found = RULES.exec(pathname)
  if (!found) return undefined
  const [client = '', environment = '', property, form = ''] = found
    .slice(1)
    .map((part) => part && decodeURIComponent(part))
  return { client, environment, property, form }
}

/** Refuses an address at which no account publishes anything. */
const checkAddress = ({ client, environment, property }: Address, settings: Settings): void => {
  if (settings.client !== undefined && client !== settings.client) throw refusal(404, `No rules of a client ${client}`)
  if (!isEnvironment({ list: settings.environments }, environment))
    throw refusal(404, `No rules of an environment ${environment}`)
  if (property !== undefined && settings.propertyTokens?.includes(property) === false)
    throw refusal(404, `No rules of a property ${property}`)
}

const isFresh = ({ headers }: EdgeRequest, etag: string): boolean =>
  (headers['if-none-match'] ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)

/** How many files are kept: an edge without a client of its own makes one for whatever address is asked. */
const MOST_FILES = 50

/** Makes what is published. It is the same until the activities are others. */
export const createPublished = (settings: Settings): Published => {
  const { given, turn, organizationId, now } = settings
  let generatedAt = new Date(now()).toISOString()
  const files = new Map<string, File>()
  let lastClient: string | undefined

  const bodyOf = ({ form, ...address }: Address): File['body'] => {
    const content = given?.content ?? JSON.stringify(makeArtifact(settings, turn, { ...address, generatedAt }))
    if (form === 'json' || typeof content !== 'string') return content
    if (organizationId === undefined)
      throw refusal(404, 'rules.bin is written for one organization: set organizationId')
    return closed(content, organizationId)
  }
  const fileOf = (address: Address): File => {
    const key = JSON.stringify(address)
    const known = files.get(key)
    if (known) return known
    const body = bodyOf(address)
    const text = typeof body === 'string' ? body : new TextDecoder('latin1').decode(body)
    const file = { body, etag: `"${hash(text).toString(16)}-${body.length}"` }
    if (files.size >= MOST_FILES) files.clear()
    files.set(key, file)
    return file
  }

  return {
    serve(arrived) {
      const { pathname } = new URL(arrived.url)
      const address = addressOf(pathname)
      if (!address && pathname !== LOOKUP) return undefined
      if (arrived.method !== 'GET' && arrived.method !== 'HEAD')
        throw refusal(405, `Method ${arrived.method} is not allowed: use GET`, { allow: 'GET, HEAD, OPTIONS' })
      const ipAddress = arrived.headers['x-forwarded-for']
      const geo = geoFields(settings.geo?.(ipAddress))
      if (!address) return { status: 200, body: geo, headers: CORS }
      checkAddress(address, settings)
      lastClient = address.client
      const { body, etag } = fileOf(address)
      const headers = { ...CORS, ...geo, etag, 'cache-control': 'max-age=300' }
      if (isFresh(arrived, etag)) return { status: 304, headers }
      const type = address.form === 'bin' ? 'application/octet-stream' : 'application/json'
      return { status: 200, body, headers: { ...headers, 'content-type': type } }
    },
    open: (token) => given?.seals.get(token) ?? openPublished(token),
    refresh() {
      generatedAt = new Date(now()).toISOString()
      files.clear()
    },
    client: () => lastClient,
  }
}
