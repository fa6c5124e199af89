export const WIDTH = 760
const LEFT = 222
const RIGHT = 136
const TOP = 92
const ROW = 62
const BAR = 18

const STYLE = `
    text { font: 14px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f2328 }
    .title { font-size: 17px; font-weight: 600 }
    .quiet { fill: #59636e; font-size: 12.5px }
    .paper { fill: #ffffff }
    .grid { stroke: #d1d9e0 }
    .lost { fill: #bc4c00 }
    .twice { fill: #0969da }
    .ours { font-weight: 600 }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc }
      .quiet { fill: #9ea7b3 }
      .paper { fill: #0d1117 }
      .grid { stroke: #3d444d }
      .lost { fill: #f0883e }
      .twice { fill: #58a6ff }
    }
  `

export const escaped = (text) => `${text}`.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
export const percentOf = (part, whole) => (100 * part) / (whole || 1)
export const said = (percent) => `${percent.toFixed(percent && percent < 10 ? 2 : 1)} %`

/** The end of the scale: the smallest round number that holds everything. */
export const scaleFor = (most) => [1, 2, 5, 10, 20, 40, 60, 80].find((end) => end >= most) ?? 100

const bar = ({ kind, label, value, y, across }) => {
  const width = across(value).toFixed(1)
  const text = `<text class="quiet" x="${(LEFT + Number(width) + 8).toFixed(1)}" y="${y + 13.5}">${label} ${said(value)}</text>`
  // A bar of nothing is a line, so that it is seen to be there.
  return `<rect class="${kind}" x="${LEFT}" y="${y}" width="${Math.max(1.5, width)}" height="${BAR}" rx="1.5"/>${text}`
}

const rowOf = ({ name, lost, twice, queued, calls }, at, across) => {
  const y = TOP + at * ROW
  return [
    `<text x="${LEFT - 14}" y="${y + 15}" text-anchor="end">${escaped(name)}</text>`,
    `<text class="quiet" x="${LEFT - 14}" y="${y + 34}" text-anchor="end">${calls.toLocaleString('en')} calls</text>`,
    bar({ kind: 'lost', label: 'lost', value: percentOf(lost, queued), y, across }),
    bar({ kind: 'twice', label: 'counted twice', value: percentOf(twice, queued), y: y + BAR + 3, across }),
  ].join('\n  ')
}

/** Lines down the chart, with the percents below; `left`, `top` and `bottom` in pixels. */
export const gridOf = ({ end, across, left, top, bottom }) =>
  [0, 0.25, 0.5, 0.75, 1]
    .map((part) => {
      const x = (left + across(part * end)).toFixed(1)
      const line = `<line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/>`
      return `${line}<text class="quiet" x="${x}" y="${bottom + 18}" text-anchor="middle">${part * end} %</text>`
    })
    .join('\n  ')

/** A picture with a title, a line below it, and the values in words for who does not see it. */
export const frame = ({ title, how, values, height, body }) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">
  <title id="title">${escaped(title)}</title>
  <desc id="desc">${escaped(`${how.join('. ')}. ${values.join('; ')}.`)}</desc>
  <style>${STYLE}</style>
  <rect class="paper" width="${WIDTH}" height="${height}" rx="6"/>
  <text class="title" x="24" y="34">${escaped(title)}</text>
  ${how.map((line, at) => `<text class="quiet" x="24" y="${56 + at * 18}">${escaped(line)}</text>`).join('\n  ')}
  ${body.join('\n  ')}
</svg>
`

/** The rows of a soak as bars: who lost and who counted twice. */
export const chartOf = (rows) => {
  const [{ rate, seed }] = rows
  const queued = rows[0].queued.toLocaleString('en')
  const title = `Of ${queued} notifications, how many did not count once`
  const how = [
    `${rate * 100} % of the calls go wrong in one of 20 ways; the same events and faults for each. Seed ${seed}`,
  ]
  const values = rows.map(({ name, lost, twice, queued }) => {
    return `${name}: lost ${said(percentOf(lost, queued))}, counted twice ${said(percentOf(twice, queued))}`
  })
  const end = scaleFor(Math.max(...rows.map(({ lost, twice, queued }) => percentOf(Math.max(lost, twice), queued))))
  const across = (value) => (value / end) * (WIDTH - LEFT - RIGHT)
  const height = TOP + rows.length * ROW + 34
  const grid = gridOf({ end, across, left: LEFT, top: TOP - 10, bottom: height - 34 })
  return frame({ title, how, values, height, body: [grid, ...rows.map((row, at) => rowOf(row, at, across))] })
}
