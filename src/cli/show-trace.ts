import { cut, plain, table, wrapped } from './layout.ts'
import type { Place } from './places.ts'
import type { Terminal } from './terminal.ts'

type Named = Record<string, unknown>

const isObject = (value: unknown): value is Named => typeof value === 'object' && value !== null

/** Facts by their full name, those that are known. */
const factsIn = (context: Named, path = ''): [name: string, value: unknown][] =>
  Object.entries(context).flatMap(([key, value]) => {
    const name = path + key
    // Of a text and its twin in lower case, one is enough.
    if (value === '' || value === undefined || value === null || key.endsWith('_lc')) return []
    return isObject(value) && !Array.isArray(value) ? factsIn(value, `${name}.`) : [[name, value]]
  })

/** An activity that was looked at, as a trace tells it. */
interface Target {
  campaignId?: unknown
  campaignType?: unknown
  context?: Named
  matchedSegmentIds?: unknown[]
  unmatchedSegmentIds?: unknown[]
}

const list = (ids: readonly unknown[] = []): string => ids.map(plain).join(', ') || 'none'

/** What the trace of a place adds for people: the facts that rules were held against, and the audiences of each activity. */
export const showTrace = ({ trace }: Place, { paint, width }: Terminal): string => {
  const { evaluatedCampaignTargets: targets = [] } = Object(trace) as { evaluatedCampaignTargets?: Target[] }
  const [first] = targets
  if (!first) return `    ${paint.faint('no trace: no rule was looked at')}`
  const { allocation: _, ...context } = first.context ?? {}
  const facts = factsIn(context).map(([name, value]) => [
    paint.faint(name),
    name === 'current_timestamp' ? new Date(Number(value)).toISOString() : cut(plain(value), width - 31),
  ])
  const activities = targets.flatMap((target) => {
    const { campaignId, campaignType = '', context, matchedSegmentIds, unmatchedSegmentIds } = target
    const audiences = `audiences that match: ${list(matchedSegmentIds)}; that do not: ${list(unmatchedSegmentIds)}`
    return [
      `    ${`activity ${plain(campaignId)} ${plain(campaignType)}`.trim()}, allocation ${plain(context?.allocation)}`,
      `      ${wrapped(audiences, width - 6, '      ')}`,
    ]
  })
  return [table(facts, '    '), ...activities].join('\n')
}
