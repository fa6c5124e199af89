import { listed } from '../delivery/json-value.ts'
import type { Metric } from '../delivery/metric.ts'
import type { Shown } from '../delivery/shown.ts'
import { type Report, told } from './report.ts'
import { compile, type Select } from './select.ts'

/** A place whose clicks are counted. */
export interface Watched {
  id: string
  place: Shown
  metrics: Metric[]
  /** Where its whole is, for a metric without a selector. */
  whole?: Select | undefined
}

/** Counts clicks on what was shown. */
export interface Clicks {
  /** Watches a place instead of the one that had its id; gives the way to stop. */
  watch(watched: Watched): () => void
}

interface Target {
  metric: Metric
  select: Select
}

const never: Select = () => []

const targetsOf = ({ metrics, whole = never }: Watched): Target[] =>
  listed<Metric>(metrics)
    .filter(({ type, eventToken }) => type === 'click' && eventToken)
    .map((metric) => ({ metric, select: typeof metric.selector === 'string' ? compile(metric.selector) : whole }))

const hits = ({ select }: Target, path: readonly EventTarget[]): boolean => {
  try {
    return select().some((element) => path.includes(element))
  } catch {
    return false
  }
}

/**
 * One listener for all places, at the window and before any other, so that no page can stop a click from being counted, and elements
 * that come or are replaced later need no listeners. It sees into open shadow roots.
 */
export const createClicks = (report: Report): Clicks => {
  const places = new Map<string, { place: Shown; targets: Target[] }>()
  /** A click on a label makes a second one, on its control: one click of the visitor. */
  let control: EventTarget | null | undefined
  let counted = new Set<Metric>()

  const count = (path: readonly EventTarget[]): void => {
    const isSecond = path[0] === control
    const before = isSecond ? counted : new Set<Metric>()
    control = isSecond ? null : path.map((node) => (node as HTMLLabelElement).control).find(Boolean)
    counted = new Set()
    for (const { place, targets } of [...places.values()]) {
      const metrics = targets.filter((target) => hits(target, path)).map(({ metric }) => metric)
      for (const metric of metrics) counted.add(metric)
      const fresh = metrics.filter((metric) => !before.has(metric))
      if (fresh.length) told(() => report.click(place, { metrics: fresh }))
    }
    if (control) setTimeout(() => (control = null))
  }
  const onClick = (event: Event): void => {
    // Whoever looks into the page does nothing in it.
    if ((event.target as Element).localName !== 'isotarget-inspector') count(event.composedPath())
  }

  return {
    watch(watched) {
      const { id, place } = watched
      const entry = { place, targets: targetsOf(watched) }
      places.set(id, entry)
      // A listener that is there already is not added again.
      if (entry.targets.length) addEventListener('click', onClick, true)
      return () => {
        if (places.get(id) === entry) places.delete(id)
        if (!places.size) removeEventListener('click', onClick, true)
      }
    },
  }
}
