const WHAT = { display: 'impression', click: 'click', conversion: 'conversion' }

/** Says of each notification how often it was accepted, and how often it counted as what it was. */
const seenIn = (ledger) => {
  const seen = new Map()
  for (const [at, { notification, what, counted }] of ledger.entries.entries()) {
    if (notification === undefined) continue
    const one = seen.get(notification) ?? { first: at, entries: 0, counted: [] }
    one.entries++
    if (counted) one.counted.push(what)
    seen.set(notification, one)
  }
  return seen
}

/** How many were accepted only after something that the same visitor did later. */
const outOfOrder = (reported, seen) => {
  const earliest = new Map()
  let count = 0
  for (const { id, visitor } of reported.toReversed()) {
    const first = seen.get(id)?.first
    if (first === undefined) continue
    const later = earliest.get(visitor) ?? Infinity
    if (first > later) count++
    earliest.set(visitor, Math.min(first, later))
  }
  return count
}

/**
 * Compares what was reported, `{ id, kind, visitor }` in its order, with what the edge has counted. What came `again` was accepted
 * more than once, and counted once if it is not among `twice`.
 */
export const tallyOf = (reported, ledger) => {
  const seen = seenIn(ledger)
  const tally = { queued: reported.length, counted: 0, lost: 0, twice: 0, wrong: 0, kinds: {}, lostIds: [] }
  for (const { id, kind } of reported) {
    const kinds = tally.kinds[kind] ?? { queued: 0, counted: 0, again: 0 }
    tally.kinds[kind] = kinds
    const { counted = [], entries = 0 } = seen.get(id) ?? {}
    kinds.queued++
    if (entries > 1) kinds.again++
    if (counted.length) {
      kinds.counted++
      tally.counted++
    } else {
      tally.lost++
      tally.lostIds.push(id)
    }
    if (counted.length > 1) tally.twice++
    if (counted.some((what) => what !== WHAT[kind])) tally.wrong++
  }
  return { ...tally, outOfOrder: outOfOrder(reported, seen), repeats: ledger.repeats }
}

/** What went over the wire for it. */
export const wireOf = (calls) => {
  const ids = calls.flatMap(({ notifications }) => notifications)
  const faults = {}
  for (const { fault = 'none' } of calls) faults[fault] = (faults[fault] ?? 0) + 1
  return {
    calls: calls.length,
    notificationsSent: ids.length,
    copies: ids.length - new Set(ids).size,
    faults,
  }
}
