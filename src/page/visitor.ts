import type { Visitor } from '../client/supplemental-data.ts'

/** The Experience Cloud ID service of a page, as far as it is used. Source: Adobe's documentation of `Visitor`. */
interface Service {
  getVisitorValues?(callback: (values: Record<string, unknown>) => void): void
  getState?: Visitor['getState']
  getSupplementalDataID?: Visitor['getSupplementalDataID']
  isOptedOut?(callback: (isOut: boolean) => void): void
}

/** The ID service of the page, if there is one. */
export const serviceOf = (organizationId: string): Service | undefined =>
  (globalThis as { Visitor?: { getInstance?(id: string): Service | undefined } }).Visitor?.getInstance?.(organizationId)

/** Waits for what the ID service of the page knows, `timeout` ms at the longest. Undefined where there is none. */
export const visitorOf = async (organizationId: string, timeout: number): Promise<Visitor | undefined> => {
  const service = serviceOf(organizationId)
  if (!service) return undefined
  let known: Record<string, unknown> = {}
  await new Promise<void>((done) => {
    const timer = setTimeout(done, timeout)
    service.getVisitorValues?.((values) => {
      clearTimeout(timer)
      known = values ?? {}
      done()
    })
  })
  return {
    getVisitorValues: () => known,
    // Customer ids belong to an Experience Cloud ID: Target refuses them alone.
    getState: () => (known.MCMID ? service.getState?.() : undefined) ?? {},
    ...(service.getSupplementalDataID && {
      getSupplementalDataID: (consumerId: string) => service.getSupplementalDataID?.(consumerId) as string,
    }),
  }
}
