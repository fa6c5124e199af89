// docs/charts/exits.json: the last results of each measure in each engine.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ENGINES } from './engines.mjs'

const file = fileURLToPath(new URL('../../docs/charts/exits.json', import.meta.url))

/** What was measured takes the place of what was kept, engine by engine. */
export const keep = (measures, results) => {
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const all = Object.entries(measures).map(([name, { title }]) => {
    const known = { ...kept[name]?.engines, ...results[name] }
    const engines = Object.fromEntries(
      ENGINES.filter((engine) => known[engine]).map((engine) => [engine, known[engine]]),
    )
    return [name, { title, engines }]
  })
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`)
}
