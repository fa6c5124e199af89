// What ought to be counted, from the answers that visitors got and nothing else: a second opinion on the ledger of the edge.
import { goalOf } from './activities.mjs'

const FIGURES = ['visitors', 'visits', 'impressions', 'clicks', 'conversions', 'revenue']
const zero = () => Object.fromEntries(FIGURES.map((name) => [name, 0]))

export const createCount = () => {
  const rows = new Map()
  const rowOf = (activity, experience) => {
    const key = `${activity} ${experience}`
    if (!rows.has(key)) rows.set(key, zero())
    return rows.get(key)
  }
  return {
    /** A visitor was shown something, and the edge knows it. `visitor` remembers what it has seen. */
    impression(visitor, session, { activity, experience }) {
      const row = rowOf(activity, experience)
      row.impressions++
      const known = visitor.seen.get(activity) ?? new Set()
      if (!known.size) row.visitors++
      if (!known.has(session)) row.visits++
      visitor.seen.set(activity, known.add(session))
      visitor.experiences.set(activity, experience)
    },
    click: (_, { activity, experience }) => {
      rowOf(activity, experience).clicks++
    },
    /** Whoever has seen an activity reaches its goal by its mbox. */
    conversion({ experiences }, mbox, total = 0) {
      for (const [activity, experience] of experiences) {
        if (goalOf(activity) !== mbox) continue
        const row = rowOf(activity, experience)
        row.conversions++
        row.revenue = Math.round((row.revenue + total) * 100) / 100
      }
    },
    totals() {
      const sum = zero()
      for (const row of rows.values()) for (const name of FIGURES) sum[name] += row[name]
      return sum
    },
    /** Where the report of the edge says something else. */
    differences(report) {
      const found = []
      for (const { id, experiences } of report)
        for (const theirs of experiences) {
          const ours = rows.get(`${id} ${theirs.name}`) ?? zero()
          for (const name of FIGURES)
            if (ours[name] !== theirs[name])
              found.push({
                activity: id,
                experience: theirs.name,
                what: name,
                counted: ours[name],
                ledger: theirs[name],
              })
        }
      return found
    },
  }
}
