import { listed } from '../delivery/json-value.ts'
import type { Metric } from '../delivery/metric.ts'
import type { Option } from '../delivery/offer.ts'
import type { PageLoadResponse } from '../delivery/page-load.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { Journal, Queued } from './record.ts'

/** One option of an answer, as it is shown. */
export interface Offer {
  /** Such as `mbox hero`, `view cart` or `page load`. */
  place: string
  /** Name of the mbox or the view. */
  name: string | undefined
  isPrefetched: boolean
  /** `html`, `json` and so on; `default` for the content of the page. */
  type: string
  activity: string | undefined
  experience: string | undefined
  option: Option
  /** Event tokens of its clicks. */
  clicks: readonly string[]
  /** How it was decided, if Target was asked to say. */
  trace: unknown
}

const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : `${value}`

const offersAt = (place: PageLoadResponse, where: string, isPrefetched: boolean): Offer[] => {
  const { name } = place as { name?: unknown }
  const { trace } = place as { trace?: unknown }
  const clicks = listed<Metric>(place.metrics).flatMap(({ type, eventToken }) =>
    type === 'click' && eventToken ? [eventToken] : [],
  )
  return listed<Option>(place.options).map((option) => {
    const tokens = option.responseTokens ?? {}
    return {
      place: name === undefined ? where : `${where} ${name}`,
      name: textOf(name),
      isPrefetched,
      type: option.type ?? 'default',
      activity: textOf(tokens['activity.name']) ?? textOf(tokens['activity.id']),
      experience: textOf(tokens['experience.name']) ?? textOf(tokens['experience.id']),
      option,
      clicks,
      trace,
    }
  })
}

/** The offers of an answer, place by place: the page load, mboxes, views. */
export const offersOf = ({ execute, prefetch }: DeliveryResponse): Offer[] =>
  [execute, prefetch].flatMap((part, at) => [
    ...listed<PageLoadResponse>([part?.pageLoad]).flatMap((place) => offersAt(place, 'page load', at === 1)),
    ...listed<PageLoadResponse>(part?.mboxes).flatMap((place) => offersAt(place, 'mbox', at === 1)),
    ...listed<PageLoadResponse>((part as DeliveryResponse['prefetch'])?.views).flatMap((place) =>
      offersAt(place, 'view', true),
    ),
  ])

/** Activity and experience in a line, as far as the answer names them. */
export const titleOf = ({ activity, experience }: Offer): string =>
  [activity, experience].filter((name) => name !== undefined).join(' · ') || 'Unnamed activity'

const isIn = ({ notification }: Queued, type: string, tokens: readonly (string | undefined)[]): boolean =>
  notification.type === type && listedTokens(notification.tokens).some((token) => tokens.includes(token))

const listedTokens = (tokens: unknown): string[] => (Array.isArray(tokens) ? tokens : [])

/** What was reported of an offer. */
export interface Reported {
  displays: Queued[]
  clicks: Queued[]
}

/** The displays and clicks that speak of an offer. */
export const reportedOf = ({ option, clicks }: Offer, { queue }: Journal): Reported => {
  const all = [...queue.values()]
  return {
    displays: option.eventToken ? all.filter((one) => isIn(one, 'display', [option.eventToken])) : [],
    clicks: clicks.length ? all.filter((one) => isIn(one, 'click', clicks)) : [],
  }
}

/** What has become of an offer, in a word or two. `elements` is how many show it. */
export const stateOf = (offer: Offer, { displays, clicks }: Reported, elements: number): string => {
  const clicked = clicks.length ? `, ${clicks.length === 1 ? 'clicked' : `${clicks.length} clicks`}` : ''
  if (displays.some(({ state }) => state === 'acknowledged')) return `displayed${clicked}`
  if (displays.length) return `display ${displays.at(-1)?.state}${clicked}`
  if (!offer.isPrefetched) return `counted when decided${clicked}`
  if (offer.type === 'json') return `not reported${clicked}`
  return `${elements ? 'in the page, not reported' : 'not shown yet'}${clicked}`
}
