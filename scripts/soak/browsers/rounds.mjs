import { randomOf } from '../../../test/faults/fault-plan.ts'
import { createHappenings } from '../shop.mjs'

/**
 * When a page reports: in the task that ends with its leave, some ms before, or in a handler of its end, which comes after those of
 * whoever reports.
 */
const MODES = ['same-task', 'before', 'handler']
const HANDLERS = ['pagehide', 'visibilitychange']
/** The longest that a page goes on after it has reported, in ms: a call may be collected, under way, or answered by then. */
const LONGEST = 700

/** At least one event of one page view. */
const eventsOf = (seed) => {
  const { next } = createHappenings(seed)
  for (;;) {
    const events = next(0)
    if (events.length) return events
  }
}

/** One way to leave a page, the same for the same seed. */
const roundOf = ({ act, seed, profiles }) => {
  const random = randomOf(seed)
  const pick = (list) => list[Math.floor(random() * list.length)]
  // Nobody hears of a kill.
  const mode = pick(act === 'kill' ? MODES.slice(0, 2) : MODES)
  return {
    act,
    mode,
    seed,
    profile: Math.floor(random() * profiles),
    wait: Math.floor(random() * LONGEST),
    handler: pick(HANDLERS),
    isElsewhere: random() < 0.5,
    events: eventsOf(seed),
  }
}

const shuffled = (list, random) =>
  list
    .map((one) => ({ one, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ one }) => one)

/** The rounds of one browser: closes and navigations in any order, and kills. */
export const roundsOf = ({ close, navigate, kill, seed, profiles }) => {
  const listOf = (act, count, offset) =>
    Array.from({ length: count }, (_, index) => roundOf({ act, seed: seed * 100_000 + offset + index, profiles }))
  return {
    left: shuffled([...listOf('close', close, 0), ...listOf('navigate', navigate, 10_000)], randomOf(seed)),
    killed: listOf('kill', kill, 20_000),
  }
}
