// Millions of decisions on the device, each for another visitor, and what they leave on the heap; beside them, fewer, the published
// engine. Ends with an error when ours keeps something of each visitor.
// Usage: npm run soak:decisioning [-- --total 2000000] [--only 'isotarget decide'] [--json]
// The results of a full run are kept in docs/benchmarks, and drawn there.
import { parseArgs } from 'node:util'
import { keep } from './bench-decisioning/keep.mjs'
import { tablesOf } from './bench-decisioning/table.mjs'
import { freshDist } from './fresh-dist.mjs'

const TOTAL = 2_000_000
/** Bytes a visitor that are noise: less than any id that was kept would take. */
const FLAT = 2

const { values: given } = parseArgs({
  options: {
    total: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const say = (line) => console.error(`soak: ${line}`)

freshDist()
const { soakDecisions } = await import('./soak-decisioning/soak.mjs')
const rows = await soakDecisions({
  total: Number(given.total ?? TOTAL),
  isChosen: (name) => !given.only || given.only === name,
  say,
})

if (given.json) console.log(JSON.stringify({ node: process.version, rows }, null, 2))
else console.log(tablesOf({ soak: { rows } }).soak)
const isFull = !given.total && !given.only
if (isFull) keep({ soak: { rows } })

const growing = rows.filter(({ isOurs, perVisitor }) => isOurs && perVisitor > FLAT)
for (const { name, perVisitor } of growing) say(`${name} keeps ${perVisitor.toFixed(1)} bytes of each visitor`)
process.exit(growing.length && isFull ? 1 : 0)
