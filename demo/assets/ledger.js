import { element } from './element.js'

const COUNTS = ['visitors', 'impressions', 'clicks', 'conversions']
const HEADS = { visitors: 'Vis.', impressions: 'Impr.', clicks: 'Clicks', conversions: 'Conv.' }

const heading = (...content) => element('th', { scope: 'col' }, ...content)

const head = () =>
  element(
    'thead',
    {},
    element(
      'tr',
      {},
      heading('Experience'),
      ...COUNTS.map((column) => heading(element('abbr', { title: column }, HEADS[column]))),
      heading(element('abbr', { title: 'conversions a visitor' }, 'Rate')),
    ),
  )

const row = ({ name }) => {
  const cells = COUNTS.map((column) => element('td', { 'data-count': column }))
  const bar = element('span', { class: 'bar', 'aria-hidden': 'true' }, element('i'))
  const rate = element('td', { class: 'rate' }, bar, element('span', { class: 'percent' }))
  return element('tr', {}, element('th', { scope: 'row' }, name), ...cells, rate)
}

const group = ({ name, experiences }) => {
  const title = element('tr', {}, element('th', { scope: 'rowgroup', colspan: '6' }, name))
  return element('tbody', {}, title, ...experiences.map(row))
}

const write = (cell, text) => {
  const before = cell.textContent
  if (before === text) return
  cell.textContent = text
  if (before === '') return
  cell.classList.remove('changed')
  // The style has to be settled between the two, or the same animation does not start again.
  void cell.offsetWidth
  cell.classList.add('changed')
}

const fill = (tr, experience) => {
  for (const cell of tr.querySelectorAll('[data-count]')) write(cell, `${experience[cell.dataset.count]}`)
  const { visitors, conversions } = experience
  const rate = visitors ? conversions / visitors : 0
  tr.querySelector('.bar i').style.width = `${Math.min(100, rate * 100)}%`
  tr.querySelector('.percent').textContent = visitors ? `${Math.round(rate * 100)}%` : '–'
}

const sum = (activities, what) =>
  activities.flatMap(({ experiences }) => experiences).reduce((total, experience) => total + experience[what], 0)

const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`

/** What the ledger of the edge counts: a group an activity, a row an experience. `ids` limits it to some activities. */
export const createLedger = (place, ids) => {
  const table = element('table', {}, head())
  const groups = new Map()
  place.append(table)
  return {
    /** Gives the counts in a few words. */
    show(all) {
      const activities = ids.length ? all.filter(({ id }) => ids.includes(id)) : all
      for (const activity of activities) {
        if (!groups.has(activity.id)) {
          groups.set(activity.id, group(activity))
          table.append(groups.get(activity.id))
        }
        const [, ...rows] = groups.get(activity.id).rows
        for (const [at, experience] of activity.experiences.entries()) fill(rows[at], experience)
      }
      const counts = { impressions: 'impression', clicks: 'click', conversions: 'conversion' }
      return Object.entries(counts)
        .map(([what, word]) => plural(sum(activities, what), word))
        .join(' · ')
    },
  }
}
