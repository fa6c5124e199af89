import { html } from '../dom/element.ts'
import { jsonView } from './json-view.ts'
import { createList } from './list.ts'
import { chip, emptyOf, headOf, icon, lasting, rowOf } from './parts.ts'
import type { Queued, QueueState } from './record.ts'
import type { Scene } from './scene.ts'

const LOOKS: Readonly<Record<QueueState, string>> = {
  waiting: '',
  sending: 'warm',
  held: 'odd',
  acknowledged: 'good',
  refused: 'bad',
  dropped: 'bad',
}

const SHOWN: readonly QueueState[] = ['waiting', 'sending', 'held', 'acknowledged', 'refused']

const placeOf = ({ notification: { mbox, view } }: Queued): string => {
  if (mbox) return `mbox ${mbox.name}`
  return view ? `view ${view.name}` : 'page load'
}

/** How many there are in each state. */
export const tallyOf = (queue: Iterable<Queued>): Record<QueueState, number> => {
  const tally = { waiting: 0, sending: 0, held: 0, acknowledged: 0, refused: 0, dropped: 0 }
  for (const { state } of queue) tally[state]++
  return tally
}

/** What is reported to Target, and what became of it. */
export const createQueueView = ({ journal, target }: Scene) => {
  const list = createList<Queued>({
    keyOf: ({ notification }) => notification.id,
    stampOf: ({ state, attempts, why }) => `${state} ${attempts} ${why}`,
    draw(one, row, isOpen) {
      const { notification, state, attempts, at, why } = one
      const calls = attempts === 1 ? '1 call' : `${attempts} calls`
      row.append(
        headOf(
          isOpen,
          () => list.toggle(notification.id),
          rowOf(
            html('span', { class: 'title' }, `${notification.type} ${placeOf(one)}`),
            chip(state, LOOKS[state]),
            icon('turn', 'turn'),
          ),
          rowOf(html('span', { class: 'small faint cut' }, `at ${lasting(at)} · ${attempts ? calls : 'not sent yet'}`)),
        ),
      )
      if (why && (isOpen || state !== 'acknowledged'))
        row.append(html('div', { class: 'body small' }, html('span', { class: LOOKS[state] }, why)))
      if (isOpen) row.append(html('div', { class: 'body' }, jsonView(notification, 'Notification')))
    },
  })
  const tally = html('div', { class: 'tally', role: 'group', 'aria-label': 'Notifications by state' })
  const none = emptyOf('Nothing has been reported yet. Displays, clicks and conversions are listed here.')
  const older = html('p', { class: 'note' })
  const element = html('div', {}, tally, older, list.element, none)
  let last = ''
  return {
    element,
    show(): void {
      const all = [...journal.queue.values()]
      const counts = tallyOf(all)
      const states = counts.dropped ? [...SHOWN, 'dropped' as const] : SHOWN
      const stamp = JSON.stringify(counts)
      if (stamp !== last)
        tally.replaceChildren(
          ...states.map((state) =>
            html(
              'div',
              {},
              html('b', { class: counts[state] ? LOOKS[state] : 'faint' }, counts[state]),
              html('span', {}, state),
            ),
          ),
        )
      last = stamp
      const unknown = target.pending() - counts.waiting - counts.sending - counts.held
      older.hidden = unknown <= 0
      older.textContent = `${unknown} more wait that an earlier page has left, or that were queued before the inspector came.`
      list.show(all.reverse())
      none.hidden = all.length > 0
    },
  }
}
