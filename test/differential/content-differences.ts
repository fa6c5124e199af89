import type { DeliveryRequest } from '../../src/server.ts'
import type { Given } from './arbitraries.ts'
import { type Difference, type Place, placesOf } from './difference.ts'

/** The same change for every place of a request, with the place that was given. */
const everyPlace =
  (change: (sent: Place, given: Place | undefined) => void): Difference['settle'] =>
  ({ body }, { call }) => {
    const given = placesOf(call.request)
    for (const [key, place] of placesOf(body)) change(place, given.get(key))
  }

const cut = (address: Place['address']) => {
  for (const key of ['url', 'referringUrl'] as const) {
    const url = address?.[key]
    if (address && url) address[key] = url.slice(0, 4096)
  }
}

const bare = (host: string) => host.replace(/^https?:\/\//, '')

const withoutEmptyLists = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutEmptyLists)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, item]) => !(Array.isArray(item) && !item.length))
  return Object.fromEntries(members.map(([key, item]) => [key, withoutEmptyLists(item)]))
}

type Mboxes = { name: string; index?: number | undefined }[]

/** Mboxes without an index get the lowest that is free. */
const numbered = (sent: Mboxes = [], given: Mboxes) => {
  const taken = new Set(given.flatMap(({ index }) => index ?? []))
  for (const [at, mbox] of sent.entries()) {
    if (given[at]?.index !== undefined) continue
    let free = 0
    while (taken.has(free)) free++
    taken.add(free)
    mbox.index = free
  }
}

/** The mboxes of the request, and those that `getAttributes` adds behind them. */
const executedOf = ({ call, names, method }: Given): Mboxes => {
  const given = (call.request.execute?.mboxes ?? []) as Mboxes
  if (method !== 'getAttributes') return given
  const asked = [...given, ...((call.request.prefetch?.mboxes ?? []) as Mboxes)].map(({ name }) => name)
  const first = Math.max(0, ...given.map(({ index }) => index ?? 0)) + 1
  const added = [...new Set(names)].filter((name) => !asked.includes(name))
  return [...given, ...added.map((name, at) => ({ name, index: first + at }))]
}

/** What is asked for, with whom Analytics and Audience Manager are told, and on what it is shown. */
export const contentDifferences: Difference[] = [
  {
    name: 'the channel mobile stays mobile',
    reason: 'Adobe compares the value with the names of its enum, so that all become web',
    settle({ body }, { call }) {
      if (call.request.context?.channel === 'mobile') body.context.channel = 'mobile'
    },
  },
  {
    name: 'a context without a time zone gets one',
    reason: 'the default must not go away because the caller knows something else of the page',
    settle({ body }) {
      body.context.timeOffsetInMinutes ??= -new Date().getTimezoneOffset() || 0
    },
  },
  {
    name: 'the context member crossDomain survives',
    reason: 'at.js sends it, and the wire may know more tomorrow',
    settle({ body }, { call }) {
      const { crossDomain } = call.request.context ?? {}
      if (crossDomain) body.context.crossDomain = crossDomain
    },
  },
  {
    name: 'blank places of the world are left out',
    reason: 'Target refuses an empty country, and with nothing left it looks the address up by itself',
    settle({ body: { context } }) {
      const known = Object.entries(context.geo ?? {}).filter(([, value]) => value !== '')
      if (context.geo) context.geo = Object.fromEntries(known)
      if (!known.length) delete (context as { geo?: unknown }).geo
    },
  },
  {
    name: 'an execute has an impression id',
    reason: 'an attempt that is repeated after a lost answer must not count twice',
    settle({ body }) {
      if (body.execute) body.impressionId ??= 'RANDOM'
    },
  },
  {
    name: 'a blank property token of a call stands for none',
    reason: 'the word of the call wins over that of the client, also when it says nothing',
    settle({ body }, { call }) {
      if (call.request.property?.token === '') delete (body as { property?: unknown }).property
    },
  },
  {
    name: "the caller's supplemental data id is kept",
    reason: 'it is the one on the Analytics hit: another one breaks the stitching',
    settle({ body }, { call }) {
      const mine = call.request.experienceCloud?.analytics?.supplementalDataId
      if (mine && body.experienceCloud?.analytics) body.experienceCloud.analytics.supplementalDataId = mine
    },
  },
  {
    name: 'client-side logging makes no supplemental data id',
    reason: 'the page reports to Analytics by itself, and there is no hit to stitch',
    settle({ body: { experienceCloud } }, { call }) {
      const { logging, supplementalDataId } = call.request.experienceCloud?.analytics ?? {}
      if (logging !== 'client_side' || supplementalDataId || !experienceCloud?.analytics) return
      const { supplementalDataId: _, ...analytics } = experienceCloud.analytics
      experienceCloud.analytics = analytics
    },
  },
  {
    name: 'a tracking server is a bare host',
    reason: 'the wire wants a host, and a scheme in front of it is what people paste',
    settle({ body: { experienceCloud } }) {
      for (const key of ['trackingServer', 'trackingServerSecure'] as const) {
        const host = experienceCloud?.analytics?.[key]
        if (experienceCloud?.analytics && host) experienceCloud.analytics[key] = bare(host)
      }
    },
  },
  {
    name: 'members of the Experience Cloud that Adobe does not know survive',
    reason: 'at.js and the Platform send them, and the wire may know more tomorrow',
    settle({ body }, { call }) {
      const { audienceManager, platform } = call.request.experienceCloud ?? {}
      const { uuid, dataPartnerId, dataPartnerUserId } = audienceManager ?? {}
      const unknown = JSON.parse(JSON.stringify({ uuid, dataPartnerId, dataPartnerUserId }))
      const sent = body.experienceCloud as NonNullable<DeliveryRequest['experienceCloud']>
      if (Object.keys(unknown).length) sent.audienceManager = { ...sent.audienceManager, ...unknown }
      if (platform) sent.platform = platform
    },
  },
  {
    name: 'values of parameters are text',
    reason: 'the wire wants text: 1 and true are what people write',
    settle: everyPlace(({ parameters }) => {
      for (const [key, value] of Object.entries(parameters ?? {})) {
        if (parameters && value !== null) parameters[key] = `${value}`
      }
    }),
  },
  {
    name: 'parameters without a value are left out',
    reason: 'the wire knows no null',
    settle: everyPlace(({ parameters }) => {
      for (const [key, value] of Object.entries(parameters ?? {})) if (value === null) delete parameters?.[key]
    }),
  },
  {
    name: 'an empty list is left out',
    reason: 'it says nothing, and of some lists the wire wants either an item or none at all',
    settle(theirs) {
      theirs.body = withoutEmptyLists(theirs.body) as DeliveryRequest
    },
  },
  {
    name: 'addresses are cut at 4096 characters',
    reason: 'Target refuses a longer one, and a long link must not cost the visitor the offer',
    settle(theirs, given) {
      cut(theirs.body.context.address)
      everyPlace(({ address }) => cut(address))(theirs, given)
    },
  },
  {
    name: 'the time of an order is as it was written',
    reason: 'the wire takes ISO 8601, and Adobe makes a Date of it on the way',
    settle: everyPlace((sent, given) => {
      if (sent.order && typeof given?.order?.time === 'string') sent.order.time = given.order.time
    }),
  },
  {
    name: 'getAttributes asks once for a name that is given twice',
    reason: 'two decisions for one flag are one too many, and count twice',
    settle({ body }, given) {
      const wanted = executedOf(given)
      if (given.method !== 'getAttributes' || !body.execute?.mboxes) return
      const { mboxes } = body.execute
      const before = given.call.request.execute?.mboxes?.length ?? 0
      const seen = new Set<string>()
      body.execute.mboxes = mboxes.filter(({ name }, at) => at < before || (!seen.has(name) && seen.add(name)))
      for (const [at, { index }] of wanted.entries()) {
        const mbox = body.execute.mboxes[at]
        if (at >= before && mbox && index !== undefined) mbox.index = index
      }
    },
  },
  {
    name: 'an mbox without an index gets the lowest that is free',
    reason: 'Adobe gives the position, which may be the index of another mbox',
    settle({ body }, given) {
      numbered(body.execute?.mboxes as Mboxes | undefined, executedOf(given))
      numbered(body.prefetch?.mboxes as Mboxes | undefined, (given.call.request.prefetch?.mboxes ?? []) as Mboxes)
    },
  },
]
