import { GLOBAL_MBOX } from '../delivery/asking.ts'
import { type Activity, place } from './activity.ts'
import { allocationCondition, rangesOf } from './allocation.ts'
import { audienceCondition, type Condition, joined } from './condition.ts'
import { takesPart } from './environment.ts'
import type { Settings } from './options.ts'
import { createTokens } from './tokens.ts'

/** Tokens of artifacts. The key is no secret, so that a copy from an earlier run, which browsers keep, still counts. */
const tokens = createTokens('artifact')

/** What a token of a made artifact stands for; it was issued to nobody. */
export const openPublished = tokens.open

const RESPONSE_TOKENS = [
  ...['activity.id', 'activity.name', 'experience.id', 'experience.name', 'option.id', 'option.name'],
  ...['geo.city', 'geo.country', 'geo.state'],
]

/** What an artifact is made for. */
export interface Publication {
  client: string
  environment: string
  /** Token of the property. */
  property: string | undefined
  /** ISO 8601. */
  generatedAt: string
}

/** Where an artifact keeps a place: the page load is an mbox there. */
const homeOf = (key: string): { kind: 'mboxes' | 'views'; name: string } =>
  key === place.pageLoad
    ? { kind: 'mboxes', name: GLOBAL_MBOX }
    : { kind: key.startsWith('view:') ? 'views' : 'mboxes', name: key.slice('mbox:'.length) }

/** When each experience of an activity is shown; undefined when a device cannot tell. */
const conditionsOf = (activity: Activity, turn: number): Condition[] | undefined => {
  const { type, audience, experiences } = activity
  const ranges = rangesOf(experiences.map(({ share }) => share))
  const common = audienceCondition(audience)
  const conditions = experiences.map((experience, at) => {
    const range = ranges[at]
    const own = type === 'xt' || !range ? audienceCondition(experience.audience) : allocationCondition(range, turn)
    return joined('and', [own, common])
  })
  return conditions.includes(undefined) ? undefined : conditions
}

/** The properties whose calls see an activity: undefined for all, an empty list for none. */
const propertiesOf = ({ property }: Activity, { propertyTokens: known }: Settings): readonly string[] | undefined => {
  if (property === undefined) return known
  return known && !known.includes(property) ? [] : [property]
}

/** The places of an activity. Clicks that belong to no one place are measured on the page load where there are no views. */
const placesOf = ({ places, clicks }: Activity): string[] => {
  const isLoose = clicks.has(place.anywhere) && ![...places].some((key) => key.startsWith('view:'))
  return [...new Set([...places, ...(isLoose ? [place.pageLoad] : [])])]
}

const metricsOf = ({ id, clicks, places }: Activity, key: string, experience: number) => {
  const hasLoose = key === place.pageLoad || (key.startsWith('view:') && !places.has(place.pageLoad))
  return [key, ...(hasLoose ? [place.anywhere] : [])].flatMap((where) =>
    (clicks.get(where) ?? []).map((selector, part) => ({
      type: 'click',
      ...(selector !== undefined && { selector }),
      eventToken: tokens.seal({ kind: 'click', visitor: '', place: where, activity: id, experience, part }),
    })),
  )
}

/** One experience of an activity at one of its places. */
const ruleOf = (activity: Activity, { key, at, experience }: { key: string; at: number; experience: number }) => {
  const { id, name, type, places, experiences } = activity
  const { name: location, kind } = homeOf(key)
  const offers = experiences[experience]?.offers.get(key) ?? (places.has(key) ? [{}] : [])
  const metrics = metricsOf(activity, key, experience)
  const [only, ...more] = offers
  return {
    ruleKey: `${id}-${at}`,
    activityId: id,
    consequence: {
      name: location,
      options: offers.map(({ type, content }, part) => ({
        ...(type !== undefined && { type, content }),
        eventToken: tokens.seal({ kind: 'display', visitor: '', place: key, activity: id, experience, part }),
      })),
      ...(metrics.length && { metrics }),
    },
    meta: {
      'activity.id': id,
      'activity.name': name,
      'activity.type': type === 'xt' ? 'landing' : 'ab',
      'experience.id': experience,
      'experience.name': experiences[experience]?.name,
      'location.id': at,
      'location.name': location,
      'location.type': kind === 'views' ? 'view' : 'mbox',
      'audience.ids': [activity.audience?.id ?? [], experiences[experience]?.audience?.id ?? []].flat(),
      ...(!more.length && { 'option.id': only?.id, 'option.name': only?.name }),
    },
  }
}

/** Whether one of the experiences recommends something there: a device has no catalogue. */
const isChosenAnew = ({ experiences }: Activity, key: string): boolean =>
  experiences.some(({ offers }) => offers.get(key)?.some(({ recommend }) => recommend !== undefined))

const rulesAt = (activity: Activity, conditions: readonly Condition[], where: { key: string; at: number }) =>
  conditions.flatMap((condition, experience) =>
    condition === false ? [] : [{ condition, ...ruleOf(activity, { ...where, experience }) }],
  )

/** Rules by place, and the places of which only the edge can tell. */
const createDraft = () => {
  const rules = { mboxes: new Map<string, object[]>(), views: new Map<string, object[]>() }
  const remote = { mboxes: new Set<string>(), views: new Set<string>() }
  return {
    rules,
    remote,
    add(key: string, more: readonly object[] | undefined): void {
      const { kind, name } = homeOf(key)
      // To a device an mbox of this name is the page load.
      if (!more || key === place.mbox(GLOBAL_MBOX)) remote[kind].add(name)
      else rules[kind].set(name, [...(rules[kind].get(name) ?? []), ...more])
    },
  }
}

/**
 * Writes the activities as the rules of an artifact, by which a device gives every visitor what the edge does. Places are listed as
 * remote when an audience that only the edge knows has a say in them.
 */
export const makeArtifact = (settings: Settings, turn: number, publication: Publication): object => {
  const { client: clientCode, environment, property, generatedAt } = publication
  const { rules, remote, add } = createDraft()
  for (const activity of settings.activities) {
    if (!takesPart(activity.environments, environment)) continue
    const conditions = conditionsOf(activity, turn)
    const propertyTokens = propertiesOf(activity, settings)
    const isElsewhere = property !== undefined && propertyTokens && !propertyTokens.includes(property)
    if (isElsewhere || propertyTokens?.length === 0) continue
    placesOf(activity).forEach((key, at) => {
      const written = conditions && !isChosenAnew(activity, key) && rulesAt(activity, conditions, { key, at })
      add(key, written ? written.map((rule) => ({ ...rule, ...(propertyTokens && { propertyTokens }) })) : undefined)
    })
  }
  return {
    version: '1.0.0',
    meta: { clientCode, environment, generatedAt },
    globalMbox: GLOBAL_MBOX,
    geoTargetingEnabled: settings.geo !== undefined,
    responseTokens: RESPONSE_TOKENS,
    remoteMboxes: [...remote.mboxes],
    remoteViews: [...remote.views],
    localMboxes: [...rules.mboxes.keys()],
    localViews: [...rules.views.keys()],
    rules: { mboxes: Object.fromEntries(rules.mboxes), views: Object.fromEntries(rules.views) },
  }
}
