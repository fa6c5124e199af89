import { escaped, frame, gridOf, percentOf, said, scaleFor, WIDTH } from '../chart.mjs'

const LEFT = 210
const RIGHT = 150
const TOP = 106
const ROW = 25
const BAR = 15
const HEAD = 28
const GAP = 16

const NAMES = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' }

const isOurs = ({ way }) => way === 'isotarget'

const rowOf = (row, y, across) => {
  const { way, lost, twice, queued } = row
  const percent = percentOf(lost, queued)
  const width = Math.max(1.5, across(percent)).toFixed(1)
  const ours = isOurs(row) ? ' class="ours"' : ''
  const told = `${lost ? said(percent) : '0'} of ${queued.toLocaleString('en')}${twice ? `, ${twice} twice` : ''}`
  return [
    `<text${ours} x="${LEFT - 14}" y="${y + 12.5}" text-anchor="end">${escaped(way)}</text>`,
    // A bar of nothing is a line, so that it is seen to be there.
    `<rect class="lost" x="${LEFT}" y="${y}" width="${width}" height="${BAR}" rx="1.5"/>`,
    `<text class="quiet" x="${(LEFT + Number(width) + 8).toFixed(1)}" y="${y + 12}">${told}</text>`,
  ].join('\n  ')
}

const groupOf = ([engine, rows], y, across) => [
  `<text class="ours" x="24" y="${y + 16}">${NAMES[engine]}</text>`,
  ...rows.map((row, at) => rowOf(row, y + HEAD + at * ROW, across)),
]

const roundsOf = (rows) => {
  const say = ({ acts: { close, navigate, kill } }) => `${close.rounds}, ${navigate.rounds} and ${kill.rounds}`
  const other = rows.find((row) => !isOurs(row))
  return `Tabs closed, left and killed: ${say(rows.find(isOurs))} an engine${other ? `; others ${say(other)}` : ''}`
}

const countedTwice = (rows) => {
  const count = rows.reduce((sum, { twice }) => sum + twice, 0)
  return count ? `${count} counted twice` : 'none counted twice'
}

/** The rows of all engines as bars: who lost how much. */
export const chartOf = (rows) => {
  const [{ rate }] = rows
  const title = 'Lost of what pages reported in their last moments'
  const how = [
    `${roundsOf(rows)}.`,
    `${rate * 100} % of the calls go wrong; ${countedTwice(rows)}. Seed ${[...new Set(rows.map((row) => row.seed))].join(' and ')}`,
  ]
  const end = scaleFor(Math.max(...rows.map(({ lost, queued }) => percentOf(lost, queued))))
  const across = (value) => (value / end) * (WIDTH - LEFT - RIGHT)
  const groups = Object.entries(Object.groupBy(rows, ({ engine }) => engine))
  const heights = groups.map(([, mine]) => HEAD + mine.length * ROW + GAP)
  const tops = heights.map((_, at) => TOP + heights.slice(0, at).reduce((sum, height) => sum + height, 0))
  const bottom = TOP + heights.reduce((sum, height) => sum + height, 0)
  const values = rows.map(({ name, lost, queued, twice }) => {
    return `${name}: lost ${said(percentOf(lost, queued))}, counted twice ${said(percentOf(twice, queued))}`
  })
  const grid = gridOf({ end, across, left: LEFT, top: TOP - 8, bottom })
  const body = [grid, ...groups.flatMap((group, at) => groupOf(group, tops[at], across))]
  return frame({ title, how, values, height: bottom + 34, body })
}
