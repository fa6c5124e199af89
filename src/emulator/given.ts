import { GLOBAL_MBOX } from '../delivery/asking.ts'
import { invalid } from '../delivery/error.ts'
import { type Activity, place } from './activity.ts'
import { opened } from './container.ts'
import { isPlain } from './offer.ts'
import type { Seal } from './tokens.ts'

/** An artifact that was given, and what is known of it. */
export interface Given {
  /** As it is served: what was an object is JSON text. */
  content: string | Uint8Array<ArrayBuffer>
  /** The activities of the offers, and behind them those of which only the artifact knows: names without content. */
  activities: Activity[]
  /** What each event token counts. */
  seals: Map<string, Seal>
}

type Json = Record<string, unknown>

const membersOf = (value: unknown): [string, unknown][] => (isPlain(value) ? Object.entries(value) : [])
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isPlain) : [])

/** A rule, and the place where it stands. */
interface Placed {
  key: string
  rule: Json
}

const rulesOf = (artifact: unknown): Placed[] => {
  const { rules, globalMbox = GLOBAL_MBOX } = Object(artifact) as { rules?: unknown; globalMbox?: unknown }
  return membersOf(rules).flatMap(([kind, lists]) =>
    membersOf(lists).flatMap(([name, list]) => {
      const mbox = name === globalMbox ? place.pageLoad : place.mbox(name)
      return listOf(list).map((rule) => ({ key: kind === 'views' ? place.view(name) : mbox, rule }))
    }),
  )
}

const emptyActivity = (id: number, name: unknown): Activity => ({
  ...{ id, name: `${name ?? id}`, type: 'ab', property: undefined, audience: undefined, experiences: [] },
  ...{ environments: undefined, qa: undefined },
  ...{ places: new Set(), clicks: new Map(), conversions: [], a4t: false },
})

/** Position of an experience in its activity; of those that an artifact brings, one that is not known yet comes last. */
const positionOf = ({ experiences }: Activity, meta: Json): number => {
  const name = `${meta['experience.name'] ?? meta['experience.id']}`
  const found = experiences.findIndex((experience) => experience.name === name)
  return found < 0
    ? experiences.push({ name, share: 0, audience: undefined, preview: undefined, offers: new Map() }) - 1
    : found
}

/** The tokens of a rule, and what kind of event each one counts. */
const tokensOf = ({ consequence }: Json): { kind: 'display' | 'click'; token: unknown }[] => {
  const { options, metrics } = Object(consequence) as { options?: unknown; metrics?: unknown }
  return [
    ...listOf(options).map(({ eventToken }) => ({ kind: 'display' as const, token: eventToken })),
    ...listOf(metrics).map(({ type, eventToken }) => ({
      kind: type === 'click' ? ('click' as const) : ('display' as const),
      token: eventToken,
    })),
  ]
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const contentOf = (artifact: unknown): Given['content'] => {
  if (artifact instanceof Uint8Array) return new Uint8Array(artifact)
  if (artifact instanceof ArrayBuffer) return new Uint8Array(artifact.slice(0))
  const wrong = (what: string) => invalid(`artifact: must be ${what}`, { path: 'artifact', received: artifact })
  if (!isPlain(artifact)) throw wrong(`an object or the bytes of a file, but received ${typeof artifact}`)
  try {
    return JSON.stringify(artifact)
  } catch (error) {
    throw wrong(`an object that JSON can carry: ${(error as Error).message}`)
  }
}

/** What an artifact is read with. */
interface Reading {
  organizationId: string | undefined
  /** The activities of the offers. */
  offered: readonly Activity[]
}

/**
 * Takes an artifact as it is, good or bad, and looks up what its event tokens count. Throws a {@link TargetError}
 * `INVALID_ARGUMENT` for what is neither an object nor bytes.
 */
export const readGiven = (artifact: unknown, { organizationId, offered }: Reading): Given => {
  const content = contentOf(artifact)
  const activities = new Map(offered.map((activity) => [activity.id, activity]))
  const seals: Given['seals'] = new Map()
  const text = typeof content === 'string' ? content : opened(content, organizationId)
  for (const { key, rule } of rulesOf(jsonOf(text))) {
    const meta = Object(rule.meta) as Json
    const id = Number(meta['activity.id'])
    const activity = activities.get(id) ?? emptyActivity(id, meta['activity.name'])
    activities.set(id, activity)
    // What is offered stays as it is; there an experience goes by its position.
    const experience = offered.includes(activity) ? Number(meta['experience.id']) : positionOf(activity, meta)
    for (const { kind, token } of tokensOf(rule)) {
      if (typeof token === 'string') seals.set(token, { kind, visitor: '', place: key, activity: id, experience })
    }
  }
  return { content, activities: [...activities.values()], seals }
}
