import type { RequestDetails } from '../delivery/details.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { Names } from './place.ts'
import type { Ruleset } from './ruleset.ts'

/** What of a request only the edge can decide. */
export interface Remote {
  remoteMboxes: string[]
  remoteViews: string[]
}

/** A place that is asked for. */
export type Asked = RequestDetails & { name?: string | undefined; index?: number | undefined }

/** What is asked for in one mode. */
export interface Part {
  pageLoad?: RequestDetails | undefined
  mboxes?: readonly Asked[] | undefined
  views?: readonly Asked[] | undefined
}

const add = (found: string[], name: string | undefined, { local, remote }: Names): void => {
  if (name !== undefined && (remote.has(name) || !local.has(name)) && !found.includes(name)) found.push(name)
}

/** Says what of a request the rules do not hold. A place that the artifact does not name is for the edge. */
export const remoteOf = ({ mboxes, views, globalMbox }: Ruleset, request: DeliveryRequest): Remote => {
  const remoteMboxes: string[] = []
  const remoteViews: string[] = []
  let areAll: boolean | undefined
  for (const part of [request.prefetch, request.execute] as (Part | undefined)[]) {
    if (part?.mboxes) for (const { name } of part.mboxes) add(remoteMboxes, name, mboxes)
    if (part?.pageLoad) add(remoteMboxes, globalMbox, mboxes)
    if (part?.views) {
      const isNamed = part.views.some(({ name }) => name !== undefined)
      areAll = areAll !== false && !isNamed
      for (const { name } of part.views) add(remoteViews, name, views)
    }
  }
  return { remoteMboxes, remoteViews: areAll ? [...views.remote] : remoteViews }
}
