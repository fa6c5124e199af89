import { listed } from '../delivery/json-value.ts'
import type { PrefetchMboxResponse } from '../delivery/mbox.ts'
import type { Metric } from '../delivery/metric.ts'
import type { Option } from '../delivery/offer.ts'
import { answerOf, type Given, type Place, placesOf, viewsOf } from './answer.ts'
import { type Clicks, createClicks, type Watched } from './clicks.ts'
import { pageNonce } from './markup.ts'
import { createMemory, type Memory } from './memory.ts'
import { type OptionOutcome, type Reason, Refusal, type Rendered } from './outcome.ts'
import { perform } from './perform.ts'
import { hide, showSnippet } from './prehide.ts'
import { destinationOf, leave } from './redirect.ts'
import { type Report, told } from './report.ts'
import { compile, type Select } from './select.ts'
import { fail } from './stage.ts'
import { type Run, runOf, type WholeOf } from './task.ts'

/** How an answer is rendered. */
export interface RenderOptions {
  /**
   * Where the HTML offers of mboxes go, by name of the mbox: a selector or an element. Clicks on it are those on the mbox.
   * @default the elements with the mbox's name in `data-mbox`
   */
  mboxes?: Readonly<Record<string, string | Element>>
  /** How long to wait for elements that are not there yet, in ms. @default 5000 */
  timeout?: number
  /** Does it again to elements that replace those it was done to, until `signal` is aborted. @default false */
  keep?: boolean
  /**
   * Plain CSS of elements in which a framework owns everything but mboxes with `data-mbox`. It breaks when somebody takes an element
   * away, so what would do that there is not done, for the reason `element`. @default none
   */
  owned?: string
  /** Counts clicks on what is rendered. @default true */
  clicks?: boolean
  /** Of the scripts and styles in offers. @default that of the page's scripts */
  nonce?: string
  /** Ends the waiting, the keeping and the counting of clicks. What is in the page stays. */
  signal?: AbortSignal
}

/** What is known of a page for one client. */
interface Knowledge {
  memory: Memory
  clicks: Clicks
  /** Options whose display was reported. */
  reported: WeakSet<object>
}

const known = /* @__PURE__ */ new WeakMap<Report, Knowledge>()

const knowledgeOf = (report: Report): Knowledge => {
  const knowledge = known.get(report) ?? {
    memory: createMemory(),
    clicks: createClicks(report),
    reported: new WeakSet<object>(),
  }
  known.set(report, knowledge)
  return knowledge
}

/** Where the mboxes of a page are. */
const wholeOf =
  (mboxes: RenderOptions['mboxes']): WholeOf =>
  ({ name = '' }) => {
    const given = mboxes && Object.hasOwn(mboxes, name) ? mboxes[name] : undefined
    if (given instanceof Element) return () => (given.isConnected ? [given] : [])
    return compile(given ?? `[data-mbox="${CSS.escape(name)}"]`)
  }

const settleOptions = ({ outcome }: Run): void => {
  for (const option of outcome.options) option.shown ||= option.actions.some(({ shown }) => shown)
}

/**
 * Reports what has come into the page since it last did: each option once, or once for each visit of a view, which counts also
 * without options.
 */
const createReporter = (report: Report, reported: WeakSet<object>, isVisit: boolean) => {
  const isTold = (option: OptionOutcome): boolean => reported.has(isVisit ? option : option.option)
  return (run: Run): void => {
    settleOptions(run)
    if (!run.prefetched || (run.kind === 'view' && !isVisit)) return
    const fresh = run.outcome.options.filter((option) => option.shown && !isTold(option))
    if (!fresh.length && !(isVisit && !reported.has(run))) return
    for (const option of fresh) reported.add(isVisit ? option : option.option)
    reported.add(run)
    told(() => report.display(run.place, { options: fresh.map(({ option }) => option) }))
  }
}

const failAll = (runs: readonly Run[], reason: Reason): void => {
  for (const { tasks } of runs) for (const task of tasks) fail(task, new Refusal(reason))
}

/** Goes elsewhere if an offer says so and may; then nothing else is shown. */
const follow = (runs: readonly Run[], report: (run: Run) => void): string | undefined => {
  for (const run of runs) {
    for (const { to, option, outcome } of run.redirects) {
      try {
        const href = destinationOf(to)
        outcome.shown = true
        option.shown = true
        failAll(runs, 'redirect')
        report({ ...run, outcome: { ...run.outcome, options: [option] } })
        leave(href)
        return href
      } catch (error) {
        if (error instanceof Refusal) outcome.reason = error.reason
      }
    }
  }
  return undefined
}

/** What is to be shown, and how. */
export interface Showing {
  places: readonly Place[]
  options: RenderOptions
  /** Of a view that is visited: it is reported, whether or not it was before. */
  isVisit?: boolean
  /** Clicks that are counted as well. */
  others: readonly Watched[]
}

/** Shows places; all that can be done at once is done when it returns. */
export const show = async (
  report: Report,
  { places, options, others, isVisit = false }: Showing,
): Promise<Rendered> => {
  const { mboxes, timeout = 5000, keep = false, clicks: isCounting = true, nonce = pageNonce() } = options
  const { signal = new AbortController().signal } = options
  const { memory, clicks, reported } = knowledgeOf(report)
  const runs = places.map((place) => runOf(place, wholeOf(mboxes)))
  const rendered: Rendered = { places: runs.map(({ outcome }) => outcome) }
  const tell = createReporter(report, reported, isVisit)
  if (signal.aborted) {
    failAll(runs, 'aborted')
    return rendered
  }
  const redirect = follow(runs, tell)
  if (redirect) {
    // Nobody sees the page that is being left.
    hide(['body'], { nonce })
    return { ...rendered, redirect }
  }

  const done = perform(runs, { ...options, memory, nonce, timeout, keep, signal, report: tell })
  if (isCounting) for (const one of [...runs, ...others]) signal.addEventListener('abort', clicks.watch(one))
  showSnippet()
  await done
  return rendered
}

/** Click metrics that belong to no one place. */
export const othersOf = (given: Given): Showing['others'] => {
  const { prefetch } = answerOf(given)
  const metrics = listed<Metric>(prefetch?.metrics)
  return metrics.length ? [{ id: '', place: { metrics }, metrics }] : []
}

/**
 * Shows what was decided for the page load and the mboxes of an answer, and reports what of it was prefetched and is really shown. All
 * that can be done at once is done when it returns. The promise resolves when nothing waits any more, with what became of each action;
 * it does not reject.
 *
 * @example
 * const result = await target.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
 * await render(result, target, { mboxes: { hero: '#hero' } })
 */
export const render = (given: Given, report: Report, options: RenderOptions = {}): Promise<Rendered> =>
  show(report, { places: placesOf(answerOf(given)), options, others: othersOf(given) })

/**
 * The elements that show an answer now, by its options: those that actions were done to, or that they have put in. Only what was rendered
 * for the same `report` is known. Changes nothing.
 */
export const elementsOf = (given: Given, report: Report): Map<Option, Element[]> => {
  const answer = answerOf(given)
  const { memory } = knowledgeOf(report)
  const found = [...placesOf(answer), ...viewsOf(answer)].flatMap((place) => {
    const { tasks, outcome } = runOf(place, wholeOf({}))
    return outcome.options.map(({ option, actions }): [Option, Element[]] => [
      option,
      tasks.flatMap((task) => (actions.includes(task.outcome) ? memory.elementsOf(task) : [])),
    ])
  })
  return new Map(found)
}

/** Counts clicks on an mbox that somebody else has shown, in the elements that it is in. Gives the way to stop. */
export const watchClicks = (mbox: PrefetchMboxResponse, report: Report, whole: Select): (() => void) => {
  const [place] = placesOf({ prefetch: { mboxes: [mbox] } })
  return place ? knowledgeOf(report).clicks.watch(runOf(place, () => whole)) : () => {}
}
