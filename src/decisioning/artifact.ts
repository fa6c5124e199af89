import { invalid } from '../delivery/error.ts'
import type { Metric } from '../delivery/metric.ts'
import type { Named } from './parameters.ts'

/** What a rule has to show, as `rules.json` writes it. */
export interface Consequence {
  name?: string
  options?: readonly { type?: string; content?: unknown; eventToken?: string }[]
  metrics?: readonly Metric[]
}

/** One experience of an activity at one place. Rules stand in the order of their priority. */
export interface Rule {
  /** Of the rules with one key, a page load or a view shows only the first that matches. */
  ruleKey?: string
  /** Properties in which the rule takes part. @default all of them */
  propertyTokens?: readonly string[]
  /** JsonLogic. */
  condition?: unknown
  consequence: Consequence
  /** By flat names such as `activity.id` and `experience.name`. */
  meta: Readonly<Record<string, unknown>>
}

/** Rules by the name of an mbox or a view. */
export type Rules = Readonly<Record<string, readonly Rule[]>>

/** The rules of an account, as Target publishes them in `rules.json`. */
export interface Artifact {
  /** Only `1.x` is understood. */
  version: string
  meta?: Readonly<Record<string, unknown>>
  /** The name under which the page load is kept. @default 'target-global-mbox' */
  globalMbox?: string
  geoTargetingEnabled?: boolean
  /** Response tokens that the account asks for. */
  responseTokens?: readonly string[]
  /** What only the edge can decide, though a part of it may be among the rules. */
  remoteMboxes?: readonly string[]
  remoteViews?: readonly string[]
  /** What is among the rules; anything else is for the edge to decide. */
  localMboxes?: readonly string[]
  localViews?: readonly string[]
  rules: { mboxes?: Rules; views?: Rules }
}

/** Members and what they must be; with a question mark, where they are given at all. */
type Shape = Readonly<Record<string, 'object' | 'object?' | 'array?'>>

/** Refuses an object whose members have another shape, with the path of the first one. */
export const check = (holder: unknown, path: string, shape: Shape): void => {
  for (const [key, kind] of Object.entries(shape)) {
    const received = (holder as Named)[key]
    const found = received === null ? 'null' : Array.isArray(received) ? 'array' : typeof received
    const expected = kind.replace('?', '')
    if (found === expected || (found === 'undefined' && kind !== expected)) continue
    throw refused(path + key, `${expected}, not ${found}`, received)
  }
}

const refused = (path: string, expected: string, received: unknown) =>
  invalid(`${path} must be ${expected}: publish the activities and download the rules anew`, { path, received })

/** Checks the shape of an artifact, not that of each rule: a bad rule never matches, and spoils no other. */
export const checkedArtifact = (json: unknown): Artifact => {
  check({ artifact: json }, '', { artifact: 'object' })
  const artifact = json as Artifact
  const { version, rules } = artifact
  if (Number.parseInt(version, 10) !== 1) throw refused('artifact.version', '1.x', version)
  check(artifact, 'artifact.', {
    responseTokens: 'array?',
    remoteMboxes: 'array?',
    remoteViews: 'array?',
    localMboxes: 'array?',
    localViews: 'array?',
    rules: 'object',
  })
  check(rules, 'artifact.rules.', { mboxes: 'object?', views: 'object?' })
  return artifact
}
