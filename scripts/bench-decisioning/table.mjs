// The results as tables in Markdown, for the page and for the terminal.
import { barsOf } from './bars.mjs'

export const grouped = (value) => Math.round(value).toLocaleString('en')

/** `1,370`, `45.2`, `0.82`: three digits that count. */
export const short = (value) => (value >= 100 ? grouped(value) : value.toFixed(value >= 10 ? 1 : 2))

const perSecond = (cpu) => grouped(1e6 / cpu)

export const tableOf = (head, rows) => {
  const lines = [head, ...rows.map((row) => row.map(String))]
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => line[column].length)))
  const pad = (cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))
  const rule = widths.map((width, column) => (column ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [lines[0], rule, ...lines.slice(1)].map((line) => `| ${line.map(pad).join(' | ')} |`).join('\n')
}

const times = (ratio) => `${short(ratio)} ×`

const engine = ({ sizes, growth }) => [
  tableOf(
    ['', 'rules', 'asked', 'CPU µs', 'per CPU second', 'times ours'],
    sizes.flatMap(({ rules, asked, rows }) =>
      rows.map(({ name, cpu, ratio }) => [name, grouped(rules), asked, short(cpu), perSecond(cpu), times(ratio)]),
    ),
  ),
  tableOf(
    ['isotarget, ten rules in each mbox', '1,000 rules, CPU µs', '10,000 rules, CPU µs', 'times'],
    growth.map(({ asked, small, large, ratio }) => [`${asked} asked`, short(small), short(large), ratio.toFixed(2)]),
  ),
]

const client = ({ cases, counts }) => [
  tableOf(
    ['', '', 'CPU µs', 'per CPU second', 'times ours'],
    cases.flatMap(({ name, rows }) =>
      rows.map((row) => [row.name, name, short(row.cpu), perSecond(row.cpu), times(row.ratio)]),
    ),
  ),
  tableOf(
    ['execute for 20 visitors', 'decisions', 'notifications that arrived', 'POSTs'],
    counts.map(({ name, decisions, notifications, posts }) => [
      name,
      grouped(decisions),
      grouped(notifications),
      grouped(posts),
    ]),
  ),
]

const flagTable = (what, rows) =>
  tableOf(
    [what, 'version', 'CPU µs', 'per CPU second', 'times `variation`'],
    rows.map(({ name, version = '', cpu, ratio }) => [name, version, short(cpu), perSecond(cpu), times(ratio)]),
  )

const flags = ({ rows, queued }) => [
  flagTable('nobody is told', rows),
  flagTable('an event is queued for each value', queued),
]

const compilation = ({ sizes }) => [
  tableOf(
    ['', ...sizes.map(({ rules }) => `${grouped(rules)} rules`)],
    [
      ['artifact, KB', (size) => grouped(size.bytes / 1000)],
      ['`JSON.parse` before, CPU ms', ({ parse }) => short(parse)],
      ['ready to decide, CPU ms', ({ ready }) => short(ready)],
      ['first decision after that, of one mbox, CPU ms', ({ first }) => short(first)],
      ['all rules compiled, CPU ms', ({ all }) => short(all)],
      ['all rules compiled, CPU µs a rule', ({ perRule }) => short(perRule)],
      ['heap of the parsed artifact, bytes a rule', ({ json }) => grouped(json)],
      ['heap of the compiled rules, bytes a rule', ({ heap }) => grouped(heap)],
    ].map(([what, cell]) => [what, ...sizes.map(cell)]),
  ),
]

const soak = ({ rows }) => [
  tableOf(
    ['', 'visitors', 'heap at first, MB', 'heap in the end, MB', 'bytes a visitor'],
    rows.map(({ name, decisions, samples, perVisitor }) => [
      name,
      grouped(decisions),
      (samples[0].heap / 1e6).toFixed(1),
      (samples.at(-1).heap / 1e6).toFixed(1),
      perVisitor.toFixed(perVisitor < 10 ? 1 : 0),
    ]),
  ),
]

const bars = (results) => {
  const rows = barsOf(results).map(({ what, measured, bar, isReached }) => [
    what,
    `${short(measured)} ×`,
    bar,
    isReached ? 'yes' : 'no',
  ])
  return rows.length ? [tableOf(['', 'measured', 'bar', 'reached'], rows)] : []
}

const SUITES = { engine, client, flags, compilation, soak }

/** Tables by suite, and the one of the bars. */
export const tablesOf = (results) => {
  const suites = Object.entries(SUITES).filter(([suite]) => results[suite])
  const tables = suites.map(([suite, tables]) => [suite, tables(results[suite]).join('\n\n')])
  return Object.fromEntries([...tables, ['bars', bars(results).join('\n\n')]])
}
