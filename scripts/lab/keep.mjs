// docs/benchmarks: the results as data, as pictures, and as tables of the page.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { shortened, withTables } from '../measured-page.mjs'
import { faultsChart, paintChart } from './chart.mjs'
import { tablesOf } from './table.mjs'

const folder = fileURLToPath(new URL('../../docs/benchmarks/', import.meta.url))
const PAGE = `${folder}page.md`

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
