import { curlOf } from '../delivery/curl.ts'
import type { Notification } from '../delivery/notification.ts'
import { html, svg } from '../dom/element.ts'
import { jsonView } from './json-view.ts'
import { createList } from './list.ts'
import { bytesOf, chip, copyButton, emptyOf, headOf, icon, lasting, rowOf, sized } from './parts.ts'
import type { Call } from './record.ts'
import { placedOf, type Scene } from './scene.ts'
import { offersOfCall } from './show-offers.ts'

/** Such as `3 displays: hero, cart`. */
const toldOf = (notifications: readonly Notification[]): string =>
  (['display', 'click'] as const)
    .map((type) => {
      const own = notifications.filter((one) => one.type === type)
      const places = own.map(({ mbox, view }) => mbox?.name ?? view?.name ?? 'page load')
      return own.length ? `${own.length} ${type}${own.length > 1 ? 's' : ''}: ${[...new Set(places)].join(', ')}` : ''
    })
    .filter(Boolean)
    .join('; ')

/** What was asked for or told, in short. */
const saidOf = ({ kind, request, notifications }: Call): string => {
  if (kind === 'earlier') return 'Before the inspector came'
  if (notifications) return toldOf(notifications)
  const { execute, prefetch } = request ?? {}
  const views = prefetch?.views?.map(({ name }) => (name === undefined ? 'all views' : `view ${name}`)) ?? []
  const mboxes = [...(execute?.mboxes ?? []), ...(prefetch?.mboxes ?? [])].map(({ name }) => `mbox ${name}`)
  const page = execute?.pageLoad || prefetch?.pageLoad ? ['page load'] : []
  return [...page, ...mboxes, ...views].join(', ') || 'nothing'
}

const statusOf = ({ end, error, status, where, kind }: Call): [text: string, look: string] => {
  if (error) return [error.code ?? 'failed', 'bad']
  if (where === 'beacon') return ['beacon', 'odd']
  if (kind === 'earlier') return [status ? `${status}` : 'done', '']
  if (end === undefined) return ['on its way', 'odd']
  return [`${status ?? 200}`, (status ?? 200) < 400 ? 'good' : 'bad']
}

const hostOf = (url: string | undefined): string => {
  try {
    return url ? new URL(url, location.href).host : ''
  } catch {
    return ''
  }
}

const WHERE: Readonly<Record<Call['where'], string>> = {
  edge: 'edge',
  device: 'this device',
  beacon: 'beacon',
  server: 'server',
}

/** Where a call went, how long it took, and how much it brought. */
const factsOf = ({ where, at, end, text, body, failures, url }: Call): string =>
  [
    where === 'edge' ? hostOf(url) : WHERE[where],
    end !== undefined && end > at ? lasting(end - at) : '',
    body ? `${sized(bytesOf(body))} out` : '',
    text ? `${sized(bytesOf(text))} in` : '',
    failures ? `${failures} failed ${failures === 1 ? 'attempt' : 'attempts'}` : '',
  ]
    .filter(Boolean)
    .join(' · ')

/** The end of what belongs to the load of the page, in ms; what comes later is drawn by its length alone. */
const spanOf = (calls: readonly Call[]): { span: number; loaded: number } => {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  const loaded = navigation?.loadEventEnd ?? 0
  const early = calls.filter(({ at }) => at < loaded + 3000)
  return { span: Math.max(loaded, 300, ...early.map(({ at, end }) => end ?? at)) * 1.02, loaded }
}

const timeOf = (call: Call, { span, loaded }: ReturnType<typeof spanOf>): SVGElement => {
  const scale = (ms: number): number => Math.min(1000, (ms / span) * 1000)
  const { at, end = performance.now(), kind, error } = call
  const isLate = at > span
  const x = isLate ? 0 : scale(at)
  const width = Math.max(6, Math.min(scale(end - at), 1000 - x))
  const mark = scale(loaded)
  const look = error ? 'bad' : kind
  return svg(
    'svg',
    { class: 'time', viewBox: '0 0 1000 6', preserveAspectRatio: 'none', 'aria-hidden': true },
    svg('rect', { class: 'track', width: 1000, height: 6, rx: 3 }),
    svg('rect', { class: `bar ${look}`, x: Math.min(x, 994), width, height: 6, rx: 3 }),
    !isLate && loaded > 0 && svg('line', { class: 'mark-line', x1: mark, x2: mark, y1: 0, y2: 6 }),
  )
}

const detailsOf = (call: Call, scene: Scene): HTMLElement => {
  const { url, body, request, response, error, notifications, kind } = call
  const placed = placedOf(call, scene)
  const sent = body ? JSON.parse(body) : (request ?? notifications)
  return html(
    'div',
    { class: 'body' },
    error && html('p', { class: 'note bad' }, `${error.code}: ${error.message}`),
    url && html('code', { class: 'small faint' }, url),
    html(
      'div',
      { class: 'actions' },
      url && body ? copyButton('Copy as curl', () => curlOf(url, body)) : false,
      sent && copyButton('Copy request', () => body ?? JSON.stringify(sent)),
      response && copyButton('Copy response', () => call.text ?? JSON.stringify(response)),
    ),
    ...(placed.length ? [html('h2', {}, 'Offers'), offersOfCall(placed, scene)] : []),
    ...(sent ? [html('h2', {}, 'Request'), jsonView(sent, 'Request')] : []),
    ...(response ? [html('h2', {}, 'Response'), jsonView(response, 'Response')] : []),
    kind === 'earlier' &&
      !response &&
      html('p', { class: 'small faint' }, 'Only its time is known: reload to see more.'),
  )
}

/** Calls, newest first. */
export const createCallsView = (scene: Scene) => {
  const { journal } = scene
  const list = createList<Call>({
    keyOf: ({ id }) => `${id}`,
    stampOf: ({ end, failures, status, error }) =>
      `${end} ${failures} ${status} ${Boolean(error)} ${Math.round(spanOf(journal.calls).span)}`,
    draw(call, row, isOpen) {
      const [status, look] = statusOf(call)
      row.append(
        headOf(
          isOpen,
          () => list.toggle(`${call.id}`),
          rowOf(
            chip(status, look),
            html('span', { class: 'title' }, saidOf(call)),
            html('span', { class: 'side-note faint' }, `at ${lasting(call.at)}`),
            icon('turn', 'turn'),
          ),
          rowOf(html('span', { class: 'small faint cut' }, factsOf(call))),
          timeOf(call, spanOf(journal.calls)),
        ),
      )
      if (isOpen) row.append(detailsOf(call, scene))
    },
  })
  const none = emptyOf('No calls yet.')
  const warnings = html('div', {})
  const element = html('div', {}, warnings, list.element, none)
  return {
    element,
    show(): void {
      if (warnings.children.length !== journal.warnings.length)
        warnings.replaceChildren(...journal.warnings.map(({ message }) => html('p', { class: 'note odd' }, message)))
      list.show([...journal.calls].sort((one, other) => other.at - one.at))
      none.hidden = journal.calls.length > 0
    },
  }
}
