// How much `isotarget edge` takes: 100 activities, 10,000 visitors, 100,000 calls on this machine, and whether it counts them right.
// Usage: npm run bench:edge -- [--calls 100000] [--visitors 10000] [--activities 100] [--quick] [--json]
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { keep } from './bench-edge/keep.mjs'
import { measureEdge } from './bench-edge/measure.mjs'
import { tablesOf } from './bench-edge/table.mjs'
import { freshDist } from './fresh-dist.mjs'

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '100000' },
    visitors: { type: 'string', default: '' },
    activities: { type: 'string', default: '100' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const numberOf = (name, otherwise) => {
  const value = Number(options[name] || otherwise)
  if (Number.isInteger(value) && value >= 2) return value
  console.error(`bench: --${name} is a whole number from 2, not ${options[name]}`)
  process.exit(2)
}
const activities = numberOf('activities')

freshDist()
if (options.quick) {
  // Counts alone: no clock is looked at.
  const { calls, visitors, counted, differences } = await measureEdge({ activities, visitors: 200, calls: 2000 })
  console.log(JSON.stringify({ activities, calls, visitors, counted, differences }, null, 2))
} else {
  const calls = numberOf('calls')
  const visitors = numberOf('visitors', Math.max(2, Math.round(calls / 10)))
  const [start] = loadavg()
  const result = await measureEdge({ activities, visitors, calls })
  const machine = {
    measured: new Date().toISOString().slice(0, 10),
    node: process.version,
    cpu: cpus()[0].model,
    cores: cpus().length,
    load: { start, end: loadavg()[0] },
  }
  const kept = { ...machine, ...result }
  if (options.json) console.log(JSON.stringify(kept, null, 2))
  else for (const [name, table] of Object.entries(tablesOf(kept))) console.log(`\n${name}\n\n${table}`)
  keep(kept)
  if (result.differences.length) {
    console.error(`bench: the ledger differs in ${result.differences.length} figures`)
    process.exitCode = 1
  }
}
