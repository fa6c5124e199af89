// The results for the terminal: a table for each measure, a line for each case, a column for each engine.

const printLines = (lines) => {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  for (const line of lines)
    console.log(
      line
        .map((text, column) => text.padEnd(widths[column]))
        .join('   ')
        .trimEnd(),
    )
}

/** `results` are rows by engine. */
export const printTable = ({ title, cell }, results) => {
  const engines = Object.keys(results)
  const names = [...new Set(engines.flatMap((engine) => results[engine].rows.map(({ what }) => what)))]
  const textOf = (engine, name) => {
    const row = results[engine].rows.find(({ what }) => what === name)
    return row ? cell(row) : '–'
  }
  console.log(`\n${title}\n`)
  printLines([
    ['', ...engines.map((engine) => results[engine].version)],
    ...names.map((name) => [name, ...engines.map((engine) => textOf(engine, name))]),
  ])
}
