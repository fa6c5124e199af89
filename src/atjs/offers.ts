import type { RequestOptions } from '../client/options.ts'
import type { Result } from '../client/result.ts'
import { GLOBAL_MBOX } from '../delivery/asking.ts'
import { invalid, type TargetError } from '../delivery/error.ts'
import { listed } from '../delivery/json-value.ts'
import type { PageLoadResponse } from '../delivery/page-load.ts'
import type { DeliveryRequestInput } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { Rendered } from '../dom/outcome.ts'
import type { Page } from '../page/page.ts'
import { createId } from '../platform/platform.ts'
import { type GlobalSettings, warn } from './global-settings.ts'
import { type LegacyAction, legacyActionsOf, placeOf } from './legacy-action.ts'
import { placeParameters, readParameters } from './parameters.ts'

/** What `getOffer` takes. */
export interface OfferOptions {
  mbox: string
  params?: unknown
  timeout?: number
  /** Gets the actions of the mbox, none when nothing was decided. */
  success?(actions: LegacyAction[]): void
  /** `status` is `timeout`, `parseerror` or `error`. */
  error?(status: string, error: unknown): void
}

/** What `getOffers` takes. */
export interface OffersOptions extends Omit<RequestOptions, 'request'> {
  request: DeliveryRequestInput
  /** False belongs to the impression of the call before. @default true */
  page?: boolean
}

/** What `getOffers` gives. */
export interface Offers {
  execute?: DeliveryResponse['execute'] | undefined
  prefetch?: DeliveryResponse['prefetch'] | undefined
  notifications?: DeliveryResponse['notifications'] | undefined
  meta: Result['meta']
}

/** What `applyOffer` takes. */
export interface ApplyOfferOptions {
  mbox: string
  offer: readonly LegacyAction[]
  /** @default the head, which takes scripts, links and styles */
  selector?: string | Element
}

/** What `applyOffers` takes. */
export interface ApplyOffersOptions {
  response: DeliveryResponse | Offers
  /** Where the HTML of mboxes goes. @default the head, which takes scripts, links and styles */
  selector?: string | Element
}

/** An argument that cannot be used: an error, in the shape that at.js gives it. */
export const refused = (error: string): TargetError => Object.assign(invalid(error), { valid: false, error })

const need = (name: string, part?: { execute?: unknown; prefetch?: unknown }): void => {
  if (!part?.execute && !part?.prefetch) throw refused(`${name} with execute or prefetch is required`)
}

/** A promise that nobody has to listen to: what it rejects with is told to the console. */
export const told = <Value>(promise: Promise<Value>): Promise<Value> => {
  promise.catch((error) => warn(error))
  return promise
}

/** The words of at.js for what went wrong. */
const statusOf = ({ code }: Partial<TargetError>): string =>
  code === 'TIMEOUT' ? 'timeout' : code === 'PARSE_ERROR' ? 'parseerror' : 'error'

const requestOf = ({ mbox, params }: OfferOptions, isGlobal: boolean): DeliveryRequestInput => {
  const { details, ...request } = placeParameters(readParameters(params))
  return { ...request, execute: isGlobal ? { pageLoad: details } : { mboxes: [{ name: mbox, ...details }] } }
}

/** Where all mboxes of an answer are. */
const mboxesIn = ({ execute, prefetch }: DeliveryResponse, where: string | Element): Record<string, string | Element> =>
  Object.fromEntries(
    [execute, prefetch].flatMap((part) =>
      listed<{ name?: string }>(part?.mboxes).flatMap(({ name }) => (name ? [[name, where]] : [])),
    ),
  )

/** The functions of at.js that ask for offers and show them. */
export const createOffers = (started: PromiseLike<Page>, settings: GlobalSettings) => {
  const isGlobal = (mbox: string): boolean => mbox === (settings.globalMboxName || GLOBAL_MBOX)
  let impressionId: string | undefined

  const ask = async (options: OffersOptions): Promise<Result> => {
    const { page: isNew = true, request, ...call } = options
    if (isNew) impressionId = undefined
    impressionId ??= createId()
    return (await started).getOffers({ ...call, request: { impressionId, ...request } })
  }

  const offer = async (options: OfferOptions): Promise<LegacyAction[]> => {
    const { mbox, timeout } = options ?? {}
    if (!mbox) throw refused('getOffer: mbox is required')
    const { response } = await ask({ request: requestOf(options, isGlobal(mbox)), ...(timeout && { timeout }) })
    const place = isGlobal(mbox) ? response.execute?.pageLoad : response.execute?.mboxes?.[0]
    return legacyActionsOf((place ?? {}) as PageLoadResponse)
  }

  const show = async ({ response, selector = 'head' }: ApplyOffersOptions): Promise<Rendered> => {
    const answer = response as DeliveryResponse
    return (await started).render(answer, { mboxes: mboxesIn(answer, selector) })
  }

  const apply = async ({ mbox, offer, selector }: ApplyOfferOptions): Promise<Rendered> => {
    if (!mbox || !offer) throw refused('applyOffer: mbox and offer are required')
    const place = placeOf(offer)
    const isWhole = isGlobal(mbox) && !selector
    const execute = isWhole ? { pageLoad: place } : { mboxes: [{ name: mbox, index: 0, ...place }] }
    return show({ response: { execute }, ...(selector && { selector }) })
  }

  return {
    /** Asks for one mbox, in the shape of at.js 1. Rejects with a `TargetError` unless `error` is given. */
    getOffer(options: OfferOptions): Promise<LegacyAction[]> {
      const asked = offer(options)
      const { success, error } = options ?? {}
      asked.then(success, (reason) => error?.(statusOf(reason), reason))
      // Whoever has given a function for errors need not listen to the promise too.
      return error ? told(asked) : asked
    },
    /** Asks for what a request of the Delivery API names. Rejects with a `TargetError`. */
    async getOffers(options: OffersOptions): Promise<Offers> {
      need('getOffers: request', options?.request)
      const { response, meta } = await ask(options)
      const { execute, prefetch, notifications } = response
      return { execute, prefetch, notifications, meta }
    },
    /** Shows what `getOffer` gave. */
    applyOffer: (options: ApplyOfferOptions): Promise<Rendered> => told(apply(options ?? {})),
    /** Shows what `getOffers` gave. */
    applyOffers: async (options: ApplyOffersOptions): Promise<Rendered> => {
      need('applyOffers: response', options?.response)
      return show(options)
    },
  }
}
