import type { Happening, LedgerEvent, LedgerScope } from './happening.ts'

/** What one experience has achieved. */
export interface LedgerExperience {
  name: string
  /** Different visitors with an impression. */
  visitors: number
  /** Different sessions with an impression. */
  visits: number
  impressions: number
  clicks: number
  conversions: number
  /** Sum of the totals of the orders. */
  revenue: number
}

/** The same, with what only a report says. */
export interface Tally extends Omit<LedgerExperience, 'name'> {
  /** Different visitors who converted. */
  converters: number
  /** Different visitors who clicked. */
  clickers: number
}

/** An activity as far as it is counted. */
interface Counted {
  id: number
  experiences: readonly { name: string }[]
}

const emptyTally = (): Tally => ({
  ...{ visitors: 0, visits: 0, impressions: 0, clicks: 0, conversions: 0, revenue: 0 },
  ...{ converters: 0, clickers: 0 },
})

/** Sums of money as decimals are read: 0.1 and 0.2 are 0.3. */
const cents = (sum: number): number => Math.round(sum * 100) / 100

const add = (tally: Tally, { what, newVisitor, newVisit, isFirst, order }: Happening): void => {
  if (newVisitor) tally.visitors++
  if (newVisit) tally.visits++
  if (what === 'impression') tally.impressions++
  if (what === 'click') tally.clicks++
  if (isFirst && what === 'click') tally.clickers++
  if (what !== 'conversion') return
  if (isFirst) tally.converters++
  tally.conversions++
  tally.revenue = cents(tally.revenue + (order?.total ?? 0))
}

const scopeOf = (qa: boolean | undefined): string => (qa ? 'qa' : 'live')

/** Counts by activity and experience. */
export const createTallies = () => {
  const tallies = new Map<string, Tally>()
  const totals = new Map<string, number>()
  return {
    /** Counts what happened; an experience goes by its name, wherever it stands. */
    count(happening: Happening, experience: string | undefined): void {
      const { what, activity, qa } = happening
      const total = `${scopeOf(qa)} ${what}`
      totals.set(total, (totals.get(total) ?? 0) + 1)
      if (activity === undefined) return
      const key = `${scopeOf(qa)} ${activity} ${experience}`
      const tally = tallies.get(key) ?? emptyTally()
      tallies.set(key, tally)
      add(tally, happening)
    },
    /** A row for each experience. */
    rows: ({ id, experiences }: Counted, { qa }: LedgerScope = {}): (Tally & { name: string })[] =>
      experiences.map(({ name }) => ({ name, ...(tallies.get(`${scopeOf(qa)} ${id} ${name}`) ?? emptyTally()) })),
    total: (what: LedgerEvent, { qa }: LedgerScope = {}): number => totals.get(`${scopeOf(qa)} ${what}`) ?? 0,
    clear(): void {
      tallies.clear()
      totals.clear()
    },
  }
}
