import type { Context } from '../delivery/context.ts'
import type { MboxResponse } from '../delivery/mbox.ts'
import type { Metric } from '../delivery/metric.ts'
import type { Option } from '../delivery/offer.ts'
import type { PageLoadResponse } from '../delivery/page-load.ts'
import type { View } from '../delivery/view.ts'
import type { Displays } from './displays.ts'
import type { Facts, Visit } from './facts.ts'
import { type Offer, offerOf } from './offer.ts'
import type { Asked, Part } from './remote.ts'
import type { Tokens } from './response-tokens.ts'
import type { CompiledRule } from './rule.ts'
import type { Ruleset } from './ruleset.ts'
import type { Tracer } from './trace.ts'

/** A visit, and how its places are answered. */
export interface Round extends Visit {
  ruleset: Ruleset
  /** Token of the property. */
  property: string | undefined
  /** Response tokens of the visit. */
  tokens: Tokens | undefined
  /** Takes note of what is shown at once; nothing for what is prefetched. */
  displays: Displays | undefined
  tracer: Tracer | undefined
}

/** A place that is asked for. */
interface Question extends Facts {
  visit: Round
  details: Asked
  isView: boolean
}

type Container = MboxResponse & View

/** What is known of a visit before the first rule is looked at. */
export interface Known {
  context: Partial<Context>
  visitor: string
  /** Epoch ms. */
  now: number
  property: string | undefined
}

/** A visit of which no fact was looked up yet. */
export const roundOf = (ruleset: Ruleset, { context, visitor, now, property }: Known): Round => ({
  context,
  visitor,
  now,
  domainOf: ruleset.domainOf,
  url: undefined,
  referringUrl: undefined,
  user: undefined,
  drawn: undefined,
  allocation: 0,
  ruleset,
  property,
  tokens: undefined,
  displays: undefined,
  tracer: undefined,
})

/** Asks one place of a visit. */
export const questionOf = (visit: Round, details: Asked, isView = false): Question => ({
  visit,
  details,
  isView,
  activity: undefined,
  url: undefined,
  referringUrl: undefined,
})

/** What a rule that matches has to show. A rule that fails in the course of it does not match. */
export const offerIf = (rule: CompiledRule, question: Question): Offer | undefined => {
  const { ruleset, tracer } = question.visit
  let offer: Offer | undefined
  question.activity = rule.activity
  try {
    if (rule.test(question)) {
      rule.offer ??= offerOf(rule.rule, ruleset.tokens)
      offer = rule.offer
    }
  } catch {}
  tracer?.evaluated(rule, question, offer !== undefined)
  return offer
}

const optionsOf = ({ options, tokens: own }: Offer, { details, visit }: Question): Option[] => {
  const { displays, tokens } = visit
  const made: Option[] = []
  for (const { fields, content, eventToken } of options) {
    const option: Option = { ...fields }
    if (content) option.content = content(details) as NonNullable<Option['content']>
    // What is shown at once is counted already, and where there is nothing to show nothing is said.
    if (displays && !content && option.type === undefined) continue
    if (!displays && eventToken !== undefined) option.eventToken = eventToken
    option.responseTokens = tokens ? { ...own, ...tokens } : { ...own }
    made.push(option)
  }
  return made
}

const containerOf = (offer: Offer, question: Question): Container => {
  const { displays, tracer } = question.visit
  const { index } = question.details
  const container: Container = { name: offer.name, options: optionsOf(offer, question) }
  if (offer.rest) Object.assign(container, offer.rest())
  if (index !== undefined) container.index = index
  // Clicks on what is prefetched are asked for with the view, or are counted by the edge.
  const metrics = displays ? offer.clicks : question.isView && offer.metrics
  if (metrics) container.metrics = metrics()
  if (tracer) container.trace = tracer.result()
  return container
}

/** Adds what the rules of a place have to show: of many the first of each key, else the first that matches. */
const addContainers = (containers: Container[], question: Question, isMany: boolean): void => {
  const { isView, details, visit } = question
  const { ruleset, property, displays, tracer } = visit
  const keys = isMany ? new Set<unknown>() : undefined
  tracer?.begin(isView ? 'view' : 'mbox', question)
  const { name } = details
  for (const rule of isView ? ruleset.viewRules(name, property) : ruleset.mboxRules(name ?? '', property)) {
    const key = rule.rule.ruleKey
    const offer = keys?.has(key) ? undefined : offerIf(rule, question)
    if (!offer) continue
    const notification = displays?.note(offer)
    if (displays) tracer?.noted(rule, notification)
    containers.push(containerOf(offer, question))
    if (!keys) return
    keys.add(key)
  }
}

/** Adds an mbox. Without a rule that matches it shows its default content; not so the one of the page load. */
const addMbox = (containers: Container[], visit: Round, details: Asked): void => {
  const { name = '', index } = details
  const isMany = name === visit.ruleset.globalMbox
  const before = containers.length
  addContainers(containers, questionOf(visit, details), isMany)
  if (isMany || containers.length > before) return
  const { tracer } = visit
  containers.push({ name, ...(index !== undefined && { index }), ...(tracer && { trace: tracer.result() }) })
}

/** Views, each with all that was found for it. */
const viewsOf = (visit: Round, asked: Asked): View[] => {
  const views = new Map<string | undefined, View>()
  const found: Container[] = []
  addContainers(found, questionOf(visit, asked, true), true)
  for (const view of found) {
    const known = views.get(view.name)
    if (known) {
      known.options?.push(...(view.options ?? []))
      if (view.metrics) known.metrics = [...(known.metrics ?? []), ...view.metrics]
    } else views.set(view.name, view)
  }
  return [...views.values()]
}

/** The page load: all that was found for its mbox, in one. */
const pageLoadOf = (visit: Round, details: Asked): PageLoadResponse => {
  const found: Container[] = []
  addMbox(found, visit, { ...details, name: visit.ruleset.globalMbox })
  const metrics = new Map<string | undefined, Metric>()
  for (const metric of found.flatMap(({ metrics = [] }) => metrics)) metrics.set(metric.eventToken, metric)
  const trace = found.at(-1)?.trace
  return {
    options: found.flatMap(({ options = [] }) => options),
    ...(metrics.size && { metrics: [...metrics.values()] }),
    ...(trace && { trace }),
  }
}

/** What was decided for the places of one mode. */
export interface Answer {
  mboxes?: MboxResponse[]
  views?: View[]
  pageLoad?: PageLoadResponse
}

/** Decides for all places of one mode, in order. */
export const answer = (visit: Round, { mboxes, views, pageLoad }: Part): Answer => {
  const made: Answer = {}
  if (mboxes) {
    const containers: Container[] = []
    for (const asked of mboxes) addMbox(containers, visit, asked)
    made.mboxes = containers
  }
  if (views) made.views = views.flatMap((asked) => viewsOf(visit, asked))
  if (pageLoad) made.pageLoad = pageLoadOf(visit, pageLoad)
  return made
}
