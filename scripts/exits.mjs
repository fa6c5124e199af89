// What browsers do with what a page stores and sends when it ends: the numbers that decisions 017, 018 and 019 rest on.
// Usage: npm run exits [-- --engine chromium|firefox|webkit] [--only losses] [--quick] [--json]
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { findBrowsers } from './ensure-browsers.mjs'
import { ENGINES, prepare } from './exits/engines.mjs'
import { keep } from './exits/keep.mjs'
import { openLab } from './exits/lab.mjs'
import { measures } from './exits/measures.mjs'
import { printTable } from './exits/table.mjs'

const QUICK = 4

const say = (line) => console.error(`exits: ${line}`)

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

const fail = (line) => {
  say(line)
  process.exit(2)
}

/** All of them, or the one that was asked for. */
const chosen = (known, value, what) => {
  if (value === undefined) return known
  return known.includes(value) ? [value] : fail(`${what} is one of ${known.join(', ')}, not ${value}`)
}

const engines = chosen(ENGINES, options.engine, '--engine')
const names = chosen(Object.keys(measures), options.only, '--only')
const found = findBrowsers()
for (const name of engines) if (!found[name]) fail(`${name} is not installed: run "node scripts/ensure-browsers.mjs"`)

/** A machine that was too busy is no result: once more, and then it is told. */
const patiently = async (work, what) => {
  try {
    return await work()
  } catch (error) {
    say(`${what}: ${error.message}; once more`)
    return work()
  }
}

const versionOf = async (engine) => {
  const browser = await engine.launch()
  await browser.close()
  return browser.version
}

const results = Object.fromEntries(names.map((name) => [name, {}]))
const failures = []

const measure = async ({ engine, version, name }) => {
  const { n, run } = measures[name]
  const lab = await openLab()
  const started = performance.now()
  const what = `${engine.name}, ${name}`
  const told = (line) => say(`${what}: ${line}`)
  const count = options.quick && n ? Math.min(n, QUICK) : n
  try {
    const rows = await patiently(() => run({ engine, lab, n: count, say: told }), what)
    const seconds = Math.round((performance.now() - started) / 1000)
    const load = Number(loadavg()[0].toFixed(1))
    told(`${seconds} s, load ${load}`)
    const measured = new Date().toISOString().slice(0, 10)
    results[name][engine.name] = { version, measured, seconds, load, rows }
    if (!options.quick) keep(measures, results)
  } catch (error) {
    failures.push(`${what}: ${error.message}`)
    told(error.message)
  } finally {
    lab.close()
  }
}

for (const engineName of engines) {
  const engine = await patiently(() => prepare(engineName, found[engineName]), engineName)
  const version = await patiently(() => versionOf(engine), engineName)
  for (const name of names) {
    if (measures[name].engines?.includes(engineName) ?? true) await measure({ engine, version, name })
  }
  await engine.close()
}

if (options.json) console.log(JSON.stringify(results, null, 2))
else for (const name of names) printTable(measures[name], results[name])
if (options.quick) say('docs/charts is not written by --quick')
for (const failure of failures) say(failure)
process.exit(failures.length ? 1 : 0)
