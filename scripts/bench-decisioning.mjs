// What decisions on the device cost: the engine, the whole client, and flag values, each beside others in one process, on the same
// artifacts and requests. CPU time is what is compared, and the ratio is what counts. Ends with an error when a bar is not reached.
// Usage: npm run bench:decisioning [-- --only engine|client|flags|compilation] [--quick] [--json], or -- --check, which only sees to it
// that all contenders do the same, and tells how many calls arrived.
// Tables are printed; the results of a full run are kept in docs/benchmarks, and drawn there.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { barsOf } from './bench-decisioning/bars.mjs'
import { keep } from './bench-decisioning/keep.mjs'
import { mediansOf } from './bench-decisioning/medians.mjs'
import { tablesOf } from './bench-decisioning/table.mjs'
import { freshDist } from './fresh-dist.mjs'

const SUITES = ['compilation', 'engine', 'client', 'flags']

const { values: given } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const { only, quick, check, json } = given
if (only && !SUITES.includes(only)) throw new Error(`--only ${only}: there are ${SUITES.join(', ')}`)
const say = (line) => console.error(`bench: ${line}`)

/** A process may compile or collect in a lucky or an unlucky way for as long as it lives: the median of several is what counts. */
const { processes, ...options } = quick
  ? { processes: 1, rounds: 3, warmUp: 300_000 }
  : { processes: 3, rounds: 7, warmUp: 1_500_000 }

const program = fileURLToPath(new URL('bench-decisioning/suite.mjs', import.meta.url))
const run = (suite) =>
  new Promise((resolve, reject) => {
    const child = fork(program, [suite, JSON.stringify(options)], { execArgv: ['--expose-gc'] })
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`the suite ${suite} ended with ${code}`)))
  })

freshDist()
if (check) {
  console.log(JSON.stringify(await run('check'), null, 2))
  process.exit()
}
const results = {}
for (const suite of SUITES.filter((name) => !only || name === only)) {
  const all = []
  for (let turn = 0; turn < processes; turn++) {
    say(`${suite}, process ${turn + 1} of ${processes}`)
    all.push(await run(suite))
  }
  results[suite] = mediansOf(all)
}

if (json) console.log(JSON.stringify({ node: process.version, ...results, bars: barsOf(results) }, null, 2))
else for (const [name, table] of Object.entries(tablesOf(results))) console.log(`\n${name}\n\n${table}`)
if (!quick) keep(results)

const missed = barsOf(results).filter(({ isReached }) => !isReached)
for (const { what, measured, bar } of missed) say(`${what}: ${measured.toFixed(2)} ×, which is not ${bar}`)
// A quick run is too short to be judged.
process.exit(missed.length && !quick ? 1 : 0)
