// The results as tables in Markdown, for the page and for the terminal.
import { faults, LOOKS } from './faults.mjs'

const tableOf = (head, rows) => {
  const lines = [head, ...rows.map((row) => row.map(String))]
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => line[column].length)))
  const pad = (cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))
  const rule = widths.map((width, column) => (column ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [lines[0], rule, ...lines.slice(1)].map((line) => `| ${line.map(pad).join(' | ')} |`).join('\n')
}

const whole = (value) => Math.round(value).toLocaleString('en')
const ms = (summary) => (summary ? whole(summary.median) : '–')
const kilobytes = (bytes) => (bytes / 1000).toFixed(1)
const nameOf = ({ name, version }) => (version ? `${name} ${version}` : name)

const bareOf = (rows) => rows.find(({ isBare }) => isBare)
/** What a contender adds to the page as it is. */
const added = (row, rows, key) => row.times[key].median - (bareOf(rows)?.times[key].median ?? 0)

const range = (summary) => (summary ? `${whole(summary.least)}–${whole(summary.most)}` : '–')

const paint = (rows) =>
  tableOf(
    ['ms', 'first offer', 'of', 'all offers', 'rest of the page', 'FCP', 'LCP', 'default seen first', 'layout shift'],
    rows.map((row) => {
      const { firstOffer, allOffers, rest, firstPaint, largestPaint, flicker, shift } = row.times
      const times = [allOffers, rest, firstPaint, largestPaint].map(ms)
      const flickered = row.isBare ? '–' : ms(flicker)
      return [nameOf(row), ms(firstOffer), range(firstOffer), ...times, flickered, shift.median.toFixed(3)]
    }),
  )

const cost = (rows) =>
  tableOf(
    [
      '',
      'evaluation, ms',
      'in the script, ms',
      'long tasks',
      'blocked, ms',
      'script, KB',
      'down, KB',
      'up, KB',
      'requests',
      'preflights',
    ],
    rows.map((row) => {
      const { evaluation, script, longTasks, blocked, up, preflights } = row.times
      return [
        nameOf(row),
        ms(evaluation),
        ms(script),
        ms(longTasks),
        ms(blocked),
        kilobytes(row.scriptBytes),
        kilobytes(added(row, rows, 'down')),
        kilobytes(up.median),
        whole(added(row, rows, 'requests')),
        ms(preflights),
      ]
    }),
  )

/** When the title is seen, and `hidden` where it never is. */
export const hiddenText = ({ hidden, title, error }) => {
  if (error) return 'failed'
  if (hidden.at(-1).length) return hidden.at(-1).includes('body') ? 'page hidden' : `${hidden.at(-1).length} hidden`
  return title === null ? 'never seen' : `${(title / 1000).toFixed(1)} s`
}

export const displaysText = ({ told, shown, error }) => (error ? '' : `${told}/${shown}`)

const broken = (rows) => rows.filter(({ faults: results }) => results)

const hides = (rows) =>
  tableOf(
    ['the title is seen after', ...broken(rows).map(nameOf)],
    faults
      .filter(({ hasToLeave }) => !hasToLeave)
      .map(({ name, title }) => [title, ...broken(rows).map(({ faults: results }) => hiddenText(results[name]))]),
  )

/** Whether something was hidden at one of the moments that are looked at. */
export const isHiddenAt = ({ hidden, title }, look) =>
  Boolean(hidden) && (hidden[look].length > 0 || title === null || title > LOOKS[look])

const hiddenAfter =
  (look) =>
  ({ faults: results }) =>
    Object.values(results).filter((result) => isHiddenAt(result, look)).length

const displayed = ({ told, shown, untrue, lost, error }) => {
  if (error) return 'failed'
  const wrong = [untrue && `${untrue} untrue`, lost && `${lost} lost`].filter(Boolean)
  return `${told} of ${shown}${wrong.length ? `: ${wrong.join(', ')}` : ''}`
}

const sumOf = ({ faults: results }, key) => Object.values(results).reduce((sum, result) => sum + (result[key] ?? 0), 0)

const displays = (rows) =>
  tableOf(
    ['told of shown', ...broken(rows).map(nameOf)],
    [
      ...faults.map(({ name, title }) => [
        title,
        ...broken(rows).map(({ faults: results }) => displayed(results[name])),
      ]),
      ['untrue, all in all', ...broken(rows).map((row) => sumOf(row, 'untrue'))],
      ['lost, all in all', ...broken(rows).map((row) => sumOf(row, 'lost'))],
    ],
  )

const counts = (rows) =>
  tableOf(
    ['pages with something hidden', ...broken(rows).map(nameOf)],
    ['after 5 s', 'after 10 s'].map((title, look) => [title, ...broken(rows).map(hiddenAfter(look))]),
  )

export const tablesOf = (rows) => ({
  paint: paint(rows),
  cost: cost(rows),
  hidden: `${hides(rows)}\n\n${counts(rows)}`,
  displays: displays(rows),
})
