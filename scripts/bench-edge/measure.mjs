import { activitiesOf } from './activities.mjs'
import { createCount } from './count.mjs'
import { startEdge } from './edge.mjs'
import { createVisitor } from './visitor.mjs'

/** Visitors who are there at once. */
const AT_ONCE = 32
/** Between two looks at the memory, in ms. */
const PACE = 200

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
  const call = async (session, body) => {
    const start = performance.now()
    const answer = await edge.call(session, body)
    times.push(performance.now() - start)
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
  times.sort((one, other) => one - other)
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))]
  return {
    activities,
    visitors,
    calls: times.length,
    counted: count.totals(),
    differences: count.differences(report),
    perSecond: times.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    longest: times.at(-1),
    memory,
  }
}
