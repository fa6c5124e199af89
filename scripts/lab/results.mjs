// From what single pages tell to one row for each contender.

const median = (values) => {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length / 2
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2
}

const seenAt = ({ seen }) => Object.values(seen)

/** For how long a visitor saw what was then replaced, in ms. */
const flickerOf = ({ seen, defaults }) =>
  Math.max(0, ...Object.keys(seen).map((name) => (name in defaults ? seen[name] - defaults[name] : 0)))

const pageOf = (page) => ({
  firstOffer: Math.min(...seenAt(page)),
  allOffers: Math.max(...seenAt(page)),
  rest: page.firstTime['#foot'],
  firstPaint: page.paints['first-contentful-paint'],
  largestPaint: page.largest,
  shift: page.shift,
  flicker: flickerOf(page),
  longTasks: page.longTasks.length,
  blocked: page.longTasks.reduce((sum, duration) => sum + Math.max(0, duration - 50), 0),
  down: page.down,
  up: page.up,
  requests: page.requests,
  preflights: page.preflights,
})

const scriptOf = ({ evaluation, script }) => ({ evaluation, script })

const summary = (values) => {
  const known = values.filter(Number.isFinite)
  if (known.length < values.length) return undefined
  return { median: median(known), least: Math.min(...known), most: Math.max(...known) }
}

const summaries = (pages) =>
  Object.fromEntries(Object.keys(pages[0]).map((key) => [key, summary(pages.map((page) => page[key]))]))

/** `pages` are page loads, `traced` others of the same contender under a profiler. */
export const timesOf = ({ pages, traced }) => ({
  ...summaries(pages.map(pageOf)),
  ...summaries(traced.map(scriptOf)),
})
