// docs/benchmarks: the results as data, as a picture, and as tables of the page.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { shortened, withTables } from '../measured-page.mjs'
import { serverChart } from './chart.mjs'
import { tablesOf } from './table.mjs'

const file = (name) => fileURLToPath(new URL(`../../docs/benchmarks/${name}`, import.meta.url))

export const keep = (results) => {
  writeFileSync(file('server.json'), `${JSON.stringify(results, shortened, 2)}\n`)
  writeFileSync(file('server.svg'), serverChart(results))
  writeFileSync(file('server.md'), withTables(readFileSync(file('server.md'), 'utf8'), tablesOf(results)))
}
