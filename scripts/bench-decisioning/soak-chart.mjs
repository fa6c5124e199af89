// The heap over visitors, as lines.
import { escaped, frame, WIDTH } from './chart.mjs'

const LEFT = 72
const RIGHT = 196
const TOP = 96
const PLOT = 240

const ends = (values, count) => {
  const most = Math.max(...values)
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000].find((size) => most / size <= count) ?? most
  return { step, end: Math.ceil(most / step) * step }
}

const visitorsText = (value) => (value >= 1e6 ? `${value / 1e6} M` : `${value / 1e3} k`)

export const soakChart = ({ rows }) => {
  const megabytes = rows.flatMap(({ samples }) => samples.map(({ heap }) => heap / 1e6))
  const most = Math.max(...rows.map(({ decisions }) => decisions))
  const { step, end } = ends(megabytes, 6)
  const x = (visitors) => LEFT + (visitors / most) * (WIDTH - LEFT - RIGHT)
  const y = (heap) => TOP + PLOT - (heap / end) * PLOT
  const across = Array.from({ length: Math.round(end / step) + 1 }, (_, at) => at * step).map(
    (tick) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}"/><text class="quiet" x="${LEFT - 10}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick} MB</text>`,
  )
  const down = [0, 0.25, 0.5, 0.75, 1].map(
    (part) =>
      `<text class="quiet" x="${x(part * most).toFixed(1)}" y="${TOP + PLOT + 22}" text-anchor="middle">${part ? visitorsText(part * most) : '0'}</text>`,
  )
  const lines = rows.map(({ name, samples, isOurs, perVisitor }) => {
    const points = samples.map(({ decisions, heap }) => `${x(decisions).toFixed(1)},${y(heap / 1e6).toFixed(1)}`)
    return { name, isOurs, points, perVisitor, end: samples.at(-1) }
  })
  const drawn = lines.map(
    ({ points, isOurs }) => `<polyline class="line ${isOurs ? 'ours' : 'theirs'}" points="${points.join(' ')}"/>`,
  )
  const labels = placed(lines.map((line) => ({ ...line, at: y(line.end.heap / 1e6), from: x(line.end.decisions) })))
  return frame({
    title: 'Heap after so many visitors',
    how: ['On-device decisions, every one for another visitor; the heap after a full collection.'],
    values: rows.map(({ name, perVisitor }) => `${name}: ${perVisitor.toFixed(1)} bytes a visitor`),
    height: TOP + PLOT + 48,
    body: [...across, ...down, ...drawn, ...labels],
  })
}

/** Names at the ends of the lines; of those that end at one place none covers another. */
const placed = (lines) => {
  const last = new Map()
  return lines
    .toSorted((one, other) => one.at - other.at)
    .map(({ name, isOurs, at, from, perVisitor }) => {
      const y = Math.max(at + 4, (last.get(from) ?? -Infinity) + 36)
      last.set(from, y)
      const told = `${Math.abs(perVisitor) < 0.05 ? '0' : perVisitor.toFixed(perVisitor < 10 ? 1 : 0)} bytes a visitor`
      return `<text class="value${isOurs ? ' mine' : ''}" x="${(from + 8).toFixed(1)}" y="${y.toFixed(1)}">${escaped(name)}</text>
  <text class="value quiet" x="${(from + 8).toFixed(1)}" y="${(y + 15).toFixed(1)}">${told}</text>`
    })
}
