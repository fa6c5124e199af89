// A server that renders a page for each visitor, with Express and with Hono: without offers, with isotarget and with Adobe's Node.js SDK,
// on the device and remote. Requests in a second, the slowest of a hundred, CPU of each request, and memory over distinct visitors.
// Usage: npm run bench:server [-- --rounds 3] [-- --seconds 2] [-- --visitors 200000] [--json], or -- --quick, which sends each server 40
// visitors, and prints what they and the edge have seen.
// Tables are printed; the results are kept in docs/benchmarks, and drawn there.
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { keep } from './bench-server/keep.mjs'
import { measureMemory } from './bench-server/memory.mjs'
import { startEdge, startLoad } from './bench-server/processes.mjs'
import { measureRounds } from './bench-server/rounds.mjs'
import { tablesOf } from './bench-server/table.mjs'
import { variants, versionsOf } from './bench-server/variants.mjs'
import { visitEach } from './bench-server/visits.mjs'
import { freshDist } from './fresh-dist.mjs'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    visitors: { type: 'string', default: '200000' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const say = (line) => console.error(`bench: ${line}`)
const numberOf = (name) => {
  const value = Number(options[name])
  if (value >= 1) return value
  say(`--${name} is a number, not ${options[name]}`)
  process.exit(2)
}
const [rounds, seconds, visitors] = ['rounds', 'seconds', 'visitors'].map(numberOf)

freshDist()
const edge = await startEdge()
const load = await startLoad()
const stage = { edge, load, say }

const measure = async () => {
  const [start] = loadavg()
  const rows = await measureRounds(variants, stage, { rounds, seconds })
  const memory = await measureMemory(variants, stage, visitors)
  const [end] = loadavg()
  return {
    measured: new Date().toISOString().slice(0, 10),
    node: process.version,
    cpu: cpus()[0].model,
    cores: cpus().length,
    load: { start, end },
    rounds,
    seconds,
    versions: versionsOf(),
    rows,
    memory,
  }
}

try {
  if (options.quick) console.log(JSON.stringify(await visitEach(variants, stage, 40), null, 2))
  else {
    const results = await measure()
    if (options.json) console.log(JSON.stringify(results, null, 2))
    else for (const [name, table] of Object.entries(tablesOf(results))) console.log(`\n${name}\n\n${table}`)
    keep(results)
  }
} finally {
  edge.stop()
  load.stop()
}
