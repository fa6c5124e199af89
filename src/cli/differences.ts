import { type Artifact, checkedArtifact } from '../decisioning/artifact.ts'
import { own } from '../decisioning/parameters.ts'
import { KINDS, rulesOf } from './summary.ts'

/** What has become of something. */
type Change = 'added' | 'removed' | 'changed'

/** Something in which two artifacts differ. */
export interface Difference {
  change: Change
  /** Such as `activity 125880`, `mbox home` or `meta.environment`. */
  what: string
  /** Its name, where it has one. */
  name?: string
  /** In what a changed one differs, in words. */
  how?: string[]
}

interface Held {
  name: string
  /** By experience and place, in the order in which they are tried: all that decides and is shown. */
  rules: Map<string, unknown>
}

/** JSON that is the same for the same content, however its members are ordered. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  ) ?? ''

/** Event tokens are made anew with each publication, and say nothing of what is shown. */
const withoutTokens = (rule: unknown): unknown =>
  JSON.parse(
    JSON.stringify(rule ?? null, (key, value: unknown) =>
      key === 'eventToken' || key === 'ruleKey' ? undefined : value,
    ),
  )

const textOf = (value: unknown): string => (value === undefined ? '' : `${value}`)

/** Rules by activity; a name of a rule tells it from the others of its activity. */
const activitiesOf = (artifact: Artifact): Map<string, Held> => {
  const activities = new Map<string, Held>()
  for (const { place, rule } of rulesOf(artifact)) {
    const meta = own(rule, 'meta')
    const id = textOf(own(meta, 'activity.id'))
    const held = activities.get(id) ?? { name: textOf(own(meta, 'activity.name')), rules: new Map() }
    const base = `${place}, experience ${textOf(own(meta, 'experience.name') ?? own(meta, 'experience.id'))}`
    let name = base
    for (let at = 2; held.rules.has(name); at++) name = `${base} (${at})`
    held.rules.set(name, withoutTokens(rule))
    activities.set(id, held)
  }
  return activities
}

const PARTS = [
  ['condition', 'who gets it'],
  ['consequence', 'what is shown'],
  ['propertyTokens', 'its properties'],
  ['meta', 'what it says of itself'],
] as const

const ruleDifferences = (before: unknown, after: unknown): string[] =>
  PARTS.filter(([part]) => canonical(own(before, part)) !== canonical(own(after, part))).map(([, words]) => words)

const howRulesDiffer = (before: Held, after: Held): string[] => {
  const names = [...new Set([...before.rules.keys(), ...after.rules.keys()])]
  return names.flatMap((name) => {
    if (!before.rules.has(name)) return [`${name}: added`]
    if (!after.rules.has(name)) return [`${name}: removed`]
    const parts = ruleDifferences(before.rules.get(name), after.rules.get(name))
    return parts.length ? [`${name}: ${parts.join(', ')}`] : []
  })
}

const changeOf = (isBefore: boolean, isAfter: boolean): Change =>
  isBefore ? (isAfter ? 'changed' : 'removed') : 'added'

const betweenActivities = (before: Artifact, after: Artifact): Difference[] => {
  const [old, now] = [activitiesOf(before), activitiesOf(after)]
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => {
    const [was, is] = [old.get(id), now.get(id)]
    const how = was && is ? howRulesDiffer(was, is) : []
    if (was && is && was.name !== is.name) how.unshift(`was called ${was.name}`)
    const change = changeOf(Boolean(was), Boolean(is))
    if (change === 'changed' && !how.length) return []
    const name = (is ?? was)?.name
    return [{ change, what: `activity ${id}`, ...(name && { name }), ...(how.length && { how }) }]
  })
}

/** How the rules of one place are ordered, by their activities: the first that matches wins. */
const orderOf = (artifact: Artifact, kind: keyof typeof KINDS, place: string): string[] => {
  const list = own(artifact.rules[kind], place)
  const ids = (Array.isArray(list) ? list : []).map((rule) => textOf(own(own(rule, 'meta'), 'activity.id')))
  return [...new Set(ids)]
}

const LISTS = [
  ['localMboxes', 'mbox', 'decided on the device'],
  ['remoteMboxes', 'mbox', 'asked from the edge'],
  ['localViews', 'view', 'decided on the device'],
  ['remoteViews', 'view', 'asked from the edge'],
] as const

const namesIn = (list: unknown): string[] => (Array.isArray(list) ? list.map(String) : [])

/** Something that is said of a place. */
type Saying = readonly [what: string, how: string]

const betweenLists = (before: Artifact, after: Artifact): Saying[] =>
  LISTS.flatMap(([list, kind, words]) => {
    const [old, now] = [new Set(namesIn(before[list])), new Set(namesIn(after[list]))]
    const moved = [...new Set([...old, ...now])].filter((name) => old.has(name) !== now.has(name))
    return moved.map((name): Saying => [`${kind} ${name}`, `${now.has(name) ? 'now' : 'no longer'} ${words}`])
  })

const betweenOrders = (before: Artifact, after: Artifact, kind: keyof typeof KINDS): Saying[] =>
  Object.keys(Object(after.rules[kind]) as object).flatMap((place) => {
    const now = orderOf(after, kind, place)
    const old = orderOf(before, kind, place).filter((id) => now.includes(id))
    const kept = now.filter((id) => old.includes(id))
    const how = `order of activities: ${kept.join(', ')}, was ${old.join(', ')}`
    return old.join() === kept.join() ? [] : [[`${KINDS[kind]} ${place}`, how] as const]
  })

const betweenPlaces = (before: Artifact, after: Artifact): Difference[] => {
  const places = new Map<string, string[]>()
  const said = [
    ...betweenLists(before, after),
    ...betweenOrders(before, after, 'mboxes'),
    ...betweenOrders(before, after, 'views'),
  ]
  for (const [what, how] of said) places.set(what, [...(places.get(what) ?? []), how])
  return [...places].map(([what, how]) => ({ change: 'changed', what, how }))
}

const WORDS = ['version', 'globalMbox', 'geoTargetingEnabled', 'responseTokens'] as const

const betweenWords = (before: Artifact, after: Artifact): Difference[] => {
  const pairs = [
    ...WORDS.map((word) => [word, own(before, word), own(after, word)] as const),
    ...['clientCode', 'environment'].map(
      (word) => [`meta.${word}`, own(own(before, 'meta'), word), own(own(after, 'meta'), word)] as const,
    ),
  ]
  return pairs
    .filter(([, was, is]) => canonical(was) !== canonical(is))
    .map(([what, was, is]) => ({
      change: changeOf(was !== undefined, is !== undefined),
      what,
      how: [`${canonical(was) || 'nothing'} → ${canonical(is) || 'nothing'}`],
    }))
}

/**
 * In what two artifacts differ, in words of activities and places. Event tokens and the time of publication are passed over.
 * Throws a `TargetError` for what is no artifact.
 */
export const differencesOf = (one: unknown, other: unknown): Difference[] => {
  const [before, after] = [checkedArtifact(one), checkedArtifact(other)]
  return [...betweenWords(before, after), ...betweenActivities(before, after), ...betweenPlaces(before, after)]
}
