import type { Call } from './record.ts'

/** A call of the page as the browser measured it. Times in ms since the page began. */
export interface Measured {
  name: string
  startTime: number
  responseEnd: number
  /** Bytes of the answer, 0 where its server does not tell. */
  encodedBodySize: number
  responseStatus?: number
}

/** Every call of the Delivery API has its session in the address, also by a route of the site's own. */
const isDelivery = ({ name }: Measured): boolean => /[?&]sessionId=/.test(name)

/** What the browser measured of calls of the Delivery API. */
export const measuredCalls = (): Measured[] =>
  (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(isDelivery)

/** Rules that the page has downloaded: the address of the last. */
export const rulesAddress = (): string | undefined =>
  performance
    .getEntriesByType('resource')
    .map(({ name }) => name)
    .filter((name) => /\/rules\.json(\?|$)/.test(name))
    .at(-1)

/** How far what a listener heard may lie from what the browser measured, in ms. */
const NEAR = 100

/** Pairs calls with what the browser measured of them; gives what belongs to none, and was made before anybody listened. */
export const matched = (calls: readonly Call[], measured: readonly Measured[], since: number): Measured[] => {
  const rest = [...measured]
  for (const call of calls) {
    const at = rest.findIndex(({ name, startTime }) => name === call.url && Math.abs(startTime - call.at) < NEAR)
    if (at >= 0) rest.splice(at, 1)
  }
  return rest.filter(({ startTime }) => startTime < since)
}
