import { element } from './element.js'
import { createLedger } from './ledger.js'
import { createTimeline } from './timeline.js'

const panel = document.querySelector('#panel')
const bar = panel.querySelector('.panel-bar')
const ids = panel.dataset.activities.split(' ').filter(Boolean).map(Number)

/** The start page asks for nothing: there the panel only tells what the edge has seen. */
const hasClient = document.querySelector('[data-mbox], #app, #buy') !== null

/** What a click for the panel's own button is made on: the first thing on the page whose click counts. */
const COUNTED = '[data-mbox] a, .shelf a[data-route], #add, #order, #buy'

const tile = (name) => {
  const value = element('dd', {}, '0')
  return { value, box: element('div', {}, element('dt', {}, name), value) }
}

const newVisitor = element('button', { type: 'button', class: 'small' }, 'New visitor')
newVisitor.addEventListener('click', () => {
  for (const name of ['mbox', 'mboxEdgeCluster']) document.cookie = `${name}=; path=/; max-age=0`
  location.reload()
})

const leave = element('button', { type: 'button', class: 'small' }, 'Click and leave')
leave.addEventListener('click', () => {
  document.querySelector(COUNTED)?.click()
  location.assign('/')
})

const tiles = { asked: tile('Asked'), waiting: tile('Waiting'), settled: tile('Acknowledged') }
const log = element('ol', { class: 'log', role: 'log', 'aria-label': 'What happens', tabindex: '0' })
const counts = element('div', {
  class: 'counts',
  role: 'region',
  'aria-label': 'What the ledger counts',
  tabindex: '0',
})
const hint = element(
  'p',
  { class: 'leaving' },
  element('span', {}, 'A click just before the page goes away still arrives, by beacon.'),
  leave,
)

const body = panel.querySelector('.panel-body')
const parts = [
  element('header', {}, element('span', { class: 'pulse' }), element('h2', {}, 'What Target sees'), newVisitor),
  ...(hasClient ? [element('dl', { class: 'tiles' }, ...Object.values(tiles).map(({ box }) => box))] : []),
  log,
  element('h3', {}, 'The ledger'),
  counts,
  ...(hasClient ? [hint] : []),
]

const timeline = createTimeline(log)
const ledger = createLedger(counts, ids)

const numbers = { asked: 0, waiting: 0, settled: 0 }
const changes = {
  asked: () => ({ asked: 1 }),
  queued: () => ({ waiting: 1 }),
  batch: ({ ids: sent }) => ({ waiting: -sent.length }),
  settled: () => ({ settled: 1 }),
}

const hear = (heard) => {
  timeline.page(heard)
  for (const [name, change] of Object.entries(changes[heard.what]?.(heard) ?? {})) {
    numbers[name] = Math.max(0, numbers[name] + change)
    tiles[name].value.textContent = numbers[name]
  }
}

demo.hear = hear
demo.heard.forEach(hear)

bar.addEventListener('click', () => {
  const isOpen = bar.getAttribute('aria-expanded') === 'true'
  bar.setAttribute('aria-expanded', `${!isOpen}`)
})

const events = new EventSource('/demo/events')
const on = (name, listener) => events.addEventListener(name, ({ data }) => listener(JSON.parse(data)))
on('history', timeline.history)
on('call', timeline.call)
on('ledger', (activities) => {
  bar.querySelector('.panel-sum').textContent = ledger.show(activities)
  // Shown when it has its size, so that nothing in it moves.
  if (!body.hasChildNodes()) body.append(...parts)
})
events.addEventListener('open', () => panel.classList.add('live'))
events.addEventListener('error', () => panel.classList.remove('live'))
