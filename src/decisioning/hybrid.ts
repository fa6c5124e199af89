import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { Names } from './place.ts'
import type { Asked, Part } from './remote.ts'
import type { Ruleset } from './ruleset.ts'

/** The parts of a request, each as a request of its own; undefined when there is nothing in it. */
export interface Split {
  near?: DeliveryRequest | undefined
  far?: DeliveryRequest | undefined
}

const MODES = ['execute', 'prefetch'] as const

/** Who decides on a place. */
interface Wanted {
  mbox(asked: Asked): boolean
  view(asked: Asked): boolean
  isPageLoad: boolean
}

/** Says of each place whether the edge decides on it. */
const judge = ({ mboxes, views, globalMbox }: Ruleset, { prefetch }: DeliveryRequest): Wanted => {
  const isFar = ({ local, remote }: Names, name: string) => remote.has(name) || !local.has(name)
  // Without a name all views are meant; the edge knows those that the rules hold as well, and none shall come twice.
  const areFar = views.remote.size > 0 && prefetch?.views?.some(({ name }) => name === undefined)
  return {
    mbox: ({ name = '' }) => isFar(mboxes, name),
    view: ({ name }) => areFar || (name !== undefined && isFar(views, name)),
    isPageLoad: isFar(mboxes, globalMbox),
  }
}

const partOf = (part: Part | undefined, { mbox, view, isPageLoad }: Wanted): Part | undefined => {
  const mboxes = part?.mboxes?.filter(mbox)
  const views = part?.views?.filter(view)
  const pageLoad = isPageLoad ? part?.pageLoad : undefined
  if (!pageLoad && !mboxes?.length && !views?.length) return undefined
  return { ...(pageLoad && { pageLoad }), ...(mboxes?.length && { mboxes }), ...(views?.length && { views }) }
}

/** The places of a request that are wanted, in a request of their own. */
const requestOf = (request: DeliveryRequest, wanted: Wanted): DeliveryRequest | undefined => {
  const { execute, prefetch, ...rest } = request
  const parts = MODES.map((mode) => [mode, partOf(request[mode] as Part | undefined, wanted)] as const)
  const found = parts.filter(([, part]) => part)
  return found.length ? ({ ...rest, ...Object.fromEntries(found) } as DeliveryRequest) : undefined
}

/** Parts a request by who decides on its places: the device those that are near, the edge the others. */
export const splitRequest = (ruleset: Ruleset, request: DeliveryRequest): Split => {
  const far = judge(ruleset, request)
  const near = {
    mbox: (asked: Asked) => !far.mbox(asked),
    view: (asked: Asked) => !far.view(asked),
    isPageLoad: !far.isPageLoad,
  }
  return { near: requestOf(request, near), far: requestOf(request, far) }
}

type Answered = { mboxes?: { index?: number }[]; views?: { name?: string }[] } & Record<string, unknown>

/** Two lists in the order of what was asked; those of one place stay as they were. */
const inOrder = <Item>(lists: readonly (readonly Item[] | undefined)[], placeOf: (item: Item) => number): Item[] =>
  lists.flatMap((list) => list ?? []).sort((one, other) => placeOf(one) - placeOf(other))

const mergePart = (asked: Part, one: Answered | undefined, other: Answered | undefined): Answered => {
  const places = new Map(asked.mboxes?.map(({ index }, at) => [index, at]))
  const names = new Map(asked.views?.map(({ name }, at) => [name, at]))
  const mboxes = inOrder([one?.mboxes, other?.mboxes], ({ index }) => places.get(index) ?? 0)
  const views = inOrder([one?.views, other?.views], ({ name }) => names.get(name) ?? names.size)
  return { ...one, ...other, ...(asked.mboxes && { mboxes }), ...(asked.views && { views }) }
}

/** One answer of two, in the order of the request: what the device decided, and what the edge did. */
export const mergeResponses = (
  request: DeliveryRequest,
  local: DeliveryResponse,
  edge: DeliveryResponse,
): DeliveryResponse => {
  const merged: DeliveryResponse = { ...local, ...edge, status: 200 }
  for (const mode of MODES) {
    const asked = request[mode] as Part | undefined
    if (asked) Object.assign(merged, { [mode]: mergePart(asked, local[mode] as Answered, edge[mode] as Answered) })
  }
  return merged
}
