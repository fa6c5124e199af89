// The results as a table for the terminal: a line for each cell, a column for each contender.

export const engineNames = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' }

export const nameOf = ({ contender, engine }) => `${contender}, ${engineNames[engine]}`

/** `20/20 +3`: of all, and the copies. */
export const textOf = (result) => {
  if (!result) return '–'
  if (result.error) return 'failed'
  const { delivered, tracked, copies } = result
  return `${delivered}/${tracked}${copies ? ` +${copies}` : ''}`
}

const sums = [
  { title: 'copies', key: 'copies' },
  { title: 'preflights', key: 'preflights' },
  { title: 'retries before Retry-After', key: 'early' },
  { title: 'bodies broken off', key: 'aborted' },
  { title: 'posts', key: 'posts' },
  { title: 'confirmed late*', key: 'late' },
]

const sumOf = ({ results }, key) => Object.values(results).reduce((sum, result) => sum + (result[key] ?? 0), 0)

/** In how many cells all arrived, once, and not before Retry-After. */
export const wholeOf = ({ results }) => {
  const all = Object.values(results)
  return { count: all.filter(({ whole }) => whole).length, of: all.length }
}

const wholeText = (row) => {
  const { count, of } = wholeOf(row)
  return `${count}/${of}`
}

const printLines = (lines) => {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  const pad = (text, column) => (column ? text.padStart(widths[column]) : text.padEnd(widths[column]))
  for (const line of lines) console.log(line.map(pad).join('   ').trimEnd())
}

const notesOf = (rows, cells) =>
  rows.flatMap((row) =>
    cells.flatMap(({ name, title }) => {
      const { error, notes = [], stored, afterGrace } = row.results[name] ?? {}
      const all = [
        ...notes,
        ...(error ? [error] : []),
        ...(stored ? [`${stored} events are stored still`] : []),
        ...(afterGrace
          ? [`${afterGrace} of them arrived only after the 30 s in which an unanswered exit is given time`]
          : []),
      ]
      return all.map((note) => `${nameOf(row)}, ${title}: ${note}`)
    }),
  )

export const printTable = (rows, cells) => {
  printLines([
    ['', ...rows.map(({ contender }) => contender)],
    ['', ...rows.map(({ engine }) => engineNames[engine])],
    ...cells.map(({ name, title }) => [title, ...rows.map(({ results }) => textOf(results[name]))]),
    ...sums.map(({ title, key }) => [title, ...rows.map((row) => String(sumOf(row, key)))]),
    ['all of it, once', ...rows.map(wholeText)],
  ])
  console.log(`
Delivered of tracked, and +copies that arrived too. "180 KB, then navigate" is whole with 19: browsers take 64 KiB then.
* Copies that come when the next page confirms what left without an answer, 30 s later, by the same id and impression, which
  Target counts once. Counted for isotarget alone: nobody else here looks again.`)
  for (const note of notesOf(rows, cells)) console.log(note)
}
