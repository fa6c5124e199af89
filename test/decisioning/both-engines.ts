import { vi } from 'vitest'
import type { Artifact, Rule } from '../../src/decisioning/artifact.ts'
import { decide } from '../../src/decisioning/decide.ts'
import { compileArtifact } from '../../src/decisioning/ruleset.ts'
import type { Given } from './given-arbitraries.ts'
import { publishedDomain, startPublished } from './published-engine.ts'

interface Shown {
  mbox?: unknown
  tokens?: unknown
  timestamp?: unknown
  type?: unknown
}

/**
 * Traces of the page load, and of mboxes where nothing matches, go on growing in the published engine while it looks at other
 * rules. What grows is left out.
 */
const GROWING = /^((un)?matchedRuleConditions|notifications)$/

const still = (place: Record<string, unknown>): unknown =>
  JSON.parse(JSON.stringify(place), (key, value) => (GROWING.test(key) ? undefined : value))

/** What was decided, without what is made up on the way and where no order is meant. */
const comparable = (response: object, notifications: readonly Shown[]): Record<string, unknown> => {
  const copy = JSON.parse(JSON.stringify(response), (key, value) => {
    if (key === 'remoteMboxes' || key === 'remoteViews') return [...value].sort()
    // Where a given artifact comes from, and how it is polled, is not the engine's to know.
    if (key === 'artifact') return 'ARTIFACT'
    if (key === 'notifications') return value.map(({ mbox, tokens }: Shown) => ({ mbox, tokens }))
    if (key === 'pageLoad') return still(value)
    if (key === 'mboxes') return value.map((place: Record<string, unknown>) => (place.options ? place : still(place)))
    return value
  })
  return {
    ...copy,
    shown: notifications.map(({ mbox, tokens, timestamp, type }) => ({ mbox, tokens, timestamp, type })),
  }
}

const CLIENT = 'acme'

export const decideHere = ({ artifact, request, now, sessionId, isListed }: Given) => {
  const rules = compileArtifact(artifact, { client: CLIENT, ...(isListed && { domainOf: publishedDomain }) })
  const { response, notifications, remoteMboxes, remoteViews } = decide(rules, request, { now, sessionId })
  return comparable({ ...response, remoteMboxes, remoteViews }, notifications)
}

/** Rejects where the published engine does. The clock must be faked. */
export const decideThere = async ({ artifact, request, now, sessionId, isListed }: Given) => {
  vi.setSystemTime(now)
  const parseDomainImpl = isListed ? publishedDomain : undefined
  const published = await startPublished({ client: CLIENT, artifactPayload: artifact, parseDomainImpl })
  const { response, notifications } = await published.decide(structuredClone(request), { sessionId })
  return comparable(response, notifications)
}

type Lists = Record<string, readonly Rule[]>

const withRules = (artifact: Artifact, keep: (rule: Rule) => boolean): Artifact => {
  const kept = (lists: Lists = {}): Lists =>
    Object.fromEntries(Object.entries(lists).map(([name, rules]) => [name, rules.filter(keep)]))
  return { ...artifact, rules: { mboxes: kept(artifact.rules.mboxes), views: kept(artifact.rules.views) } }
}

const rejects = (given: Given): Promise<boolean> =>
  decideThere(given).then(
    () => false,
    () => true,
  )

/** The same without the rules at which the published engine gives up, and without a trace, which would show them. */
export const withoutSpoilers = async (given: Given): Promise<Given> => {
  const { artifact } = given
  const { trace, ...request } = given.request
  const rules = [...Object.values(artifact.rules.mboxes ?? {}), ...Object.values(artifact.rules.views ?? {})].flat()
  const spoilers = new Set<Rule>()
  for (const rule of rules) {
    const alone = withRules(artifact, (other) => other === rule)
    if (await rejects({ ...given, request, artifact: alone })) spoilers.add(rule)
  }
  return { ...given, request, artifact: withRules(artifact, (rule) => !spoilers.has(rule)) }
}
