// What is asked of the results; `npm run bench:decisioning` ends with an error when one is not reached.

const atLeast = (what, measured, bar) => ({ what, measured, bar: `≥ ${bar} ×`, isReached: measured >= bar })
const atMost = (what, measured, bar) => ({ what, measured, bar: `≤ ${bar} ×`, isReached: measured <= bar })

const number = (value) => value.toLocaleString('en')

/** Rules, mboxes asked, and how many times the engines that follow ours have to cost. */
const ENGINES = [
  { rules: 1_000, asked: 1, factors: [500, 45] },
  { rules: 10_000, asked: 20, factors: [60, 35] },
]
const CLIENT = 150
const GROWTH = 1.25

const engineBars = ({ sizes, growth }) => [
  ...ENGINES.flatMap(({ rules, asked, factors }) => {
    const { rows } = sizes.find((size) => size.rules === rules && size.asked === asked)
    return factors.map((factor, at) => {
      const { name, ratio } = rows[at + 1]
      return atLeast(`${number(rules)} rules, ${asked} asked: ${name}`, ratio, factor)
    })
  }),
  ...growth.map(({ asked, ratio }) => atMost(`ten times the rules, ${asked} asked: our cost`, ratio, GROWTH)),
]

const clientBars = ({ cases: [{ rows }] }) => [atLeast(`whole client, execute: ${rows[1].name}`, rows[1].ratio, CLIENT)]

const fastestOf = (rows) => rows.reduce((one, other) => (other.cpu < one.cpu ? other : one))
const isField = ({ isOurs }) => !isOurs

/** Ours before the fastest of the field: both without a word to anybody, and both with an event in a queue. */
const flagBars = ({ rows, queued }) => {
  const field = rows.filter(isField)
  if (!field.length) return []
  const quiet = fastestOf(field)
  const queueing = fastestOf(queued.filter(isField))
  const [ours] = queued
  return [
    ...rows.filter(({ isOurs }) => isOurs).map((row) => atLeast(`${row.name}: ${quiet.name}`, quiet.cpu / row.cpu, 1)),
    atLeast(`${ours.name}, display queued: ${queueing.name}, event queued`, queueing.cpu / ours.cpu, 1),
    atLeast(`${ours.name}, display queued: ${field[0].name}, nobody told`, field[0].cpu / ours.cpu, 1),
  ]
}

const BARS = { engine: engineBars, client: clientBars, flags: flagBars }

/** The bars of those suites that ran: what, how much it came to, and whether that is enough. */
export const barsOf = (results) =>
  Object.entries(BARS).flatMap(([suite, bars]) => (results[suite] ? bars(results[suite]) : []))
