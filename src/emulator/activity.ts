import { invalid } from '../delivery/error.ts'
import { isEnvironment } from './environment.ts'
import type { WireOffer } from './offer.ts'
import { type Audience, type EnvironmentInput, type ParsedActivity, parseOffers } from './offers.ts'
import type { Catalog } from './recommend.ts'
import type { Moves } from './visitors.ts'

/** An experience as it is decided on: offers by place. */
interface Experience {
  name: string
  share: number
  audience: Audience | undefined
  /** The preview token that shows it. */
  preview: string | undefined
  offers: Map<string, WireOffer[]>
}

/** An activity as it is decided on. */
export interface Activity {
  id: number
  name: string
  type: string
  property: string | undefined
  /** Names of those in which it runs; undefined for all. */
  environments: readonly string[] | undefined
  /** The QA token that lists it. */
  qa: string | undefined
  audience: Audience | undefined
  experiences: Experience[]
  /** Every place that one of the experiences fills. */
  places: Set<string>
  /** By place: the selectors, undefined for the whole mbox. */
  clicks: Map<string, (string | undefined)[]>
  conversions: readonly string[] | true
  a4t: boolean
}

/** Where something is shown: an mbox and a view may have the same name. */
export const place = {
  mbox: (name: string) => `mbox:${name}`,
  view: (name: string) => `view:${name}`,
  pageLoad: 'pageLoad',
  anywhere: '*',
} as const

const experienceOf = (experience: ParsedActivity['experiences'][number]): Experience => {
  const { name, share, audience, preview, pageLoad } = experience
  const offers = new Map<string, WireOffer[]>()
  for (const [mbox, options] of Object.entries(experience.offers)) offers.set(place.mbox(mbox), options)
  for (const [view, offer] of Object.entries(experience.views)) offers.set(place.view(view), [offer])
  if (pageLoad) offers.set(place.pageLoad, [pageLoad])
  return { name, share, audience, preview, offers }
}

/** The places of an activity that go by a name. */
const placesNamed = (name: string, places: Set<string>): string[] => {
  if (name === place.anywhere) return [name]
  const keys = [place.mbox(name), place.view(name), ...(name === place.pageLoad ? [name] : [])]
  return keys.filter((key) => places.has(key))
}

const clicksOf = (clicks: ParsedActivity['clicks'], places: Set<string>, path: string): Activity['clicks'] => {
  const found: Activity['clicks'] = new Map()
  for (const [name, click] of Object.entries(clicks)) {
    const own = placesNamed(name, places)
    if (!own.length) throw invalid(`${path}.clicks.${name}: no experience has an mbox or a view of this name`)
    for (const key of own) {
      if (click === true && key !== place.mbox(name))
        throw invalid(`${path}.clicks.${name}: must be a selector, as only an mbox can be clicked as a whole`)
      found.set(key, click === true ? [undefined] : [click].flat())
    }
  }
  return found
}

/** Counts and visitors go by the names of experiences. */
const checkNames = ({ experiences }: ParsedActivity, path: string): void => {
  const names = experiences.map(({ name }) => name)
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at)
  if (twice >= 0) throw invalid(`${path}.experiences.${twice}.name: ${names[twice]} is taken by another experience`)
}

const activityOf = (activity: ParsedActivity, path: string): Activity => {
  checkNames(activity, path)
  const experiences = activity.experiences.map(experienceOf)
  const places = new Set(experiences.flatMap(({ offers }) => [...offers.keys()]))
  const { id, name, type, property, environments, qa, audience, conversions, a4t } = activity
  const clicks = clicksOf(activity.clicks, places, path)
  const scope = { property, environments, qa: qa?.token, audience }
  return { id, name, type, ...scope, experiences, places, clicks, conversions, a4t }
}

/** Where the experiences of the activities before stand among those after, by their names. */
export const movesBetween = (before: readonly Activity[], after: readonly Activity[]): Moves =>
  new Map(
    before.map(({ id, experiences }) => {
      const names = after.find((activity) => activity.id === id)?.experiences.map(({ name }) => name) ?? []
      const places = experiences.map(({ name }) => names.indexOf(name))
      return [id, places.map((at) => (at < 0 ? undefined : at))]
    }),
  )

/** What a file offers. */
export interface Offered {
  activities: Activity[]
  environments: readonly EnvironmentInput[]
  catalog: Catalog
}

/** The first value that stands in a list twice, and where it does the second time. */
const twiceIn = <Value>(values: readonly Value[]): { at: number; value: Value } | undefined =>
  values.map((value, at) => ({ at, value })).find(({ at, value }) => values.indexOf(value) !== at)

const checkEnvironments = ({ environments: list, activities }: ReturnType<typeof parseOffers>): void => {
  const id = twiceIn(list.map((environment) => environment.id))
  if (id) throw invalid(`offers.environments.${id.at}.id: ${id.value} is taken by another environment`)
  const name = twiceIn(list.map((environment) => environment.name.toLowerCase()))
  if (name) throw invalid(`offers.environments.${name.at}.name: ${name.value} is taken by another environment`)
  for (const [at, { environments = [] }] of activities.entries())
    for (const [index, wanted] of environments.entries())
      if (!list.length || !isEnvironment({ list }, wanted))
        throw invalid(`offers.activities.${at}.environments.${index}: the file has no environment ${wanted}`)
}

const checkItems = ({ activities, catalog }: Pick<Offered, 'activities' | 'catalog'>): void => {
  for (const [at, { experiences }] of activities.entries())
    for (const { recommend } of experiences.flatMap(({ offers }) => [...offers.values()].flat())) {
      const unknown = recommend?.items?.find((id) => !catalog.has(id))
      if (unknown !== undefined)
        throw invalid(`offers.activities.${at}: the catalog has no item ${unknown} to recommend`)
    }
}

/** What the offers describe. Throws a {@link TargetError} `INVALID_ARGUMENT` that names the path of what is wrong. */
export const readOffers = (offers: unknown): Offered => {
  const file = parseOffers(offers)
  const id = twiceIn(file.activities.map((activity) => activity.id))
  if (id) throw invalid(`offers.activities.${id.at}.id: ${id.value} is taken by another activity`)
  checkEnvironments(file)
  const activities = file.activities.map((activity, at) => activityOf(activity, `offers.activities.${at}`))
  const offered = { activities, environments: file.environments, catalog: new Map(Object.entries(file.catalog)) }
  checkItems(offered)
  return offered
}
