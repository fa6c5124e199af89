import type { Geo } from '../delivery/context.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import { geoOf } from './geo.ts'
import { after } from './poll.ts'

/** Where Target says where an IP address is. */
const LOOKUP = 'https://assets.adobetarget.com/v1/geo'
/** Addresses that are kept in mind. */
const KNOWN = 1_000
/** How long a look-up may take, in ms. */
const PATIENCE = 1_000

/** What a locator works with. */
export interface LocatorParts {
  /** Any `fetch`. @default the runtime's own, looked up for each call */
  fetchApi?: typeof fetch | undefined
  /** Where a visitor is without an address of their own: that of the device that decides. */
  here(): Geo | undefined
  onTrouble(message: string): void
}

const FIELDS = ['latitude', 'longitude', 'countryCode', 'stateCode', 'city'] as const

/** True when a request says where its visitor is. */
const isLocated = (geo: Geo | undefined): boolean => FIELDS.some((field) => geo?.[field] !== undefined)

/**
 * Finds where visitors are, for rules that ask for it. A look-up that fails is told, and the decision is made without: a visitor
 * whose place is not known is in none.
 */
export const createLocator = ({ fetchApi, here, onTrouble }: LocatorParts) => {
  const known = new Map<string, Promise<Geo | undefined>>()

  const receive = async (ipAddress: string, signal: AbortSignal): Promise<Geo | undefined> => {
    const headers = { 'x-forwarded-for': ipAddress }
    const response = await (fetchApi ?? fetch)(LOOKUP, { headers, signal })
    if (response.status !== 200) throw new Error(`it was answered with ${response.status}`)
    const found: unknown = await response.json()
    return geoOf((name) => Object(found)[name])
  }
  const ask = async (ipAddress: string): Promise<Geo | undefined> => {
    const controller = new AbortController()
    const { signal } = controller
    const timer = after(PATIENCE, () => controller.abort(new Error(`there was no answer within ${PATIENCE} ms`)))
    try {
      return await Promise.race([
        // A `fetch` that does not listen to the signal must not keep the visitor waiting.
        new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
        receive(ipAddress, signal),
      ])
    } catch (error) {
      known.delete(ipAddress)
      onTrouble(`The visitor's place could not be looked up: ${(error as Error)?.message ?? error}`)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }
  const lookUp = (ipAddress: string): Promise<Geo | undefined> => {
    const found = known.get(ipAddress) ?? ask(ipAddress)
    if (known.size >= KNOWN) known.clear()
    known.set(ipAddress, found)
    return found
  }

  /** The request with the visitor's place, where that is wanted and not known; a promise only when it has to be asked for. */
  return (request: DeliveryRequest): DeliveryRequest | Promise<DeliveryRequest> => {
    const { context } = request
    const { geo } = context
    if (isLocated(geo)) return request
    const placed = (found: Geo | undefined): DeliveryRequest =>
      found ? { ...request, context: { ...context, geo: { ...found, ...geo } } } : request
    return geo?.ipAddress ? lookUp(geo.ipAddress).then(placed) : placed(here())
  }
}
