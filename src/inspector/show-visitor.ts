import { html } from '../dom/element.ts'
import { bytesOf, copyIcon, emptyOf, iconButton, sized } from './parts.ts'
import type { Scene } from './scene.ts'
import { type CookieRow, cookiesOf, sessionOf, shortened } from './visitor.ts'

/** The cookies of the page; a sandboxed frame has none. */
export const pageCookies = (): CookieRow[] => {
  try {
    return cookiesOf(document.cookie)
  } catch {
    return []
  }
}

/** A value, short until somebody wants to see it. */
const shownValue = (name: string, value: string): Node[] => {
  const code = html('code', {}, shortened(value))
  const copy = copyIcon(`Copy ${name}`, value)
  if (shortened(value) === value) return [code, copy]
  const reveal = iconButton('eye', `Reveal ${name}`, () => {
    const isShort = code.textContent !== value
    code.textContent = isShort ? value : shortened(value)
    reveal.setAttribute('aria-pressed', `${isShort}`)
  })
  reveal.setAttribute('aria-pressed', 'false')
  return [code, reveal, copy]
}

const CONSENT = { in: 'agreed', out: 'refused', pending: 'not answered yet' } as const

type Row = [name: string, value: string | undefined, isPlain?: boolean]

const rowsOf = (rows: readonly Row[]): HTMLElement => {
  const parts = rows.flatMap(([name, value, isPlain]) => [
    html('dt', {}, name),
    html(
      'dd',
      {},
      ...(value === undefined ? [html('span', { class: 'faint' }, '–')] : isPlain ? [value] : shownValue(name, value)),
    ),
  ])
  return html('dl', {}, ...parts)
}

/** Ids of the visitor: what the last calls said, and what the cookies say. */
const idRows = ({ journal }: Scene): Row[] => {
  const ids = Object.assign({}, ...journal.calls.map(({ request, response }) => ({ ...request?.id, ...response?.id })))
  const { sessionId, minutes, tntId } = sessionOf(pageCookies(), Date.now())
  const customer = (ids.customerIds ?? []) as { id?: string; integrationCode?: string; authenticatedState?: string }[]
  return [
    ['tntId', tntId ?? ids.tntId],
    ['ECID', ids.marketingCloudVisitorId],
    ['thirdPartyId', ids.thirdPartyId],
    ...customer.map(
      ({ id, integrationCode, authenticatedState }): Row => [
        `${integrationCode ?? 'customer id'}${authenticatedState ? `, ${authenticatedState}` : ''}`,
        id,
      ],
    ),
    ['session', sessionId],
    ['session ends', minutes === undefined ? undefined : `in ${minutes} minutes unless something happens`, true],
  ]
}

/** Who the visitor is for Target. */
export const createVisitorView = (scene: Scene) => {
  const about = html('div', {})
  const cookies = html('div', {})
  const element = html('div', {}, html('h2', {}, 'Visitor'), about, html('h2', {}, 'Cookies'), cookies)
  let last = ''
  return {
    element,
    show(): void {
      const rows = pageCookies()
      const hint = rows.find(({ name }) => name === 'mboxEdgeCluster')?.value
      const all: Row[] = [
        ...idRows(scene),
        ['edge cluster', hint, true],
        ['consent', CONSENT[scene.target.consent()], true],
      ]
      const stamp = JSON.stringify([all, rows])
      // What is revealed, and the focus, stay while nothing changes.
      if (stamp === last) return
      last = stamp
      about.replaceChildren(rowsOf(all))
      const total = rows.reduce((sum, { size }) => sum + size, 0)
      const parts = rows.flatMap(({ name, value, size }) => [
        html('dt', {}, html('code', {}, name), html('br'), html('span', { class: 'small' }, sized(size))),
        html('dd', {}, ...shownValue(name, value)),
      ])
      cookies.replaceChildren(
        rows.length ? html('dl', {}, ...parts) : emptyOf('Target has no cookies here.'),
        html(
          'p',
          { class: 'small faint' },
          rows.length ? `${sized(total)} of ${sized(bytesOf(document.cookie))} that the page sends` : '',
        ),
      )
    },
  }
}
