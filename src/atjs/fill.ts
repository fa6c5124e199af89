import type { RequestOptions } from '../client/options.ts'
import type { RequestDetails } from '../delivery/details.ts'
import type { DeliveryRequestInput } from '../delivery/request.ts'
import type { DataProvider, GlobalSettings } from './global-settings.ts'
import { type Flat, joinDetails, placeParameters, readParameters } from './parameters.ts'

/** What a function of the page says. One that throws, or is none, says nothing. */
const hook = (name: 'targetPageParams' | 'targetPageParamsAll'): Flat => {
  try {
    return readParameters((globalThis as unknown as Record<typeof name, () => unknown>)[name]())
  } catch {
    return {}
  }
}

/** What a provider says in its time. */
const provided = ({ name, version, timeout = 2000, provider }: DataProvider): Promise<Flat> =>
  new Promise<Flat>((resolve) => {
    setTimeout(resolve, timeout, {})
    if (name && version) provider((error, parameters) => resolve(error ? {} : readParameters(parameters)))
    else resolve({})
  }).catch(() => ({}))

/** The places of a part of a request, each with what the page says. */
const filledPart = <Part extends object>(part: Part, page: RequestDetails, mboxes: RequestDetails): Part =>
  Object.fromEntries(
    Object.entries(part).map(([name, value]) => {
      const join = (one: RequestDetails) => joinDetails(name === 'mboxes' ? mboxes : page, one)
      // What is not asked for stays so.
      return [name, Array.isArray(value) ? value.map(join) : value && join(value)]
    }),
  ) as Part

/** Makes a call complete, with what the settings, the page and its providers say at that moment. The caller's own word wins. */
export const fillFor =
  (settings: GlobalSettings) =>
  async ({ request: given, ...call }: RequestOptions): Promise<RequestOptions> => {
    const { dataProviders = [], mboxParams, globalMboxParams, analyticsLogging: logging, crossDomain } = settings
    const { aepSandboxId: sandboxId, aepSandboxName: sandboxName } = settings
    const { execute, prefetch, context, experienceCloud } = given
    const said = await Promise.all(dataProviders.map(provided))
    const all = Object.assign({}, ...said, hook('targetPageParamsAll'))
    const mboxes = placeParameters({ ...readParameters(mboxParams), ...all })
    const page = placeParameters({ ...readParameters(globalMboxParams), ...all, ...hook('targetPageParams') })
    const isForPage = execute?.pageLoad || (prefetch && Object.keys(prefetch).join() !== 'mboxes')
    const { id, property } = isForPage ? page : mboxes
    return {
      ...call,
      request: {
        property,
        ...given,
        id: { ...id, ...given.id },
        execute: execute && filledPart(execute, page.details, mboxes.details),
        prefetch: prefetch && filledPart(prefetch, page.details, mboxes.details),
        context: { crossDomain: crossDomain === 'enabled' ? crossDomain : 'disabled', ...context },
        experienceCloud: {
          analytics: { logging },
          platform: sandboxId && sandboxName && { sandboxId, sandboxName },
          ...experienceCloud,
        },
      } as DeliveryRequestInput,
    }
  }
