// The same page and the same offers with isotarget, with Adobe's Web SDK, with at.js where ATJS is a path to a copy, and without any:
// what a visitor sees and when, at the pace of a phone, and what is hidden or told when something goes wrong.
// Usage: npm run lab [-- --only alloy] [--rounds 5] [--json], or -- --check, which takes isotarget alone at full pace, all faults at
// once, and prints what is hidden and which displays are told.
// Tables are printed; the results of a run of everybody are kept in docs/benchmarks, and drawn there. Ends with an error when something
// of isotarget's stays hidden, or a display of its is lost.
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { findBrowsers } from './ensure-browsers.mjs'
import { freshDist } from './fresh-dist.mjs'
import { launchBrowser } from './lab/browser.mjs'
import { allContenders, ourContenders } from './lab/contenders.mjs'
import { faults, LOOKS, none } from './lab/faults.mjs'
import { keep } from './lab/keep.mjs'
import { timesOf } from './lab/results.mjs'
import { breakOnce, measureOnce, PACE } from './lab/run.mjs'
import { tablesOf } from './lab/table.mjs'

/** Faults of one contender that are tried side by side. */
const AT_ONCE = 3

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const say = (line) => console.error(`lab: ${line}`)
const fail = (line) => {
  say(line)
  process.exit(2)
}
const rounds = Number(options.rounds)
if (!(rounds >= 1)) fail(`--rounds is a number, not ${options.rounds}`)

const { chromium } = findBrowsers()
if (!chromium) fail('chromium is not installed: run "node scripts/ensure-browsers.mjs"')
freshDist()

/** All faults at once, and none. Only what stays hidden for good is looked for, so that a busy machine is no failure. */
const check = async (browser) => {
  const contenders = await ourContenders()
  const visits = contenders.flatMap((contender) => [none, ...faults].map((fault) => ({ contender, fault })))
  const visit = async ({ contender, fault }) => {
    const { hidden, told, shown, untrue, lost } = await breakOnce({
      contender,
      browser,
      fault,
      looks: [LOOKS[1]],
      isFast: true,
    })
    return {
      contender: contender.name,
      fault: fault.name,
      ...(hidden && { hidden: hidden[0] }),
      told,
      shown,
      untrue,
      lost,
    }
  }
  console.log(JSON.stringify(await Promise.all(visits.map(visit)), null, 2))
}

/** In turns, so that what else the machine does falls on everybody. The first page warms the browser up. */
const measure = async (contenders, browser) => {
  const seen = contenders.map((contender) => ({ contender, pages: [], traced: [] }))
  await measureOnce({ contender: contenders[0], browser })
  for (let round = 1; round <= rounds; round++) {
    for (const { contender, pages, traced } of seen) {
      pages.push(await measureOnce({ contender, browser }))
      traced.push(await measureOnce({ contender, browser, isTraced: true }))
    }
    say(`round ${round} of ${rounds}`)
  }
  return seen
}

/** A few at once, as they wait most of the time. What goes wrong in the running itself is a result too: nothing was measured. */
const breakAll = async (contender, browser) => {
  const waiting = [...faults]
  const results = {}
  const work = async () => {
    for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
      results[fault.name] = await breakOnce({ contender, browser, fault }).catch(({ message }) => ({ error: message }))
      say(`${contender.name}, ${fault.title}: ${JSON.stringify(results[fault.name])}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return Object.fromEntries(faults.map(({ name }) => [name, results[name]]))
}

const rowOf = async ({ contender, pages, traced }, browser) => {
  const { name, version, hides, isOurs, isBare, bytes } = contender
  return {
    name,
    version,
    hides,
    ...(isOurs && { isOurs }),
    ...(isBare && { isBare }),
    scriptBytes: bytes?.length ?? 0,
    times: timesOf({ pages, traced }),
    ...(!isBare && { faults: await breakAll(contender, browser) }),
  }
}

/** What must not be: something of ours is hidden for good, or a display is lost. */
const missesOf = ({ name, isOurs, faults: results = {} }) =>
  Object.entries(results)
    .filter(([, { hidden, lost, error }]) => isOurs && (error || lost || hidden?.at(-1).length))
    .map(([fault]) => `${name}, ${fault}`)

const compare = async (browser) => {
  const [start] = loadavg()
  const isChosen = ({ name, isBare }) => !options.only || isBare || name === options.only
  const contenders = (await allContenders(say)).filter(isChosen)
  const rows = []
  for (const seen of await measure(contenders, browser)) rows.push(await rowOf(seen, browser))
  const [end] = loadavg()
  return {
    measured: new Date().toISOString().slice(0, 10),
    browser: browser.version,
    node: process.version,
    cpu: cpus()[0].model,
    cores: cpus().length,
    load: { start, end },
    pace: PACE,
    rounds,
    rows,
  }
}

const browser = await launchBrowser(chromium)
try {
  if (options.check) await check(browser)
  else {
    const results = await compare(browser)
    if (options.json) console.log(JSON.stringify(results, null, 2))
    else for (const [name, table] of Object.entries(tablesOf(results.rows))) console.log(`\n${name}\n\n${table}`)
    if (options.only) say('docs/benchmarks is written only when everybody ran')
    else keep(results)
    for (const fault of results.rows.flatMap(missesOf)) {
      say(`isotarget fails: ${fault}`)
      process.exitCode = 1
    }
  }
} finally {
  await browser.close()
}
