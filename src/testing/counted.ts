import { invalid } from '../delivery/error.ts'
import type { LedgerScope } from '../emulator/happening.ts'
import type { LedgerExperience } from '../emulator/tally.ts'
import { type MatcherResult, resultOf, type SeenEdge, seenEdge } from './seen.ts'

/** Figures of the ledger's table. What is not named is not looked at. */
export interface Counts {
  impressions?: number
  clicks?: number
  conversions?: number
  /** Different visitors with an impression; one who is in two activities counts in both. */
  visitors?: number
  /** Different sessions with an impression. */
  visits?: number
  /** Sum of the totals of the orders. */
  revenue?: number
}

/** Which rows of the table are added up. */
export interface CountedScope extends LedgerScope {
  /** Id or name of an activity. @default all activities */
  activity?: number | string
  /** Name of an experience. @default all experiences */
  experience?: string
}

const FIGURES = ['visitors', 'visits', 'impressions', 'clicks', 'conversions', 'revenue'] as const

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ') || 'none'

/** The rows that a scope means. A name that the ledger does not know is a mistake, also for `.not`. */
const rowsOf = ({ ledger }: SeenEdge, { activity, experience, qa = false }: CountedScope): LedgerExperience[] => {
  const all = ledger.activities({ qa })
  const found = all.filter(({ id, name }) => activity === undefined || activity === id || activity === name)
  if (activity !== undefined && !found.length) {
    const names = quoted(all.map(({ name }) => name))
    throw invalid(`activity: no activity is ${activity}: there are ${names}`, { path: 'activity', received: activity })
  }
  const rows = found.flatMap(({ experiences }) => experiences)
  const chosen = rows.filter(({ name }) => experience === undefined || experience === name)
  if (experience === undefined || chosen.length) return chosen
  const names = quoted(rows.map(({ name }) => name))
  throw invalid(`experience: no experience is called ${experience}: there are ${names}`, {
    path: 'experience',
    received: experience,
  })
}

const figuresOf = (counts: Counts): (keyof Counts)[] => {
  const named = Object.keys(counts ?? {})
  const unknown = named.filter((name) => !FIGURES.some((figure) => figure === name))
  if (unknown.length || !named.length)
    throw invalid(`toHaveCounted: takes one or more of ${FIGURES.join(', ')}, but received ${quoted(unknown)}`, {
      path: 'counts',
      received: counts,
    })
  return FIGURES.filter((figure) => counts[figure] !== undefined)
}

/** Sums of money as decimals are read. */
const sumOf = (rows: readonly LedgerExperience[], figure: keyof Counts): number =>
  Math.round(rows.reduce((sum, row) => sum + row[figure], 0) * 100) / 100

/**
 * Passes when the ledger shows exactly these figures. Throws a {@link TargetError} `INVALID_ARGUMENT` for a figure, an activity or an
 * experience that is not in the table.
 */
export const toHaveCounted = (received: unknown, counts: Counts, scope: CountedScope = {}): MatcherResult => {
  const edge = seenEdge(received)
  const figures = figuresOf(counts)
  const rows = rowsOf(edge, scope)
  const wrong = figures.filter((figure) => sumOf(rows, figure) !== counts[figure])
  const pass = !wrong.length
  const findings = (pass ? figures : wrong).map((figure) =>
    pass
      ? `${figure}: ${counts[figure]} counted, as it must not be`
      : `${figure}: expected ${counts[figure]}, counted ${sumOf(rows, figure)}`,
  )
  const args = [counts, ...(Object.keys(scope).length ? [scope] : [])].map((arg) => JSON.stringify(arg))
  return resultOf(edge, { said: `toHaveCounted(${args.join(', ')})`, pass, findings })
}
