// docs/benchmarks: the results as data, as pictures, and as tables of the page. A suite that ran again takes the place of its older
// results.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { shortened, withTables } from '../measured-page.mjs'
import { clientChart, engineChart, flagsChart, queuedChart } from './chart.mjs'
import { soakChart } from './soak-chart.mjs'
import { tablesOf } from './table.mjs'

const folder = fileURLToPath(new URL('../../docs/benchmarks/', import.meta.url))
const DATA = `${folder}decisioning.json`
const PAGE = `${folder}README.md`

/** By file: the suite, and who draws it. */
const charts = {
  'decisions.svg': ['engine', engineChart],
  'client.svg': ['client', clientChart],
  'flags.svg': ['flags', flagsChart],
  'flags-queued.svg': ['flags', queuedChart],
  'memory.svg': ['soak', soakChart],
}

const machine = () => {
  const [{ model }] = cpus()
  return { measured: new Date().toISOString().slice(0, 10), node: process.version, cpu: model, cores: cpus().length }
}

const machineOf = (results) =>
  [
    ...new Set(
      Object.values(results).map(
        ({ measured, node, cpu, cores }) => `${measured}, Node.js ${node}, ${cpu}, ${cores} cores`,
      ),
    ),
  ].join('; ')

export const keep = (results) => {
  mkdirSync(folder, { recursive: true })
  const kept = existsSync(DATA) ? JSON.parse(readFileSync(DATA, 'utf8')) : {}
  for (const [suite, result] of Object.entries(results)) kept[suite] = { ...machine(), ...result }
  writeFileSync(DATA, `${JSON.stringify(kept, shortened, 2)}\n`)
  for (const [file, [suite, draw]] of Object.entries(charts)) {
    if (kept[suite]) writeFileSync(folder + file, draw(kept[suite]))
  }
  if (!existsSync(PAGE)) return
  const tables = { ...tablesOf(kept), machine: machineOf(kept) }
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), tables))
}
