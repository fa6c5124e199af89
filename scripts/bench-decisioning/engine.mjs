// What a decision costs. The whole answer is made each time, with the notifications of `execute`, and answers are compared first.
import { deepStrictEqual } from 'node:assert'
import { artifactOf, requestOf, rulesIn } from './artifact.mjs'
import { enginesFor, isotarget } from './engines.mjs'
import { takeTurns } from './turns.mjs'

const VISITORS = 997
const COMPARED = 40
const ASKED = [1, 20]

/** A test of one experience in each mbox; and five activities of two experiences, of which only the last is open. */
const SIZES = [
  { mboxes: 1000, activities: 1, experiences: 1 },
  { mboxes: 1000, activities: 5, experiences: 2 },
]
/** As many rules in each mbox, so that only the artifact grows. */
const GROWTH = [100, 1000].map((mboxes) => ({ mboxes, activities: 5, experiences: 2 }))

const requestsOf = (asked, mboxes, count = VISITORS) =>
  Array.from({ length: count }, (_, at) => requestOf(at, asked, mboxes))

const plain = (value) => JSON.parse(JSON.stringify(value))

/** Throws unless all engines give one answer to each request. */
const compare = async ([ours, ...others], requests) => {
  for (const request of requests) {
    const { response, remoteMboxes, remoteViews } = ours.decide(request)
    for (const { name, decide } of others) {
      const answer = plain(await decide(request))
      deepStrictEqual(plain({ ...response, remoteMboxes, remoteViews }), answer, `${name} answers otherwise`)
    }
  }
}

const working = ({ decide, ...engine }, requests) => ({
  ...engine,
  work: (call) => decide(requests[call % requests.length]),
})

/** The engines on one artifact, and what visitors ask them; all give one answer to the first of those. */
const contest = async (size, asked, count = VISITORS) => {
  const engines = await enginesFor(artifactOf(size))
  const requests = requestsOf(asked, size.mboxes, count)
  await compare(engines, requests.slice(0, COMPARED))
  return { engines, requests }
}

/** Compares the engines and nothing else. */
export const compareSize = async (size, asked) => {
  const { engines, requests } = await contest(size, asked, COMPARED)
  return { rules: rulesIn(size), asked, visitors: requests.length, engines: engines.map(({ name }) => name) }
}

const measure = async (size, asked, options) => {
  const { engines, requests } = await contest(size, asked)
  const contenders = engines.map((engine) => working(engine, requests))
  const rows = await takeTurns(contenders, options)
  return { rules: rulesIn(size), mboxes: size.mboxes, asked, rows }
}

/** Our engine on a small artifact and on one of ten times as many rules. */
const growthOf = async (asked, options) => {
  const contenders = GROWTH.map((size) => ({
    ...working(isotarget(artifactOf(size)), requestsOf(asked, size.mboxes)),
    name: `${rulesIn(size)}`,
  }))
  const [small, large] = await takeTurns(contenders, options)
  return { asked, small: small.cpu, large: large.cpu, ratio: large.ratio }
}

export const benchEngine = async (options) => {
  const sizes = []
  for (const size of SIZES) for (const asked of ASKED) sizes.push(await measure(size, asked, options))
  const growth = []
  for (const asked of ASKED) growth.push(await growthOf(asked, options))
  return { sizes, growth }
}
