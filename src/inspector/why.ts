import type { PlaceExplanation, RuleExplanation } from '../decisioning/explain.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import { html } from '../dom/element.ts'
import { rulesAddress } from './earlier.ts'
import { jsonView } from './json-view.ts'
import { chip, rowOf } from './parts.ts'
import type { Placed, Scene } from './scene.ts'

const LOOKS: Readonly<Record<RuleExplanation['outcome'], string>> = {
  matches: 'good',
  fails: '',
  skipped: '',
  invalid: 'bad',
}

/** The rules by which the device decided: those that were heard of, else those that the page has downloaded. */
const rulesOf = async ({ journal }: Scene): Promise<unknown> => {
  if (journal.artifact) return journal.artifact
  const address = rulesAddress()
  if (!address) throw new Error('The rules came before anybody listened: reload with the inspector')
  const answer = await fetch(address)
  journal.artifact = await answer.json()
  return journal.artifact
}

const ruleRow = ({ activity, experience, outcome, reason }: RuleExplanation): HTMLElement => {
  const names = [activity.name ?? activity.id, experience.name ?? experience.id].filter(Boolean)
  return html(
    'li',
    {},
    rowOf(html('b', { class: 'cut grow' }, names.join(' · ')), chip(outcome, LOOKS[outcome])),
    html('span', { class: 'small faint' }, reason),
  )
}

const explanation = (place: PlaceExplanation): HTMLElement =>
  html(
    'div',
    {},
    html('p', { class: 'small' }, `The device decided: ${place.outcome}.`),
    html('ul', { class: 'rules' }, ...place.rules.map(ruleRow)),
  )

/** Loads what explains decisions, and explains one. */
const explained = async ({ offer, call }: Placed, scene: Scene): Promise<HTMLElement> => {
  const [rules, { explain }] = await Promise.all([rulesOf(scene), import('../decisioning/explain.ts')])
  const { request, response } = call
  // A visitor who was new got an id with the answer.
  const asked = { ...request, id: { ...request?.id, ...response?.id } } as DeliveryRequest
  const all = explain(rules as Parameters<typeof explain>[0], asked, Date.now())
  const mode = offer.isPrefetched ? 'prefetch' : 'execute'
  const found = all.find((one) => one.mode === mode && (one.place === offer.place || one.place === 'all views'))
  return found
    ? explanation(found)
    : html('p', { class: 'small' }, 'Nothing of it is among the rules: the edge decided.')
}

const GET_TRACE =
  'Target says how it decided when a call has a trace token: add mboxDebug=1&authorization=<token> to the address. The token is in Target under Administration, Implementation, and is valid for six hours.'

const tokensView = (tokens: Readonly<Record<string, unknown>>): HTMLElement => {
  const rows = Object.entries(tokens).flatMap(([name, value]) => [
    html('dt', {}, name),
    html('dd', {}, html('code', {}, typeof value === 'string' ? value : JSON.stringify(value))),
  ])
  return html('dl', { class: 'small' }, ...rows)
}

/** Why it is this experience: by the trace, by the rules of the device, or by what the answer says of itself. */
export const whyView = (placed: Placed, scene: Scene): HTMLElement => {
  const { offer, call } = placed
  const view = html('div', { class: 'why' })
  if (offer.trace) {
    view.append(jsonView(offer.trace, 'Trace of the decision'))
    return view
  }
  const tokens = offer.option.responseTokens ?? {}
  if (Object.keys(tokens).length) view.append(tokensView(tokens))
  if (call.where === 'device') {
    const waiting = html('p', { class: 'small faint', 'aria-live': 'polite' }, 'Reading the rules …')
    view.append(waiting)
    explained(placed, scene).then(
      (made) => waiting.replaceWith(made),
      (error) => waiting.replaceChildren(`The rules cannot be read: ${(error as Error).message}`),
    )
  } else view.append(html('p', { class: 'small faint trace' }, GET_TRACE))
  return view
}
