// docs/benchmarks: the results as data, as pictures, and as tables of the page.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { faultsChart, paintChart } from './chart.mjs'
import { tablesOf } from './table.mjs'

const folder = fileURLToPath(new URL('../../docs/benchmarks/', import.meta.url))
const PAGE = `${folder}page.md`

/** Six digits are more than what is known. */
const shortened = (_, value) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value)

const mark = (name, isEnd) => `<!-- ${isEnd ? '/' : ''}measured: ${name} -->`

/** Puts tables between their marks. */
const withTables = (page, tables) =>
  Object.entries(tables).reduce((text, [name, table]) => {
    const from = text.indexOf(mark(name))
    const to = text.indexOf(mark(name, true))
    if (from < 0 || to < from) return text
    return `${text.slice(0, from)}${mark(name)}\n\n${table}\n\n${text.slice(to)}`
  }, page)

const machineOf = ({ measured, browser, node, cpu, cores, load, rounds }) =>
  `${measured}, ${browser}, Node.js ${node}, ${cpu}, ${cores} cores, load average ${load.start.toFixed(1)} at the start and ${load.end.toFixed(1)} at the end; ${rounds} rounds`

export const keep = (results) => {
  writeFileSync(`${folder}lab.json`, `${JSON.stringify(results, shortened, 2)}\n`)
  writeFileSync(`${folder}page-paint.svg`, paintChart(results))
  writeFileSync(`${folder}page-faults.svg`, faultsChart(results))
  if (!existsSync(PAGE)) return
  const tables = { ...tablesOf(results.rows), machine: machineOf(results) }
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), tables))
}
