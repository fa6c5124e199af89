const percent = (part, whole) => `${((100 * part) / (whole || 1)).toFixed(2)} %`
const lostOf = (name) => (row) => `${row.acts[name].lost}/${row.acts[name].queued}`

const NUMBERS = {
  queued: ({ queued }) => queued,
  counted: ({ counted }) => counted,
  lost: ({ lost }) => lost,
  'lost %': ({ lost, queued }) => percent(lost, queued),
}
/** Lost of queued, by what the page was ended with. */
const ACTS = { closed: lostOf('close'), left: lostOf('navigate'), killed: lostOf('kill') }
const REST = {
  'counted twice': ({ twice }) => twice,
  'out of order': ({ outOfOrder }) => outOfOrder,
  calls: ({ calls }) => calls,
  copies: ({ copies }) => copies,
  rejected: ({ rejected }) => rejected?.length ?? '',
  dropped: ({ dropped }) => dropped?.length ?? '',
  seconds: ({ seconds }) => seconds.toFixed(1),
}

/** Rows of a soak as a table to read. */
export const tableOf = (rows) => {
  const columns = { ...NUMBERS, ...(rows[0].acts && ACTS), ...REST }
  const lines = [
    ['', ...Object.keys(columns)],
    ...rows.map((row) => [row.name, ...Object.values(columns).map((cell) => `${cell(row)}`)]),
  ]
  const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => line[at].length)))
  const pad = (cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))
  return lines.map((line) => `  ${line.map(pad).join('  ')}`.trimEnd()).join('\n')
}
