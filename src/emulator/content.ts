import type { ExecuteRequest } from '../delivery/request.ts'
import type { ViewRequest } from '../delivery/view.ts'
import { place } from './activity.ts'
import { type Answer, answer, type Container, metricsOf, unattached } from './answer.ts'
import { countConversion, countImpression, type Occasion } from './count.ts'
import type { Call } from './edge.ts'
import type { Mode } from './situation.ts'

type Details = NonNullable<ExecuteRequest['pageLoad']>
type Mbox = NonNullable<ExecuteRequest['mboxes']>[number]

/** The containers of an `execute` or a `prefetch`. */
export interface Content {
  pageLoad?: Container
  mboxes?: Container[]
  views?: Container[]
  metrics?: NonNullable<Container['metrics']>
}

/** What is executed has been seen: it counts at once. */
const seen = (call: Call, { decisions }: Answer, mbox?: Mbox): void => {
  const occasion: Occasion = { impressionId: call.impressionId, ...(mbox && { mbox: mbox.name }) }
  for (const decision of decisions) countImpression(call, { decision, occasion })
  if (mbox) countConversion(call, { mbox: mbox.name, order: mbox.order, occasion })
}

const mboxOf = (call: Call, mode: Mode, mbox: Mbox): Container => {
  const { name, index } = mbox
  const { activities, onUnknownMbox } = call.edge.settings
  const where = place.mbox(name)
  const isKnown = activities.some(({ places, conversions }) => {
    return places.has(where) || (conversions !== true && conversions.includes(name))
  })
  if (!isKnown) onUnknownMbox(name)
  const answered = answer(call, { place: where, mode, details: mbox })
  if (mode === 'execute') seen(call, answered, mbox)
  return { ...{ index, name }, ...answered.container }
}

const pageLoadOf = (call: Call, mode: Mode, details: Details): Container => {
  const answered = answer(call, { place: place.pageLoad, mode, details })
  if (mode === 'execute') seen(call, answered)
  return answered.container
}

/** `{}` asks for every view. */
const viewsOf = (call: Call, asked: readonly ViewRequest[]): Container[] => {
  const all = call.edge.settings.activities.flatMap(({ places }) => [...places])
  const names = new Set(all.filter((key) => key.startsWith('view:')).map((key) => key.slice('view:'.length)))
  return [...names].flatMap((name) => {
    const details =
      asked.find((view) => view.name === name) ??
      asked.find((view) => view.name === undefined && view.key === undefined)
    if (!details) return []
    const { container, decisions } = answer(call, { place: place.view(name), mode: 'prefetch', details })
    const key = details.key === undefined ? {} : { key: details.key }
    return decisions.length || container.trace ? [{ name, ...key, ...container }] : []
  })
}

/** Clicks that belong to no one place are measured on the page load when that is executed, else beside the views. */
const looseMetrics = (call: Call, part: Mode) => {
  const { execute, prefetch } = call.request
  const wanted = unattached(call).filter(({ activity: { places } }) => {
    const hasViews = [...places].some((key) => key.startsWith('view:'))
    const onPageLoad = execute?.pageLoad && (places.has(place.pageLoad) || !hasViews)
    return part === 'execute' ? onPageLoad : !onPageLoad && hasViews && prefetch?.views
  })
  return metricsOf(call, wanted, place.anywhere)
}

/** Decides what is executed and counts it. */
export const execute = (call: Call): Content | undefined => {
  const { pageLoad, mboxes } = call.request.execute ?? {}
  if (!pageLoad && !mboxes) return undefined
  const content: Content = {}
  if (pageLoad) {
    content.pageLoad = pageLoadOf(call, 'execute', pageLoad)
    const metrics = [...(content.pageLoad.metrics ?? []), ...looseMetrics(call, 'execute')]
    if (metrics.length) content.pageLoad.metrics = metrics
  }
  if (mboxes) content.mboxes = mboxes.map((mbox) => mboxOf(call, 'execute', mbox))
  return content
}

/** Decides what is prefetched; nothing is counted before its display is reported. */
export const prefetch = (call: Call): Content | undefined => {
  const { pageLoad, mboxes, views } = call.request.prefetch ?? {}
  if (!pageLoad && !mboxes && !views) return undefined
  const metrics = looseMetrics(call, 'prefetch')
  return {
    ...(views && { views: viewsOf(call, views) }),
    ...(pageLoad && { pageLoad: pageLoadOf(call, 'prefetch', pageLoad) }),
    ...(mboxes && { mboxes: mboxes.map((mbox) => mboxOf(call, 'prefetch', mbox)) }),
    ...(metrics.length && { metrics }),
  }
}
