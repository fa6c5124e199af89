import type { Artifact } from '../decisioning/artifact.ts'
import { decide } from '../decisioning/decide.ts'
import { explain, type PlaceExplanation } from '../decisioning/explain.ts'
import type { Ruleset } from '../decisioning/ruleset.ts'
import type { Option } from '../delivery/offer.ts'
import type { DeliveryRequest } from '../delivery/request.ts'

/** What became of one place: what is shown there, and why. */
export interface Place extends PlaceExplanation {
  options: Option[]
  trace: unknown
}

/** One thing that is asked for, on its own. */
type Single = Pick<DeliveryRequest, 'execute' | 'prefetch'>

/** What is asked for, one after the other, in the order of the request. */
const singlesOf = ({ execute, prefetch }: DeliveryRequest): Single[] => {
  const of = (mode: 'execute' | 'prefetch', part: DeliveryRequest['prefetch']): Single[] => [
    ...(part?.mboxes ?? []).map((mbox) => ({ [mode]: { mboxes: [mbox] } })),
    ...(part?.views ?? []).map((view) => ({ [mode]: { views: [view] } })),
    ...(part?.pageLoad ? [{ [mode]: { pageLoad: part.pageLoad } }] : []),
  ]
  return [...of('execute', execute), ...of('prefetch', prefetch)]
}

/** By these an option says where it comes from, whatever the account asks for. */
const TOLD = ['activity.id', 'activity.name', 'experience.id', 'experience.name', 'offer.id', 'offer.name']

/** An artifact whose options say where they come from. */
export const telling = (artifact: Artifact): Artifact => ({ ...artifact, responseTokens: TOLD })

interface Shown {
  options?: Option[] | undefined
  trace?: unknown
}

/** Decides on each place by itself, and says why. `ruleset` is of an artifact that is {@link telling}. */
export const placesOf = (ruleset: Ruleset, request: DeliveryRequest, now: number): Place[] => {
  const { execute: _, prefetch: __, ...rest } = request
  return singlesOf(request).flatMap((single) => {
    const one: DeliveryRequest = { ...rest, ...single }
    const { response } = decide(ruleset, one, now)
    const { mboxes = [], views = [], pageLoad } = { ...response.execute, ...response.prefetch }
    const shown: Shown[] = [...mboxes, ...views, ...(pageLoad ? [pageLoad] : [])]
    return explain(ruleset, one, now).map((explanation) => ({
      ...explanation,
      options: shown.flatMap(({ options = [] }) => options),
      trace: shown.find(({ trace }) => trace)?.trace,
    }))
  })
}
