// Reports thousands of notifications while 30 % of the calls go wrong, and compares what a local edge has counted with what
// happened; then once more with processes that are killed. Ends with an error when isotarget lost or counted twice.
// Usage: npm run soak [-- --only node|killed|browsers] [--engine chromium|firefox|webkit] [--way 'bare fetch'] [--total 12000]
// [--quick] [--seed 1] [--json]. Tables are printed; the results of a full run are kept in docs/charts, and drawn there.
import { parseArgs } from 'node:util'
import { freshDist } from './fresh-dist.mjs'

const { values: given } = parseArgs({
  options: {
    only: { type: 'string' },
    engine: { type: 'string' },
    way: { type: 'string', multiple: true },
    total: { type: 'string' },
    seed: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const { only, engine, quick } = given
const seed = Number(given.seed ?? Date.now() % 1_000_000)
const say = (line) => console.error(`soak: ${line}`)
const options = {
  seed,
  quick,
  rate: 0.3,
  total: Number(given.total ?? (quick ? 2_000 : 12_000)),
  visitors: 200,
  rounds: quick ? 6 : 30,
  engine,
  isChosen: (way) => !given.way || given.way.includes(way),
  say,
}

freshDist()
const { soakNode } = await import('./soak/node.mjs')
const { soakKilled } = await import('./soak/killed.mjs')
const { ENGINES, soakBrowsers } = await import('./soak/browsers.mjs')
const { keep } = await import('./soak/keep.mjs')
const { tableOf } = await import('./soak/table.mjs')

/** Each gives rows. */
const suites = {
  node: () => soakNode(options),
  killed: async () => [await soakKilled(options)],
  browsers: () => soakBrowsers(options),
}
if (engine && !ENGINES.includes(engine)) throw new Error(`--engine ${engine}: there are ${ENGINES.join(', ')}`)
if (only && !suites[only]) throw new Error(`--only ${only}: there are ${Object.keys(suites).join(', ')}`)

say(`seed ${seed}; again with --seed ${seed}`)
const results = {}
for (const [name, soak] of Object.entries(suites)) {
  if (!only || only === name) results[name] = await soak()
}

const rows = Object.values(results).flat()
if (given.json) console.log(JSON.stringify({ node: process.version, ...options, results }, null, 2))
else {
  for (const [name, rows] of Object.entries(results))
    console.log(`\n${name}, ${options.rate * 100} % faults, seed ${seed}\n\n${tableOf(rows)}`)
}
if (!quick && !given.total) keep(results, options)

const failures = rows.filter(({ name, lost, twice, wrong }) => name.startsWith('isotarget') && lost + twice + wrong)
for (const { name, lost, twice, wrong, lostIds, rejected, dropped, trouble, pending } of failures) {
  const details = {
    lostIds: lostIds.slice(0, 5),
    rejected: rejected.slice(0, 5),
    dropped: dropped.slice(0, 5),
    trouble,
    pending,
  }
  say(`${name}: ${lost} lost, ${twice} counted twice, ${wrong} counted as something else: ${JSON.stringify(details)}`)
}
// A call that hangs for good, of whoever does not give it up, must not keep this process alive.
process.exit(failures.length ? 1 : 0)
