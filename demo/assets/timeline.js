import { element } from './element.js'

/** Rows that stay on show. */
const KEPT = 60

const clock = (at) => new Date(at).toLocaleTimeString('en-GB')

const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`

const note = (text, counted) => element('small', {}, text, ...(counted ? [' ', element('b', {}, counted)] : []))

const row = ({ at, side, kind, text, notes = [], tag }) =>
  element(
    'li',
    { class: `row ${side} ${kind}${at < performance.timeOrigin ? ' past' : ''}`, 'data-at': at },
    element('time', {}, clock(at)),
    element('span', { class: 'side' }, side),
    element('p', {}, text, ...notes),
    element('span', { class: 'tag' }, tag),
  )

const asked = ({ names, took }) => ({ kind: 'asked', text: `asked for ${names.join(', ')}`, tag: `${took} ms` })

const batch = ({ ids, way }) => ({
  kind: way,
  text: `sent ${plural(ids.length, 'notification')}${ids.length > 1 ? ' in one call' : ''}`,
  tag: way,
})

const failed = ({ message }) => ({ kind: 'bad', text: message, tag: 'failed' })

const pageRows = { asked, batch, failed }

const WAYS = { beacon: 'by beacon', server: 'from the server', browser: 'by fetch' }

/** A call as the edge saw it. */
const call = ({ at, status, message, way, page, asked: names, reported, counted }) => {
  const parts = [...(names.length ? [`decided ${names.join(', ')}`] : []), ...reported]
  const from = note(`${WAYS[way]}${page ? `, ${page}` : ''}`, counted.join(', '))
  const isBad = status === undefined || status >= 400
  return {
    at,
    side: 'edge',
    kind: isBad ? 'bad' : way,
    text: parts.join(' · '),
    notes: [from, ...(message ? [note(message)] : [])],
    tag: way === 'beacon' && !isBad ? 'beacon' : `${status ?? 'no answer'}`,
  }
}

/** What the page does and what the edge sees of it, newest first. */
export const createTimeline = (list) => {
  const waiting = new Map()

  const put = (description) => {
    const made = row(description)
    const older = [...list.children].find((item) => Number(item.dataset.at) <= description.at)
    list.insertBefore(made, older ?? null)
    if (list.children.length > KEPT) list.lastElementChild.remove()
    return made
  }

  const settle = (id) => {
    const sent = waiting.get(id)
    if (!sent?.open.delete(id) || sent.open.size) return
    sent.row.classList.add('settled')
    sent.row.querySelector('p').append(note('all acknowledged'))
  }

  return {
    /** Something that the page did. */
    page(heard) {
      if (heard.what === 'settled') return settle(heard.id)
      const describe = pageRows[heard.what]
      if (!describe) return
      const made = put({ at: Date.now(), side: 'page', ...describe(heard) })
      if (heard.what !== 'batch') return
      const sent = { row: made, open: new Set(heard.ids) }
      for (const id of heard.ids) waiting.set(id, sent)
    },
    /** A call that arrived at the edge. */
    call: (arrived) => put(call(arrived)),
    /** All calls that the edge remembers, in place of those on show. */
    history(calls) {
      for (const shown of list.querySelectorAll('.edge')) shown.remove()
      for (const arrived of calls) put(call(arrived))
    },
  }
}
