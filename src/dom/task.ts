import type { Action } from '../delivery/action.ts'
import { listed } from '../delivery/json-value.ts'
import type { Metric } from '../delivery/metric.ts'
import type { Option } from '../delivery/offer.ts'
import { ACTIONS, type ElementAction, slotOf, typeOf } from './action.ts'
import { optionsOf, type Place } from './answer.ts'
import type { Deed } from './memory.ts'
import { type ActionOutcome, type OptionOutcome, type PlaceOutcome, type Reason, Refusal } from './outcome.ts'
import { compile, isCounted, type Select } from './select.ts'

/** One action to be done, and what became of it. */
export interface Task extends Deed {
  type: ElementAction
  content: unknown
  /** The content is an address, from which it has to be fetched. */
  isDynamic: boolean
  outcome: ActionOutcome
  isSettled: boolean
  /** It waits for something other than its elements. */
  isLoading?: boolean
  /** Ends the hide of what waits. */
  show?: () => void
}

/** A place, what is to be done for it, and what became of that. */
export interface Run extends Place {
  outcome: PlaceOutcome
  tasks: Task[]
  redirects: { to: unknown; option: OptionOutcome; outcome: ActionOutcome }[]
  /** Those of the place, and those that actions ask for. */
  metrics: Metric[]
  whole: Select | undefined
}

/** Where offers of an mbox go that are no actions. */
export type WholeOf = (place: Place) => Select

const head: Select = () => [document.head]

const refuse =
  (reason: Reason): Select =>
  () => {
    throw new Refusal(reason)
  }

/**
 * What an option says, as actions. HTML offers of an mbox fill the element of the mbox; the page load's go to the head, which takes
 * scripts, links and styles.
 */
const actionsOf = ({ type, content }: Option, isFirst: boolean): Action[] => {
  if (type === 'actions') return listed(content)
  if (type === 'redirect') return [{ type, content: content as string }]
  if (type !== 'html' && type !== 'dynamic') return []
  return [{ type: isFirst ? 'setHtml' : 'appendHtml', content: content as string }]
}

const selectOf = (action: Action, option: Option, whole = head): Select => {
  if (!Object.hasOwn(ACTIONS, typeOf(action.type))) return refuse('type')
  if (option.type !== 'actions') return whole
  if (action.type === 'setAssets') return head
  return action.selector && typeof action.selector === 'string' ? compile(action.selector) : refuse('selector')
}

/** A metric that stands among the actions, as at.js 1 had them. */
const metricOf = ({ selector, content }: Action, option: Option): Metric => {
  const id = (content as { clickTrackId?: string } | undefined)?.clickTrackId ?? content
  const eventToken = typeof id === 'string' ? id : option.eventToken
  return { type: 'click', ...(selector && { selector }), ...(eventToken && { eventToken }) }
}

/** Changes nothing: the experience of those who see the page as it is, who belong to the test as well. */
const isDefault = ({ type, content }: Option): boolean =>
  type === 'actions'
    ? listed<Action>(content).every((action) => action.type === 'trackClick')
    : type === undefined && content === undefined

/** Lists what is to be done for a place, in order. */
export const runOf = (place: Place, wholeOf: WholeOf): Run => {
  const { id, kind, name, prefetched } = place
  const whole = kind === 'mbox' ? wholeOf(place) : undefined
  const tasks: Task[] = []
  const redirects: Run['redirects'] = []
  const metrics = listed<Metric>(place.place.metrics)

  const read = (action: Action, option: OptionOutcome): void => {
    const outcome: ActionOutcome = { action, shown: false, elements: 0 }
    option.actions.push(outcome)
    const type = typeOf(action.type)
    const { content, selector } = action
    if (type === 'redirect') redirects.push({ to: (content as { url?: unknown })?.url ?? content, option, outcome })
    else if (type === 'trackClick') metrics.push(metricOf(action, option.option))
    else {
      // Deeds that are equal are told apart by their number.
      const same = JSON.stringify([id, type, selector, content])
      tasks.push({
        id,
        index: tasks.length,
        key: tasks.filter(({ key }) => key.endsWith(same)).length + same,
        ...slotOf(type, content),
        isCounted: isCounted(selector),
        select: selectOf(action, option.option, whole),
        type: type as ElementAction,
        content,
        isDynamic: option.option.type === 'dynamic',
        outcome,
        isSettled: false,
      })
    }
  }
  const options = optionsOf(place).map((option): OptionOutcome => {
    const outcome: OptionOutcome = { option, shown: isDefault(option), actions: [] }
    for (const action of actionsOf(option, !!whole && !tasks.length)) read(action, outcome)
    return outcome
  })
  const outcome = { kind, ...(name !== undefined && { name }), place: place.place, prefetched, options }
  return { ...place, outcome, tasks, redirects, metrics, whole }
}
