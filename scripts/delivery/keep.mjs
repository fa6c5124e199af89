// docs/charts: the results as data and as a picture. Rows that were measured again take the place of the older ones.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chartOf } from './chart.mjs'

const folder = fileURLToPath(new URL('../../docs/charts/', import.meta.url))

const ORDER = ['isotarget', 'GrowthBook', 'Optimizely', 'LaunchDarkly', 'Adobe Web SDK', 'sendBeacon at pagehide']
const keyOf = ({ contender, engine }) => `${ORDER.indexOf(contender)} ${engine}`

const keptRows = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).rows : [])

export const keep = (report, cells) => {
  mkdirSync(folder, { recursive: true })
  const file = `${folder}delivery.json`
  const rows = [...new Map([...keptRows(file), ...report].map((row) => [keyOf(row), row]))]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, row]) => row)
  const described = cells.map(({ name, title, group, events, pad, needed = events }) => ({
    name,
    title,
    group,
    events,
    bytes: pad,
    needed,
  }))
  writeFileSync(file, `${JSON.stringify({ cells: described, rows }, null, 2)}\n`)
  writeFileSync(`${folder}delivery.svg`, chartOf(rows, cells))
}
