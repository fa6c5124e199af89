import { html } from '../dom/element.ts'
import { jsonView } from './json-view.ts'
import { activeQa, endAddress, qaAddress } from './qa.ts'
import type { Scene } from './scene.ts'
import { pageCookies } from './show-visitor.ts'

const field = (label: string, attributes: Readonly<Record<string, string>>): HTMLElement =>
  html('label', {}, label, html('input', { autocomplete: 'off', spellcheck: 'false', ...attributes }))

const formOf = (): HTMLFormElement =>
  html(
    'form',
    { novalidate: true },
    field('QA link or token', { name: 'token', placeholder: 'https://…?at_preview_token=…' }),
    html(
      'div',
      { class: 'pair' },
      field('Activity', { name: 'activity', inputmode: 'numeric', placeholder: '1' }),
      field('Experience', { name: 'experience', inputmode: 'numeric', placeholder: '1' }),
    ),
    html(
      'label',
      { class: 'check' },
      html('input', { type: 'checkbox', name: 'listed' }),
      'Only the activities of the link, no others',
    ),
    html('p', { class: 'note bad', role: 'alert', hidden: true }),
    html('div', { class: 'actions' }, html('button', { class: 'main' }, 'Show this experience')),
  ) as HTMLFormElement

/** Shows the QA mode that holds, and changes it: by the parameters of a QA link, and a reload. */
export const createQaView = (_: Scene) => {
  const active = html('div', {})
  const form = formOf()
  const alert = form.querySelector('[role=alert]') as HTMLElement
  const textOf = (name: string): string => (form.elements.namedItem(name) as HTMLInputElement).value
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    try {
      const wanted = {
        token: textOf('token'),
        activity: textOf('activity').trim(),
        experience: textOf('experience').trim(),
        isListedOnly: (form.elements.namedItem('listed') as HTMLInputElement).checked,
      }
      location.assign(qaAddress(location.href, wanted))
    } catch (error) {
      alert.hidden = false
      alert.textContent = (error as Error).message
    }
  })
  const element = html(
    'div',
    {},
    active,
    html('h2', {}, 'Another experience'),
    form,
    html('p', { class: 'small faint' }, 'The page reloads. What happens in QA mode does not count in reports.'),
  )
  let last = ''
  return {
    element,
    show(): void {
      const mode = activeQa(pageCookies())
      const stamp = JSON.stringify(mode)
      if (stamp === last) return
      last = stamp
      const isOn = Boolean(mode.qaMode ?? mode.preview)
      const end = html(
        'button',
        { type: 'button', onclick: () => location.assign(endAddress(location.href)) },
        'End QA mode',
      )
      active.replaceChildren(
        html('h2', {}, 'QA mode'),
        isOn
          ? html(
              'div',
              { class: 'note odd' },
              html('p', {}, 'This visitor is in QA mode, until 31 minutes after the last call.'),
              end,
            )
          : html('p', { class: 'note' }, 'Off: the visitor sees what everybody may see.'),
        ...(isOn ? [jsonView(mode.qaMode ?? mode.preview, 'QA mode')] : []),
      )
    },
  }
}
