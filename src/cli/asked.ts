import type { Geo } from '../delivery/context.ts'
import type { Parameters } from '../delivery/details.ts'
import { isTargetError } from '../delivery/error.ts'
import { isObject } from '../delivery/json-value.ts'
import { type DeliveryRequest, type DeliveryRequestInput, parseRequest } from '../delivery/request.ts'
import type { ArtifactGiven } from './artifact.ts'
import { inner, misused } from './failure.ts'
import { type Given, titled } from './flags.ts'
import { nearest } from './nearest.ts'

/** Fields of `--geo`, by the words of the rules and of the Delivery API. */
const GEO: Readonly<Record<string, keyof Geo>> = {
  country: 'countryCode',
  region: 'stateCode',
  state: 'stateCode',
  city: 'city',
  latitude: 'latitude',
  longitude: 'longitude',
}

/** What is asked for, by whom, and where. */
export const requestFlags = {
  ...titled('What is asked for', {
    mbox: { value: 'name', isMany: true, text: 'An mbox' },
    view: { value: 'name', isMany: true, text: 'A view; views are always prefetched' },
    'page-load': { text: 'The page load' },
    prefetch: { text: 'Prefetches mboxes and the page load; default: they are executed' },
    param: { value: 'name=value', isMany: true, text: 'A parameter of all that is asked for' },
    request: { value: 'file|url|-', text: 'A Delivery API request as JSON, to which the other flags are added' },
  }),
  ...titled('Who asks, where and when', {
    url: { value: 'url', text: 'The page' },
    referrer: { value: 'url', text: 'The page before' },
    'user-agent': { value: 'text', text: 'The browser, as it names itself' },
    geo: {
      value: 'field=value,…',
      isMany: true,
      text: `The place: ${Object.keys(GEO).join(', ')}; spelled as the rules have it`,
    },
    ecid: { value: 'id', text: 'Experience Cloud ID; without any id the visitor is a new one' },
    'tnt-id': { value: 'id', text: 'Device id' },
    'third-party-id': { value: 'id', text: "The customer's own id" },
    at: { value: 'time', text: 'In ISO 8601, in UTC unless it says otherwise; default: now' },
  }),
} as const

type RequestGiven = Given<typeof requestFlags> & Pick<ArtifactGiven, 'property'>

const pairOf = (flag: string, text: string): readonly [name: string, value: string] => {
  const at = text.indexOf('=')
  if (at < 1) throw misused(`--${flag} takes name=value, not ${text}`)
  return [text.slice(0, at).trim(), text.slice(at + 1)]
}

const geoOf = (texts: readonly string[]): Geo | undefined => {
  const fields = texts
    .flatMap((text) => text.split(','))
    .map((text) => {
      const [name, value] = pairOf('geo', text)
      const field = Object.hasOwn(GEO, name) ? GEO[name] : undefined
      if (!field) {
        const names = Object.keys(GEO)
        const meant = nearest(name, names)
        throw misused(`--geo has no field ${name}: ${meant ? `did you mean ${meant}?` : `it has ${names.join(', ')}`}`)
      }
      if (!field.endsWith('itude')) return [field, value]
      if (!value.trim() || !Number.isFinite(Number(value))) throw misused(`--geo ${name} is a number, not ${value}`)
      return [field, Number(value)]
    })
  return fields.length ? Object.fromEntries(fields) : undefined
}

/** When it happens, in epoch ms. Throws a failure of usage. */
export const momentOf = ({ at }: Pick<RequestGiven, 'at'>): number => {
  if (at === undefined) return Date.now()
  // Without a zone a time would be that of whichever machine this runs on.
  const isBare = /T[\d:.]+$/.test(at)
  const time = /^\d{4}-\d\d(-\d\d(T|$)|$)/.test(at) ? Date.parse(isBare ? `${at}Z` : at) : Number.NaN
  if (Number.isNaN(time)) throw misused(`--at is a time such as 2026-11-27T09:00:00Z, not ${at}`)
  return time
}

type Part = NonNullable<DeliveryRequestInput['prefetch']>

/** Adds places to those of a mode; undefined when there is none. */
const joined = (part: Part | null | undefined, added: Part): Part | undefined => {
  const mboxes = [...(part?.mboxes ?? []), ...(added.mboxes ?? [])]
  const views = [...(part?.views ?? []), ...(added.views ?? [])]
  const pageLoad = part?.pageLoad ?? added.pageLoad
  if (!mboxes.length && !views.length && !pageLoad) return undefined
  return {
    ...part,
    ...(mboxes.length && { mboxes }),
    ...(views.length && { views }),
    ...(pageLoad && { pageLoad }),
  }
}

/** The parameters of flags are those of every place. */
const withParameters = (part: Part | undefined, parameters: Parameters | undefined): Part | undefined => {
  if (!part || !parameters) return part
  const add = <Place extends { parameters?: Parameters | undefined }>(place: Place): Place => ({
    ...place,
    parameters: { ...place.parameters, ...parameters },
  })
  return {
    ...part,
    ...(part.mboxes && { mboxes: part.mboxes.map(add) }),
    ...(part.views && { views: part.views.map(add) }),
    ...(part.pageLoad && { pageLoad: add(part.pageLoad) }),
  }
}

const contextOf = (given: RequestGiven, context: DeliveryRequestInput['context']) => {
  const { url, referrer, 'user-agent': userAgent } = given
  const geo = geoOf(given.geo)
  return {
    ...context,
    address: { ...context?.address, ...(url && { url }), ...(referrer && { referringUrl: referrer }) },
    ...(userAgent && { userAgent }),
    ...((geo || context?.geo) && { geo: { ...context?.geo, ...geo } }),
  }
}

const placesOf = (given: RequestGiven, { execute, prefetch }: DeliveryRequestInput) => {
  const parameters = given.param.length
    ? Object.fromEntries(given.param.map((text) => pairOf('param', text)))
    : undefined
  const mboxes = given.mbox.map((name) => ({ name }))
  const views = given.view.map((name) => ({ name }))
  const now: Part = { mboxes, ...(given['page-load'] && { pageLoad: {} }) }
  const parts = {
    execute: joined(execute, given.prefetch ? {} : now),
    prefetch: joined(prefetch, { ...(given.prefetch && now), views }),
  }
  if (!parts.execute && !parts.prefetch) {
    throw misused('Nothing is asked for: name a place with --mbox, --view or --page-load, or give a --request')
  }
  return {
    execute: withParameters(parts.execute, parameters),
    prefetch: withParameters(parts.prefetch, parameters),
  }
}

/** Checks a request, as the client does before it asks. Throws a failure of usage with the place of what is wrong. */
const checked = (request: object): DeliveryRequest => {
  try {
    return parseRequest(request)
  } catch (error) {
    if (!isTargetError(error)) throw error
    throw misused(`The request is not one that Target takes: ${inner(error.message)}`, error)
  }
}

/** The request that a file and flags make together; flags win. Throws a failure of usage. */
export const requestOf = (given: RequestGiven, file: unknown): DeliveryRequest => {
  if (!isObject(file)) throw misused('The request is no JSON object: write the body of a Delivery API call')
  const request = checked(file)
  const { ecid, 'tnt-id': tntId, 'third-party-id': thirdPartyId, property } = given
  const id = {
    ...request.id,
    ...(ecid && { marketingCloudVisitorId: ecid }),
    ...(tntId && { tntId }),
    ...(thirdPartyId && { thirdPartyId }),
  }
  return checked({
    ...request,
    ...placesOf(given, request),
    context: contextOf(given, request.context),
    id,
    ...(property && { property: { token: property } }),
  })
}
