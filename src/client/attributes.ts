import { GLOBAL_MBOX } from '../delivery/asking.ts'
import { readAs, type Widened } from '../delivery/json-value.ts'
import type { PageLoadResponse } from '../delivery/page-load.ts'
import type { DeliveryRequestInput } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import { executedOf, prefetchedOf, type Result } from './result.ts'

/** Values of JSON offers, by mbox and key. */
export type AttributeMap = Record<string, Record<string, unknown>>

/** JSON offers read as attributes: flags, texts, numbers. */
export interface Attributes {
  /**
   * The value of a key, read as the type of the default: the text `"2"` is 2 where the default is a number, and a value of
   * another type gives the default. Without a default: the value, or undefined when there is none.
   */
  getValue<Value>(mbox: string, key: string, defaultValue: Value): Widened<Value>
  /** The value of a key as it was answered; undefined when there is none. */
  getValue(mbox: string, key: string): unknown
  /** All keys of an mbox, `{}` when it has none; without a name all mboxes. */
  asObject(mbox: string): Record<string, unknown>
  /** The keys of all mboxes. */
  asObject(): AttributeMap
  /** What `JSON.stringify` writes: the keys of all mboxes. */
  toJSON(): AttributeMap
  /** The answer as `getOffers` gives it. */
  getResponse(): Result
}

/** The request with the mboxes that it does not ask for yet, numbered behind those it has. */
export const askFor = (names: readonly string[], request: DeliveryRequestInput = {}): DeliveryRequestInput => {
  const { execute, prefetch } = request
  const mboxes = execute?.mboxes ?? []
  const asked = new Set([...mboxes, ...(prefetch?.mboxes ?? [])].map(({ name }) => name))
  let index = Math.max(0, ...mboxes.map((item) => item.index ?? 0))
  const added = [...new Set(names)].filter((name) => !asked.has(name)).map((name) => ({ name, index: ++index }))
  return added.length ? { ...request, execute: { ...execute, mboxes: [...mboxes, ...added] } } : request
}

const jsonOf = ({ options }: PageLoadResponse): [string, unknown][] =>
  (Array.isArray(options) ? options : []).flatMap((option) =>
    option?.type === 'json' && typeof option.content === 'object' ? Object.entries(option.content ?? {}) : [],
  )

const collect = (response: DeliveryResponse): Map<string, Map<string, unknown>> => {
  const all = new Map<string, Map<string, unknown>>()
  for (const place of [...prefetchedOf(response), ...executedOf(response)]) {
    const name = (place as { name?: string }).name ?? GLOBAL_MBOX
    all.set(name, new Map([...(all.get(name) ?? []), ...jsonOf(place)]))
  }
  return all
}

/** Reads the JSON offers of a result; prefetched first, so that executed ones win. */
export const attributesOf = (result: Result): Attributes => {
  const all = collect(result.response)
  const asObject = (mbox?: string) =>
    mbox === undefined
      ? Object.fromEntries([...all].map(([name, keys]) => [name, Object.fromEntries(keys)]))
      : Object.fromEntries(all.get(mbox) ?? [])
  return {
    getValue: ((mbox: string, key: string, like?: unknown) =>
      like === undefined
        ? all.get(mbox)?.get(key)
        : (readAs(all.get(mbox)?.get(key), like) ?? like)) as Attributes['getValue'],
    asObject: asObject as Attributes['asObject'],
    toJSON: () => asObject() as AttributeMap,
    getResponse: () => result,
  }
}
