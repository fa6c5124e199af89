import type { Action } from '../delivery/action.ts'
import { listed } from '../delivery/json-value.ts'
import type { Metric } from '../delivery/metric.ts'
import type { Option } from '../delivery/offer.ts'
import type { PageLoadResponse } from '../delivery/page-load.ts'

/** An action as at.js 1 named it, which `getOffer` gives and `applyOffer` takes. */
export interface LegacyAction {
  action: string
  selector?: string | undefined
  cssSelector?: string | undefined
  content?: unknown
  url?: unknown
  attribute?: string
  value?: unknown
  style?: Record<string, unknown>
  priority?: unknown
  from?: number
  to?: number
  clickTrackId?: string
}

type Members = Record<string, unknown>

const styled = ({ priority, ...style }: Members): Partial<LegacyAction>[] => [{ action: 'setStyle', style, priority }]

/** A number is one of pixels. */
const sized = (members: Members): Partial<LegacyAction>[] =>
  styled(
    Object.fromEntries(Object.entries(members).map(([name, value]) => [name, Number(value) ? `${value}px` : value])),
  )

/** What an action says, by its type; others have `content`. */
const SAYS: Readonly<Record<string, (members: Members, content: unknown) => Partial<LegacyAction>[]>> = {
  setImageSource: (_, value) => [{ action: 'setAttribute', attribute: 'src', value }],
  // Each attribute has an action of its own.
  setAttribute: (members) => Object.entries(members).map(([attribute, value]) => ({ attribute, value })),
  setStyle: styled,
  resize: sized,
  move: sized,
  rearrange: (members) => [members],
  redirect: ({ url }, content) => [{ url: url ?? content }],
}

const legacyOf = ({ type = '', selector, cssSelector, content }: Action): LegacyAction[] =>
  (SAYS[type]?.(Object(content), content) ?? [{ content }]).map((said) => ({
    action: type.replace('Html', 'Content'),
    selector,
    cssSelector,
    ...said,
  }))

/** What was decided for a place, as at.js 1 had it: one action for all HTML, one for all JSON, and clicks among them. */
export const legacyActionsOf = ({ options, metrics }: PageLoadResponse): LegacyAction[] => {
  const contents = (wanted: string) =>
    listed<Option>(options).flatMap(({ type, content }) => (type === wanted ? [content] : []))
  const html = contents('html')
  const json = contents('json')
  const actions: LegacyAction[] = contents('redirect').map((url) => ({ action: 'redirect', url }))
  if (html.length) actions.push({ action: 'setContent', content: html.join('') })
  if (json.length) actions.push({ action: 'setJson', content: json })
  for (const content of contents('actions')) actions.push(...listed<Action>(content).flatMap(legacyOf))
  for (const { type, selector, eventToken: clickTrackId } of listed<Metric>(metrics))
    if (type === 'click' && clickTrackId)
      actions.push({ action: selector ? 'trackClick' : 'signalClick', selector, clickTrackId })
  return actions
}

const contentOf = ({ attribute, value, style, priority, clickTrackId, ...rest }: LegacyAction): unknown => {
  if (attribute) return { [attribute]: value }
  if (style) return { ...style, priority }
  const { url = clickTrackId, content = url, from, to } = rest
  return content ?? { from, to }
}

/** A place that says what these actions say. */
export const placeOf = (actions: readonly LegacyAction[]): { options: Option[] } => ({
  options: actions.map((one) => {
    const { action, selector, cssSelector } = one
    const content = contentOf(one)
    const type = { setJson: 'json', setContent: 'html' }[action]
    const whole = { type: action.replace('signal', 'track'), selector, cssSelector, content }
    return (type && !selector ? { type, content } : { type: 'actions', content: [whole] }) as Option
  }),
})
