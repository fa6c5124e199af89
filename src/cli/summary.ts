import type { Artifact } from '../decisioning/artifact.ts'
import { own } from '../decisioning/parameters.ts'
import { rulesIn } from './head.ts'

/** Who decides on a place: `both` when the artifact holds only a part of its activities. */
export type Decider = 'device' | 'edge' | 'both'

/** An mbox or a view. */
interface PlaceSummary {
  name: string
  rules: number
  decidedBy: Decider
}

interface ActivitySummary {
  id: unknown
  name: unknown
  type: unknown
  rules: number
  experiences: number
  /** Such as `mbox home`. */
  places: string[]
}

/** What an artifact holds. */
export interface Summary {
  version: unknown
  client: unknown
  environment: unknown
  /** As it is written in the artifact. */
  generatedAt: unknown
  globalMbox: unknown
  geoTargetingEnabled: boolean
  rules: number
  mboxes: PlaceSummary[]
  views: PlaceSummary[]
  activities: ActivitySummary[]
  propertyTokens: string[]
  responseTokens: string[]
}

const names = (list: unknown): string[] => (Array.isArray(list) ? list.map(String) : [])

/** The places of one kind: those with rules, and those that are named without. */
const placesOf = (lists: unknown, local: unknown, remote: unknown): PlaceSummary[] => {
  const near = new Set(names(local))
  const far = new Set(names(remote))
  const held = Object.keys(Object(lists))
  return [...new Set([...held, ...near, ...far])].sort().map((name) => {
    const list = own(lists, name)
    const rules = Array.isArray(list) ? list.length : 0
    // By the rule of the engine: what is not named as local is asked from the edge.
    const isFar = far.has(name) || !near.has(name)
    return { name, rules, decidedBy: isFar ? (rules ? 'both' : 'edge') : 'device' }
  })
}

/** The kinds of places, and what one of them is called. */
export const KINDS = { mboxes: 'mbox', views: 'view' } as const

/** Every rule of an artifact with the place where it stands, whatever shape it has. */
export const rulesOf = ({ rules }: Artifact): { place: string; rule: unknown }[] =>
  (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) =>
    Object.entries(Object(rules[kind]) as object).flatMap(([name, list]: [string, unknown]) =>
      (Array.isArray(list) ? list : []).map((rule: unknown) => ({ place: `${KINDS[kind]} ${name}`, rule })),
    ),
  )

const activitiesOf = (artifact: Artifact): ActivitySummary[] => {
  const known = new Map<unknown, ActivitySummary & { ids: Set<unknown>; at: Set<string> }>()
  for (const { place, rule } of rulesOf(artifact)) {
    const meta = own(rule, 'meta')
    const id = own(meta, 'activity.id')
    const activity = known.get(id) ?? {
      ...{ id, name: own(meta, 'activity.name'), type: own(meta, 'activity.type') },
      ...{ rules: 0, experiences: 0, places: [], ids: new Set(), at: new Set() },
    }
    activity.rules++
    activity.ids.add(own(meta, 'experience.id'))
    activity.at.add(place)
    known.set(id, activity)
  }
  return [...known.values()].map(({ ids, at, ...activity }) => ({
    ...activity,
    experiences: ids.size,
    places: [...at],
  }))
}

/** Says what an artifact holds. Its rules may have any shape. */
export const summaryOf = (artifact: Artifact): Summary => {
  const { meta, rules, version, globalMbox } = artifact
  const tokens = rulesOf(artifact).flatMap(({ rule }) => names(own(rule, 'propertyTokens')))
  return {
    version,
    client: own(meta, 'clientCode'),
    environment: own(meta, 'environment'),
    generatedAt: own(meta, 'generatedAt'),
    globalMbox,
    geoTargetingEnabled: artifact.geoTargetingEnabled === true,
    rules: rulesIn(rules.mboxes) + rulesIn(rules.views),
    mboxes: placesOf(rules.mboxes, artifact.localMboxes, artifact.remoteMboxes),
    views: placesOf(rules.views, artifact.localViews, artifact.remoteViews),
    activities: activitiesOf(artifact),
    propertyTokens: [...new Set(tokens)].sort(),
    responseTokens: names(artifact.responseTokens),
  }
}
