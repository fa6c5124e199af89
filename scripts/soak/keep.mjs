// docs/charts: the results as data and as pictures. Rows that were measured again take the place of the older ones.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chartOf as browsersChartOf } from './browsers/chart.mjs'
import { chartOf } from './chart.mjs'

const folder = fileURLToPath(new URL('../../docs/charts/', import.meta.url))
const file = `${folder}soak.json`

/** What is said of a run; which notifications were lost is for who looks for the cause. */
const keptOf = ({ lostIds, rejected = [], dropped = [], trouble = [], left, ...row }) => ({
  ...row,
  rejected: rejected.length,
  dropped: dropped.length,
  trouble: trouble.length,
  seconds: Math.round(row.seconds),
})

const charts = {
  node: { path: `${folder}soak.svg`, draw: chartOf },
  browsers: { path: `${folder}soak-browsers.svg`, draw: browsersChartOf },
}

export const keep = (results, { seed, rate }) => {
  mkdirSync(folder, { recursive: true })
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const measured = new Date().toISOString().slice(0, 10)
  for (const [suite, rows] of Object.entries(results)) {
    const all = [...(kept[suite] ?? []), ...rows.map((row) => ({ ...keptOf(row), measured, seed, rate }))]
    kept[suite] = [...new Map(all.map((row) => [row.name, row])).values()]
    const { path, draw } = charts[suite] ?? {}
    if (path) writeFileSync(path, draw(kept[suite]))
  }
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`)
}
