// What arrives when pages leave, crash and lose their server: isotarget beside others, in real browsers.
// Usage: npm run delivery [-- --only isotarget] [--engine chromium|firefox|webkit] [--cell name] [--jobs 3] [--json]
import { parseArgs } from 'node:util'
import { launchChromium } from '../test/browsers/engines/chromium.ts'
import { launchFirefox } from '../test/browsers/engines/firefox.ts'
import { launchWebkit } from '../test/browsers/engines/webkit.ts'
import { cells } from './delivery/cells.mjs'
import { bareBeacon, fieldContenders, isotarget } from './delivery/contenders.mjs'
import { keep } from './delivery/keep.mjs'
import { runCell } from './delivery/run.mjs'
import { printTable } from './delivery/table.mjs'
import { findBrowsers } from './ensure-browsers.mjs'
import { freshDist } from './fresh-dist.mjs'

const ENGINES = ['chromium', 'firefox', 'webkit']
const say = (line) => console.error(`delivery: ${line}`)

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    engine: { type: 'string' },
    cell: { type: 'string' },
    jobs: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
})

const fail = (line) => {
  say(line)
  process.exit(2)
}

const oneOf = (value, known, what) => {
  if (value !== undefined && !known.includes(value)) fail(`${what} is one of ${known.join(', ')}, not ${value}`)
}

oneOf(options.engine, ENGINES, '--engine')
const names = cells.map(({ name }) => name)
oneOf(options.cell, names, '--cell')

const { chromium, firefox, webkit } = findBrowsers()
const launchers = {
  ...(chromium && { chromium: (how) => launchChromium(chromium, how) }),
  ...(firefox && { firefox: (how) => launchFirefox(firefox, how) }),
  ...(webkit && { webkit: (how) => launchWebkit(webkit, how) }),
}
const engines = ENGINES.filter((name) => options.engine === undefined || name === options.engine)
for (const name of engines)
  if (!launchers[name]) fail(`${name} is not installed: run "node scripts/ensure-browsers.mjs"`)

const chosenCells = cells.filter(({ name }) => options.cell === undefined || name === options.cell)

/** `--only` takes a contender's name, or `field` for all but us. */
const isChosen = ({ name, isOurs }) =>
  options.only === undefined || name === options.only || (options.only === 'field' && !isOurs)

const rowsOf = async () => {
  const needsField = options.only !== 'isotarget'
  const others = needsField ? [...(await fieldContenders(say)), bareBeacon].filter(isChosen) : []
  const first = engines[0]
  return [
    ...[isotarget()].filter(isChosen).flatMap((contender) => engines.map((engine) => ({ contender, engine }))),
    ...others.map((contender) => ({ contender, engine: first })),
  ]
}

const canRun = (contender, cell) => !contender.isLeaveOnly || cell.endsPage

const jobsOf = (rows) =>
  rows.flatMap((row) =>
    chosenCells.filter((cell) => canRun(row.contender, cell)).map((cell) => ({ ...row, cell, results: row.results })),
  )

const worker = async (jobs) => {
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    const { contender, engine, cell, results } = job
    const result = await runCell({ cell, contender, launch: launchers[engine] })
    results[cell.name] = result
    const { delivered, tracked, error } = result
    say(`${contender.name}, ${engine}, ${cell.title}: ${error ?? `${delivered}/${tracked}`} (${jobs.length} wait)`)
  }
}

freshDist()
const rows = (await rowsOf()).map((row) => ({ ...row, results: {} }))
if (rows.length === 0) fail(`nobody is called ${options.only}`)
const jobs = jobsOf(rows)
await Promise.all(Array.from({ length: Number(options.jobs) }, () => worker(jobs)))

const measured = new Date().toISOString().slice(0, 10)
const report = rows.map(({ contender, engine, results }) => ({
  contender: contender.name,
  version: contender.version,
  engine,
  measured,
  results,
}))
if (options.json) console.log(JSON.stringify(report, null, 2))
else printTable(report, chosenCells)
if (options.cell === undefined) keep(report, cells)
else say('docs/charts is written only when all cells ran')
const ours = report.filter(({ contender }) => contender === 'isotarget')
const isPassed = ours.every(({ results }) => Object.values(results).every(({ passed }) => passed))
process.exit(isPassed ? 0 : 1)
