// The results as pictures: what a visitor sees of the page over time, and what becomes of it when something goes wrong.
import { escaped, frame, WIDTH } from '../bench-decisioning/chart.mjs'
import { faults } from './faults.mjs'
import { displaysText, hiddenText, isHiddenAt } from './table.mjs'

const STYLE = `<style>
    .blank { fill: #c9d1d9 } .partly { fill: #9fd8cc } .done { fill: #0b7a6b }
    .spread { stroke: #1f2328; stroke-width: 1.5 }
    .cell { text-anchor: middle; font-size: 12px; font-variant-numeric: tabular-nums }
    .good rect { fill: #cdeae3 } .good text { fill: #06332c }
    .slow rect { fill: #f6e0a8 } .slow text { fill: #4a3200 }
    .bad rect { fill: #f3c4bd } .bad text { fill: #7c1d13 }
    .head { text-anchor: middle; font-size: 12px }
    @media (prefers-color-scheme: dark) {
      .blank { fill: #3d4650 } .partly { fill: #1d5a50 } .done { fill: #2bb39d }
      .spread { stroke: #f0f6fc }
      .good rect { fill: #17443c } .good text { fill: #d5f2ec }
      .slow rect { fill: #57430f } .slow text { fill: #ffe9b8 }
      .bad rect { fill: #5a221c } .bad text { fill: #ffd0ca }
    }
  </style>`

const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`

const LEFT = 206
const TOP = 104
const ROW = 38
const BAR = 20
const SPACE = 70

const keys = [
  ['blank', 'nothing is seen'],
  ['partly', 'the page, without the places of offers'],
  ['done', 'with the first offer'],
]

const legend = (y) => {
  let x = LEFT
  return keys.map(([kind, text]) => {
    const item = `<rect class="${kind}" x="${x}" y="${y}" width="14" height="14" rx="3"/><text class="quiet" x="${x + 20}" y="${y + 12}">${text}</text>`
    x += 40 + text.length * 6.1
    return item
  })
}

const timeRow = ({ name, times: { rest, firstOffer } }, y, across) => {
  const end = WIDTH - 24
  const [shown, offered] = [across(rest.median), firstOffer ? across(firstOffer.median) : end - SPACE]
  const part = (kind, from, to) =>
    `<rect class="${kind}" x="${from.toFixed(1)}" y="${y}" width="${Math.max(0, to - from).toFixed(1)}" height="${BAR}"/>`
  const middle = y + BAR / 2
  const spread = firstOffer
    ? `<line class="spread" x1="${across(firstOffer.least).toFixed(1)}" x2="${across(firstOffer.most).toFixed(1)}" y1="${middle}" y2="${middle}"/>`
    : ''
  const told = firstOffer ? seconds(firstOffer.median) : seconds(rest.median)
  const isOurs = name.startsWith('isotarget')
  return `<text class="${isOurs ? 'mine' : ''}" x="${LEFT - 12}" y="${middle + 4.5}" text-anchor="end">${escaped(name)}</text>
  ${part('blank', LEFT, shown)}${part('partly', shown, offered)}${firstOffer ? part('done', offered, end - SPACE) : ''}${spread}
  <text class="value${isOurs ? ' mine' : ''}" x="${end}" y="${middle + 4.5}" text-anchor="end">${told}</text>`
}

const timeGrid = (across, most, bottom) =>
  Array.from({ length: Math.floor(most / 500) + 1 }, (_, index) => index * 500).map((tick) => {
    const x = across(tick).toFixed(1)
    const text =
      tick % 1000 ? '' : `<text class="quiet" x="${x}" y="${bottom + 18}" text-anchor="middle">${tick / 1000} s</text>`
    return `<line class="grid" x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${bottom}"/>${text}`
  })

export const paintChart = ({ rows, rounds }) => {
  const most = 250 + Math.max(...rows.map(({ times: { firstOffer, rest } }) => (firstOffer ?? rest).most))
  const across = (ms) => LEFT + (ms / most) * (WIDTH - 24 - SPACE - LEFT)
  const bottom = TOP + rows.length * ROW
  const values = rows.map(
    ({ name, times: { firstOffer, rest } }) =>
      `${name}: page ${seconds(rest.median)}, first offer ${firstOffer ? seconds(firstOffer.median) : 'none'}`,
  )
  const body = rows.map((row, index) => timeRow(row, TOP + index * ROW + 4, across))
  return frame({
    title: 'Time to the first personalised paint',
    how: [
      `Chromium, CPU four times slower, slow 4G, nothing cached. Median of ${rounds} page loads; the thin line is their range.`,
    ],
    values,
    height: bottom + 64,
    body: [STYLE, ...timeGrid(across, most, bottom), ...body, ...legend(bottom + 34)],
  })
}

const CELL = 40

/** Good is seen within five seconds, with all offers that can be shown, and the displays that were. */
const kindOf = (result, shows) => {
  const { hidden, shown, untrue, lost, error } = result
  if (error || hidden?.at(-1).length || lost) return 'bad'
  return isHiddenAt(result, 0) || untrue || shown < shows ? 'slow' : 'good'
}

const cellOf = (result, { x, y, width, shows }) => {
  const told = displaysText(result)
  const lines = result.hidden || result.error ? [hiddenText(result), told] : [told]
  const texts = lines.map(
    (line, at) =>
      `<text class="cell" x="${x + width / 2}" y="${y + 17 + (lines.length === 1 ? 7 : at * 14)}">${escaped(line)}</text>`,
  )
  return `<g class="${kindOf(result, shows)}"><rect x="${x + 2}" y="${y + 2}" width="${width - 4}" height="${CELL - 4}" rx="5"/>${texts.join('')}</g>`
}

const headOf = ({ name }, x, isOurs) =>
  name
    .split(', ')
    .map(
      (line, at) =>
        `<text class="head${isOurs ? ' mine' : ''}" x="${x}" y="${TOP + 10 + at * 15}">${escaped(line)}</text>`,
    )
    .join('')

export const faultsChart = ({ rows: all }) => {
  const rows = all.filter(({ faults: results }) => results)
  const width = (WIDTH - 24 - LEFT) / rows.length
  const top = TOP + 34
  const at = (index) => LEFT + index * width
  const heads = rows.map((row, index) => headOf(row, at(index) + width / 2, row.isOurs))
  const body = faults.map(({ name, title, shows = 0 }, line) => {
    const y = top + line * CELL
    const cells = rows.map(({ faults: results }, index) => cellOf(results[name], { x: at(index), y, width, shows }))
    return `<text x="24" y="${y + 24}">${escaped(title)}</text>${cells.join('\n')}`
  })
  const values = rows.map(
    (row) =>
      `${row.name}: ${faults.map(({ name, title }) => `${title} ${row.faults[name].hidden ? `${hiddenText(row.faults[name])} ` : ''}${displaysText(row.faults[name])}`).join(', ')}`,
  )
  return frame({
    title: 'When something goes wrong',
    how: [
      'When the title is seen, or what is hidden still after 10 s; below it displays told / displays of offers that were seen.',
      'Red: hidden for good, or a display lost. Yellow: hidden for 5 s, a display nobody saw, or offers not shown.',
    ],
    values,
    height: top + faults.length * CELL + 24,
    body: [STYLE, ...heads, ...body],
  })
}
