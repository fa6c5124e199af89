// The results as a picture: a matrix of contenders and cells.
import { engineNames, nameOf, textOf, wholeOf } from './table.mjs'

const COLUMN = 60
const ROW = 36
const LEFT = 272
const TOP = 172
const GAP = 18
const RIGHT = 92
const BOTTOM = 124

const STYLE = `
  text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; fill: #1f2933 }
  .paper { fill: #ffffff }
  .title { font-size: 19px; font-weight: 600 }
  .soft { fill: #5b6875 }
  .note { font-size: 12px }
  .ours { font-weight: 600 }
  .cell { font-size: 12px; font-variant-numeric: tabular-nums; text-anchor: middle }
  .all rect { fill: #0b7a6b } .all text { fill: #ffffff }
  .most rect { fill: #8fd0c3 } .most text { fill: #06332c }
  .some rect { fill: #f6d48a } .some text { fill: #4a3200 }
  .none rect { fill: #f3d3cf } .none text { fill: #7c1d13 }
  .absent rect { fill: #eef1f4 } .absent text { fill: #8391a0 }
  .copies { fill: #b45309 } .more { fill: #ffffff; font-size: 10px; font-weight: 700 }
  .line { stroke: #cfd6dd }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6ebf0 }
    .paper { fill: #10161d }
    .soft { fill: #9aa8b6 }
    .all rect { fill: #17947f } .all text { fill: #ffffff }
    .most rect { fill: #2b5f57 } .most text { fill: #d5f2ec }
    .some rect { fill: #6d5314 } .some text { fill: #ffe9b8 }
    .none rect { fill: #4d211d } .none text { fill: #ffc9c2 }
    .absent rect { fill: #1b242e } .absent text { fill: #7d8c9b }
    .line { stroke: #36424e }
  }`

const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

const kindOf = (result, cell) => {
  if (!result || result.error) return 'absent'
  const share = result.delivered / (cell.needed ?? cell.events)
  if (share >= 1) return 'all'
  if (share >= 0.75) return 'most'
  return share > 0 ? 'some' : 'none'
}

/** Where each column begins, with a gap between the groups. */
const columnsOf = (cells) => {
  let x = LEFT
  return cells.map((cell, index) => {
    if (index > 0 && cell.group !== cells[index - 1].group) x += GAP
    const column = { cell, x }
    x += COLUMN
    return column
  })
}

const copiesMark = ({ x, y, copies }) =>
  copies
    ? `<rect class="copies" x="${x + COLUMN - 27}" y="${y - 3}" width="27" height="14" rx="7"/>
<text class="cell more" x="${x + COLUMN - 13.5}" y="${y + 7.5}">+${copies}</text>`
    : ''

const cellOf = ({ cell, x, y, result }) => {
  const told = `${cell.title}: ${textOf(result)}`
  const count = result && !result.error ? `${result.delivered}/${result.tracked}` : '–'
  return `<g class="${kindOf(result, cell)}"><title>${escaped(told)}</title>
<rect x="${x + 2}" y="${y + 2}" width="${COLUMN - 4}" height="${ROW - 4}" rx="5"/>
<text class="cell" x="${x + COLUMN / 2}" y="${y + ROW / 2 + 4.5}">${count}</text></g>
${copiesMark({ x, y, copies: result?.copies })}`
}

const rowOf = ({ row, columns, y, width }) => {
  const { count, of } = wholeOf(row)
  const ours = row.contender === 'isotarget' ? ' class="ours"' : ''
  const line = y + ROW / 2 + 4.5
  const version = ours || !row.version ? '' : ` <tspan class="soft">${escaped(row.version)}</tspan>`
  return `<text${ours} x="24" y="${line}">${escaped(row.contender)}${version}</text>
<text class="soft" x="${LEFT - 14}" y="${line}" text-anchor="end">${engineNames[row.engine]}</text>
${columns.map(({ cell, x }) => cellOf({ cell, x, y, result: row.results[cell.name] })).join('\n')}
<text${ours} x="${width - 20}" y="${line}" text-anchor="end">${count} of ${of}</text>`
}

const headOf = ({ cell, x }) =>
  `<text x="${x + COLUMN / 2 - 4}" y="${TOP - 12}" transform="rotate(-38 ${x + COLUMN / 2 - 4} ${TOP - 12})">${escaped(cell.title)}</text>`

const groupsOf = (columns) => {
  const groups = Map.groupBy(columns, ({ cell }) => cell.group)
  return [...groups].map(([group, members]) => {
    const from = members[0].x + 2
    const to = members.at(-1).x + COLUMN - 2
    return { group, from, to }
  })
}

const LEGEND = [
  ['all', 'all arrived'],
  ['most', 'three quarters or more'],
  ['some', 'some'],
  ['none', 'none'],
  ['absent', 'does not apply'],
]

const legendOf = (y) => {
  let x = LEFT + 2
  const items = LEGEND.map(([kind, text]) => {
    const item = `<g class="${kind}"><rect x="${x}" y="${y}" width="16" height="16" rx="4"/></g><text class="soft" x="${x + 22}" y="${y + 12.5}">${text}</text>`
    x += 46 + text.length * 7
    return item
  })
  return `${items.join('\n')}
<rect class="copies" x="${x}" y="${y + 1}" width="27" height="14" rx="7"/><text class="cell more" x="${x + 13.5}" y="${y + 11.5}">+9</text>
<text class="soft" x="${x + 33}" y="${y + 12.5}">copies that arrived too</text>`
}

/** Events that arrived and were sent once more, when the page after an unanswered exit confirmed it. */
const lateOf = (rows) =>
  rows.flatMap(({ results }) => Object.values(results)).reduce((sum, { late = 0 }) => sum + late, 0)

const notesOf = (rows, y) => {
  const late = lateOf(rows)
  const lines = [
    'Whole is: all arrived, once, and not before Retry-After. Of 180 KB and an immediate navigation 19 of 60 are enough: browsers take 64 KiB at such a moment.',
    ...(late
      ? [
          `Not counted as copies: ${late} events of isotarget that a page sent again after 30 s, because they had left without an answer; same id and impression, which Target counts once.`,
        ]
      : []),
  ]
  return lines.map((line, index) => `<text class="soft note" x="24" y="${y + index * 18}">${line}</text>`).join('\n')
}

const describe = (rows, cells) =>
  rows.map(
    (row) => `${nameOf(row)}: ${cells.map(({ name, title }) => `${title} ${textOf(row.results[name])}`).join('; ')}.`,
  )

export const chartOf = (rows, cells) => {
  const columns = columnsOf(cells)
  const width = columns.at(-1).x + COLUMN + RIGHT
  const foot = TOP + 14 + rows.length * ROW + GAP
  const height = foot + BOTTOM
  const groups = groupsOf(columns).map(
    ({ group, from, to }) => `<line class="line" x1="${from}" x2="${to}" y1="${TOP + 2}" y2="${TOP + 2}"/>
<text class="soft" x="${from}" y="${foot + 4}">${escaped(group)}</text>`,
  )
  const body = rows.map((row, index) => rowOf({ row, columns, width, y: TOP + 10 + index * ROW }))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">Events delivered of events tracked</title>
<desc id="desc">${escaped(describe(rows, cells).join(' '))}</desc>
<style>${STYLE}
</style>
<rect class="paper" width="100%" height="100%" rx="10"/>
<text class="title" x="24" y="38">Delivered of tracked</text>
<text class="soft" x="24" y="60">Events, in real browsers,</text>
<text class="soft" x="24" y="79">every SDK with its defaults</text>
${columns.map(headOf).join('\n')}
<text class="soft" x="${width - 20}" y="${TOP - 12}" text-anchor="end">whole</text>
${groups.join('\n')}
${body.join('\n')}
${legendOf(foot + 28)}
${notesOf(rows, foot + 76)}
</svg>
`
}
