// docs/charts/exits.json: the last results of each measure in each engine.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('../../docs/charts/exits.json', import.meta.url))

/** What was measured takes the place of what was kept, engine by engine. */
export const keep = (measures, results) => {
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const all = Object.entries(measures).map(([name, { title }]) => [
    name,
    { title, engines: { ...kept[name]?.engines, ...results[name] } },
  ])
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`)
}
