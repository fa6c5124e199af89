import { activitiesOf } from './activities.mjs'
import { createCount } from './count.mjs'
import { startEdge } from './edge.mjs'
import { createVisitor } from './visitor.mjs'

/** Visitors who are there at once. */
const AT_ONCE = 32
/** Between two looks at the memory, in ms. */
const PACE = 200
/** Parts of the run that are looked at one by one: what grows shows there. */
const PARTS = 10

const sorted = (times) => times.toSorted((one, other) => one - other)
const at = (times, share) => times[Math.min(times.length - 1, Math.floor(times.length * share))]

/** Sends calls of visitors to an edge of its own, and holds its report against a count of its own. */
export const measureEdge = async ({ activities, visitors, calls }) => {
  const edge = await startEdge(activitiesOf(activities))
  try {
    return await measured(edge, { activities, visitors, calls })
  } finally {
    edge.kill()
  }
}

const measured = async (edge, { activities, visitors, calls }) => {
  const count = createCount()
  const times = []
  const parts = []
  const part = calls / PARTS
  const call = async (session, body) => {
    const start = performance.now()
    const answer = await edge.call(session, body)
    times.push(performance.now() - start)
    if (times.length >= Math.round(part * (parts.length + 1))) {
      const from = Math.round(part * parts.length)
      parts.push({ calls: times.length, p99: at(sorted(times.slice(from)), 0.99), memory: edge.residentBytes() })
    }
    return answer
  }
  const memory = { start: edge.residentBytes(), peak: 0 }
  const watch = setInterval(() => {
    memory.peak = Math.max(memory.peak, edge.residentBytes())
  }, PACE)
  let next = 0
  const start = performance.now()
  const come = async () => {
    while (next < visitors) {
      const number = next++
      // The first ones take what does not divide.
      const own = Math.floor(calls / visitors) + (number < calls % visitors ? 1 : 0)
      await createVisitor({ number, activities, call, count })(own)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, visitors) }, come))
  } finally {
    clearInterval(watch)
  }
  const seconds = (performance.now() - start) / 1000
  memory.end = edge.residentBytes()
  memory.peak = Math.max(memory.peak, memory.end)
  const report = await edge.end()
  const all = sorted(times)
  return {
    activities,
    visitors,
    calls: times.length,
    counted: count.totals(),
    differences: count.differences(report),
    perSecond: times.length / seconds,
    p50: at(all, 0.5),
    p99: at(all, 0.99),
    longest: all.at(-1),
    memory,
    parts,
  }
}
