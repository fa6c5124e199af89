// docs/benchmarks: the results as data, as a picture, and as tables of the page.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { shortened, withTables } from '../measured-page.mjs'
import { edgeChart } from './chart.mjs'
import { tablesOf } from './table.mjs'

const file = (name) => fileURLToPath(new URL(`../../docs/benchmarks/${name}`, import.meta.url))

export const keep = (result) => {
  writeFileSync(file('edge.json'), `${JSON.stringify(result, shortened, 2)}\n`)
  writeFileSync(file('edge.svg'), edgeChart(result))
  writeFileSync(file('edge.md'), withTables(readFileSync(file('edge.md'), 'utf8'), tablesOf(result)))
}
