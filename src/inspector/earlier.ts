/** Every call of the Delivery API has its session in the address, also by a route of the site's own. */
const isDelivery = ({ name }: PerformanceEntry): boolean => /[?&]sessionId=/.test(name)

/** What the browser measured of calls of the Delivery API. */
export const measuredCalls = (): PerformanceResourceTiming[] =>
  (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(isDelivery)

/** Rules that the page has downloaded: the address of the last. */
export const rulesAddress = (): string | undefined =>
  performance
    .getEntriesByType('resource')
    .map(({ name }) => name)
    .filter((name) => /\/rules\.json(\?|$)/.test(name))
    .at(-1)
