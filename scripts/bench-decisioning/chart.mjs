// Results as bars: longer is better. On a logarithmic scale each line down the chart is ten times the one before.
import { grouped, short } from './table.mjs'

export const WIDTH = 760
const LEFT = 268
const RIGHT = 144
const TOP = 92
const BAR = 20
const STEP = 27
const HEAD = 34
const FOOT = 40

const STYLE = `
    text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f2328 }
    .title { font-size: 17px; font-weight: 600 }
    .quiet { fill: #59636e; font-size: 12.5px }
    .group { font-weight: 600 }
    .paper { fill: #ffffff }
    .grid { stroke: #d8dee4 }
    .ours { fill: #0b7a6b }
    .theirs { fill: #aeb9c4 }
    .line { fill: none; stroke-width: 2.5; stroke-linejoin: round }
    .line.ours { fill: none; stroke: #0b7a6b }
    .line.theirs { fill: none; stroke: #bc4c00 }
    .mine { font-weight: 600 }
    .value { font-variant-numeric: tabular-nums; paint-order: stroke; stroke: #ffffff; stroke-width: 5px }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc }
      .quiet { fill: #9ea7b3 }
      .paper { fill: #0d1117 }
      .grid { stroke: #30373f }
      .value { stroke: #0d1117 }
      .ours { fill: #2bb39d }
      .theirs { fill: #5b6773 }
      .line.ours { stroke: #2bb39d }
      .line.theirs { stroke: #f0883e }
    }
  `

export const escaped = (text) => `${text}`.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** A picture with a title, lines below it, and the values in words for who does not see it. */
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

/** `1 k`, `10 k`, `1 M`. */
const round = (value) => (value >= 1e6 ? `${value / 1e6} M` : value >= 1e3 ? `${value / 1e3} k` : `${value}`)

/** From a power of ten to a power of ten, so that everything fits between. */
const logScale = (values) => {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.ceil(Math.log10(Math.max(...values)))
  const ticks = Array.from({ length: high - low + 1 }, (_, at) => 10 ** (low + at))
  return { ticks, part: (value) => (Math.log10(value) - low) / (high - low) }
}

const linearScale = (values) => {
  const most = Math.max(...values)
  const digit = 10 ** Math.floor(Math.log10(most))
  const step = [0.25, 0.5, 1].map((size) => size * digit).find((size) => most / size <= 6) ?? 2 * digit
  const end = Math.ceil(most / step) * step
  return {
    ticks: Array.from({ length: Math.round(end / step) + 1 }, (_, at) => at * step),
    part: (value) => value / end,
  }
}

const gridOf = ({ ticks, part }, across, bottom) =>
  ticks.map((tick) => {
    const x = (LEFT + across(part(tick))).toFixed(1)
    const line = `<line class="grid" x1="${x}" x2="${x}" y1="${TOP - 4}" y2="${bottom}"/>`
    return `${line}<text class="quiet" x="${x}" y="${bottom + 18}" text-anchor="middle">${round(tick)}</text>`
  })

const barOf = ({ name, value, note, isOurs }, y, width) => {
  const middle = y + BAR / 2 + 4.5
  const told = note ? ` <tspan class="quiet">${escaped(note)}</tspan>` : ''
  return `<text class="${isOurs ? 'mine' : ''}" x="${LEFT - 12}" y="${middle}" text-anchor="end">${escaped(name)}</text>
  <rect class="${isOurs ? 'ours' : 'theirs'}" x="${LEFT}" y="${y}" width="${Math.max(1.5, width).toFixed(1)}" height="${BAR}" rx="2"/>
  <text class="value${isOurs ? ' mine' : ''}" x="${(LEFT + width + 8).toFixed(1)}" y="${middle}">${grouped(value)}${told}</text>`
}

/**
 * Draws groups of bars, `{ title, bars: [{ name, value, note, isOurs }] }`; a group without a title has none. `value` is how many
 * there are in a second.
 */
export const barsChart = ({ title, how, groups, isLog }) => {
  const bars = groups.flatMap((group) => group.bars)
  const scale = (isLog ? logScale : linearScale)(bars.map(({ value }) => value))
  const across = (part) => part * (WIDTH - LEFT - RIGHT)
  const body = []
  let y = TOP
  for (const group of groups) {
    if (group.title) {
      body.push(`<text class="group" x="24" y="${y + 18}">${escaped(group.title)}</text>`)
      y += HEAD - 6
    }
    for (const bar of group.bars) {
      body.push(barOf(bar, y, across(scale.part(bar.value))))
      y += STEP
    }
    y += group.title ? 10 : 0
  }
  const values = groups.flatMap((group) =>
    group.bars.map(({ name, value, note }) => [group.title, name, grouped(value), note].filter(Boolean).join(' ')),
  )
  return frame({ title, how, values, height: y + FOOT, body: [...gridOf(scale, across, y + 2), ...body] })
}

const barFor = ({ name, cpu, ratio }, at) => ({
  name,
  value: 1e6 / cpu,
  note: at ? `ours ${short(ratio)} × as many` : '',
  isOurs: !at,
})

export const engineChart = ({ sizes }) =>
  barsChart({
    title: 'Decisions in one second of CPU time',
    how: [
      'Whole Delivery API responses, notifications included; the same artifacts, requests and answers for all.',
      'Logarithmic: each line is ten times the one before.',
    ],
    isLog: true,
    groups: sizes.map(({ rules, asked, rows }) => ({
      title: `${grouped(rules)} rules, ${asked} ${asked > 1 ? 'mboxes' : 'mbox'} asked`,
      bars: rows.map(barFor),
    })),
  })

export const clientChart = ({ cases }) =>
  barsChart({
    title: 'getOffers() on the device, in one second of CPU time',
    how: [
      'Whole clients with their defaults, 1,000 rules, 1 mbox; what is shown is reported to a local server, and counts.',
      'Logarithmic: each line is ten times the one before.',
    ],
    isLog: true,
    groups: cases.map(({ name, rows }) => ({ title: name, bars: rows.map(barFor) })),
  })

const sorted = (rows) =>
  rows
    .map(({ name, cpu, isOurs }) => ({ name, value: 1e6 / cpu, isOurs }))
    .toSorted((one, other) => other.value - one.value)

const FLAGS = '50 experiments of two arms; country is US and plan is pro or enterprise. Rules at hand.'

export const flagsChart = ({ rows }) =>
  barsChart({
    title: 'Flag values in one second of CPU time',
    how: [FLAGS, 'Nobody is told of them.'],
    isLog: false,
    groups: [{ bars: sorted(rows) }],
  })

export const queuedChart = ({ queued }) =>
  barsChart({
    title: 'Flag values in one second of CPU time, each with an event in the queue',
    how: [FLAGS, 'Ever new visitors; each SDK queues its own event. Sending is not counted.'],
    isLog: false,
    groups: [{ bars: sorted(queued) }],
  })
